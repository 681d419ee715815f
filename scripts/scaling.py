#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How alpscan scales: replays the record of a run (/run of a result) in a model, docs/scaling.md.

    scaling.py check CONFIG.ini    real runs at 1, 2, 4, 16 and 64 ranks against the model
    scaling.py replay FILE.h5      the work of a run on other numbers of ranks
    scaling.py predict             workloads that cannot be run here, at 512 and 10,000 ranks
"""

import argparse
import multiprocessing
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

import scaling_model as model

ROOT = pathlib.Path(__file__).resolve().parents[1]


# ---- Printing -----------------------------------------------------------------------------------


def describe(work, machine, outcome, reserve):
    """What limits a run, in words."""
    bounds = model.bounds(work, machine, outcome.messages)
    name, bound = max(bounds.items(), key=lambda item: item[1])
    idle = 1.0 - bounds["work"] / outcome.wall
    if bound / outcome.wall > reserve:
        return name
    if outcome.dispatching / outcome.wall > 0.5:
        return "rank 0"
    return f"waiting {100 * idle:.0f} %"


HEADER = ("| workload | ranks | wall, s | work/N, s | bytes, s | messages, s | efficiency | "
          "work/N / wall | last rank after the mean | messages | what limits |\n"
          "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")


def row(case):
    """A line of the table, and the wall time."""
    name, work, machine = case
    outcome = model.simulate(work, machine)
    bounds = model.bounds(work, machine, outcome.messages)
    busy = [time for time in outcome.finished if time > 0] or [outcome.wall]
    late = max(busy) / (sum(busy) / len(busy)) - 1
    return (f"| {name} | {machine.ranks} | {outcome.wall:.3g} | {bounds['work']:.3g} | "
            f"{bounds['bytes']:.3g} | {bounds['messages']:.3g} | "
            f"{max(bounds.values()) / outcome.wall:.3f} | {bounds['work'] / outcome.wall:.3f} | "
            f"{100 * late:.1f} % | {outcome.messages} | "
            f"{describe(work, machine, outcome, 0.9)} |"), outcome.wall


def rows(cases):
    """Prints a table; returns wall times."""
    print(HEADER, flush=True)
    walls = []
    with multiprocessing.get_context("fork").Pool(os.cpu_count()) as pool:
        for line, wall in pool.imap(row, cases):
            print(line, flush=True)
            walls.append(wall)
    return walls


# ---- Real runs ----------------------------------------------------------------------------------


def spin(seconds, result):
    begun = time.monotonic()
    while time.monotonic() - begun < seconds:
        pass
    result.put(time.process_time())


def capacity(processes, seconds=0.6):
    """Processors that so many busy processes get together, beside whatever else runs here."""
    context = multiprocessing.get_context("fork")
    result = context.Queue()
    spinners = [context.Process(target=spin, args=(seconds, result)) for _ in range(processes)]
    used, begun = -processes * time.process_time(), time.monotonic()
    for spinner in spinners:
        spinner.start()
    used = sum(result.get() for _ in spinners)
    elapsed = time.monotonic() - begun
    for spinner in spinners:
        spinner.join()
    return used / elapsed


def launch(program, config, ranks, output):
    """Wall seconds of the whole command."""
    command = [str(ROOT / "scripts" / "mpirun"), "-n", str(ranks), str(program), str(config),
               "--output", str(output), "--overwrite", "--progress", "none"]
    environment = os.environ | {"ALPSCAN_TIMEOUT": "120"}
    begun = time.monotonic()
    done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, text=True,
                          capture_output=True, check=False)
    if done.returncode != 0:
        sys.exit(f"scaling.py: {' '.join(command)}: status {done.returncode}\n{done.stderr}")
    return time.monotonic() - begun


def check(options):
    import scaling_record

    print("| ranks | processors | measured, s | from 1 rank, s | ratio | from itself, s | ratio | "
          "start-up, s | closing and mpirun, s | units | rank 0, us a report |\n"
          "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |", flush=True)
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        output = pathlib.Path(folder) / "check.h5"
        work = None
        for ranks in sorted(options.ranks):
            before = capacity(ranks)
            command = launch(options.program, options.config, ranks, output)
            cores = 0.5 * (before + capacity(ranks))
            record = scaling_record.read(output)
            work = work or record.work()
            machine = model.Machine(ranks, cores=cores, latency=options.latency)
            predicted = model.simulate(work, machine).wall
            own = model.simulate(record.work(), machine).wall
            start = sum(record.start.values())
            print(f"| {ranks} | {cores:.2f} | {record.wall:.2f} | {predicted:.2f} | "
                  f"{predicted / record.wall:.2f} | {own:.2f} | {own / record.wall:.2f} | "
                  f"{start:.2f} | "
                  f"{command - start - record.wall:.2f} | {record.units} | "
                  f"{1e6 * record.dispatch:.0f} |", flush=True)


def replay(options):
    import scaling_record

    record = scaling_record.read(options.file)
    work = record.work()
    work.chunk_bytes = record.chunk_bytes
    print(f"{options.file}: {record.ranks} ranks, {record.wall:.3g} s, {record.units} units; "
          f"a batch {1e3 * record.batch_seconds:.3g} ms, a chunk {1e3 * record.chunk_seconds:.3g} "
          f"ms of {record.chunk_bytes / 2**20:.3g} MiB; rank 0 {1e6 * record.dispatch:.3g} us a "
          f"report; report taken {1e3 * record.latency:.3g} ms after the unit's end (median); "
          f"last rank {100 * record.late:.1f} % after the mean")
    print("before the work: " + ", ".join(f"{k} {v:.3g} s" for k, v in record.start.items()))
    name = pathlib.Path(options.file).name
    rows([(name, work, machine_of(options, ranks)) for ranks in options.ranks])


# ---- Workloads that are too large for here ------------------------------------------------------


def machine_of(options, ranks, **other):
    slow_ranks = other.pop("slow_ranks", options.slow_ranks)
    slow = {rank: 1 / options.slow for rank in range(1, 1 + slow_ranks)}
    told = {name: getattr(options, name) for name in
            ("dispatch", "mass_done", "latency", "network", "bandwidth", "rank_bandwidth")}
    return model.Machine(ranks, speed=slow, **(told | other))


def full(options, spread, foresight=0.0, rounds=()):
    """method = full: seconds of a mass scatter by a log-normal factor of mean 1."""
    chance = random.Random(1)
    batches = options.mass_seconds * options.widths / options.batch_seconds
    factors = (chance.lognormvariate(-0.5 * spread**2, spread)
               for _ in range(sum(rounds) or options.masses))
    return model.Work(masses=[(max(options.iteration, round(batches * f)), options.batch_seconds)
                              for f in factors],
                      iteration=options.iteration, foresight=foresight, rounds=list(rounds))


def grid(options, points, masses=0, blocks=1):
    """Tiles: so many points; masses of the on-shell Monte Carlo before them."""
    onshell = [(options.onshell_batches, options.onshell_seconds / options.onshell_batches)]
    return model.Work(masses=onshell * masses, chunks=max(1, points // options.chunk),
                      chunk_seconds=options.chunk * options.point_seconds,
                      chunk_bytes=options.chunk * options.point_bytes, blocks=blocks,
                      state_bytes=10960.0, adapt_bytes=6224.0, sums_bytes=80.0)


def full_cases(options):
    """What is asked for, and what happens where the assumptions are worse."""
    spread = options.spread
    for ranks in options.ranks:
        def case(name, work, ranks=ranks, **machine):
            return f"full, {name}", work, machine_of(options, ranks, **machine)

        usual = full(options, spread)
        yield case("all masses alike", full(options, 0.0))
        yield case(f"spread {spread:g}", usual)
        yield case(f"spread {2 * spread:g}", full(options, 2 * spread))
        few = max(1, ranks // 500)
        for slow in sorted({1, few, max(1, ranks // 8)}):
            yield case(f"spread {spread:g}, slow ranks: {slow}", usual, slow_ranks=slow)
        for dispatch in (5e-6, 20e-6):
            yield case(f"spread {spread:g}, {1e6 * dispatch:g} us a report", usual,
                       dispatch=dispatch)
        yield case(f"spread {spread:g}, lengths foreseen by statistics",
                   full(options, spread, foresight=1.0))
        if options.rounds:
            yield case(f"adaptive, rounds of {' '.join(map(str, options.rounds))} masses",
                       full(options, spread, rounds=options.rounds))


def start_up(files, ranks):
    """What came before the work in records of real runs, and a straight line through it."""
    import scaling_record

    records = sorted((scaling_record.read(file) for file in files), key=lambda r: r.ranks)
    print("\nStart-up, apart from all above, s:\n\n| ranks | "
          + " | ".join(scaling_record.START) + " |\n" + "| --- " * 5 + "|")
    for record in records:
        print(f"| {record.ranks} | " + " | ".join(f"{s:.3g}" for s in record.start.values()) + " |")
    first, last = records[0], records[-1]
    if first.ranks == last.ranks:
        return
    for n in ranks:
        share = (n - first.ranks) / (last.ranks - first.ranks)
        line = [a + share * (b - a)
                for a, b in zip(first.start.values(), last.start.values(), strict=True)]
        print(f"| {n}, by a line | " + " | ".join(f"{max(0, s):.3g}" for s in line) + " |")


def predict(options):
    weak = [("weak, 1e8 points a rank", grid(options, ranks * 10**8), machine_of(options, ranks))
            for ranks in options.ranks]
    rows([*full_cases(options), *weak])
    print("\nscan3d.ini at 1e9 points, 1000 masses on shell:\n")
    work = grid(options, 10**9, masses=1000, blocks=-(-1000 // 32))
    walls = rows([("scan3d, 1e9 points", work, machine_of(options, ranks))
                  for ranks in options.scan3d_ranks])
    best = 0
    for i, wall in enumerate(walls):
        best = i if wall < 0.95 * walls[best] else best
    print(f"\nBeyond {options.scan3d_ranks[best]} ranks nothing is gained that is worth 5 %.")
    if options.start:
        start_up(options.start, options.ranks)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    machine = argparse.ArgumentParser(add_help=False)
    add = machine.add_argument_group("the machine").add_argument
    add("--dispatch", type=float, default=13e-6, help="s of rank 0 for a report and a unit")
    add("--mass-done", type=float, default=10e-6, help="s of rank 0 to keep a finished mass")
    add("--latency", type=float, default=20e-6, help="s of a message, whatever its size")
    add("--network", type=float, default=10e9, help="bytes/s of rank 0's link, each way")
    add("--bandwidth", type=float, default=500e9, help="bytes/s of the file system")
    add("--rank-bandwidth", type=float, default=3e9, help="bytes/s that one rank can write")
    add("--slow", type=float, default=5.0, help="how much slower the slow ranks are")
    add("--slow-ranks", type=int, default=0, help="how many ranks are slow")
    small, large = [1, 2, 4, 16, 64], [512, 10000]

    of_check = commands.add_parser("check", parents=[machine])
    of_check.add_argument("config")
    of_check.add_argument("--program", default=ROOT / "build" / "alpscan")
    of_check.add_argument("--folder", help="where results are written for the while")
    of_check.add_argument("--ranks", type=int, nargs="+", default=small)
    of_check.set_defaults(run=check)

    of_replay = commands.add_parser("replay", parents=[machine])
    of_replay.add_argument("file")
    of_replay.add_argument("--ranks", type=int, nargs="+", default=[*small, *large])
    of_replay.set_defaults(run=replay)

    of_predict = commands.add_parser("predict", parents=[machine])
    add = of_predict.add_argument_group("workloads").add_argument
    add("--ranks", type=int, nargs="+", default=large)
    add("--masses", type=int, default=10000)
    add("--widths", type=int, default=1, help="widths of a mass, one after the other")
    add("--mass-seconds", type=float, default=2.0, help="of a mass and width")
    add("--batch-seconds", type=float, default=4e-3)
    add("--iteration", type=int, default=32, help="batches between two barriers of a mass")
    add("--spread", type=float, default=0.16, help="relative spread of the cost of masses")
    add("--rounds", type=int, nargs="*", default=[320, 160, 80, 40],
        help="masses of each round of masses = adaptive")
    add("--chunk", type=int, default=32768, help="points")
    add("--point-seconds", type=float, default=2.6e-9, help="all observables and flags of a point")
    add("--point-bytes", type=float, default=80.0)
    add("--onshell-seconds", type=float, default=0.035, help="of a mass on shell")
    add("--onshell-batches", type=int, default=280)
    add("--scan3d-ranks", type=int, nargs="+",
        default=[1, 16, 64, 128, 256, 512, 1024, 2048, 4096])
    add("--start", nargs="+", metavar="FILE.h5", help="results whose start-up is shown")
    of_predict.set_defaults(run=predict)
    options = parser.parse_args()
    options.run(options)


if __name__ == "__main__":
    main()

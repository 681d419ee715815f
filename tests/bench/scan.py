# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole scans, as `make bench` runs them: to disk against pwrite, two ranks against one, rank 0's
dispatch against bare MPI, fig5.ini, and the memory of a rank. Medians, the spread (half the distance between quartiles) and the load of
the machine are printed, nothing is asserted. ALPSCAN names the program (default build/alpscan);
ALPSCAN_BENCH_POINTS the points of the scan to disk (default 3e7; the target is stated for 2e8, which
write 15 GB twice; fewer where the disk is small);
ALPSCAN_BENCH_FOLDER the folder to write in (default TMPDIR or /tmp).
"""

import argparse
import concurrent.futures
import math
import multiprocessing
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("ALPSCAN", ROOT / "build" / "alpscan")).resolve()
MPIRUN = ROOT / "scripts" / "mpirun"
POINTS = 3e7
SLICE = 10**9  # bytes written between changes of turn
BLOCK = 1 << 18  # bytes of one pwrite: a chunk of a map in float64
RESERVE = 2 * 10**9  # bytes of the disk that stay free
MASSES = 32
TURNS = 5
RANKS_MASSES = 200
TIMEOUT = 900
CONFIGS = ROOT / "configs"
NO_PAIRS = ["--set", "montecarlo.method=none"]
PAIRS = ["--set", "montecarlo.method=onshell", "--set", "montecarlo.precision=0.01"]


def environment():
    dropped = ("OMPI_COMM_", "OMPI_UNIVERSE", "PMIX_", "PMI_", "SLURM_", "MAKE", "MFLAGS")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(dropped)}
    kept.setdefault("ALPSCAN_DATA", str(CONFIGS))
    kept["ALPSCAN_TIMEOUT"] = str(TIMEOUT)
    return kept


def command(ranks, output, *options):
    return [str(w) for w in (MPIRUN, "-n", ranks, PROGRAM, "scan", *options, "--output", output,
                             "--overwrite", "--progress", "none")]


def grid(n_v, n_a, masses=MASSES):
    y_v = f"lin -1 1 {n_v}" if n_v > 1 else "0"
    axes = (f"m_a=log 0.2 100 {masses}", f"y_V={y_v}", f"y_A=log 1e-5 1 {n_a}")
    sets = [word for axis in axes for word in ("--set", "scan." + axis)]
    return ["--config", CONFIGS / "scan3d.ini", *sets]


def run(ranks, output, *options):
    """Seconds of the whole command, start of the ranks included, and what it printed."""
    start = time.monotonic()
    done = subprocess.run(command(ranks, output, *options), env=environment(), check=False,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True)
    seconds = time.monotonic() - start
    if done.returncode != 0:
        sys.exit(f"{PROGRAM}: status {done.returncode}\n{done.stderr}")
    return seconds, done.stderr


def middle(values):
    """Median and half the distance between quartiles, relative."""
    median = statistics.median(values)
    if len(values) < 3:
        return median, (max(values) - min(values)) / 2 / abs(median)
    low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    return median, (high - low) / 2 / abs(median)


def start_up(ranks, folder):
    """Seconds of a scan of next to nothing."""
    return statistics.median(run(ranks, folder / "tiny.h5", *grid(2, 2, 2), *NO_PAIRS)[0]
                             for _ in range(3))


def write_part(path, first, end, durable):
    block = os.urandom(BLOCK)
    file = os.open(path, os.O_WRONLY)
    for at in range(first, end, BLOCK):
        os.pwrite(file, block[: min(BLOCK, end - at)], at)
    if durable:
        os.fdatasync(file)
    os.close(file)


def pwrite(path, size, durable):
    """Seconds in which two processes, as many as the scan has ranks, write half a file each; into
    the page cache, or durable, which a scan's results are."""
    with open(path, "wb") as file:
        os.posix_fallocate(file.fileno(), 0, size)
    parts = [multiprocessing.Process(target=write_part, args=(path, first, end, durable))
             for first, end in ((0, size // 2), (size // 2, size))]
    start = time.monotonic()
    for part in parts:
        part.start()
    for part in parts:
        part.join()
    seconds = time.monotonic() - start
    if any(part.exitcode != 0 for part in parts):
        sys.exit(f"{path}: cannot write")
    return seconds


def points_that_fit(asked, bytes_per_point, folder):
    free = shutil.disk_usage(folder).free - RESERVE
    most = free / bytes_per_point
    if asked > most:
        print(f"disk: {asked:.3g} points asked, {most:.3g} taken: the disk has no room for more")
    return min(asked, most)


def disk(folder):
    asked = float(os.environ.get("ALPSCAN_BENCH_POINTS", POINTS))
    side = 64
    # A slice of the scan and one of pwrite's are on the disk at a time, and one being written back.
    free = shutil.disk_usage(folder).free - RESERVE
    if 3 * SLICE > free:
        print(f"whole scan to disk (asked 0.6): left out, {folder} has {free / 1e9:.1f} GB to be "
              f"used and {3 * SLICE / 1e9:.0f} are needed")
        return
    run(2, folder / "probe.h5", *grid(side, side), *NO_PAIRS)
    bytes_per_point = (folder / "probe.h5").stat().st_size / (MASSES * side * side)
    points = points_that_fit(asked, bytes_per_point, folder)
    slices = max(1, round(points * bytes_per_point / SLICE))
    side = math.isqrt(int(points / slices / MASSES))
    start = start_up(2, folder)
    scans, writes, size = [], {False: [], True: []}, 0
    for _ in range(slices):
        os.sync()  # neither pays for writing back what the other left in memory
        scans.append(run(2, folder / "scan.h5", *grid(side, side), *NO_PAIRS)[0])
        size = (folder / "scan.h5").stat().st_size
        (folder / "scan.h5").unlink()
        for durable, seconds in writes.items():
            os.sync()
            seconds.append(pwrite(folder / "raw", size, durable))
            (folder / "raw").unlink()
    scan, scan_spread = middle(scans)
    print(f"whole scan to disk, {slices} x {MASSES * side * side:.3g} points of "
          f"{bytes_per_point:.0f} bytes, 2 ranks, alternating with pwrite:")
    print(f"  scan {size / scan / 1e9:.2f} GB/s +- {100 * scan_spread:.0f} %, start-up "
          f"{start:.2f} s of it")
    for durable, seconds in writes.items():
        write, spread = middle(seconds)
        whole = sum(seconds) / sum(scans)
        alone = sum(seconds) / (sum(scans) - slices * start)
        print(f"  pwrite{' and fdatasync' if durable else ', to memory alone'}: "
              f"{size / write / 1e9:.2f} GB/s +- {100 * spread:.0f} %; rate of the scans against it "
              f"{whole:.2f} (asked 0.6), without the start-up of each {alone:.2f}")


def both(folder, *options):
    """Seconds until two runs that know nothing of each other are through: what the cores give."""
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return max(pool.map(lambda i: run(1, folder / f"ranks{i}.h5", *options)[0], (1, 2)))


def ranks(folder):
    options = ["--config", CONFIGS / "fig5.ini", "--set", f"scan.m_a=log 0.12 10 {RANKS_MASSES}",
               "--set", "montecarlo.masses=grid", "--set", "montecarlo.precision=1e-3"]
    starts = {n: start_up(n, folder) for n in (1, 2)}
    efficiency, alone, cores, share = [], [], [], []
    for _ in range(TURNS):
        one, two = (run(n, folder / "ranks.h5", *options)[0] for n in (1, 2))
        pair = both(folder, *options)
        efficiency.append(one / (2 * two))
        alone.append((one - starts[1]) / (2 * (two - starts[2])))
        cores.append((one - starts[1]) / (pair - starts[1]))
        share.append(0.5 * (pair - starts[1]) / (two - starts[2]))
    print(f"2 ranks against 1, {RANKS_MASSES} masses with Monte Carlo:")
    for what, values in (("efficiency (asked 0.95)", efficiency),
                         ("start-up left out", alone),
                         ("of two runs at once that know nothing of each other", cores),
                         ("2 ranks against these", share)):
        median, spread = middle(values)
        print(f"  {what}: {median:.2f} +- {100 * spread:.0f} %")


def dispatch(_):
    program = PROGRAM.parent / "tests" / "bench" / "dispatch"
    if not program.exists():
        sys.exit(f"{program} is not there: `make bench` builds it")
    subprocess.run([MPIRUN, "-n", "2", program], env=environment(), check=True,
                   stdin=subprocess.DEVNULL)


def fig5(folder):
    seconds, text = run(2, folder / "fig5.h5", CONFIGS / "fig5.ini")
    print(f"fig5.ini, 2 ranks: {seconds:.1f} s (asked: below 10)")
    for line in text.splitlines():
        if "time:" in line or " points," in line:
            print(" ", line.removeprefix("alpscan: "))


def rank_pids(launcher):
    """Processes of our program below a launcher (timeout, then mpirun)."""
    found, at = [], [launcher]
    while at:
        pid = at.pop()
        try:
            children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        except OSError:
            continue
        for child in children:
            at.append(child)
            try:
                if os.path.samefile(f"/proc/{child}/exe", PROGRAM):
                    found.append(child)
            except OSError:
                pass
    return found


def largest_memory(output, *options):
    """MiB: the largest VmHWM (what a rank had in memory at most) seen while a scan runs."""
    child = subprocess.Popen(command(2, output, *options), env=environment(),
                             stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
    most = 0
    while child.poll() is None:
        for pid in rank_pids(child.pid):
            try:
                status = pathlib.Path(f"/proc/{pid}/status").read_text()
            except OSError:
                continue
            kib = [int(s.split()[1]) for s in status.splitlines() if s.startswith("VmHWM")]
            most = max(most, *kib) if kib else most
        time.sleep(0.01)
    if child.returncode != 0:
        sys.exit(f"{PROGRAM}: status {child.returncode}")
    return most / 1024


def memory(folder):
    tiny = max(largest_memory(folder / "tiny.h5", *grid(2, 2, 2), *NO_PAIRS) for _ in range(3))
    grids = {"3d, 32 x 400 x 400": grid(400, 400),
             "2d, 4000 masses": grid(1, 1000, 4000),
             "two masses, 2000 x 2000": grid(2000, 2000, 2)}
    work = {name: [*options, *NO_PAIRS] for name, options in grids.items()}
    work["Monte Carlo, 10,000 masses"] = [*grid(1, 2, 10_000), *PAIRS]
    for name, options in work.items():
        largest = largest_memory(folder / "memory.h5", *options)
        print(f"memory of a rank, {name}: {largest:.1f} MiB, {largest - tiny:.1f} above a scan of "
              "8 points (asked: below 64)")


ROWS = {"disk": disk, "dispatch": dispatch, "ranks": ranks, "fig5": fig5, "memory": memory}


def main():
    parser = argparse.ArgumentParser(description="ratios of whole scans")
    parser.add_argument("row", nargs="*", help=f"of {', '.join(ROWS)}; default: all")
    names = parser.parse_args().row or list(ROWS)
    unknown = [name for name in names if name not in ROWS]
    if unknown:
        parser.error(f"no row {unknown[0]!r}; allowed are {', '.join(ROWS)}")
    where = os.environ.get("ALPSCAN_BENCH_FOLDER", tempfile.gettempdir())
    with tempfile.TemporaryDirectory(prefix="alpscan-bench-", dir=where) as folder:
        for name in names:
            print("load of the machine:", " ".join(f"{x:.2f}" for x in os.getloadavg()), flush=True)
            ROWS[name](pathlib.Path(folder))


if __name__ == "__main__":
    main()

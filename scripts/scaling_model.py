# SPDX-License-Identifier: GPL-3.0-or-later
"""A discrete-event model of alpscan on any number of ranks: rank 0's dispatch, messages, places,
slices and shared iterations of the Monte Carlo, tiles, a file system, processors that are shared.

The rules by which work is cut are those of src/parallel/grain.c; the order in which it is handed
out is that of src/parallel/mc_queue.c, tile_queue.c and assignments.c. Times are in seconds.
"""

import collections
import dataclasses
import heapq
import math
import random

import scaling_queue as queue

# src/parallel/assignments.c, src/parallel/master.c
PLACES = 2
POLL_SECONDS = 100e-6
REFUSALS = 4


@dataclasses.dataclass
class Machine:
    """What a run is done on."""

    ranks: int
    cores: float = math.inf  # that the ranks share; inf: one each
    dispatch: float = 13e-6  # rank 0: to take a report and send a unit
    mass_done: float = 10e-6  # rank 0: to keep the row of a finished mass
    latency: float = 5e-6  # of a message, whatever its size
    network: float = math.inf  # bytes/s of rank 0's link, each way
    bandwidth: float = math.inf  # bytes/s, file system as a whole
    rank_bandwidth: float = math.inf  # bytes/s, one rank
    speed: dict = dataclasses.field(default_factory=dict)  # rank: speed, where it is not 1
    sliced: bool = True  # False: every batch is a unit, as before there were slices


@dataclasses.dataclass
class Work:
    """What a run has to do: masses as (batches, seconds of a batch), then chunks. Bytes are those of
    method = full, docs/scaling.md."""

    masses: list = dataclasses.field(default_factory=list)
    iteration: int = 32  # batches between two barriers of a mass
    warm_up: int = 40  # batches of a mass after which iterations can be foreseen
    chunks: int = 0
    chunk_seconds: float = 0.0
    chunk_bytes: float = 0.0
    blocks: int = 1  # runs of chunks that share masses
    rounds: list = dataclasses.field(default_factory=list)  # masses of each; none: all at once
    state_bytes: float = 39232.0  # of a mass
    task_bytes: float = 39128.0
    adapt_bytes: float = 32648.0  # sums of a batch while the sampling adapts, and then
    sums_bytes: float = 392.0
    row_bytes: float = 512.0  # of the Monte Carlo, with a tile
    foresight: float = 0.0  # error of foreseen batches, over what its statistics make of it

    def usual(self):
        """Batches that a mass takes on average."""
        return sum(n for n, _ in self.masses) / len(self.masses)

    def error(self, mass):
        """How far, in standard deviations, what is foreseen of a mass is off."""
        return self.foresight * random.Random(mass).gauss(0.0, 1.0) if self.foresight else 0.0


@dataclasses.dataclass
class Outcome:
    wall: float
    messages: int
    busy: float  # seconds of work, all ranks
    dispatching: float  # seconds of rank 0's dispatch
    finished: list  # when each rank did its last work
    writing: float  # seconds of waiting for the file system, all ranks


class Shared:
    """A resource that its users share evenly: each progresses at rate(number of users)."""

    def __init__(self, rate):
        self.rate, self.done, self.heap, self.serial = rate, 0.0, [], 0

    def add(self, work, action):
        self.serial += 1
        heapq.heappush(self.heap, (self.done + work, self.serial, action))

    def wait(self):
        """Seconds to the next one that is through."""
        if not self.heap:
            return math.inf
        return max(0.0, self.heap[0][0] - self.done) / self.rate(len(self.heap))

    def advance(self, seconds):
        if self.heap:
            self.done += seconds * self.rate(len(self.heap))


class Run:
    """One run of the program, from the first unit to the last report."""

    def __init__(self, work, machine):
        self.work, self.machine = work, machine
        self.pace = queue.Pace(machine.ranks)
        self.masses = queue.Masses(work, machine, self.pace)
        self.tiles = queue.Tiles(work, machine)
        n, cores = machine.ranks, machine.cores
        self.cpu = Shared(lambda users: min(1.0, cores / users))
        self.disk = Shared(lambda users: min(machine.rank_bandwidth, machine.bandwidth / users))
        self.timed, self.serial, self.now = [], 0, 0.0
        self.held = [collections.deque() for _ in range(n)]
        self.lines = [collections.deque(range(1, n))] + [collections.deque() for _ in range(PLACES)]
        self.mailbox, self.idle = [], False
        self.link = [0.0, 0.0]  # when rank 0's is free, out and in
        self.out = 0
        self.outcome = Outcome(0.0, 0, 0.0, 0.0, [0.0] * n, 0.0)
        self.count = [0] * n  # units that rank 0 believes to be with a rank

    def at(self, time, action):
        self.serial += 1
        heapq.heappush(self.timed, (time, self.serial, action))

    # ---- What a rank does ----

    def begin(self, rank, unit):
        kind, mass, n, _, latest = unit
        speed, begun = self.machine.speed.get(rank, 1.0), self.now
        rate = self.cpu.rate(len(self.cpu.heap) + 1) * speed
        if kind == "tile":
            done = tried = n
        else:
            batch, step = mass.batch / rate, self.work.iteration
            done = min(mass.left, max(1, math.ceil(n / (step * batch))) * step)
            done = n if kind == "batches" else done
            tried = min(done, int(latest / batch) + 1) if latest < math.inf else done
            if tried < done:  # late: whole batches of a piece, whole iterations of a slice
                done = tried if kind == "batches" else tried // step * step
        seconds = tried * (self.work.chunk_seconds if kind == "tile" else mass.batch)
        self.outcome.busy += seconds

        def computed():
            if kind == "tile" and self.work.chunk_bytes > 0:
                started = self.now
                self.disk.add(n * self.work.chunk_bytes, lambda: written(started))
            else:
                self.end(rank, unit, (done, tried), self.now - begun)

        def written(started):
            self.outcome.writing += self.now - started
            self.end(rank, unit, (done, tried), self.now - begun)

        self.cpu.add(seconds / speed, computed)

    def bytes(self, unit, back):
        """Of a unit, or of its report."""
        work, adapts = self.work, unit[0] != "tile" and unit[1].done < self.work.warm_up
        if unit[0] == "slice":
            return work.state_bytes
        if unit[0] == "tile":
            return 0.0 if back else work.row_bytes * len(work.masses) / work.blocks
        sums = work.adapt_bytes if adapts else work.sums_bytes
        return sums * unit[2] if back else work.task_bytes

    def travel(self, way, size):
        """When a message is there that is sent now over rank 0's link."""
        self.link[way] = max(self.now, self.link[way]) + size / self.machine.network
        return self.link[way] + self.machine.latency

    def end(self, rank, unit, n, seconds):
        self.outcome.finished[rank] = self.now
        if rank == 0:
            self.take(rank, unit, n, seconds)
            self.master()
            return
        self.held[rank].popleft()
        there = self.travel(1, self.bytes(unit, True))
        self.at(there, lambda: self.arrive(rank, unit, n, seconds))
        if self.held[rank]:
            self.begin(rank, self.held[rank][0])

    def receive(self, rank, unit):
        self.held[rank].append(unit)
        if len(self.held[rank]) == 1:
            self.begin(rank, unit)

    def send(self, rank, unit):
        self.at(self.travel(0, self.bytes(unit, False)), lambda: self.receive(rank, unit))

    # ---- What rank 0 does besides ----

    def arrive(self, *report):
        self.mailbox.append(report)
        if self.idle:
            self.idle = False
            self.at(self.now + 0.5 * POLL_SECONDS, self.master)

    def take(self, rank, unit, n, seconds):
        """True if that finished a mass."""
        self.pace.back(rank, self.now)
        if unit[0] == "tile":
            self.tiles.report(unit[2], seconds)
        elif self.masses.report(unit, rank, *n, seconds):
            self.tiles.mass_done(unit[1].number)
            return True
        return False

    def next(self, rank, brief):
        return self.masses.next(rank, brief, self.now) or self.tiles.next(brief)

    def serve(self):
        """Units for all free places: whoever has none comes first."""
        units = []
        for level in range(PLACES):
            line, refused = self.lines[level], []
            while line and len(refused) < REFUSALS:
                rank = line.popleft()
                if self.count[rank] != level:
                    continue
                unit = self.next(rank, False)
                if unit is None:
                    refused.append(rank)
                    continue
                self.pace.sent(rank, self.now, unit[3])
                self.count[rank] += 1
                self.lines[self.count[rank]].append(rank)
                units.append((rank, unit))
            line.extend(refused)
        return units

    def master(self):
        reports, self.mailbox = self.mailbox, []
        finished = 0
        for rank, unit, n, seconds in reports:
            self.count[rank] -= 1
            self.lines[self.count[rank]].append(rank)
            finished += self.take(rank, unit, n, seconds)
        self.out -= len(reports)
        units = self.serve()
        self.out += len(units)
        half = 0.5 * self.machine.dispatch
        began = len(reports) * half + finished * self.machine.mass_done
        for i, (rank, unit) in enumerate(units):
            self.at(self.now + began + (i + 1) * half,
                    lambda rank=rank, unit=unit: self.send(rank, unit))
        self.outcome.messages += len(units)
        spent = began + len(units) * half
        self.outcome.dispatching += spent
        if spent > 0:
            self.cpu.add(spent, self.work_itself)
        else:
            self.work_itself()

    def work_itself(self):
        unit = self.next(0, True)
        if unit is not None:
            self.begin(0, unit)
        elif self.mailbox:
            self.master()
        else:
            self.idle = True

    def run(self):
        self.master()
        while True:
            waits = (self.timed[0][0] - self.now if self.timed else math.inf, self.cpu.wait(),
                     self.disk.wait())
            seconds = min(waits)
            if seconds == math.inf:
                break
            self.now += seconds
            self.cpu.advance(seconds)
            self.disk.advance(seconds)
            which = waits.index(seconds)
            source = (self.timed, self.cpu.heap, self.disk.heap)[which]
            heapq.heappop(source)[2]()
        if self.masses.to_do > 0 or self.tiles.done < self.work.chunks:
            raise RuntimeError("the model has stopped before its work was done")
        self.outcome.wall = self.now
        return self.outcome


def simulate(work, machine):
    return Run(work, machine).run()


def bounds(work, machine, messages):
    """The three lower bounds of the wall time: work, bytes, messages."""
    seconds = sum(n * batch for n, batch in work.masses) + work.chunks * work.chunk_seconds
    power = machine.ranks + sum(speed - 1.0 for speed in machine.speed.values())
    cores = min(power, machine.cores)
    bandwidth = min(machine.bandwidth, machine.ranks * machine.rank_bandwidth)
    return {"work": seconds / cores,
            "bytes": work.chunks * work.chunk_bytes / bandwidth,
            "messages": messages * machine.dispatch}

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

# src/parallel/grain.c
DISPATCH_SECONDS = 15e-6
FIRST_SLICE, LONGEST_SLICE, SHORTEST_SLICE, SLICE_SHARE = 0.25, 1.0, 0.02, 0.25
TILE_SECONDS, TILE_LEASTS = 0.05, 4.0
BRIEF_SECONDS = 2e-3
ITERATIONS_MOST = 4
GOLDEN_RATIO = 0.61803398874989485
# src/parallel/assignments.c, src/parallel/master.c
PLACES = 2
POLL_SECONDS = 100e-6


@dataclasses.dataclass
class Machine:
    """What a run is done on."""

    ranks: int
    cores: float = math.inf  # that the ranks share; inf: one each
    dispatch: float = 13e-6  # rank 0: to take a report and send a unit
    mass_done: float = 10e-6  # rank 0: to keep the row of a finished mass
    latency: float = 5e-6  # of a message, payload included
    bandwidth: float = math.inf  # bytes/s, file system as a whole
    rank_bandwidth: float = math.inf  # bytes/s, one rank
    speed: dict = dataclasses.field(default_factory=dict)  # rank: speed, where it is not 1
    sliced: bool = True  # False: every batch is a unit, as before there were slices


@dataclasses.dataclass
class Work:
    """What a run has to do: masses as (batches, seconds of a batch), then chunks."""

    masses: list = dataclasses.field(default_factory=list)
    iteration: int = 32  # batches between two barriers of a mass
    warm_up: int = 40  # batches of a mass after which iterations can be foreseen
    chunks: int = 0
    chunk_seconds: float = 0.0
    chunk_bytes: float = 0.0
    blocks: int = 1  # runs of chunks that share masses


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


class Mass:
    __slots__ = ("batch", "back", "group", "left", "number", "out", "size")

    def __init__(self, number, batches, batch):
        self.number, self.left, self.batch = number, batches, batch
        self.out = self.back = self.size = self.group = 0


class Masses:
    """src/parallel/mc_queue.c"""

    def __init__(self, work, machine):
        self.machine, self.work = machine, work
        order = sorted(range(len(work.masses)),
                       key=lambda i: -work.masses[i][0] * work.masses[i][1])
        self.fresh = collections.deque(order)
        self.waiting, self.sharing = collections.deque(), collections.deque()
        self.unfinished = len(order)
        self.slices = 0
        self.shared = 0  # masses whose iteration is out in pieces
        self.spent = self.done_spent = 0.0
        self.batches = self.done_batches = 0
        self.all_batches = sum(n for n, _ in work.masses)

    def left(self):
        if self.done_batches == 0:
            return 0.0
        left = self.done_spent / self.done_batches * (self.all_batches - self.done_batches)
        return max(0.0, left - (self.spent - self.done_spent))

    def take(self):
        if self.waiting:
            return self.waiting.popleft()
        if self.fresh:
            number = self.fresh.popleft()
            return Mass(number, *self.work.masses[number])
        return None

    def slice_seconds(self):
        n, left = self.machine.ranks, self.left()
        seconds = SLICE_SHARE * left / n if left > 0 else FIRST_SLICE
        mean = max(SHORTEST_SLICE, least(n), min(seconds, LONGEST_SLICE))
        self.slices += 1
        return mean * (0.5 + ((self.slices - 1) * GOLDEN_RATIO) % 1.0)

    def mean(self):
        return self.spent / self.batches if self.batches else 0.0

    def share(self, size):
        """alp_grain_share(): how many masses are to be shared out, into how many pieces each."""
        ranks, unfinished = self.machine.ranks, max(1, self.unfinished)
        pieces = min(size, max(2, -(-ranks // unfinished)))
        idle = max(0, ranks - unfinished)
        flow = size * self.mean() / DISPATCH_SECONDS
        if flow > 0:
            pieces = max(2, min(pieces, int(math.sqrt(flow / unfinished))))
        shared = min(unfinished, -(-idle // (pieces - 1)))
        if flow > 0:
            shared = min(shared, math.ceil(flow / pieces**2))
        return shared, pieces

    def ahead(self):
        """alp_grain_ahead(): iterations of a mass that are shared out at a time."""
        iteration = self.work.iteration * self.mean()
        wanted = self.machine.ranks / max(1, self.unfinished) * least(self.machine.ranks)
        if iteration <= 0 or wanted <= iteration:
            return 1
        return min(ITERATIONS_MOST, math.ceil(wanted / iteration))

    def group(self, size):
        return -(-size // self.share(size)[1]) if self.machine.sliced else 1

    def next(self, brief):
        """A unit ("slice", mass, seconds) or ("batches", mass, n), or None."""
        if not brief and self.machine.sliced:
            wanted = self.share(self.work.iteration * self.ahead())[0]
            if wanted == 0 or (not self.sharing and self.shared >= wanted):
                mass = self.take()
                if mass is not None:
                    return ("slice", mass, self.slice_seconds())
        if not self.sharing:
            mass = self.take()
            if mass is None:
                return None
            foreseen = mass.left <= self.work.masses[mass.number][0] - self.work.warm_up
            size = self.work.iteration * (self.ahead() if foreseen else 1)
            mass.size, mass.out, mass.back = min(size, mass.left), 0, 0
            self.shared += 1
            self.sharing.append(mass)
        mass = self.sharing[0]
        n = few(self.mean()) if brief else self.group(mass.size)
        n = min(n, mass.size - mass.out)
        mass.out += n
        if mass.out == mass.size:
            self.sharing.popleft()
        return ("batches", mass, n)

    def report(self, unit, seconds, batches):
        """True if the mass is finished."""
        mass = unit[1]
        self.spent += seconds
        self.batches += batches
        if unit[0] == "batches":
            mass.back += batches
            if mass.back < mass.size:
                return False
            self.shared -= 1
        mass.left -= mass.size if unit[0] == "batches" else batches
        if mass.left > 0:
            self.waiting.append(mass)
            return False
        self.unfinished -= 1
        n, batch = self.work.masses[mass.number]
        self.done_spent += n * batch
        self.done_batches += n
        return True


class Tiles:
    """src/parallel/tile_queue.c"""

    def __init__(self, work, machine):
        self.work, self.machine = work, machine
        self.left, self.done, self.seconds = work.chunks, 0, 0.0
        self.per_block = -(-work.chunks // work.blocks)
        self.masses_per_block = len(work.masses) / work.blocks
        self.missing = collections.Counter()
        self.ready = 0 if work.masses else work.chunks
        for number in range(len(work.masses)):
            self.missing[self.block(number)] += 1
        self.next_in_block = 0

    def block(self, mass):
        return min(self.work.blocks - 1, int(mass / self.masses_per_block))

    def mass_done(self, mass):
        block = self.block(mass)
        self.missing[block] -= 1
        if self.missing[block] == 0:
            self.ready = min(self.work.chunks, self.ready + self.per_block)

    def next(self, brief):
        handed = self.work.chunks - self.left
        if handed >= self.ready:
            return None
        cost = self.seconds / self.done if self.done else 0.0
        n, ranks = 1, self.machine.ranks
        if cost > 0:
            lowest = least(ranks) / cost
            wanted = max(TILE_SECONDS / cost, TILE_LEASTS * lowest)
            n = max(1, int(max(min(wanted, self.left // (2 * ranks)), math.ceil(lowest))))
        if brief:
            n = min(n, few(cost))
        n = min(n, self.per_block - handed % self.per_block, self.ready - handed)
        self.left -= n
        return ("tile", None, n)

    def report(self, n, seconds):
        self.done += n
        self.seconds += seconds


def least(ranks):
    return ranks * DISPATCH_SECONDS if ranks > 1 else 0.0


def few(seconds):
    return max(1, int(BRIEF_SECONDS / seconds)) if seconds > 0 else 1


class Run:
    """One run of the program, from the first unit to the last report."""

    def __init__(self, work, machine):
        self.work, self.machine = work, machine
        self.masses = Masses(work, machine)
        self.tiles = Tiles(work, machine)
        n, cores = machine.ranks, machine.cores
        self.cpu = Shared(lambda users: min(1.0, cores / users))
        self.disk = Shared(lambda users: min(machine.rank_bandwidth, machine.bandwidth / users))
        self.timed, self.serial, self.now = [], 0, 0.0
        self.held = [collections.deque() for _ in range(n)]
        self.lines = [collections.deque(range(1, n))] + [collections.deque() for _ in range(PLACES)]
        self.mailbox, self.idle = [], False
        self.out = 0
        self.outcome = Outcome(0.0, 0, 0.0, 0.0, [0.0] * n, 0.0)
        self.count = [0] * n  # units that rank 0 believes to be with a rank

    def at(self, time, action):
        self.serial += 1
        heapq.heappush(self.timed, (time, self.serial, action))

    # ---- What a rank does ----

    def begin(self, rank, unit):
        kind, mass, n = unit
        speed, begun = self.machine.speed.get(rank, 1.0), self.now
        if kind == "slice":
            rate = self.cpu.rate(len(self.cpu.heap) + 1) * speed
            step = self.work.iteration
            iterations = max(1, math.ceil(n * rate / (step * mass.batch)))
            n = min(mass.left, iterations * step)
        seconds = n * (self.work.chunk_seconds if kind == "tile" else mass.batch)
        self.outcome.busy += seconds

        def computed():
            if kind == "tile" and self.work.chunk_bytes > 0:
                started = self.now
                self.disk.add(n * self.work.chunk_bytes, lambda: written(started))
            else:
                self.end(rank, unit, n, self.now - begun)

        def written(started):
            self.outcome.writing += self.now - started
            self.end(rank, unit, n, self.now - begun)

        self.cpu.add(seconds / speed, computed)

    def end(self, rank, unit, n, seconds):
        self.outcome.finished[rank] = self.now
        if rank == 0:
            self.take(unit, n, seconds)
            self.master()
            return
        self.held[rank].popleft()
        self.at(self.now + self.machine.latency, lambda: self.arrive(rank, unit, n, seconds))
        if self.held[rank]:
            self.begin(rank, self.held[rank][0])

    def receive(self, rank, unit):
        self.held[rank].append(unit)
        if len(self.held[rank]) == 1:
            self.begin(rank, unit)

    # ---- What rank 0 does besides ----

    def arrive(self, *report):
        self.mailbox.append(report)
        if self.idle:
            self.idle = False
            self.at(self.now + 0.5 * POLL_SECONDS, self.master)

    def take(self, unit, n, seconds):
        """True if that finished a mass."""
        if unit[0] == "tile":
            self.tiles.report(n, seconds)
        elif self.masses.report(unit, seconds, n):
            self.tiles.mass_done(unit[1].number)
            return True
        return False

    def next(self, brief):
        return self.masses.next(brief) or self.tiles.next(brief)

    def serve(self):
        """Units for all free places: whoever has none comes first."""
        units = []
        for level in range(PLACES):
            line = self.lines[level]
            while line:
                rank = line[0]
                if self.count[rank] != level:
                    line.popleft()
                    continue
                unit = self.next(False)
                if unit is None:
                    return units
                line.popleft()
                self.count[rank] += 1
                self.lines[self.count[rank]].append(rank)
                units.append((rank, unit))
        return units

    def master(self):
        reports, self.mailbox = self.mailbox, []
        finished = 0
        for rank, unit, n, seconds in reports:
            self.count[rank] -= 1
            self.lines[self.count[rank]].append(rank)
            finished += self.take(unit, n, seconds)
        self.out -= len(reports)
        units = self.serve()
        self.out += len(units)
        half = 0.5 * self.machine.dispatch
        began = len(reports) * half + finished * self.machine.mass_done
        for i, (rank, unit) in enumerate(units):
            self.at(self.now + began + (i + 1) * half + self.machine.latency,
                    lambda rank=rank, unit=unit: self.receive(rank, unit))
        self.outcome.messages += len(units)
        spent = began + len(units) * half
        self.outcome.dispatching += spent
        if spent > 0:
            self.cpu.add(spent, self.work_itself)
        else:
            self.work_itself()

    def work_itself(self):
        unit = self.next(True)
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
        if self.masses.unfinished > 0 or self.tiles.done < self.work.chunks:
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

# SPDX-License-Identifier: GPL-3.0-or-later
"""How alpscan cuts and hands out work, for scaling_model.py: the rules of src/parallel/grain.c, the
pace of the ranks of pace.c, the queues of mc_queue.c and tile_queue.c. Times are in seconds.
"""

import collections
import math

# src/parallel/grain.c
DISPATCH_SECONDS = 15e-6
FIRST_SLICE, LONGEST_SLICE, SHORTEST_SLICE, SLICE_SHARE = 0.25, 1.0, 0.02, 0.25
LAST_SLICES = 1.5
POOL_LEASTS = 4.0
TILE_SECONDS, TILE_LEASTS = 0.05, 4.0
BRIEF_SECONDS = 2e-3
GOLDEN_RATIO = 0.61803398874989485
SLOW = 2.0
SLACK = 0.02
SPEC = 1
ENDP = 0


def least(ranks):
    return ranks * DISPATCH_SECONDS if ranks > 1 else 0.0


def few(seconds):
    return max(1, int(BRIEF_SECONDS / seconds)) if seconds > 0 else 1


class Pace:
    """When each rank will be through with what it has, and how fast it is."""

    def __init__(self, ranks):
        self.ranks = ranks
        self.held = [collections.deque() for _ in range(ranks)]  # s expected of each unit
        self.free = [0.0] * ranks
        self.sum_free, self.busy = 0.0, 0  # of ranks that hold something
        self.seconds, self.batches = [0.0] * ranks, [0.0] * ranks
        self.all_seconds = self.all_batches = 0.0

    def batch(self):
        return self.all_seconds / self.all_batches if self.all_batches else 0.0

    def rank_batch(self, rank):
        if self.batches[rank]:
            return self.seconds[rank] / self.batches[rank]
        return self.batch()

    def slowness(self, rank):
        mean = self.batch()
        return self.rank_batch(rank) / mean if mean else 1.0

    def sent(self, rank, now, seconds):
        if self.held[rank]:
            self.sum_free -= self.free[rank]
        else:
            self.busy += 1
            self.free[rank] = now
        self.held[rank].append(seconds)
        self.free[rank] += seconds
        self.sum_free += self.free[rank]

    def back(self, rank, now, n, seconds):
        if n:
            self.seconds[rank] += seconds
            self.batches[rank] += n
            self.all_seconds += seconds
            self.all_batches += n
        if rank == 0:
            return
        self.held[rank].popleft()
        self.sum_free -= self.free[rank]
        if self.held[rank]:
            self.free[rank] = now + sum(self.held[rank])
            self.sum_free += self.free[rank]
        else:
            self.busy -= 1

    def begin(self, rank, now):
        """When a further unit would begin."""
        return max(now, self.free[rank]) if self.held[rank] else now

    def end(self, now, unassigned):
        """When all ranks are through, so many batches that nobody has yet included."""
        idle = self.ranks - self.busy
        return (self.sum_free + idle * now + unassigned * self.batch()) / self.ranks


class Mass:
    __slots__ = ("back", "batch", "done", "error", "left", "number", "out", "size",
                 "unassigned")

    def __init__(self, number, batches, batch, error, unassigned):
        self.number, self.left, self.batch, self.error = number, batches, batch, error
        self.done = self.out = self.back = self.size = 0
        self.unassigned = unassigned


class Masses:
    """src/parallel/mc_queue.c"""

    def __init__(self, work, machine, pace):
        self.machine, self.work, self.pace = machine, work, pace
        self.fresh = collections.deque(range(len(work.masses)))
        self.waiting, self.sharing = collections.deque(), collections.deque()
        self.unfinished = len(work.masses)
        self.slices = 0
        self.shared = 0  # masses whose iterations are out in pieces
        self.lost = 0
        self.usual = sum(n for n, _ in work.masses) / max(1, len(work.masses))
        self.unassigned = self.usual * len(work.masses)

    def left(self, mass):
        """Batches that a mass is thought to need."""
        if mass.done < self.work.warm_up:
            return max(self.work.iteration, self.usual - mass.done)
        total = mass.done + mass.left
        noise = mass.error * total * math.sqrt(2 * (1 / mass.done - 1 / total))
        return max(min(mass.left, self.work.iteration), mass.left + noise)

    def set_unassigned(self, mass, n):
        n = max(0.0, n)
        self.unassigned += n - mass.unassigned
        mass.unassigned = n

    def take(self):
        if self.waiting:
            return self.waiting.popleft()
        if self.fresh:
            number = self.fresh.popleft()
            return Mass(number, *self.work.masses[number], self.work.error(number), self.usual)
        return None

    def slice_seconds(self, room, slack):
        """room: s until all are through, None if nobody knows."""
        low = max(SHORTEST_SLICE, least(self.machine.ranks))
        seconds = FIRST_SLICE if room is None else SLICE_SHARE * room
        mean = max(low, min(seconds, LONGEST_SLICE))
        self.slices += 1
        mean *= 0.5 + ((self.slices - 1) * GOLDEN_RATIO) % 1.0
        if room is not None and room - mean < LAST_SLICES * low:
            mean = max(room, slack)
        return min(mean, LONGEST_SLICE)

    def pieces(self, size):
        """Of an iteration that others wait for."""
        ranks, unfinished = self.machine.ranks, max(1, self.unfinished)
        pieces = min(size, max(2, -(-ranks // unfinished)))
        flow = size * self.pace.batch() / DISPATCH_SECONDS
        if flow > 0:
            pieces = max(2, min(pieces, int(math.sqrt(flow / unfinished))))
        return pieces

    def share(self, mass, over):
        frozen = mass.done >= self.work.warm_up
        step = self.work.iteration
        mass.size = step * math.ceil(self.left(mass) / step) if frozen else step
        if over and frozen:
            mass.size += step
        if mass.error == 0.0:
            mass.size = min(mass.size, mass.left)
        mass.out = mass.back = 0
        self.shared += 1
        self.sharing.append(mass)

    def next(self, rank, brief, now):
        """A unit ("slice", mass, seconds, expected s) or ("batches", mass, n, expected s), or
        None: nothing for this rank now."""
        pace = self.pace
        batch, own = pace.batch(), pace.rank_batch(rank)
        room = slack = None
        if batch:
            room = pace.end(now, self.unassigned) - pace.begin(rank, now)
            low = max(SHORTEST_SLICE, least(self.machine.ranks))
            slack = min(SLACK * (now + room), low)
            if not brief and pace.held[rank] and room <= slack:
                return None
            room = max(room, 0.0)
        urgent = self.sharing and self.sharing[0].done < self.work.warm_up
        if not urgent and not (brief and self.sharing):
            mass = self.take()
            if mass is not None:
                if not brief and not self.late(mass, room, slack, own):
                    return self.slice(mass, room, slack, own)
                self.share(mass, room is not None and room < SPEC * slack)
        if not self.sharing:
            return None
        return self.piece(brief, room, slack, own)

    def late(self, mass, room, slack, own):
        """Whether one rank alone would be late with a mass, so that it is to be shared out."""
        if room is None:
            return False
        need = self.left(mass) * own
        if own > SLOW * self.pace.batch():
            return need > room + slack
        hungry = self.unfinished < self.machine.ranks
        if mass.done < self.work.warm_up:
            return hungry
        low = max(SHORTEST_SLICE, least(self.machine.ranks))
        return (hungry or room < POOL_LEASTS * low) and need > room + slack

    def slice(self, mass, room, slack, own):
        left, step = self.left(mass), self.work.iteration
        seconds = self.slice_seconds(room, slack)
        if own and left * own < min(seconds + slack, LONGEST_SLICE):
            seconds = left * own
        n = min(left, step * math.ceil(seconds / (step * own))) if own else 0
        self.set_unassigned(mass, left - n)
        return ("slice", mass, seconds, n * own if own else seconds)

    def piece(self, brief, room, slack, own):
        mass, batch = self.sharing[0], self.pace.batch()
        rest = mass.size - mass.out
        if brief:
            n = few(batch)
        elif mass.done < self.work.warm_up:
            n = -(-mass.size // self.pieces(mass.size))
            if own > batch:
                n = max(1, int(n * batch / own))
        else:
            seconds = self.slice_seconds(room, slack)
            if own > SLOW * batch and own > seconds:
                return None
            n = max(1, round(seconds / own)) if own else 1
            if room is not None and room < slack * ENDP:
                n = min(n, max(1, -(-mass.size // self.pieces(mass.size))))
            if (rest - n) * own < slack:
                n = rest
        n = min(n, rest)
        mass.out += n
        self.set_unassigned(mass, self.left(mass) - mass.out)
        if mass.out == mass.size:
            self.sharing.popleft()
        return ("batches", mass, n, n * own)

    def report(self, unit, n):
        """True if the mass is finished."""
        mass = unit[1]
        if unit[0] == "batches":
            mass.back += n
            if mass.back < mass.size:
                return False
            self.shared -= 1
            n = min(mass.size, mass.left)
            self.lost += mass.size - n
        mass.size = mass.out = 0
        mass.left -= n
        mass.done += n
        if mass.left > 0:
            self.set_unassigned(mass, self.left(mass))
            self.waiting.append(mass)
            return False
        self.set_unassigned(mass, 0)
        self.unfinished -= 1
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
        return ("tile", None, n, n * cost)

    def report(self, n, seconds):
        self.done += n
        self.seconds += seconds

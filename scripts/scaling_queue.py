# SPDX-License-Identifier: GPL-3.0-or-later
"""How alpscan cuts and hands out work, for scaling_model.py: the rules of src/parallel/grain.c, the
pace of the ranks of pace.c, the queues of mc_queue.c, mc_units.c and tile_queue.c. Times are in
seconds; a batch stands for the points that it tries.
"""

import collections
import math

# src/parallel/grain.c
DISPATCH_SECONDS = 15e-6
LONGEST_SLICE, SHORTEST_SLICE, SLICE_SHARE, LAST_SLICES = 1.0, 0.02, 0.25, 1.5
FIRST_SLICES = 1.5
SHARE_SLICES = 4.0
WARMING_MAX = 1024
SLOW = 2.0
PATIENCE = 2.0
SLACK_SHARE = 0.015
TILE_SECONDS, TILE_LEASTS = 0.05, 4.0
BRIEF_SECONDS = 2e-3
FEW_RANKS = 64
GOLDEN_RATIO = 0.61803398874989485
# src/parallel/pace.c, mc_open.c, mc_units.c
HICCUP = 0.01
USUAL_REPORTS = 16.0
PIECE_MAX = 128


def least(ranks):
    return ranks * DISPATCH_SECONDS if ranks > 1 else 0.0


def shortest(ranks):
    return max(SHORTEST_SLICE, least(ranks))


def few(seconds):
    return max(1, int(BRIEF_SECONDS / seconds)) if seconds > 0 else 1


class Pace:
    """src/parallel/pace.c: when each rank is through with what it has, and how slow it is."""

    def __init__(self, ranks):
        self.held = [collections.deque() for _ in range(ranks)]  # s expected of each unit
        self.free = [0.0] * ranks
        self.usual, self.seconds, self.power = [0.0] * ranks, [0.0] * ranks, [1.0] * ranks
        self.all, self.busy, self.until = float(ranks), 0.0, 0.0

    def count(self, rank, sign):
        power = sign * self.power[rank]
        self.all += power
        if self.held[rank]:
            self.busy += power
            self.until += power * self.free[rank]

    def sent(self, rank, now, seconds):
        self.count(rank, -1)
        self.free[rank] = (self.free[rank] if self.held[rank] else now) + seconds
        self.held[rank].append(seconds)
        self.count(rank, 1)

    def back(self, rank, now):
        if not self.held[rank]:
            return
        self.count(rank, -1)
        self.held[rank].popleft()
        self.free[rank] = now + sum(self.held[rank])
        self.count(rank, 1)

    def learn(self, rank, usual, seconds):
        self.count(rank, -1)
        self.usual[rank] += usual
        self.seconds[rank] += seconds
        self.power[rank] = (self.usual[rank] + HICCUP) / (self.seconds[rank] + HICCUP)
        self.count(rank, 1)

    def behind(self, rank):
        """How many times longer than the mean of all ranks it takes."""
        return self.all / (len(self.power) * self.power[rank])

    def begin(self, rank, now):
        return max(now, self.free[rank]) if self.held[rank] else now

    def end(self, now, usual):
        return (self.until + (self.all - self.busy) * now + usual) / self.all


class Mass:
    __slots__ = ("ahead", "back", "batch", "batches", "done", "error", "foreseen", "free", "late",
                 "left", "number", "size", "total", "unassigned", "usual")

    def __init__(self, number, batches, batch, error):
        self.number, self.left, self.batch, self.error = number, batches, batch, error
        self.done = self.free = self.back = self.size = self.ahead = 0
        self.batches = self.usual = 0.0  # tried; s of a usual rank
        self.foreseen = self.total = self.unassigned = 0.0
        self.late = False


class Moment:
    """alp_moment"""

    def __init__(self, masses, rank, now):
        left, pace = masses.outlook(), masses.pace
        self.known = left is not None
        self.room = self.slack = 0.0
        if self.known:
            end = pace.end(now, left)
            self.room = max(0.0, end - pace.begin(rank, now))
            self.slack = min(SLACK_SHARE * end, shortest(masses.ranks))


class Masses:
    """src/parallel/mc_queue.c, mc_units.c, mc_open.c"""

    def __init__(self, work, machine, pace):
        self.ranks, self.sliced, self.work, self.pace = machine.ranks, machine.sliced, work, pace
        self.waiting, self.sharing = collections.deque(), collections.deque()
        self.units = self.lost = 0
        self.warming = self.warming_most = 0  # masses shared out while their sampling adapts
        self.batches = self.usual = self.reports = 0.0
        self.known = self.known_total = 0.0
        self.unassigned = 0.0
        numbers = iter(range(len(work.masses)))
        sizes = work.rounds or [len(work.masses)]
        self.rounds = collections.deque([next(numbers) for _ in range(n)] for n in sizes)
        self.to_do = len(work.masses)
        self.begin_round()

    def begin_round(self):
        self.fresh = collections.deque(self.rounds.popleft() if self.rounds else ())
        self.unfinished = len(self.fresh)

    # ---- What is foreseen ----

    def mean(self):
        return self.usual / self.batches if self.batches else 0.0

    def point(self, mass):
        """s of a usual rank for a batch of this mass."""
        if not self.batches:
            return 0.0
        more = USUAL_REPORTS * self.batches / self.reports
        return (mass.usual + self.mean() * more) / (mass.batches + more)

    def own(self, mass, rank):
        return self.point(mass) / self.pace.power[rank]

    def outlook(self):
        """s of a usual rank for all that nobody holds; None if nobody knows."""
        if not self.known:
            return None
        fresh = len(self.fresh) * self.known_total / self.known
        return max(0.0, self.unassigned + fresh * self.mean())

    def hold(self, mass, batches):
        seconds = max(0.0, batches) * self.point(mass)
        self.unassigned += seconds - mass.unassigned
        mass.unassigned = seconds

    def foresee(self, mass):
        """A slice, or iterations that were shared out, are back."""
        if mass.left == 0:
            left = 0.0
        elif mass.done < self.work.warm_up:
            left = max(1.0, self.work.usual() - mass.done)
        else:
            total = mass.done + mass.left
            left = mass.left + mass.error * total * math.sqrt(2 * (1 / mass.done - 1 / total))
            left = max(min(self.work.iteration, mass.left), left)
        self.known += mass.total == 0.0
        self.known_total += mass.done + left - mass.total
        mass.total, mass.foreseen = mass.done + left, left
        mass.ahead = self.work.iteration
        self.hold(mass, left)

    # ---- Handing out ----

    def take(self):
        if self.waiting:
            return self.waiting.popleft()
        if not self.fresh:
            return None
        number = self.fresh.popleft()
        mass = Mass(number, *self.work.masses[number], self.work.error(number))
        if self.known:
            mass.foreseen = self.known_total / self.known
        self.hold(mass, mass.foreseen)
        return mass

    def slice_seconds(self, moment):
        low = shortest(self.ranks)
        share = SLICE_SHARE * moment.room if moment.known else FIRST_SLICES * low
        seconds = max(low, min(share, LONGEST_SLICE))
        seconds *= 0.5 + (self.units * GOLDEN_RATIO) % 1.0
        self.units += 1
        if moment.known and moment.room - seconds < LAST_SLICES * low:
            seconds = max(moment.room, moment.slack)
        return min(seconds, LONGEST_SLICE)

    def is_late(self, mass, rank, moment):
        if not moment.known or not self.sliced:
            return not self.sliced
        own = self.own(mass, rank)
        if mass.done < self.work.warm_up and self.warming >= WARMING_MAX:
            return False
        late = mass.foreseen * own > moment.room + moment.slack
        hungry = self.unfinished < self.ranks
        if hungry and mass.done < self.work.warm_up:
            return True
        last = SHARE_SLICES * max(shortest(self.ranks), mass.ahead * own)
        return late and (hungry or own > SLOW * self.mean() or moment.room < last)

    def latest(self, expected, moment):
        """Of a slice, whose iteration at hand is lost then."""
        return PATIENCE * expected + shortest(self.ranks) if moment.known else math.inf

    def piece_latest(self, expected, moment):
        """Of batches, of which none is lost."""
        return max(moment.room, expected) + moment.slack if moment.known else math.inf

    def share(self, mass, late, moment):
        frozen, step = mass.done >= self.work.warm_up, self.work.iteration
        self.warming += not frozen
        self.warming_most = max(self.warming_most, self.warming)
        mass.late, mass.size = late, step
        if late and frozen and self.sliced:
            spare = moment.room < moment.slack
            mass.size = step * (math.ceil(mass.foreseen / step) + spare)
        if mass.error == 0.0:
            mass.size = min(mass.size, mass.left)
        mass.back, mass.free = 0, mass.size
        if late and not frozen:
            self.sharing.appendleft(mass)
        else:
            self.sharing.append(mass)

    def slice(self, mass, rank, moment):
        own, seconds = self.own(mass, rank), self.slice_seconds(moment)
        rest, iteration = mass.foreseen * own, mass.ahead * own
        ends = moment.known and rest < min(seconds + moment.slack, LONGEST_SLICE)
        expected = math.ceil(seconds / iteration) * iteration if iteration else seconds
        if ends or 0 < rest < expected:
            expected = rest
        if own:
            self.hold(mass, mass.foreseen - expected / own)
        return ("slice", mass, seconds + moment.slack if ends else seconds, expected,
                self.latest(expected, moment) if iteration else math.inf)

    def pieces(self, size):
        """Of an iteration that the next one waits for."""
        unfinished = max(1, self.unfinished)
        pieces = min(size, -(-self.ranks // unfinished))
        flow = size * self.mean() / DISPATCH_SECONDS
        if flow > 0:
            pieces = min(pieces, int(math.sqrt(flow / unfinished)))
        return max(2, pieces)

    def piece(self, rank, brief, moment):
        mass = self.sharing[0]
        own = self.own(mass, rank)
        slowness = own / self.mean() if own else 1.0
        latest = math.inf
        if brief:
            n = few(own)
        elif not self.sliced:
            n = 1
        elif mass.done < self.work.warm_up:
            n = -(-mass.size // self.pieces(mass.size)) / max(1.0, slowness)
        elif (self.pace.behind(rank) > SLOW
              and own > max(moment.room, moment.slack, shortest(self.ranks))):
            return None
        else:
            n = math.floor(self.slice_seconds(moment) / own + 0.5) if own else 1
            if (mass.free - n) * own < moment.slack:
                n = mass.free
        n = min(max(1, int(min(n, PIECE_MAX))), mass.free)
        if not brief:
            latest = self.piece_latest(n * own, moment)
        mass.free -= n
        self.hold(mass, mass.foreseen - (mass.size - mass.free))
        if mass.free == 0:
            self.sharing.popleft()
        return ("batches", mass, n, n * own, latest)

    def next(self, rank, brief, now):
        """A unit (kind, mass, seconds or batches, s expected, latest end), or None."""
        moment = Moment(self, rank, now)
        if not brief and moment.known and self.pace.held[rank] and moment.room <= moment.slack:
            return None
        if (not brief and self.pace.held[rank] and len(self.waiting) + len(self.fresh) <= 1
                and self.ranks <= FEW_RANKS
                and self.pace.begin(rank, now) - now > 2 * BRIEF_SECONDS):
            return None  # rank 0 may do it
        first = self.sharing[0] if self.sharing else None
        urgent = first and first.late and first.done < self.work.warm_up
        if not urgent and not (first and (brief or not self.sliced)):
            mass = self.take()
            if mass is not None:
                late = self.is_late(mass, rank, moment)
                if not brief and not late:
                    return self.slice(mass, rank, moment)
                self.share(mass, late, moment)
        return self.piece(rank, brief, moment) if self.sharing else None

    # ---- What came back ----

    def learn(self, mass, rank, tried, seconds):
        if tried == 0:
            return
        usual = seconds * self.pace.power[rank]
        mass.batches += tried
        mass.usual += usual
        self.batches += tried
        self.usual += usual
        self.reports += 1
        self.pace.learn(rank, tried * self.point(mass), seconds)

    def report(self, unit, rank, n, tried, seconds):
        """n batches done of those tried; True if the mass is finished."""
        kind, mass, asked = unit[:3]
        self.learn(mass, rank, tried, seconds)
        if kind == "batches":
            mass.back += n
            if n < asked:
                if mass.free == 0:
                    self.sharing.appendleft(mass)
                mass.free += asked - n
                self.hold(mass, mass.foreseen - (mass.size - mass.free))
            if mass.back < mass.size:
                return False
            self.warming -= mass.done < self.work.warm_up
            n = min(mass.size, mass.left)
            self.lost += mass.size - n
        mass.left -= n
        mass.done += n
        self.foresee(mass)
        if mass.left > 0:
            self.waiting.append(mass)
            return False
        self.unfinished -= 1
        self.to_do -= 1
        if self.unfinished == 0:
            self.begin_round()
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
        return ("tile", None, n, n * cost, math.inf)

    def report(self, n, seconds):
        self.done += n
        self.seconds += seconds

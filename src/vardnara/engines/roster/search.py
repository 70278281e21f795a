"""The search over whole rosters: a first lawful one, the whole as one block where possible, then block by block."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from vardnara.engines.roster.block import Block
from vardnara.engines.roster.budget import Budget
from vardnara.engines.roster.chains import Chained, chains_run
from vardnara.engines.roster.data import RosterProblem
from vardnara.engines.roster.lines import CALL_STEPS, Line, Stretch, row_cost
from vardnara.engines.roster.master import Master
from vardnara.engines.roster.params import RosterParams
from vardnara.engines.roster.people import CoverArrays, Person, cover_build, people_build

WEEK = 7
NEAR = 1e-6
DIVE, WEEKS, CHAINS = "dive", "weeks", "chains"
POOL_KEPT = 40
BLOCK_ROUNDS, BLOCK_GAP = 80, 0.5  # a block beside others is not worth the last rounds of pricing
BLOCK_DIVE = 6  # rounds of pricing between fixings
LONG_WEEKS = 10  # from here on a first roster is built piece by piece
STEERING_TRIES, WHOLE_TRIES = 12, 200
TRIALS = 6
CHAINS_TRIED, CHAIN_LENGTH = 60, 4
IN_TURN, MEMORY = 0.15, 0.5
NOTHING = 1e-5  # of the cost, for a unit of work: no reason to go on with it
LITTLE = 0.01  # a sweep that brings less is the last
FIRST_WAYS = ((4, 0, True), (4, 1, True), (4, 0, False), (4, 2, True))  # weeks, shifts missing, steered
LAST_WAYS = ((8, 0, False), (8, 2, False), (2, 0, False))
Chosen = list[tuple[int, Line]]


@dataclass(frozen=True, slots=True)
class Where:
    """A block: which people, and the stretch of days."""

    people: tuple[int, ...]
    start: int
    stop: int


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """What a block came to: rows by person, None where nothing better or equal was found; what it cost as it stood,
    and what it cannot cost less than; and the work.
    """

    where: Where
    rows: dict[int, np.ndarray] | None
    pool: list[tuple[int, Line]]
    cost: float
    bound: float
    steps: int
    pivots: int
    proved: bool


class Search:
    """Holds the best roster so far.

    Attributes
    ----------
    rows : int32 array (people, days)
        Duties, 0 is free.
    cost
        Of ``rows``, with broken cover priced.
    bound
        No roster costs less.
    """

    def __init__(
        self, problem: RosterProblem, budget: Budget, params: RosterParams, seed: int,
        tell: Callable[[float, float], None] = lambda cost, bound: None,
    ) -> None:  # fmt: skip
        self.problem, self.budget, self.params, self.tell = problem, budget, params, tell
        self.people = people_build(problem)
        self.cover: CoverArrays = cover_build(problem, params)
        self.random = np.random.default_rng(seed)
        self.n_days = problem.n_days
        self.rows = np.zeros((len(self.people), self.n_days), np.int32)
        self.lawful = np.zeros(len(self.people), bool)
        self.there = np.zeros(self.cover.wanted.shape, np.int64)
        self.own = np.zeros(len(self.people))
        self.bound = 0.0
        self.first_ended = False
        self.long = self.n_days > LONG_WEEKS * WEEK  # or somebody's sums are too many for all days at once
        self.sizes = {DIVE: 14.0, WEEKS: 8.0 if self.long else 20.0}
        self.turn = 0
        self.gains = dict.fromkeys((WEEKS, CHAINS, DIVE), np.inf)  # for a unit of work
        self.pool: list[dict[bytes, Line]] = [{} for _ in self.people]
        self.starts = [day for day in range(self.n_days) if problem.weekday(day) == 0 or day == 0]

    @property
    def cost(self) -> float:
        return float(self.own.sum()) + self.cover.cost(self.there)

    def run(self) -> None:
        """Search until the budget is used or the best is proved."""
        self.first()
        if not self.people or not self.lawful.all():
            return
        self.tell(self.cost, self.bound)
        with ThreadPoolExecutor(self.params.threads) as threads:
            self.polish(threads)
            if self.n_days * len(self.people) <= self.params.whole_cells and self._whole_possible():
                while self.budget.share() < self.params.before_whole and self.gains[CHAINS] > 0:
                    self.next_round(threads)
                self.whole(threads)
            while not self.budget.over() and not self.proved:
                self.next_round(threads)

    def next_round(self, threads: Executor) -> None:
        """What brought more for its work of late; now and then, and where nothing brings anything, each in its turn."""
        ways = (WEEKS, CHAINS) if self.long else (WEEKS, CHAINS, DIVE)
        way = max(ways, key=self.gains.__getitem__)
        if self.gains[way] < NOTHING * self.cost or self.random.random() < IN_TURN:
            self.turn += 1
            way = ways[self.turn % len(ways)]
        cost, used = self.cost, self.budget.used
        if way == CHAINS:
            self.chains(threads)
        else:
            self.round(way, threads)
        self.budget.spend(CALL_STEPS, 0)
        gain = (cost - self.cost) / max(self.budget.used - used, 1.0)
        known = self.gains[way]
        self.gains[way] = gain if np.isinf(known) else MEMORY * known + (1 - MEMORY) * gain

    @property
    def proved(self) -> bool:
        return self.cost < self.bound + 1 - NEAR

    def _whole_possible(self) -> bool:
        return all(
            Stretch(person, row, 0, self.n_days).n_labels * self.n_days <= self.params.whole_labels
            for person, row in zip(self.people[:1], self.rows, strict=False)
        )

    # ---- a first roster

    def first(self) -> None:
        """Person by person, week by week where all days at once are too many, each the cheapest beside the others."""
        self.first_ended = True
        for number in self.random.permutation(len(self.people)):
            if self.budget.stopped():  # not by time: what is asked for is a roster
                self.first_ended = False
                return
            row = self._line_find(self.people[number])
            if row is not None:
                self.row_set(int(number), row)
                self.lawful[number] = True

    def _line_find(self, person: Person) -> np.ndarray | None:
        """A lawful row that is cheap beside what stands."""
        row = np.zeros(self.n_days, np.int32)
        stretch = Stretch(person, row, 0, self.n_days)
        gain = self.cover.one_more(self.there)
        if self.long:
            if any(self._line_build(person, row, gain, *way) for way in FIRST_WAYS):
                return row
            for trial in range(TRIALS):
                line, steps = stretch.near(gain, WHOLE_TRIES, every_sum=True)
                self.budget.spend(steps, 0)
                if line is not None:
                    return line.duties
                gain = self.random.random(gain.shape)  # cover aside: a lawful line first
                if any(self._line_build(person, row, gain, *way) for way in (LAST_WAYS if trial else FIRST_WAYS)):
                    return row
        if stretch.n_labels * self.n_days > self.params.largest_labels:
            self.first_ended = False
            return None
        priced = stretch.price(self.cover.one_more(self.there), 1)
        self.budget.spend(priced.work, 0)
        if priced.cut and not priced.lines:
            if not self.long:
                self.long, self.sizes[WEEKS] = True, 8.0
                return self._line_find(person)
            self.first_ended = False
        return priced.lines[0][1].duties if priced.lines else None

    def _line_build(
        self, person: Person, row: np.ndarray, gain: np.ndarray, weeks: int, slack: int, quick: bool
    ) -> bool:
        row[:] = 0
        for start, stop in self._pieces(weeks):
            stretch = Stretch(person, row, start, stop, (stop / self.n_days, float(self.n_days), slack))
            line = None
            if quick and stop < self.n_days:
                line, steps = stretch.near(gain[start:stop], STEERING_TRIES)
                self.budget.spend(steps, 0)
            if line is None:
                priced = stretch.price(gain[start:stop], 1)
                self.budget.spend(priced.work, 0)
                if not priced.lines:
                    return False
                line = priced.lines[0][1]
            row[start:stop] = line.duties
        return bool(np.isfinite(row_cost(person, row)))

    def _pieces(self, weeks: int) -> list[tuple[int, int]]:
        """Pieces of so many weeks; the last has one or two."""
        stops = [day for day in self.starts[weeks::weeks] if day < self.n_days - WEEK]
        if weeks > 2 and len(self.starts) > 2 and (not stops or stops[-1] < self.starts[-2]):
            stops.append(self.starts[-2])
        stops.append(self.n_days)
        return list(zip([0, *stops[:-1]], stops, strict=True))

    def row_set(self, number: int, row: np.ndarray) -> None:
        """Let a person have a row."""
        self._count(self.rows[number], -1)
        self._count(row, 1)
        self.rows[number] = row
        self.own[number] = row_cost(self.people[number], row)

    def _count(self, row: np.ndarray, sign: int) -> None:
        days = np.flatnonzero(row)
        self.there[days, row[days] - 1] += sign

    def polish(self, threads: Executor) -> None:
        """One person over two weeks at a time, each exactly, until a sweep of everyone brings little.

        Two go on side by side: one in the first half of the days, another in the second, and neither sees the other.
        """
        while not self.budget.over():
            before = self.cost
            windows = self._pieces(2)
            half = len(windows) // 2
            order = [int(n) for n in self.random.permutation(len(self.people))]
            for place, number in enumerate(order):
                parts = [(number, windows[:half]), (order[place - 1], windows[half:])]
                if not half or len(order) == 1:
                    parts = [(number, windows)]
                for (who, pieces), (row, work) in zip(parts, list(threads.map(self._polished, parts)), strict=True):
                    self.budget.spend(work, 0)
                    start, stop = pieces[0][0], pieces[-1][1]
                    whole = self.rows[who].copy()
                    whole[start:stop] = row[start:stop]
                    self.row_set(who, whole)
                if self.budget.over():
                    return
            self.tell(self.cost, self.bound)
            if self.cost > before * (1 - LITTLE):
                return

    def _polished(self, part: tuple[int, list[tuple[int, int]]]) -> tuple[np.ndarray, int]:
        """A person's row, made cheaper piece by piece; changes nothing."""
        number, pieces = part
        row, work = self.rows[number].copy(), 0
        for start, stop in pieces:
            stretch = Stretch(self.people[number], row, start, stop)
            own = row[start:stop]
            there = self.there[start:stop].copy()
            days = np.flatnonzero(own)
            there[days, own[days] - 1] -= 1
            cover = self._cover_of(start, stop)
            gain = cover.one_more(there)
            now = stretch.standing(own).cost + float(gain[days, own[days] - 1].sum())
            priced = stretch.price(gain, 1, now - NEAR)
            work += priced.work
            if priced.lines:
                row[start:stop] = priced.lines[0][1].duties
        return row, work

    def improve(self, number: int, start: int, stop: int) -> None:
        """One person's cheapest line over a stretch, everyone else standing."""
        row, work = self._polished((number, [(start, stop)]))
        self.budget.spend(work, 0)
        self.row_set(number, row)

    def _cover_of(self, start: int, stop: int) -> CoverArrays:
        """Cover of some days."""
        return CoverArrays(
            self.cover.wanted[start:stop], self.cover.least[start:stop], self.cover.under[start:stop],
            self.cover.over[start:stop], self.cover.broken,
        )  # fmt: skip

    # ---- blocks

    def block_solve(self, where: Where, threads: Executor | None = None) -> Solved:
        """Solve a block against the roster as it stands; changes nothing."""
        start, stop = where.start, where.stop
        there = self.there.copy()
        for number in where.people:
            days = np.flatnonzero(self.rows[number])
            there[days, self.rows[number][days] - 1] -= 1
        cover = self._cover_of(start, stop)
        stretches = [Stretch(self.people[number], self.rows[number], start, stop) for number in where.people]
        master = Master(cover, there[start:stop], len(where.people))
        current = [
            self._standing(number, stretch, start, stop)
            for number, stretch in zip(where.people, stretches, strict=True)
        ]
        master.add(list(enumerate(current)))
        full = start == 0 and stop == self.n_days
        if full:
            master.add([(k, line) for k, number in enumerate(where.people) for line in self.pool[number].values()])
        cost = sum(line.cost for line in current) + cover.cost(self.there[start:stop])
        block = Block(
            master,
            stretches,
            self.budget,
            self.params,
            threads,
            self.params.whole_portion if threads else self.params.block_portion,
        )
        if threads:
            block.until = self.params.root_portion
            generated = block.generate(1000)
            block.until = 1.0
        else:
            generated = block.generate(BLOCK_ROUNDS, cost - 1 + NEAR, BLOCK_GAP)
        proved = generated.bound > cost - 1 + NEAR
        chosen: Chosen | None = None
        if not proved and (threads or not self.budget.late()):
            chosen = block.dive(generated, cost, self.params.dive_rounds if threads else BLOCK_DIVE)
        pool = [(where.people[k], line) for k, line in master.columns[-POOL_KEPT * len(where.people) :]] if full else []
        rows = None
        if chosen is not None:
            rows = {}
            for k, line in chosen:
                row = self.rows[where.people[k]].copy()
                row[start:stop] = line.duties
                rows[where.people[k]] = row
        return Solved(where, rows, pool, cost, generated.bound, block.effort.steps, block.effort.pivots, proved)

    def _standing(self, number: int, stretch: Stretch, start: int, stop: int) -> Line:
        """The part of a row that stands in a stretch, priced as the stretch prices lines."""
        return stretch.standing(self.rows[number][start:stop])

    def take(self, solved: Solved) -> bool:
        """Take a block's rows if the roster is not dearer with them; whether it became cheaper."""
        self.budget.spend(solved.steps, solved.pivots)
        for number, line in solved.pool:
            mine = self.pool[number]
            mine[line.duties.tobytes()] = line
            while len(mine) > POOL_KEPT:
                mine.pop(next(iter(mine)))
        if solved.rows is None:
            return False
        before = self.cost
        kept = {number: self.rows[number].copy() for number in solved.rows}
        for number, row in solved.rows.items():
            self.row_set(number, row)
        if self.cost > before + NEAR:
            for number, row in kept.items():
                self.row_set(number, row)
            return False
        return self.cost < before - NEAR

    def whole(self, threads: Executor) -> None:
        """Everyone over all days as one block: a bound for all that follows, and a dive."""
        where = Where(tuple(range(len(self.people))), 0, self.n_days)
        solved = self.block_solve(where, threads)
        self.bound = max(self.bound, solved.bound)
        self.take(solved)
        self.tell(self.cost, self.bound)

    def round(self, kind: str, threads: Executor) -> None:
        """Blocks side by side, then one after the other taken: the same whatever the machine is busy with."""
        for solved in list(threads.map(self.block_solve, self._plans(kind))):
            cheaper = self.take(solved)
            self._learn(kind, solved, cheaper)
            if cheaper:
                self.tell(self.cost, self.bound)

    def _learn(self, kind: str, solved: Solved, cheaper: bool) -> None:
        """Blocks that are proved to be at their best may be larger; those that came to nothing, smaller."""
        size = self.sizes[kind]
        if solved.proved:
            self.sizes[kind] = min(size * 1.08, float(len(self.people)))
        elif not cheaper:
            self.sizes[kind] = max(size * 0.97, 3.0)

    def chains(self, threads: Executor) -> None:
        """Chains side by side, of people and days that have nothing to do with each other."""
        order = [int(number) for number in self.random.permutation(len(self.people))]
        half, middle = len(order) // 2, self.starts[len(self.starts) // 2]
        parts = [(order[:half], 0, middle), (order[half:], middle, self.n_days)]

        def one(part: tuple[list[int], int, int], random: np.random.Generator) -> Chained:
            who, start, stop = part
            windows = [w for w in (self._window(random) for _ in range(CHAINS_TRIED)) if start <= w[0] and w[1] <= stop]
            if not who:
                return Chained({}, 0)
            return chains_run(self.people, self.cover, self.rows, self.there, who, windows, random, CHAIN_LENGTH)

        before = self.cost
        for chained in list(threads.map(one, parts, self.random.spawn(2))):
            self.budget.spend(chained.work, 0)
            for number, row in chained.rows.items():
                self.row_set(number, row)
        if self.cost < before - NEAR:
            self.tell(self.cost, self.bound)

    def _plans(self, kind: str) -> list[Where]:
        order = [int(number) for number in self.random.permutation(len(self.people))]
        found: list[Where] = []
        for _ in range(self.params.threads):
            n = min(max(int(self.sizes[kind]), 2), len(self.people))
            people, order = order[:n], order[n:]
            if found and len(people) < 2:
                break
            start, stop = self._window(self.random) if kind == WEEKS else (0, self.n_days)
            found.append(Where(tuple(sorted(people)), start, stop))
        return found

    def _window(self, random: np.random.Generator) -> tuple[int, int]:
        n_weeks = len(self.starts)
        weeks = int(random.integers(2, 5)) if self.long else int(random.integers(1, 3))
        first = int(random.integers(0, max(n_weeks - weeks, 0) + 1))
        after = first + weeks
        return self.starts[first], self.starts[after] if after < n_weeks else self.n_days

"""The search over whole rosters: a first lawful one, the whole as one block where possible, then block by block."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from vardnara.engines.roster.block import Block
from vardnara.engines.roster.budget import Budget
from vardnara.engines.roster.data import RosterProblem
from vardnara.engines.roster.lines import Line, Stretch, row_cost
from vardnara.engines.roster.master import Master
from vardnara.engines.roster.params import RosterParams
from vardnara.engines.roster.people import CoverArrays, cover_build, people_build

WEEK = 7
NEAR = 1e-6
POOL_KEPT = 120
Chosen = list[tuple[int, Line]]


@dataclass(frozen=True, slots=True)
class Where:
    """A block: which people, and the stretch of days."""

    people: tuple[int, ...]
    start: int
    stop: int


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """What a block came to: rows by person, None where nothing better or equal was found; and the work."""

    where: Where
    rows: dict[int, np.ndarray] | None
    pool: list[tuple[int, Line]]
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
            if self.n_days * len(self.people) <= self.params.whole_cells and self._whole_possible():
                self.whole(threads)
            while not self.budget.over() and not self.proved:
                self.round(threads)

    @property
    def proved(self) -> bool:
        return self.cost < self.bound + 1 - NEAR

    def _whole_possible(self) -> bool:
        return all(
            Stretch(person, row, 0, self.n_days).n_labels <= self.params.whole_labels
            for person, row in zip(self.people[:1], self.rows, strict=False)
        )

    # ---- a first roster

    def first(self) -> None:
        """Person by person, week by week where all days at once are too many, each the cheapest beside the others."""
        pieces = self._pieces()
        self.first_ended = True
        for number in self.random.permutation(len(self.people)):
            if self.budget.stopped():  # not by time: what is asked for is a roster
                self.first_ended = False
                return
            person = self.people[number]
            row = np.zeros(self.n_days, np.int32)
            if not self._line_build(person, row, pieces) and not self._line_build(person, row, [(0, self.n_days)]):
                continue
            self._row_set(int(number), row)
            self.lawful[number] = True

    def _line_build(self, person, row, pieces) -> bool:  # type: ignore[no-untyped-def]
        gain = self.cover.one_more(self.there)
        for start, stop in pieces:
            share = None if len(pieces) == 1 else (stop / self.n_days, float(self.n_days))
            priced = Stretch(person, row, start, stop, share).price(gain[start:stop], 1, np.inf)
            self.budget.spend(priced.work, 0)
            if not priced.lines:
                return False
            row[start:stop] = priced.lines[0][1].duties
        return bool(np.isfinite(row_cost(person, row)))

    def _pieces(self) -> list[tuple[int, int]]:
        if self.n_days <= 8 * WEEK:
            return [(0, self.n_days)]
        stops = [*self.starts[2::2], self.n_days]
        return list(zip([0, *stops[:-1]], stops, strict=True))

    def _row_set(self, number: int, row: np.ndarray) -> None:
        self._count(self.rows[number], -1)
        self._count(row, 1)
        self.rows[number] = row
        self.own[number] = row_cost(self.people[number], row)

    def _count(self, row: np.ndarray, sign: int) -> None:
        days = np.flatnonzero(row)
        self.there[days, row[days] - 1] += sign

    # ---- blocks

    def block_solve(self, where: Where, whole: bool = False, threads: Executor | None = None, nodes: int = 0) -> Solved:
        """Solve a block against the roster as it stands; changes nothing."""
        start, stop = where.start, where.stop
        there = self.there.copy()
        for number in where.people:
            days = np.flatnonzero(self.rows[number])
            there[days, self.rows[number][days] - 1] -= 1
        cover = CoverArrays(
            self.cover.wanted[start:stop], self.cover.least[start:stop], self.cover.under[start:stop],
            self.cover.over[start:stop], self.cover.broken,
        )  # fmt: skip
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
        block = Block(master, stretches, self.budget, self.params, threads)
        generated = block.generate(1000, np.inf if whole else cost - 1 + NEAR)
        proved = generated.bound > cost - 1 + NEAR
        chosen: Chosen | None = None
        if not proved and not self.budget.late():
            if whole:
                chosen = block.dive(generated, cost, self.params.dive_rounds)
            else:
                chosen = block.choose(generated, cost + 0.5, nodes)
        pool = [(where.people[k], line) for k, line in master.columns[-POOL_KEPT * len(where.people) :]] if full else []
        rows = None
        if chosen is not None:
            rows = {}
            for k, line in chosen:
                row = self.rows[where.people[k]].copy()
                row[start:stop] = line.duties
                rows[where.people[k]] = row
        return Solved(where, rows, pool, generated.bound, block.effort.steps, block.effort.pivots, proved)

    def _standing(self, number: int, stretch: Stretch, start: int, stop: int) -> Line:
        """The part of a row that stands in a stretch, priced as the stretch prices lines."""
        return stretch.standing(self.rows[number][start:stop])

    def _take(self, solved: Solved) -> bool:
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
            self._row_set(number, row)
        if self.cost > before + NEAR:
            for number, row in kept.items():
                self._row_set(number, row)
            return False
        return self.cost < before - NEAR

    def whole(self, threads: Executor) -> None:
        """Everyone over all days as one block: a bound for all that follows, and a dive."""
        where = Where(tuple(range(len(self.people))), 0, self.n_days)
        solved = self.block_solve(where, whole=True, threads=threads)
        self.bound = max(self.bound, solved.bound)
        self._take(solved)
        self.tell(self.cost, self.bound)

    def round(self, threads: Executor) -> None:
        """Blocks side by side, then one after the other taken: the same whatever the machine is busy with."""
        wheres = self._wheres()
        for solved in list(threads.map(lambda where: self.block_solve(where, nodes=self.params.mip_nodes), wheres)):
            cheaper = self._take(solved)
            self._learn(solved, cheaper)
            if cheaper:
                self.tell(self.cost, self.bound)

    size_people = 8.0

    def _learn(self, solved: Solved, cheaper: bool) -> None:
        """Blocks that are proved at once may be larger; those that are not decided, smaller."""
        if solved.proved:
            self.size_people = min(self.size_people * 1.06, float(len(self.people)))
        elif solved.rows is None:
            self.size_people = max(self.size_people * 0.97, 4.0)

    def _wheres(self) -> list[Where]:
        n = min(max(int(self.size_people), 2), len(self.people))
        order = [int(number) for number in self.random.permutation(len(self.people))]
        found = []
        for thread in range(self.params.threads):
            people = tuple(sorted(order[thread * n : (thread + 1) * n]))
            if len(people) < 2 and thread:
                break
            found.append(Where(people, 0, self.n_days))
        return found

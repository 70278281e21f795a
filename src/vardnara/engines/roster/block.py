"""Solves a block: some people over a stretch of days, everyone else standing.

Column generation: lines are priced against the LP's duals until none is worth having; the LP's value is then a bound of
the block. What is left fractional is decided by a MIP over the lines that can still matter, or by fixing lines one
after the other and pricing on (a dive).
"""

from __future__ import annotations

from collections.abc import Collection
from concurrent.futures import Executor
from dataclasses import dataclass
from math import ceil

import numpy as np

from vardnara.engines.roster.budget import Budget, units
from vardnara.engines.roster.lines import Line, Priced, Stretch
from vardnara.engines.roster.master import ART, Master, paid
from vardnara.engines.roster.params import RosterParams

NEAR = 1e-6
PACE_MEMORY = 0.8  # of what pricing on after a fixing took
SMOOTH_FROM = 1.0  # below so small a gap prices are not smoothed


@dataclass(slots=True)
class Effort:
    """Work of a block, counted for itself: blocks run side by side."""

    steps: int = 0
    pivots: int = 0


@dataclass(frozen=True, slots=True)
class Generated:
    """Where column generation ended: the LP's value, a proved bound, and the duals."""

    value: float
    bound: float
    people: np.ndarray
    duty_prices: np.ndarray


class Block:
    """Column generation over a block.

    Parameters
    ----------
    master
        With the lines that stand and any others worth knowing.
    stretches
        Of each person of the block.
    portion
        Of the whole budget, the most that the block may use.
    """

    def __init__(
        self,
        master: Master,
        stretches: list[Stretch],
        budget: Budget,
        params: RosterParams,
        pool: Executor | None = None,
        portion: float = 1.0,
    ) -> None:
        self.master, self.stretches, self.budget, self.params, self.pool = master, stretches, budget, params, pool
        self.effort = Effort()
        self.until, self.began, left = 1.0, budget.clock(), budget.left()
        self.seconds = None if budget.seconds is None or left is None else min(budget.seconds * portion, left)
        self.allowed = (
            np.inf if budget.work is None else max(min(budget.work * portion, budget.work - budget.used), 0.0)
        )
        self.open = list(range(len(stretches)))
        self.fixed: dict[int, Line] = {}
        self.centre: np.ndarray | None = None

    def generate(self, rounds: int, enough: float = np.inf, gap: float = NEAR) -> Generated:
        """Price lines until value and bound are within ``gap``, the bound is ``enough``, or the rounds are over."""
        bound, centre = -np.inf, self.centre
        for number in range(rounds + 1):
            before = self.master.work
            value, people, prices = self.master.solve()
            self.effort.pivots += self.master.work - before
            if number == rounds or self._late():
                break
            self._tidy(people, prices)
            if centre is not None and value - bound > SMOOTH_FROM:
                between = self.params.smoothing * centre + (1 - self.params.smoothing) * prices
                new, lower = self._price(people, prices, between)
                if lower > bound:
                    bound, centre = lower, between
                    self.centre = centre
                if self.master.add(new):
                    if bound >= enough or value - bound < gap:
                        break
                    continue
            new, lower = self._price(people, prices, prices)
            if lower > bound:
                bound, centre = lower, prices
                self.centre = centre
            if not self.master.add(new) or bound >= enough or value - bound < gap:
                break
        return Generated(value, bound, people, prices)

    def _tidy(self, people: np.ndarray, prices: np.ndarray) -> None:
        """Forget the lines that are furthest from use when there are too many."""
        most = self.params.lines_kept * (len(self.master.cells) + self.master.n_people)
        if len(self.master.columns) > most:
            reduced = self.master.reduced(people, prices)
            reduced[list(self._numbers(self.fixed))] = -np.inf
            self.master.purge(reduced <= max(np.partition(reduced, most // 2)[most // 2], NEAR))

    def _price(self, people: np.ndarray, prices: np.ndarray, at: np.ndarray) -> tuple[list[tuple[int, Line]], float]:
        """Lines priced ``at`` some duals that are worth having at the LP's own; and the bound that they prove."""

        def one(person: int) -> Priced:
            return self.stretches[person].price(at, self.params.lines_a_price, float(limits[person]))

        limits = people - NEAR if at is prices else self.master.cheapest(at)
        results = list(self.pool.map(one, self.open)) if self.pool else [one(person) for person in self.open]
        new: list[tuple[int, Line]] = []
        bound = self.master.floor(at) + self.fixed_floor(at)
        for person, priced in zip(self.open, results, strict=True):
            self.effort.steps += priced.work
            bound += priced.bound
            for _, line in priced.lines:
                if line.cost + paid(line, prices) < people[person] - NEAR:
                    new.append((person, line))
        return new, bound

    def fixed_floor(self, at: np.ndarray) -> float:
        """What the lines that a dive has fixed add to the bound."""
        return sum(line.cost + paid(line, at) for line in self.fixed.values())

    def _used(self) -> float:
        """How much of what it may use this block has used, 0 to 1 and above: by the clock, or by its own work."""
        used = units(self.effort.steps, self.effort.pivots) / self.allowed if self.allowed else np.inf
        if self.seconds is None:
            return used
        return max(used, (self.budget.clock() - self.began) / self.seconds if self.seconds else np.inf)

    def _late(self) -> bool:
        """Whether to stop: by the clock, or by this block's own work, whatever other threads have spent."""
        return self.budget.late() or self._used() >= self.until

    def dive(self, generated: Generated, limit: float, rounds: int) -> list[tuple[int, Line]] | None:
        """Fix lines, the clearest first, and price on; None where it comes to nothing below ``limit``.

        As many are fixed at a time as it takes to be done within the budget; where that leaves nothing below ``limit``,
        half of them are let go again.
        """
        finished, before, pace = False, self._used(), 0.0
        while True:
            ranked = self._ranked()
            if len(ranked) + len(self.fixed) < len(self.stretches):
                return None
            if not ranked or self._late():
                return self._closed(ranked)
            if len(self.open) <= self.params.finish_people and not finished:
                finished = True
                chosen_last = self.choose(generated, limit, self.params.mip_nodes)
                if chosen_last is not None:
                    return chosen_last
                before = self._used()
            order = sorted(ranked, key=lambda person: (-ranked[person][0], person))
            sure = sum(ranked[person][0] > 1 - NEAR for person in order)
            clear = sum(ranked[person][0] >= self.params.clear_share for person in order)
            step = min(clear, max(1, len(self.stretches) // self.params.dive_steps))
            step = max(step, ceil(len(order) * pace / max(1 - before, pace, NEAR)), 1)
            chosen = order if sure == len(order) else order[:step]
            for person in chosen:
                self.fixed[person] = self.master.columns[ranked[person][1]][1]
                self.master.fix(ranked[person][1])
            while True:
                self.open = [person for person in self.open if person not in self.fixed]
                before = self._used()
                generated = self.generate(rounds if self.open else 0)
                if generated.value < limit or self._late():
                    break
                if len(chosen) == 1:
                    return None
                let_go = chosen[len(chosen) // 2 :]
                chosen = chosen[: len(chosen) // 2]
                for number in self._numbers(let_go):
                    self.master.let_go(number)
                for person in let_go:
                    del self.fixed[person]
                self.open = sorted([*self.open, *let_go])
            kept = self._numbers(self.fixed)
            self.master.purge(
                np.array([n in kept or p not in self.fixed for n, (p, _) in enumerate(self.master.columns)], bool)
            )
            used = self._used()
            pace, before = max(used - before, PACE_MEMORY * pace), used

    def _ranked(self) -> dict[int, tuple[float, int]]:
        """Of each open person the line with the largest share in the LP: share and number."""
        shares = self.master.shares()
        ranked: dict[int, tuple[float, int]] = {}
        for number in np.flatnonzero(shares > NEAR):
            person = self.master.columns[number][0]
            if person not in self.fixed and shares[number] > ranked.get(person, (0.0, 0))[0]:
                ranked[person] = float(shares[number]), int(number)
        return ranked

    def _closed(self, ranked: dict[int, tuple[float, int]]) -> list[tuple[int, Line]]:
        """Everyone's line where no time is left: the clear ones, then one by one the cheapest beside the others."""
        lines = dict(self.fixed)
        for person, (share, number) in ranked.items():
            if share >= self.params.clear_share:
                lines[person] = self.master.columns[number][1]
        there = self.master.others.copy()
        for line in lines.values():
            _count(there, line)
        for person in sorted(ranked, key=lambda person: (-ranked[person][0], person)):
            if person in lines:
                continue
            priced = self.stretches[person].price(self.master.cover.one_more(there), 1)
            self.effort.steps += priced.work
            lines[person] = priced.lines[0][1] if priced.lines else self.master.columns[ranked[person][1]][1]
            _count(there, lines[person])
        return list(lines.items())

    def _numbers(self, people: Collection[int]) -> set[int]:
        """The numbers that the fixed lines of some people have now."""
        return {
            n for n, (person, line) in enumerate(self.master.columns) if person in people and self.fixed[person] is line
        }

    def choose(self, generated: Generated, cutoff: float, nodes: int) -> list[tuple[int, Line]] | None:
        """A MIP over the lines whose reduced cost leaves room below ``cutoff``."""
        spare = cutoff - max(generated.bound, -ART)
        reduced = self.master.reduced(generated.people, generated.duty_prices)
        keep = np.flatnonzero(reduced < spare)
        keep = keep[np.argsort(reduced[keep], kind="stable")][: self.params.mip_columns]
        keep = np.union1d(keep, np.array(sorted(self._numbers(self.fixed)), int))
        before = self.master.work
        left = self.budget.left()
        seconds = None if left is None else min(left, self.params.mip_seconds)
        found = self.master.mip(np.sort(keep), cutoff, nodes, seconds)
        self.effort.pivots += self.master.work - before
        return None if found is None else found[1]


def _count(there: np.ndarray, line: Line) -> None:
    """Let a line be there."""
    days = np.flatnonzero(line.duties)
    there[days, line.duties[days] - 1] += 1

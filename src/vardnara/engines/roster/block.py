"""Solves a block: some people over a stretch of days, everyone else standing.

Column generation: lines are priced against the LP's duals until none is worth having; the LP's value is then a bound of
the block. What is left fractional is decided by a MIP over the lines that can still matter, or by fixing lines one
after the other and pricing on (a dive).
"""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np

from vardnara.engines.roster.budget import Budget, units
from vardnara.engines.roster.lines import Line, Priced, Stretch
from vardnara.engines.roster.master import ART, Master, paid
from vardnara.engines.roster.params import RosterParams

NEAR = 1e-6
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
        self.portion = portion
        self.allowed = np.inf if budget.work is None else max(budget.work - budget.used, 0.0)
        self.open = list(range(len(stretches)))
        self.fixed: dict[int, Line] = {}

    def generate(self, rounds: int, enough: float = np.inf, gap: float = NEAR) -> Generated:
        """Price lines until value and bound are within ``gap``, the bound is ``enough``, or the rounds are over."""
        bound, centre = -np.inf, None
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
                if self.master.add(new):
                    if bound >= enough or value - bound < gap:
                        break
                    continue
            new, lower = self._price(people, prices, prices)
            if lower > bound:
                bound, centre = lower, prices
            if not self.master.add(new) or bound >= enough or value - bound < gap:
                break
        return Generated(value, bound, people, prices)

    def _tidy(self, people: np.ndarray, prices: np.ndarray) -> None:
        """Forget the lines that are furthest from use when there are too many."""
        most = self.params.lines_kept * (len(self.master.cells) + self.master.n_people)
        if len(self.master.columns) > most:
            reduced = self.master.reduced(people, prices)
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

    def _late(self) -> bool:
        """Whether to stop: by the clock, or by this block's own work, whatever other threads have spent."""
        if units(self.effort.steps, self.effort.pivots) >= self.allowed * self.portion:
            return True
        seconds = self.budget.seconds
        return self.budget.late() or (seconds is not None and self.budget.clock() >= seconds * self.portion)

    def dive(self, generated: Generated, limit: float, rounds: int, steps: int) -> list[tuple[int, Line]] | None:
        """Fix lines, the clearest first, and price on; None where it comes to nothing below ``limit``."""
        finished = False
        while True:
            shares = self.master.shares()
            ranked: dict[int, tuple[float, int]] = {}
            for number in np.flatnonzero(shares > NEAR):
                person = self.master.columns[number][0]
                if person not in self.fixed and shares[number] > ranked.get(person, (0.0, 0))[0]:
                    ranked[person] = float(shares[number]), int(number)
            if len(ranked) + len(self.fixed) < len(self.stretches):
                return None
            if not ranked or self._late():  # no time left: the clearest line of everyone
                best = {person: self.master.columns[number][1] for person, (_, number) in ranked.items()}
                return list((self.fixed | best).items())
            if len(self.open) <= self.params.finish_people and not finished:
                finished = True
                chosen_last = self.choose(generated, limit, self.params.mip_nodes)
                if chosen_last is not None:
                    return chosen_last
            order = sorted(ranked, key=lambda person: (-ranked[person][0], person))
            sure = [person for person in order if ranked[person][0] > 1 - NEAR]
            if len(sure) == len(order):
                chosen = order
            else:
                step = max(1, len(self.stretches) // steps)
                clear = [person for person in order if ranked[person][0] >= self.params.clear_share]
                chosen = clear[:step] if clear else order[:1]
            numbers = {person: ranked[person][1] for person in chosen}
            for person, place in numbers.items():
                self.fixed[person] = self.master.columns[place][1]
                self.master.fix(place)
            self.open = [person for person in self.open if person not in self.fixed]
            kept = set(numbers.values()) | self._fixed_numbers()
            self.master.purge(
                np.array([n in kept or p not in self.fixed for n, (p, _) in enumerate(self.master.columns)], bool)
            )
            generated = self.generate(rounds if self.open else 0)
            if generated.value >= limit and not self._late():
                return None

    def _fixed_numbers(self) -> set[int]:
        return {n for n, (person, line) in enumerate(self.master.columns) if self.fixed.get(person) is line}

    def choose(self, generated: Generated, cutoff: float, nodes: int) -> list[tuple[int, Line]] | None:
        """A MIP over the lines whose reduced cost leaves room below ``cutoff``."""
        spare = cutoff - max(generated.bound, -ART)
        reduced = self.master.reduced(generated.people, generated.duty_prices)
        keep = np.flatnonzero(reduced < spare)
        keep = keep[np.argsort(reduced[keep], kind="stable")][: self.params.mip_columns]
        keep = np.union1d(keep, np.array(sorted(self._fixed_numbers()), int))
        before = self.master.work
        left = self.budget.left()
        seconds = None if left is None else min(left, self.params.mip_seconds)
        found = self.master.mip(np.sort(keep), cutoff, nodes, seconds)
        self.effort.pivots += self.master.work - before
        return None if found is None else found[1]

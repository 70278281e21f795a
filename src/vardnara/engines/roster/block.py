"""Solves a block: some people over a stretch of days, everyone else standing.

Column generation: lines are priced against the LP's duals until none is worth having; the LP's value is then a bound of
the block. What is left fractional is decided by a MIP over the lines that can still matter, or by fixing lines one
after the other and pricing on (a dive).
"""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np

from vardnara.engines.roster.budget import Budget
from vardnara.engines.roster.lines import Line, Stretch
from vardnara.engines.roster.master import ART, Master
from vardnara.engines.roster.params import RosterParams

NEAR = 1e-6


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
    ) -> None:
        self.master, self.stretches, self.budget, self.params, self.pool = master, stretches, budget, params, pool
        self.effort = Effort()
        self.open = list(range(len(stretches)))

    def generate(self, rounds: int, enough: float = -np.inf) -> Generated:
        """Price lines until none helps, the bound reaches ``enough``, or so many rounds have passed."""
        bound, smooth = -np.inf, None
        for number in range(rounds + 1):
            before = self.master.work
            value, people, prices = self.master.solve()
            self.effort.pivots += self.master.work - before
            if number == rounds or self.budget.late():
                break
            smooth = prices
            new, lower = self._price(people, smooth)
            bound = max(bound, value + lower)
            if not self.master.add(new) or bound >= enough or value - bound < NEAR:
                break
        return Generated(value, bound, people, prices)

    def _price(self, people: np.ndarray, prices: np.ndarray) -> tuple[list[tuple[int, Line]], float]:
        def one(person: int):  # type: ignore[no-untyped-def]
            return self.stretches[person].price(prices, self.params.lines_a_price, people[person] - NEAR)

        results = list(self.pool.map(one, self.open)) if self.pool else [one(person) for person in self.open]
        new: list[tuple[int, Line]] = []
        lower = 0.0
        for person, priced in zip(self.open, results, strict=True):
            self.effort.steps += priced.work
            lower += min(priced.bound - people[person], 0.0)
            new += [(person, line) for cost, line in priced.lines if cost < people[person] - NEAR]
        return new, lower

    def dive(self, generated: Generated, limit: float, rounds: int) -> list[tuple[int, Line]] | None:
        """Fix lines, the clearest first, and price on; None where it comes to nothing below ``limit``."""
        fixed: dict[int, int] = {}
        while not self.budget.late():
            shares = self.master.shares()
            ranked: dict[int, tuple[float, int]] = {}
            for number in np.flatnonzero(shares > NEAR):
                person = self.master.columns[number][0]
                if person not in fixed and shares[number] > ranked.get(person, (0.0, 0))[0]:
                    ranked[person] = float(shares[number]), int(number)
            if len(ranked) + len(fixed) < len(self.stretches):
                return None
            if not ranked:
                return [self.master.columns[number] for number in fixed.values()]
            order = sorted(ranked, key=lambda person: (-ranked[person][0], person))
            sure = [person for person in order if ranked[person][0] > 1 - NEAR]
            if len(sure) == len(order):
                chosen = order
            else:
                step = max(1, len(self.stretches) // self.params.dive_steps)
                clear = [person for person in order if ranked[person][0] >= self.params.clear_share]
                chosen = clear[:step] if clear else order[:1]
                chosen = list(dict.fromkeys([*chosen, *(sure[: len(sure) // 2])]))
            for person in chosen:
                fixed[person] = ranked[person][1]
                self.master.fix(fixed[person])
            self.open = [person for person in self.open if person not in fixed]
            generated = self.generate(rounds if self.open else 0)
            if generated.value >= limit:
                return None
        return None

    def choose(self, generated: Generated, cutoff: float, nodes: int) -> list[tuple[int, Line]] | None:
        """A MIP over the lines whose reduced cost leaves room below ``cutoff``."""
        spare = cutoff - max(generated.bound, -ART)
        reduced = np.array([
            line.cost + self._paid(line, generated.duty_prices) - generated.people[person]
            for person, line in self.master.columns
        ])  # fmt: skip
        keep = np.flatnonzero(reduced < spare)
        keep = keep[np.argsort(reduced[keep], kind="stable")][: self.params.mip_columns]
        before = self.master.work
        left = self.budget.left()
        seconds = None if left is None else min(left, self.params.mip_seconds)
        found = self.master.mip(np.sort(keep), cutoff, nodes, seconds)
        self.effort.pivots += self.master.work - before
        return None if found is None else found[1]

    @staticmethod
    def _paid(line: Line, prices: np.ndarray) -> float:
        days = np.flatnonzero(line.duties)
        return float(prices[days, line.duties[days] - 1].sum())

"""Chains for long rosters: one person's line is pushed aside, others close up one after the other, each exactly.

A chain costs a few milliseconds where a block costs seconds; thousands of them are tried.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vardnara.engines.roster.lines import Stretch
from vardnara.engines.roster.people import CoverArrays, Person

NEAR = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Chained:
    """Rows that changed, by person, and the work done."""

    rows: dict[int, np.ndarray]
    work: int


def chains_run(
    people: tuple[Person, ...], cover: CoverArrays, rows: np.ndarray, there: np.ndarray, who: list[int],
    windows: list[tuple[int, int]], random: np.random.Generator, length: int,
) -> Chained:  # fmt: skip
    """Try one chain in each window; keep those after which the roster is not dearer.

    Parameters
    ----------
    people, cover, rows, there
        The roster as it stands; nothing of it is changed.
    who
        The people that may be moved.
    windows
        Stretches of days.
    length
        How many people are in a chain.
    """
    mine = {number: rows[number].copy() for number in who}
    there = there.copy()
    work = 0
    for start, stop in windows:
        chain = [int(number) for number in random.choice(who, min(length, len(who)), replace=False)]
        part = CoverArrays(
            cover.wanted[start:stop], cover.least[start:stop], cover.under[start:stop], cover.over[start:stop],
            cover.broken,
        )  # fmt: skip
        here = there[start:stop].copy()
        before, own = part.cost(here), 0.0
        found: dict[int, np.ndarray] = {}
        for place, number in enumerate([*chain, chain[0]] if len(chain) > 1 else chain):
            duties = found.get(number, mine[number][start:stop])
            days = np.flatnonzero(duties)
            here[days, duties[days] - 1] -= 1
            stretch = Stretch(people[number], mine[number], start, stop)
            price = part.one_more(here)
            if place == 0:  # pushed aside: what it has now is made dearer at random
                price = price.copy()
                price[days, duties[days] - 1] += random.exponential(30.0, len(days)) * (random.random(len(days)) < 0.5)
            own_cost = stretch.standing(duties).cost
            limit = own_cost + float(price[days, duties[days] - 1].sum()) + NEAR  # what it has now is found again
            priced = stretch.price(price, 1, limit)
            work += priced.work
            if not priced.lines:
                here[days, duties[days] - 1] += 1
                continue
            own -= own_cost
            duties = priced.lines[0][1].duties
            own += stretch.standing(duties).cost
            days = np.flatnonzero(duties)
            here[days, duties[days] - 1] += 1
            found[number] = duties
        if part.cost(here) + own <= before + NEAR:
            there[start:stop] = here
            for number, duties in found.items():
                mine[number][start:stop] = duties
    return Chained({number: row for number, row in mine.items() if (row != rows[number]).any()}, work)

"""People as arrays: what the kernels read."""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd
from typing import Any

import numpy as np

from vardnara.engines.roster.automaton import Table, table_build
from vardnara.engines.roster.data import FREE, HARD, Automaton, Employee, History, RosterProblem, SequenceRules
from vardnara.engines.roster.params import RosterParams

NO_END = -1


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """One employee, compiled.

    Attributes
    ----------
    table, start
        The rules of sequence, and the state before the first day.
    own : float64 array (days, actions)
        Price of an action by wishes and prices; infinite where it may not be.
    duties : bool array (shifts, skills)
        What of a shift the person can fill.
    amounts : int64 array (actions, tallies)
        What an action adds; the column of weekends is empty.
    least, most, first, last, before : int64 arrays (tallies)
        Bounds (most -1: no end), the days that count, what was there.
    weight : float64 array (tallies)
        Price of a unit outside; -1 is hard.
    weekend_tally
        Which tally counts weekends; -1: none.
    """

    table: Table
    start: int
    own: np.ndarray
    duties: np.ndarray
    amounts: np.ndarray
    least: np.ndarray
    most: np.ndarray
    first: np.ndarray
    last: np.ndarray
    before: np.ndarray
    weight: np.ndarray
    weekend_tally: int


def people_build(problem: RosterProblem) -> tuple[Person, ...]:
    """Compile everyone; people under the same rules share a table."""
    Key = tuple[SequenceRules, tuple[Automaton, ...]]
    histories: dict[Key, set[History | None]] = {}
    for one in problem.employees:
        histories.setdefault((one.sequence, one.automata), set()).add(one.history)
    tables = {key: table_build(problem, *key, pasts) for key, pasts in histories.items()}
    return tuple(_person(problem, one, tables[one.sequence, one.automata]) for one in problem.employees)


def _person(problem: RosterProblem, one: Employee, table: Table) -> Person:
    names = [FREE, *(shift.id for shift in problem.shifts)]
    n_days, n_actions = problem.n_days, len(names)
    own = np.zeros((n_days, n_actions))
    number = {name: action for action, name in enumerate(names)}
    if one.shifts is not None:
        own[:, [action for name, action in number.items() if name and name not in one.shifts]] = np.inf
    for day in one.days_off:
        if 0 <= day < n_days:
            own[day, 1:] = np.inf
    for day, name in one.closed:
        own[day, number[name]] = np.inf
    for day, name in one.fixed.items():
        own[day, [action for action in range(n_actions) if action != number[name]]] = np.inf
    for wish in one.requests:
        has = np.zeros(n_actions, bool)
        has[1:] = wish.shift is None
        if wish.shift is not None:
            has[number[wish.shift]] = True
        own[wish.day, has != wish.wanted] += wish.weight
    for day, name, amount in one.prices:
        own[day, number[name]] += amount
    if problem.skills:
        duties = np.tile([skill in one.skills for skill in problem.skills], (n_actions - 1, 1))
        if not duties.any():
            own[:, 1:] = np.inf
    else:
        duties = np.ones((n_actions - 1, 1), bool)
    return Person(table, table.starts[one.history], own, duties, *_tallies(one, names, n_days))


def _tallies(one: Employee, names: list[str], n_days: int) -> tuple[Any, ...]:
    """The last fields of :class:`Person`, in the greatest common unit; sums with a hard least first, weekends last."""
    rows = []
    for tally in one.tallies:
        amounts = [tally.amounts.get(name, 0) for name in names]
        least, most, before = tally.bounds.least, tally.bounds.most, tally.before
        unit = gcd(*amounts) if tally.bounds.is_hard and any(amounts) else 1
        if before:
            unit = gcd(unit, before)
        row = (
            [amount // unit for amount in amounts], -(-least // unit), NO_END if most is None else most // unit,
            tally.first, n_days - 1 if tally.last is None else min(tally.last, n_days - 1), before // unit,
            tally.bounds.weight,
        )  # fmt: skip
        rows.append(row)
    rows.sort(key=lambda row: -row[1] if row[6] == HARD else 0)
    weekend_tally = -1
    if one.weekends.least or one.weekends.most is not None:
        weekend_tally = len(rows)
        most = NO_END if one.weekends.most is None else one.weekends.most
        rows.append(
            ([0] * len(names), one.weekends.least, most, 0, n_days - 1, one.weekends_before, one.weekends.weight)
        )
    n = len(rows)
    whole = [np.array([row[column] for row in rows], np.int64).reshape(n) for column in (1, 2, 3, 4, 5)]
    table = np.array([row[0] for row in rows], np.int64).reshape(n, len(names)).T.copy()
    return table, *whole, np.array([row[6] for row in rows], np.float64).reshape(n), weekend_tally


@dataclass(frozen=True, slots=True, eq=False)
class CoverArrays:
    """Cover as arrays (days, duties): what is wanted and least, and the price of each one below and above."""

    wanted: np.ndarray
    least: np.ndarray
    under: np.ndarray
    over: np.ndarray
    broken: float

    def cost(self, there: np.ndarray) -> float:
        """Of so many people in each place; each one below a hard least at the price of ``broken``."""
        return float(self.cells(there).sum())

    def cells(self, there: np.ndarray) -> np.ndarray:
        short = np.maximum(self.wanted - there, 0) * self.under + np.maximum(there - self.wanted, 0) * self.over
        found: np.ndarray = short + np.maximum(self.least - there, 0) * self.broken
        return found

    def one_more(self, there: np.ndarray) -> np.ndarray:
        """What one more would change."""
        return np.where(
            there < self.wanted, -self.under - np.where(there < self.least, self.broken, 0.0), self.over
        ).astype(float)

    def short(self, there: np.ndarray) -> int:
        """How many are missing to the hard least."""
        return int(np.maximum(self.least - there, 0).sum())


def cover_build(problem: RosterProblem, params: RosterParams) -> CoverArrays:
    """Cover as arrays; a place that nobody asked for costs nothing."""
    shape = (problem.n_days, len(problem.duties))
    wanted, least = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    under, over = np.zeros(shape), np.zeros(shape)
    number = {(duty.shift, duty.skill): place for place, duty in enumerate(problem.duties)}
    for need in problem.cover:
        cell = need.day, number[need.shift, need.skill]
        wanted[cell], least[cell], under[cell], over[cell] = need.wanted, need.least, need.under, need.over
    return CoverArrays(wanted, least, under, over, float(params.broken_cover))

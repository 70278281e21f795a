"""What became of each wish, and what granting a refused one would cost, and for whom: decided by trying."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from vardnara.engines.roster.check import roster_check
from vardnara.engines.roster.data import FREE, Assignment
from vardnara.engines.roster.swedish.candidates import Standing
from vardnara.engines.roster.swedish.data import RosteredPerson, RosterPeriod, Wish
from vardnara.engines.roster.swedish.judge import Broken, person_check
from vardnara.engines.roster.swedish.params import RosterWeights
from vardnara.engines.roster.swedish.problem import FULL_SHIFT, roster_problem

DAY = timedelta(days=1)
ASKED = 4  # people who are tried in somebody's place, the best first
COVER = ""  # for whom it costs: everybody
_NOBODY: Mapping[str, int] = {}


@dataclass(frozen=True, slots=True)
class WishOutcome:
    """What became of a wish.

    Parameters
    ----------
    person, wish
        Whose, and which.
    works
        What the person works on the day; empty where it is free.
    is_granted
        Whether it is as wished.
    reason
        Of a refused one: ``rules`` (the shift would break ``broken``), ``short`` (a shift would miss somebody, whom
        nobody else can replace as cheaply), ``not_needed`` (more would work the shift than are needed), ``other``
        (somebody else would have to come, for whom it costs more), ``own`` (hours, runs of days or fairness of the
        person's own), or ``unfinished`` (granting it would be better: the search had not come so far).
    broken
        By the judge.
    instead
        Who would take the person's shift in the cheapest way of granting it.
    cost
        Points by the weights that it would cost, the wish itself counted as gained.
    cost_for
        The same by person; the empty name is what the ward loses in cover.
    """

    person: str
    wish: Wish
    works: str
    is_granted: bool
    reason: str = ""
    broken: tuple[Broken, ...] = ()
    instead: str = ""
    cost: int = 0
    cost_for: Mapping[str, int] = field(default_factory=lambda: _NOBODY)


def wishes_explain(
    period: RosterPeriod, assignments: Iterable[Assignment], *, weights: RosterWeights | None = None
) -> tuple[WishOutcome, ...]:
    """Every wish of the period with its outcome.

    Parameters
    ----------
    assignments
        The roster, one shift a day for each person.
    weights
        Those that it was made by.

    Returns
    -------
    tuple of WishOutcome
        By person in the period's order, then as they wished. For a refused one the change itself is tried, alone and
        with the best others in the person's place; longer chains are not.
    """
    weights = weights or RosterWeights()
    trial = _Trial(period, tuple(assignments), weights)
    return tuple(
        trial.outcome(one, wish)
        for one in period.people
        for wish in one.wishes
        if period.first <= wish.on <= period.last
    )


Row = Mapping[int, str]


class _Trial:
    """A roster in which single changes are tried."""

    def __init__(self, period: RosterPeriod, assignments: tuple[Assignment, ...], weights: RosterWeights) -> None:
        self.period, self.weights = period, weights
        self.standing = Standing(period, assignments, weights.overtime_band)
        self.rows: dict[str, dict[int, str]] = {one.id: {} for one in period.people}
        self.there: dict[tuple[int, str], int] = {}
        for line in assignments:
            self.rows[line.employee][line.day] = line.shift
            self.there[line.day, line.shift] = self.there.get((line.day, line.shift), 0) + 1
        self.wanted = {((need.on - period.first).days, need.shift): need.wanted for need in period.needs}
        self.problem = roster_problem(period, weights)
        self.employees = {one.id: one for one in self.problem.employees}
        self.people = {one.id: one for one in period.people}
        self.known: dict[str, int] = {}

    def outcome(self, one: RosteredPerson, wish: Wish) -> WishOutcome:
        day = (wish.on - self.period.first).days
        works = self.rows[one.id].get(day, FREE)
        has = works == wish.shift if wish.shift is not None else bool(works)
        if has == wish.wanted:
            return WishOutcome(one.id, wish, works, True)
        if not wish.wanted:
            return self._refused(one, wish, works, [FREE])
        return self._refused(one, wish, works, [wish.shift] if wish.shift else self._open_to(one, day))

    def _open_to(self, one: RosteredPerson, day: int) -> list[str]:
        """Shifts of a person, those that miss somebody first."""
        own = [kind.code for kind in self.period.kinds if one.kinds is None or kind.code in one.kinds]
        return sorted(own, key=lambda code: (not self._missing(day, code), code))

    def _missing(self, day: int, code: str) -> int:
        return max(self.wanted.get((day, code), 0) - self.there.get((day, code), 0), 0)

    def _refused(self, one: RosteredPerson, wish: Wish, works: str, shifts: list[str]) -> WishOutcome:
        """The cheapest of the ways in which it could have been granted, and why it was not."""
        day = (wish.on - self.period.first).days
        best: WishOutcome | None = None
        unlawful: tuple[Broken, ...] = ()
        for shift in shifts:
            broken = self._broken(one, day, shift)
            if broken:
                unlawful = unlawful or broken
                continue
            for other in [COVER, *self._others(one, day, works)]:
                cost_for = self._cost_for(one.id, day, shift, other, works)
                cost = sum(cost_for.values())
                if best is None or cost < best.cost:
                    reason = self._reason(day, shift, other, works, cost)
                    best = WishOutcome(one.id, wish, works, False, reason, (), other, cost, cost_for)
        return best or WishOutcome(one.id, wish, works, False, "rules", unlawful)

    def _reason(self, day: int, shift: str, other: str, works: str, cost: int) -> str:
        if cost < 0:
            return "unfinished"
        if other:
            return "other"
        if works and self._left_short(day, works):
            return "short"
        if shift and not self._missing(day, shift):
            return "not_needed"
        return "own"

    def _left_short(self, day: int, code: str) -> bool:
        return self.there[day, code] <= self.wanted.get((day, code), 0)

    def _others(self, one: RosteredPerson, day: int, works: str) -> Iterator[str]:
        """Who could lawfully take the shift that the person would leave."""
        if works and self._left_short(day, works):
            found = self.standing.candidates(self.period.day(day), works).people
            lawful = [candidate.person for candidate in found if candidate.is_lawful and candidate.person != one.id]
            yield from lawful[:ASKED]

    def _broken(self, one: RosteredPerson, day: int, shift: str) -> tuple[Broken, ...]:
        """What the judge says of the person with the shift and does not say now."""
        if not shift:
            return ()
        band = self.weights.overtime_band
        now = set(person_check(self.period, one, self._by_date(self.rows[one.id]), band))
        then = person_check(self.period, one, self._by_date({**self.rows[one.id], day: shift}), band)
        return tuple(broken for broken in then if broken not in now)

    def _by_date(self, row: Row) -> dict[date, list[str]]:
        return {self.period.day(day): [code] for day, code in row.items() if code}

    def _cost_for(self, who: str, day: int, shift: str, other: str, works: str) -> dict[str, int]:
        """What each one's own rules and wishes, and the ward's cover, cost more."""
        found = {who: self._own(who, {day: shift}) - self._own(who)}
        moved: dict[str, int] = {}
        if works:
            moved[works] = -1
        if shift:
            moved[shift] = moved.get(shift, 0) + 1
        if other:
            found[other] = self._own(other, {day: works}) - self._own(other)
            moved[works] += 1
        cover = sum(self._cover(day, code, n) - self._cover(day, code, 0) for code, n in moved.items())
        return {**found, COVER: cover} if cover else found

    def _own(self, who: str, change: Row | None = None) -> int:
        """What a person's own rules and wishes cost."""
        if change is None:
            if who not in self.known:
                self.known[who] = self._own(who, {})
            return self.known[who]
        row = {**self.rows[who], **change}
        lines = [Assignment(who, day, code) for day, code in sorted(row.items()) if code]
        alone = replace(self.problem, employees=(self.employees[who],), cover=())
        return roster_check(alone, lines).cost

    def _cover(self, day: int, code: str, more: int) -> int:
        """As the problem prices it."""
        part = self.period.kind(code).minutes / FULL_SHIFT
        there, wanted = self.there.get((day, code), 0) + more, self.wanted.get((day, code), 0)
        return round(self.weights.short * part) * max(wanted - there, 0) + round(self.weights.surplus * part) * max(
            there - wanted, 0
        )

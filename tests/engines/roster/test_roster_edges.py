"""The edges: the clock's changes, Christmas, nobody, one, two contracts; from roster to repair to why."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest

from vardnara.engines.hours.params import hour_rules, inconvenient_rules
from vardnara.engines.roster import Budget
from vardnara.engines.roster.solve import roster_solve
from vardnara.engines.roster.swedish import (
    REPAIR_WEIGHTS,
    Need,
    RosteredPerson,
    RosterPeriod,
    RosterWeights,
    ShiftKind,
    roster_problem,
    shift_candidates,
    swedish_check,
    wishes_explain,
)
from vardnara.engines.roster.swedish.explain import roster_explain
from vardnara.engines.roster.swedish.repair import roster_repair

DAY = timedelta(days=1)
FULL = 2295
D = ShiftKind("D", 420, 930, ((660, 690),))
N = ShiftKind("N", 1260, 1860, ((1440, 1470), (1650, 1680)))
BAND = RosterWeights().overtime_band
SPRING, AUTUMN, CHRISTMAS = date(2026, 3, 23), date(2026, 10, 19), date(2026, 12, 21)


def ward(first: date, n_people: int = 4) -> RosterPeriod:
    """Two weeks of one day and one night shift."""
    people = tuple(RosteredPerson(f"p{n}", 2 * FULL) for n in range(n_people))
    needs = tuple(Need(first + DAY * n, code, 1) for n in range(14) for code in "DN")
    return RosterPeriod(first, 2, (D, N), people, needs, hour_rules())


@pytest.mark.parametrize("first", [SPRING, AUTUMN, CHRISTMAS])
@pytest.mark.parametrize("n_people", [0, 1, 4])
def test_from_roster_to_repair_to_why(first: date, n_people: int) -> None:
    """Lawful by the clock, before and after somebody falls away in the week of the change; the bound holds for both."""
    of = ward(first, n_people)
    found = roster_solve(roster_problem(of), Budget(work=10)).assignments
    judged = swedish_check(of, found, overtime_band=BAND)
    assert judged.broken == ()
    told = roster_explain(of, found, measure_minutes=FULL)
    assert told.bound_minutes <= judged.short_minutes == told.short_minutes and told.clashes == ()
    assert (told.headline.kind == "covered") is (judged.short_minutes == 0)
    if n_people == 0:
        assert told.bound_minutes == told.needed_minutes == 14 * (480 + 540)
        return
    days = range(5, 9)  # over the night of the change, or Christmas
    there = Counter(line.employee for line in found if line.day in days)
    ill, n_lost = (there.most_common(1) or [(of.people[0].id, 0)])[0]
    away = frozenset(first + DAY * n for n in days)
    sick = replace(of, people=tuple(replace(one, away=away) if one.id == ill else one for one in of.people))
    repair = roster_repair(sick, found, held=first + 5 * DAY, budget=Budget(work=20))
    after = swedish_check(sick, repair.assignments, overtime_band=REPAIR_WEIGHTS.overtime_band)
    assert after.broken == () and len(repair.lost) == n_lost >= n_people // 4
    bound = roster_explain(sick, repair.assignments, measure_minutes=FULL, overtime_band=REPAIR_WEIGHTS.overtime_band)
    assert bound.bound_minutes <= after.short_minutes


def test_the_night_before_christmas_is_a_great_holiday() -> None:
    """The night of Christmas Eve has its minutes by category; that of the autumn change has an hour more."""
    of = ward(CHRISTMAS)
    found = shift_candidates(of, (), date(2026, 12, 24), "N", inconvenient=inconvenient_rules())
    assert dict(found.inconvenient) == {"A": 60.0 + 60.0, "A_night": 420.0}  # 21-22 and 6-7, breaks left out
    autumn = shift_candidates(ward(AUTUMN), (), date(2026, 10, 24), "N", inconvenient=inconvenient_rules())
    assert sum(autumn.inconvenient.values()) == 540.0 + 60.0


def test_two_contracts_are_one_person() -> None:
    """Two of half a post come to one of a whole: the sum is the limit, and the rest is one person's."""
    first = date(2026, 2, 2)
    contracts = (FULL * 0.5, FULL * 0.5)  # a week each
    both = RosteredPerson("Ann", round(4 * sum(contracts)), share=1.0)
    needs = tuple(Need(first + DAY * n, code, 1) for n in range(28) for code in "DN")
    of = RosterPeriod(first, 4, (D, N), (both,), needs, hour_rules())
    result = roster_solve(roster_problem(of), Budget(work=20))
    judged = swedish_check(of, result.assignments, overtime_band=BAND)
    minutes = sum(of.kind(line.shift).minutes for line in result.assignments)
    assert judged.broken == () and 4 * FULL - 480 < minutes <= 4 * FULL + BAND
    (told,) = shift_candidates(of, result.assignments, first, "D").people
    assert told.minutes_above == minutes + 480 - 4 * FULL
    assert wishes_explain(of, result.assignments) == ()

"""Rosters under Swedish rules: what the engine is told and what the judge by the clock says are the same law."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from vardnara.engines.hours.params import hour_rules
from vardnara.engines.roster import Assignment, Budget, Status, roster_check
from vardnara.engines.roster.solve import roster_solve
from vardnara.engines.roster.swedish import (
    Need,
    Never,
    RosteredPerson,
    RosterPeriod,
    RosterWeights,
    ShiftKind,
    Wish,
    roster_problem,
    swedish_check,
)

MONDAY = date(2026, 2, 2)
D = ShiftKind("D", 420, 930, ((660, 690),))
E = ShiftKind("E", 780, 1290, ((1020, 1050),))
LATE = ShiftKind("L", 780, 1230, ((1020, 1050),))  # until 20:30
EARLY = ShiftKind("M", 390, 870, ((600, 630),))  # from 6:30: before the week-break
N = ShiftKind("N", 1260, 1860, ((1440, 1470), (1650, 1680)))  # 21 to 7
KINDS = (D, E, N)
DAY = timedelta(days=1)
BAND = RosterWeights().overtime_band


def person(id: str = "p", due: int = 9180, **said: object) -> RosteredPerson:
    return RosteredPerson(id=id, due_minutes=due, **said)  # type: ignore[arg-type]


def period(
    *people: RosteredPerson, weeks: int = 4, kinds: tuple[ShiftKind, ...] = KINDS, **said: object
) -> RosterPeriod:
    base = {"first": MONDAY, "needs": (), "rules": hour_rules()}
    return RosterPeriod(weeks=weeks, kinds=kinds, people=people, **(base | said))  # type: ignore[arg-type]


def lines(plan: str, who: str = "p") -> list[Assignment]:
    """A roster as letters, a dot for a free day."""
    return [Assignment(who, day, letter) for day, letter in enumerate(plan.replace(" ", "")) if letter != "."]


def broken(of: RosterPeriod, plan: str) -> set[str]:
    return {one.rule for one in swedish_check(of, lines(plan), overtime_band=BAND).broken}


WEEKS = "DDDDD.. DDDDD.. DDDDD.. DDDD..."


@pytest.mark.parametrize(
    ("plan", "said", "rules"),
    [
        (WEEKS, {}, set()),
        ("DDDDD.. DDDDD.. DDDDD.. DDDDD..", {}, {"free_days", "contract_most"}),
        ("EDDDD.. DDDDD.. DDDDD.. DDDD...", {}, {"daily_rest_gap", "daily_rest_day"}),
        ("DDDDDDD .....DD DDDDD.. DDDD...", {}, {"weekly_rest"}),
        (WEEKS, {"away": frozenset({MONDAY + DAY})}, {"away"}),
        (WEEKS, {"kinds": frozenset({"E"})}, {"unknown_shift"}),
        (WEEKS, {"never": (Never(0, 900, 960),)}, {"never"}),
        (WEEKS, {"never": (Never(6, 1380, 1440 + 440),)}, {"never"}),  # Sunday night until 7:20 on Monday
        (WEEKS, {"fixed": {MONDAY: ""}}, {"fixed"}),
        (WEEKS, {"due": 8000}, {"contract_most"}),
        ("EEEEE.. DDDDD.. DDDDD.. DDDD...", {"adult_on": date(2027, 1, 1)}, set()),
        ("N...... DDDDD.. DDDDD.. DDDD...", {"adult_on": date(2027, 1, 1)}, {"minor_night"}),
        (WEEKS, {"before": {MONDAY - DAY: "E"}}, {"daily_rest_gap", "daily_rest_day"}),
    ],
)
def test_each_rule_broken_once(plan: str, said: dict[str, object], rules: set[str]) -> None:
    """By the judge; and the engine's own judge of the problem refuses the same rosters."""
    of = period(person(**said))
    assert broken(of, plan) == rules
    assert roster_check(roster_problem(of), lines(plan)).feasible is not bool(rules)


def test_training_holds_to_its_last_day() -> None:
    """Whoever is not trained for a shift, or no more, does not get it."""
    kinds = (replace(D, competences=frozenset({"food_hygiene"})), E)
    last = MONDAY + 7 * DAY
    for trained, rules in (
        ({}, {"untrained"}),
        ({"food_hygiene": None}, set()),
        ({"food_hygiene": last}, {"untrained"}),
    ):
        of = period(person(trained=trained), kinds=kinds)
        assert broken(of, WEEKS) == rules
        assert roster_check(roster_problem(of), lines(WEEKS)).feasible is not bool(rules)
    held = period(person(trained={"food_hygiene": last}), kinds=kinds)
    assert broken(held, "DDDDD.. D......") == set()


def test_a_shift_that_is_unlawful_by_itself_is_refused() -> None:
    with pytest.raises(ValueError, match="shift X is unlawful by itself: break"):
        roster_problem(period(person(), kinds=(ShiftKind("X", 420, 900),)))
    for wrong in ((1500, 1600), (420, 420), (420, 2000)):
        with pytest.raises(ValueError, match="expected minutes of a day"):
            ShiftKind("X", *wrong)
    with pytest.raises(ValueError, match="from a Monday"):
        period(person(), first=MONDAY + DAY)
    with pytest.raises(ValueError, match="no shift Q"):
        period(person(), needs=(Need(MONDAY, "Q", 1),))


def random_plan(dice: random.Random, kinds: tuple[ShiftKind, ...], n_days: int) -> str:
    """Runs of shifts and of free days, mostly near what is lawful, and sometimes not."""
    plan = ""
    while len(plan) < n_days:
        plan += dice.choice(kinds).code * dice.randint(1, 5) + "." * dice.choice((0, 1, 2, 2, 3))
    return plan[:n_days]


@settings(max_examples=250, deadline=None)
@example(24467953, date(2026, 10, 12))  # eighteen shifts and the autumn night's hour are more than 48 hours a week
@given(st.integers(0, 2**32), st.sampled_from([MONDAY, date(2026, 3, 16), date(2026, 10, 12), date(2026, 12, 21)]))
def test_the_engine_is_told_what_the_judge_knows(seed: int, first: date) -> None:
    """Whatever the problem takes, the judge takes, over both changes of the clock; and the other way round too, except
    around the changes, where an hour more of rest, or an hour less of work, is asked for.
    """
    dice = random.Random(seed)
    kinds = tuple(dice.sample((D, E, LATE, EARLY, N), 3))
    before = {first - DAY * n: code for n, code in enumerate(reversed(random_plan(dice, kinds, 14)), 1)}
    own = person(due=30_000, before={day: "" if code == "." else code for day, code in before.items()})
    of = period(own, weeks=4, kinds=kinds, first=first, rules=hour_rules(day_break=1170))  # days from 6:30
    plan = random_plan(dice, kinds, 28)
    lawful = not swedish_check(of, lines(plan)).broken
    taken = roster_check(roster_problem(of), lines(plan)).feasible
    assert lawful or not taken
    if first in (MONDAY, date(2026, 12, 21)):
        assert taken or not lawful


def test_a_small_ward_gets_a_lawful_roster() -> None:
    """Five people and four weeks: what is found is lawful by the clock, and the same work gives it again."""
    dice = random.Random(7)
    people = tuple(
        person(f"p{n}", wishes=(Wish(MONDAY + DAY * dice.randrange(28), None, wanted=False),)) for n in range(5)
    )
    needs = tuple(
        Need(MONDAY + DAY * n, code, 1 if n % 7 > 4 else wanted)
        for n in range(28)
        for code, wanted in (("D", 2), ("E", 1))
    )
    of = period(*people, kinds=(D, E), needs=needs)
    found = [roster_solve(roster_problem(of), Budget(work=60), seed=3) for _ in range(2)]
    assert found[0].assignments == found[1].assignments and found[0].status in (Status.FEASIBLE, Status.OPTIMAL)
    judged = swedish_check(of, found[0].assignments, overtime_band=BAND)
    assert judged.broken == ()
    assert judged.short_minutes <= 10 * 480  # 94 shifts are needed, and contracts are 95


def test_nobody_and_one() -> None:
    """With nobody every shift is short, and that is said; one person works within the contract."""
    needs = tuple(Need(MONDAY + DAY * n, "D", 1) for n in range(7))
    empty = period(weeks=1, needs=needs, kinds=(D,))
    result = roster_solve(roster_problem(empty), Budget(work=5))
    assert swedish_check(empty, result.assignments).short_minutes == 7 * 480
    one = period(person(due=2295), weeks=1, needs=needs, kinds=(D,))
    result = roster_solve(roster_problem(one), Budget(work=20))
    judged = swedish_check(one, result.assignments, overtime_band=BAND)
    assert judged.broken == () and judged.short_minutes == 2 * 480


def test_the_edges_of_the_weekly_rest() -> None:
    """Six days until 18:45 and a Sunday off: 36 hours and a quarter until 7 on Monday. Who begins at 6:30 has less, and
    so has everybody in the night of the spring change.
    """
    x = ShiftKind("X", 630, 1125, ((900, 930),))
    rules = hour_rules(day_break=1170)
    for first, plan, lawful in (
        (MONDAY, "XXXXXX. D......", True),
        (MONDAY, "XXXXXX. M......", False),
        (date(2026, 3, 23), "XXXXXX. D......", False),
    ):
        of = period(person(), weeks=2, kinds=(x, D, EARLY), first=first, rules=rules)
        assert (broken(of, plan) == set()) is lawful
        assert roster_check(roster_problem(of), lines(plan)).feasible is lawful

"""What became of each wish: tried in the roster itself, with the cost that the engine's own judge finds."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from vardnara.engines.hours.params import hour_rules
from vardnara.engines.roster import Assignment, roster_check
from vardnara.engines.roster.swedish import (
    Need,
    RosteredPerson,
    RosterPeriod,
    RosterWeights,
    ShiftKind,
    Wish,
    roster_problem,
)
from vardnara.engines.roster.swedish.wishes import WishOutcome, wishes_explain

MONDAY, DAY = date(2026, 2, 2), timedelta(days=1)
D = ShiftKind("D", 420, 930, ((660, 690),))
E = ShiftKind("E", 780, 1290, ((1020, 1050),))
PLAIN = RosterWeights(undertime=0, weekend=0, evening=0, single_day_off=0)


def lines(plans: dict[str, str]) -> list[Assignment]:
    return [Assignment(who, n, code) for who, plan in plans.items() for n, code in enumerate(plan) if code != "."]


def ward(wish: Wish, needed: str, weight: RosterWeights = PLAIN, **plans: str) -> WishOutcome:
    """The outcome of Ann's one wish in a week; ``needed`` is a shift for each day that one is needed on."""
    people = tuple(
        RosteredPerson(who, 2295, wishes=(wish,) if who == "Ann" else (), trained={}) for who in {"Ann": "", **plans}
    )
    needs = tuple(Need(MONDAY + DAY * n, code, 1) for n, code in enumerate(needed) if code != ".")
    of = RosterPeriod(MONDAY, 1, (D, E), people, needs, hour_rules())
    (found,) = wishes_explain(of, lines({"Ann": plans.get("Ann", "DD....."), **plans}), weights=weight)
    return found


OFF = Wish(MONDAY, None, wanted=False)


def test_granted_and_refused() -> None:
    """A day off, a shift, any shift, and not that shift."""
    for wish, granted in (
        (OFF, False), (Wish(MONDAY + 2 * DAY, None, wanted=False), True), (Wish(MONDAY, "D", wanted=True), True),
        (Wish(MONDAY, "E", wanted=True), False), (Wish(MONDAY, "E", wanted=False), True),
        (Wish(MONDAY + 2 * DAY, None, wanted=True), False),
    ):  # fmt: skip
        found = ward(wish, "DDD....")
        assert found.is_granted is granted and bool(found.reason) is not granted


def test_a_free_day_that_nobody_can_cover() -> None:
    """With nobody else the shift would miss somebody: the ward pays, less the wish."""
    found = ward(OFF, "DD.....")
    assert (found.reason, found.instead, found.cost) == ("short", "", 1000 - 40)
    assert dict(found.cost_for) == {"Ann": -40, "": 1000}


def test_a_free_day_that_another_could_give() -> None:
    """Bo could come, and is charged for a sixth day in a row; where he is free anyway, the search was not done."""
    found = ward(OFF, "DDDDDD.", Bo=".DDDDD.")
    assert (found.reason, found.instead, dict(found.cost_for)) == ("short", "", {"Ann": -40, "": 1000})  # contract full
    found = ward(OFF, "DDDDDD.", replace(PLAIN, overtime_band=960), Bo=".DDDDD.")
    assert (found.reason, found.instead, found.cost) == ("other", "Bo", 150 - 40)
    found = ward(OFF, "DD.....", Bo=".......")
    assert (found.reason, found.instead, found.cost) == ("unfinished", "Bo", -40)


def test_a_shift_that_the_rules_forbid() -> None:
    """A day after an evening: the rest is named."""
    found = ward(Wish(MONDAY + DAY, "D", wanted=True), "ED.....", Ann="E......")
    assert found.reason == "rules" and {one.rule for one in found.broken} == {"daily_rest_gap", "daily_rest_day"}


def test_a_shift_that_nobody_needs() -> None:
    """A second one on a shift for one is surplus."""
    found = ward(Wish(MONDAY + 2 * DAY, "D", wanted=True), "DDD....", Bo="..D....")
    assert (found.reason, found.cost) == ("not_needed", 150 - 40)


def test_ones_own_hours_against_ones_own_wish() -> None:
    """Nobody is needed, but the contract's hours would be missing."""
    found = ward(OFF, ".......", replace(PLAIN, undertime=1, surplus=0), Ann="DD.....")
    assert (found.reason, found.cost) == ("own", 480 - 40)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_the_cost_of_a_wish_is_that_of_the_roster_with_it(seed: int) -> None:
    """For days off that are refused: the engine's judge finds the same difference between the two rosters."""
    dice = random.Random(seed)
    weights = RosterWeights(overtime_band=5000)
    people = tuple(
        RosteredPerson(
            f"p{n}", 4590, share=dice.choice((0.5, 1.0)),
            wishes=tuple(Wish(MONDAY + DAY * dice.randrange(14), None, wanted=False, weight=2) for _ in range(2)),
        )
        for n in range(3)
    )  # fmt: skip
    needs = tuple(Need(MONDAY + DAY * n, code, dice.randint(0, 2)) for n in range(14) for code in "DE")
    of = RosterPeriod(MONDAY, 2, (D, E), people, needs, hour_rules())
    plans = {one.id: "".join(dice.choice("DE.") for _ in range(14)) for one in people}
    problem = roster_problem(of, weights)
    base = roster_check(problem, lines(plans)).cost
    for found in wishes_explain(of, lines(plans), weights=weights):
        if not found.is_granted:
            day = (found.wish.on - MONDAY).days
            changed = {**plans, found.person: plans[found.person][:day] + "." + plans[found.person][day + 1 :]}
            if found.instead:
                row = plans[found.instead]
                changed[found.instead] = row[:day] + found.works + row[day + 1 :]
            assert roster_check(problem, lines(changed)).cost - base == found.cost == sum(found.cost_for.values())

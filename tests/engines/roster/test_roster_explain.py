"""Why a roster is short: the bound holds for every roster, the reasons are those of people, the ways out are enough."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vardnara.engines.hours.params import hour_rules
from vardnara.engines.roster import Assignment
from vardnara.engines.roster.swedish import Need, RosteredPerson, RosterPeriod, ShiftKind, swedish_check
from vardnara.engines.roster.swedish.explain import REASONS, roster_explain
from vardnara.engines.roster.swedish.relaxed import Overtime, Posts, RelaxedPeriod, Training, short_bound
from vardnara.engines.roster.swedish.result import Explanation

MONDAY, DAY = date(2026, 11, 30), timedelta(days=1)  # week 49
D = ShiftKind("D", 420, 930, ((660, 690),))
E = ShiftKind("E", 780, 1290, ((1020, 1050),))
N = ShiftKind("N", 1260, 1860, ((1440, 1470), (1650, 1680)))
FULL = 2295


def person(id: str, weeks: int, **said: object) -> RosteredPerson:
    return RosteredPerson(**({"id": id, "due_minutes": FULL * weeks} | said))  # type: ignore[arg-type]


def needs(weeks: int, **wanted: int) -> tuple[Need, ...]:
    """So many each weekday."""
    return tuple(
        Need(MONDAY + DAY * (7 * week + day), shift, n)
        for week in range(weeks)
        for day in range(5)
        for shift, n in wanted.items()
    )


def period(
    *people: RosteredPerson, weeks: int = 1, kinds: tuple[ShiftKind, ...] = (D, E), **said: object
) -> RosterPeriod:
    base = {"first": MONDAY, "needs": (), "rules": hour_rules()}
    return RosterPeriod(weeks=weeks, kinds=kinds, people=people, **(base | said))  # type: ignore[arg-type]


def explained(of: RosterPeriod, lines: list[Assignment] | None = None, band: int = 0) -> Explanation:
    return roster_explain(of, lines or [], overtime_band=band, measure_minutes=FULL)


def ways(of: Explanation) -> dict[str, tuple[float, int]]:
    return {one.kind: (round(one.amount, 2), one.left_minutes) for one in of.relaxations}


def test_contracts_that_are_too_few_in_one_sentence() -> None:
    """Two people and three a day: 120 hours are needed, contracts reach 76.5, so 48 are missing; and what would do."""
    of = period(person("Ann", 1), person("Bo", 1), needs=needs(1, D=3))
    found = explained(of)
    assert (found.needed_minutes, found.bound_minutes) == (15 * 480, (15 - 8) * 480)
    assert found.headline.kind == "contracts" and found.headline.monday == MONDAY
    assert found.text == (
        "In week 49, 120 hours are needed and the contracts reach 76; "
        "the nearest way out is 1.5 posts more or 7 shifts fewer."
    )
    assert ways(found) == {
        "posts": (round(7 * 480 / FULL, 2), 0),
        "need": (7, 0),
        "overtime": (2 * (2400 - 1920), 2400),
    }
    (week,) = found.weeks
    assert (week.needed_minutes, week.contract_minutes, week.short_minutes) == (7200, 4590, 7200)


def test_overtime_that_is_enough_is_told_by_its_minutes() -> None:
    """One person five days: the fifth is 105 minutes above the contract, dearer by the minute than a post."""
    found = explained(period(person("Ann", 1), needs=needs(1, D=1)))
    assert found.bound_minutes == 480 and found.headline.kind == "contracts"
    assert ways(found)["overtime"] == (480, 0)  # from four whole shifts
    assert explained(period(person("Ann", 1), needs=needs(1, D=1)), band=240).bound_minutes == 0


def test_a_competence_that_too_few_have() -> None:
    """Contracts would do, those who are trained would not: the sentence names it, and training is a way out."""
    kinds = (replace(D, competences=frozenset({"contagion"})), E)
    people = (person("Ann", 1, trained={"contagion": None}), *(person(f"p{n}", 1) for n in range(3)))
    found = explained(period(*people, kinds=kinds, needs=needs(1, D=2, E=1)))
    assert found.headline.kind == "competence" and found.headline.competence == "contagion"
    assert found.bound_minutes == 6 * 480
    (training,) = [one for one in found.relaxations if one.kind == "training"]
    assert (training.amount, training.what, training.left_minutes) == (2, ("contagion",), 0)
    assert found.text.startswith("In the period, 80 hours ask for contagion and those who have it reach 38; ")


def test_leave_that_falls_on_a_full_week() -> None:
    """Four weeks, one person away in the second: moving the five days is enough."""
    away = frozenset(MONDAY + DAY * (7 + n) for n in range(5))
    people = (person("Ann", 4, due_minutes=9600, all_days=False), person("Bo", 4, due_minutes=7200, away=away))
    of = period(*people, weeks=4, needs=needs(4, D=1) + tuple(Need(day, "E", 1) for day in sorted(away)))
    found = explained(of)
    assert found.headline.kind == "same_time" and found.headline.monday == MONDAY + 7 * DAY
    assert found.bound_minutes == 5 * 480 and ways(found)["leave"] == (5, 0)


def test_reasons_are_counted_once_for_each_person() -> None:
    """By the first of its order; and of those whom nothing else keeps."""
    kinds = (replace(D, competences=frozenset({"food"})), E)
    food = {"food": None}
    people = (
        person("Ann", 1, trained=food, away=frozenset({MONDAY})),
        person("Bo", 1, kinds=frozenset("E")),
        person("Cim", 1),
        person("Dag", 1, trained=food),
        person("Eve", 1, trained=food, before={MONDAY - DAY: "E"}),
        person("Fia", 1, trained=food),
        person("Gun", 1, trained=food, due_minutes=100),
    )
    of = period(*people, kinds=kinds, needs=(Need(MONDAY, "D", 2),))
    (why,) = explained(of, [Assignment("Dag", 0, "E")]).why
    assert (why.missing, why.minutes, why.shift, why.monday) == (2, 960, "D", MONDAY)
    once = {"kind": 1, "untrained": 1, "away": 1, "works": 1, "rest": 1, "contract": 1, "free": 1}
    assert why.reasons == once and list(why.reasons) == [name for name in REASONS if name in once]
    assert why.alone == {name: 1 for name in once if name != "kind"}  # Bo lacks the training besides


def test_whose_fixed_days_clash_is_named() -> None:
    """An evening and the day after it, both fixed: neither can stay beside the rest between them."""
    of = period(person("Ann", 1, fixed={MONDAY: "E", MONDAY + DAY: "D", MONDAY + 3 * DAY: "D"}), person("Bo", 1))
    (clash,) = explained(of).clashes
    assert clash.person == "Ann"
    assert clash.rules == (
        "what stands on day 0 (E)", "what stands on day 1 (D)", "which shift may follow which"
    ) == clash.give_up  # fmt: skip


def test_nobody_and_nothing() -> None:
    """Without people everything is missing; without needs nothing is."""
    empty = period(needs=needs(1, D=1))
    found = explained(empty)
    assert found.bound_minutes == found.short_minutes == 5 * 480 and ways(found)["posts"][1] == 0
    assert explained(period(person("Ann", 1))).text == "Every shift has its people."


def least_short(of: RosterPeriod) -> int:
    """By trying every roster."""
    codes = [None, *(kind.code for kind in of.kinds)]
    days = sorted({(need.on - of.first).days for need in of.needs})
    rows = [
        [Assignment(one.id, day, code) for day, code in zip(days, row, strict=True) if code]
        for one in of.people
        for row in itertools.product(codes, repeat=len(days))
    ]
    lawful = [
        [row for row in rows if (not row or row[0].employee == one.id) and not swedish_check(of, row).broken]
        for one in of.people
    ]
    return min(
        swedish_check(of, [line for row in choice for line in row]).short_minutes
        for choice in itertools.product(*lawful)
    )


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from([date(2026, 11, 30), date(2026, 10, 19), date(2026, 3, 23)]))
def test_no_roster_misses_less_than_the_bound(seed: int, first: date) -> None:
    """Against every roster of two people over four days, clock changes at their end and with leave, needs and contracts
    of all kinds; and the ways out reach what they say.
    """
    dice = random.Random(seed)
    kinds = tuple(dice.sample((D, E, N), 2))
    kinds = (replace(kinds[0], competences=frozenset({"x"})), kinds[1])
    days = [first + DAY * n for n in range(3, 7)]
    people = tuple(
        person(
            f"p{n}", 1, due_minutes=dice.choice((500, 1000, 2295)),
            away=frozenset(dice.sample(days, dice.randint(0, 2))),
            trained=dice.choice(({}, {"x": None}, {"x": days[1]})),
        )
        for n in range(2)
    )  # fmt: skip
    wanted = tuple(Need(day, kind.code, dice.randint(0, 2)) for day in days for kind in kinds)
    of = RosterPeriod(first, 1, kinds, people, wanted, hour_rules(day_break=1170))
    bound = short_bound(of)
    assert bound <= least_short(of)
    relaxed = RelaxedPeriod(of)
    base = relaxed.least().short_minutes
    for helper in (Overtime(), Posts(kinds=frozenset({0, 1}), measure_minutes=FULL), Training(competence="x")):
        with_help = relaxed.least(helper)
        assert with_help.short_minutes <= base + 1e-6
        assert (with_help.help > 1e-6) == (with_help.short_minutes < base - 1e-6)


def test_the_bound_is_met_where_everything_fits() -> None:
    """A ward whose contracts are just enough: the bound is 0, one shift more and it is that shift."""
    people = tuple(person(f"p{n}", 4, due_minutes=480 * 19) for n in range(2))
    of = period(*people, weeks=4, needs=needs(4, D=1) + needs(3, E=1))
    assert short_bound(of) == 0
    more = replace(of, needs=of.needs + tuple(Need(MONDAY + DAY * (21 + n), "E", 1) for n in range(5)))
    assert short_bound(more) == 2 * 480


@pytest.mark.parametrize("wrong", ["Eve", "Ann"])
def test_lines_that_are_not_of_the_period_do_not_stop_an_explanation(wrong: str) -> None:
    """They are the judge's to name."""
    of = period(person("Ann", 1), needs=needs(1, D=1))
    line = Assignment(wrong, 0, "D" if wrong == "Eve" else "X")
    assert explained(of, [line]).short_minutes == 5 * 480

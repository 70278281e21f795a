"""Somebody falls away: what the repaired roster keeps, how few it asks, and who could take a shift."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vardnara.engines.hours import Extra
from vardnara.engines.hours.params import hour_rules, inconvenient_rules
from vardnara.engines.roster import Assignment, Budget
from vardnara.engines.roster.solve import roster_solve
from vardnara.engines.roster.swedish import (
    REPAIR_WEIGHTS,
    Broken,
    ExtraBasis,
    Need,
    Never,
    RosteredPerson,
    RosterPeriod,
    ShiftKind,
    Wish,
    roster_problem,
    rules_worse,
    shift_candidates,
    swedish_check,
)
from vardnara.engines.roster.swedish.repair import roster_repair

MONDAY, DAY = date(2026, 2, 2), timedelta(days=1)
D = ShiftKind("D", 420, 930, ((660, 690),))
E = ShiftKind("E", 780, 1290, ((1020, 1050),))
EARLY = ShiftKind("M", 390, 870, ((600, 630),))
N = ShiftKind("N", 1260, 1860, ((1440, 1470), (1650, 1680)))
BAND = REPAIR_WEIGHTS.overtime_band


def person(id: str, due: int = 9180, **said: object) -> RosteredPerson:
    return RosteredPerson(id=id, due_minutes=due, **said)  # type: ignore[arg-type]


def lines(plans: dict[str, str]) -> list[Assignment]:
    """Rosters as letters, a dot for a free day."""
    return [
        Assignment(who, day, letter)
        for who, plan in plans.items()
        for day, letter in enumerate(plan.replace(" ", ""))
        if letter != "."
    ]


def needed(plans: dict[str, str], first: date = MONDAY) -> tuple[Need, ...]:
    """As many as the plans have."""
    there: dict[tuple[int, str], int] = {}
    for line in lines(plans):
        there[line.day, line.shift] = there.get((line.day, line.shift), 0) + 1
    return tuple(Need(first + DAY * day, shift, n) for (day, shift), n in sorted(there.items()))


WARD = {
    "Ann": "DDDDD.. ....DDD DDDD... DDDD...",
    "Bo": "EEEE... DDDDD.. ...EEE. DDDD...",
    "Cim": "....EEE EEEE... EEEE... EEEE...",
    "Dag": ".....DD ..DDD.. .....DD .......",
}


def ward(**changes: dict[str, object]) -> RosterPeriod:
    people = tuple(replace(person(who), **changes.get(who, {})) for who in WARD)  # type: ignore[arg-type]
    return RosterPeriod(MONDAY, 4, (D, E), people, needed(WARD), hour_rules())


def test_one_sick_day_asks_one_person() -> None:
    """Whoever is free and has room comes in; everybody else's days stay, and it is proved that one change is needed."""
    day = MONDAY + 15 * DAY  # a Tuesday; Dag is free that week
    repair = roster_repair(ward(Ann={"away": frozenset({day})}), lines(WARD), held=day)
    assert [(one.person, one.on, one.before, one.after) for one in repair.lost] == [("Ann", day, "D", "")]
    assert [(one.person, one.on, one.before, one.after) for one in repair.changes] == [("Dag", day, "", "D")]
    assert repair.short == () and repair.still_open == () and repair.is_proved and repair.stuck == ()
    (shift,) = repair.open
    assert (shift.on, shift.shift, shift.people[0].person) == (day, "D", "Dag")
    reasons = {one.person: {broken.rule for broken in one.broken} for one in shift.people}
    assert reasons["Dag"] == set() and "away" in reasons["Ann"] and "twice" in reasons["Cim"]


def test_a_chain_where_nobody_can_come_directly() -> None:
    """Nobody may take the evening but Bo, who works the day: Dag takes that, and two changes are enough."""
    day = MONDAY + 24 * DAY  # Thursday of the last week: Bo is free from Friday
    of = ward(Cim={"away": frozenset({day})}, Ann={"kinds": frozenset("D")}, Dag={"kinds": frozenset("D")})
    repair = roster_repair(of, lines(WARD), held=day)
    asked = [(one.person, one.before, one.after) for one in repair.changes]
    assert asked == [("Bo", "D", "E"), ("Dag", "", "D")] and repair.is_proved
    judged = swedish_check(of, repair.assignments, overtime_band=BAND)
    assert judged.broken == () and repair.short == ()


def test_what_nobody_can_take_stays_short_with_its_reasons() -> None:
    """Where the others lack the training, nothing else is changed, and each one's reason is told."""
    taught = replace(E, competences=frozenset({"cash"}))
    of = ward(Cim={"trained": {"cash": None}, "away": frozenset({MONDAY + 4 * DAY})})
    own = {"Bo": {"kinds": frozenset("D")}}
    plans = {who: plan.replace("E", "." if who == "Bo" else "E") for who, plan in WARD.items()}
    people = tuple(replace(one, **own.get(one.id, {})) for one in of.people)  # type: ignore[arg-type]
    of = replace(of, kinds=(D, taught), people=people, needs=needed(plans))
    repair = roster_repair(of, lines(plans), held=MONDAY + 4 * DAY)
    assert repair.changes == () and [(one.on, one.there) for one in repair.short] == [(MONDAY + 4 * DAY, 0)]
    reasons = {one.person: {broken.rule for broken in one.broken} for one in repair.still_open[0].people}
    assert all("untrained" in reasons[who] for who in ("Ann", "Bo", "Dag")) and "away" in reasons["Cim"]
    assert not any(one.is_lawful for one in repair.still_open[0].people)


def test_the_past_stays_and_what_was_short_before_is_left() -> None:
    """Nothing before the day held is touched, however long somebody is away; and old gaps move nobody."""
    away = frozenset(MONDAY + DAY * n for n in range(7))
    of = ward(Ann={"away": away})
    of = replace(of, needs=tuple(replace(need, wanted=need.wanted + 1) for need in of.needs))
    held = MONDAY + 3 * DAY
    repair = roster_repair(of, lines(WARD), held=held)
    assert [one.on for one in repair.lost] == [MONDAY + DAY * n for n in range(5)]
    assert repair.changes and all(one.on >= held for one in repair.changes)
    assert len(repair.changes) <= 2  # only Thursday's and Friday's shifts can still be taken
    assert {one.on for one in repair.short if one.on < held} == {MONDAY + DAY * n for n in range(3)}


def test_who_breaks_a_rule_already_is_not_touched() -> None:
    """A line that was unlawful as it stood is told of, and stays."""
    day = MONDAY + 15 * DAY
    plans = WARD | {"Dag": "E" + "DDDDDD. ..DDD.. .....DD ......."[1:]}  # a day after an evening
    repair = roster_repair(ward(Ann={"away": frozenset({day})}), lines(plans), held=day)
    assert repair.stuck == ("Dag",)
    assert all(one.person != "Dag" for one in repair.changes)


@pytest.mark.parametrize(
    "wrong",
    [Assignment("Eve", 0, "D"), Assignment("Ann", 28, "D"), Assignment("Ann", 0, "X"), Assignment("Ann", 0, "E")],
)
def test_a_roster_that_is_not_of_the_period_is_refused(wrong: Assignment) -> None:
    with pytest.raises(ValueError, match=wrong.employee):
        roster_repair(ward(), [*lines(WARD), wrong], held=MONDAY)


def test_nobody_and_one() -> None:
    """With nobody, and with the only one away, there is nothing to change, and what is missing is said."""
    empty = RosterPeriod(MONDAY, 1, (D,), (), (Need(MONDAY, "D", 1),), hour_rules())
    assert roster_repair(empty, (), held=MONDAY).changes == ()
    one = replace(empty, people=(person("Ann", 2295, away=frozenset({MONDAY})),))
    repair = roster_repair(one, [Assignment("Ann", 0, "D")], held=MONDAY)
    assert repair.assignments == () and [(short.wanted, short.there) for short in repair.short] == [(1, 0)]


def random_plan(dice: random.Random, kinds: tuple[ShiftKind, ...], n_days: int) -> str:
    plan = ""
    while len(plan) < n_days:
        plan += dice.choice(kinds).code * dice.randint(1, 5) + "." * dice.choice((1, 2, 2, 3))
    return plan[:n_days]


FIRSTS = [MONDAY, date(2026, 3, 16), date(2026, 10, 12), date(2026, 12, 21)]


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(FIRSTS))
def test_a_candidate_is_what_the_judge_says(seed: int, first: date) -> None:
    """For a shift more on any day, over both changes of the clock and Christmas: lawful exactly where the whole judge,
    asked with and without it, finds nothing new; and every reason is one of the judge's.
    """
    dice = random.Random(seed)
    kinds = tuple(dice.sample((D, E, EARLY, N), 3))
    before = {first - DAY * n: code for n, code in enumerate(reversed(random_plan(dice, kinds, 14)), 1)}
    due = dice.choice((5000, 30_000))
    extra = ExtraBasis(
        full_minutes=dice.choice((0, due + 2000)),
        ordinary={first + DAY * n: 480 for n in range(28) if dice.random() < 0.5},
        beyond={first + DAY * dice.randrange(28): 120},
        absent={first + DAY * dice.randrange(28): 240},
        elsewhere={first - DAY * dice.randrange(1, 40): Extra(dice.choice((0, 2000)), dice.choice((0, 2700)))},
    )
    one = person(
        "p", due, extra=extra, before={day: "" if code == "." else code for day, code in before.items()},
        away=frozenset({first + DAY * dice.randrange(28)}), all_days=dice.random() < 0.7,
        never=(Never(dice.randrange(7), 0, dice.choice((400, 1440))),), fixed={first + DAY * dice.randrange(28): ""},
        adult_on=dice.choice((None, first + DAY * 14)), kinds=dice.choice((None, frozenset({kinds[0].code}))),
    )  # fmt: skip
    weeks = dice.choice((4, 5))
    of = RosterPeriod(first, weeks, kinds, (one,), (), hour_rules(day_break=1170))
    plan = lines({"p": random_plan(dice, kinds, 7 * weeks)})
    day, kind = dice.randrange(7 * weeks), dice.choice(kinds)
    works = any(line.day == day for line in plan)
    now = swedish_check(of, plan, overtime_band=BAND).broken
    then = swedish_check(of, [*plan, Assignment("p", day, kind.code)], overtime_band=BAND).broken
    new = set(then) - set(now)
    (told,) = shift_candidates(of, plan, of.day(day), kind.code, overtime_band=BAND).people
    assert told.is_lawful is not bool(new)
    if works:
        assert {broken.rule for broken in told.broken} >= {"twice"}
    else:
        assert {(b.rule, b.on) for b in told.broken} == {(b.rule, b.on) for b in new}


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(FIRSTS))
def test_a_repaired_roster_is_lawful(seed: int, first: date) -> None:
    """Whoever falls away from a lawful roster: what comes back is lawful by the clock, keeps the past, misses no more
    than if nothing were done, and tells its changes as they are.
    """
    dice = random.Random(seed)
    people = tuple(
        person(f"p{n}", dice.choice((4590, 9180)), wishes=(Wish(first + DAY * dice.randrange(28), None, wanted=False),))
        for n in range(4)
    )
    needs = tuple(Need(first + DAY * n, code, 1) for n in range(28) for code in "DE")
    of = RosterPeriod(first, 4, (D, E), people, needs, hour_rules())
    found = roster_solve(roster_problem(of), Budget(work=8), seed=seed % 7).assignments
    who, start, held = dice.randrange(4), dice.randrange(28), dice.randrange(28)
    away = frozenset(first + DAY * n for n in range(start, min(start + dice.choice((1, 5, 14)), 28)))
    sick = tuple(replace(one, away=away) if n == who else one for n, one in enumerate(people))
    now = replace(of, people=sick)
    repair = roster_repair(now, found, held=now.day(held), budget=Budget(work=20))
    judged = swedish_check(now, repair.assignments, overtime_band=BAND)
    left = [line for line in found if not (line.employee == f"p{who}" and now.day(line.day) in away)]
    assert judged.broken == () and judged.short_minutes <= swedish_check(now, left).short_minutes
    was, after = (
        {(line.employee, line.day): line.shift for line in of_lines} for of_lines in (left, repair.assignments)
    )
    changed = {key for key in was.keys() | after.keys() if was.get(key) != after.get(key)}
    assert changed == {(one.person, (one.on - first).days) for one in repair.changes}
    assert all(day >= held for _, day in changed)
    assert not repair.open or len(repair.lost) >= 1


def test_the_same_repair_again() -> None:
    """By work: the same roster, changes and proof."""
    of = ward(Ann={"away": frozenset(MONDAY + DAY * n for n in range(10, 16))})
    first, again = (roster_repair(of, lines(WARD), held=MONDAY + 10 * DAY) for _ in range(2))
    assert first == again and first.work > 0


def test_fairness_and_inconvenient_hours_of_a_candidate() -> None:
    """A Sunday's evening: its minutes by category, weekends and evenings above the fair part, a wish against it."""
    sunday = MONDAY + 20 * DAY
    wish = (Wish(sunday, None, wanted=False, weight=2),)
    of = ward(Dag={"wishes": wish}, Ann={"weekends_before": 3})
    found = shift_candidates(of, lines(WARD), sunday, "E", inconvenient=inconvenient_rules(), overtime_band=BAND)
    people = {one.person: one for one in found.people}
    assert dict(found.inconvenient) == {"B": 480.0}
    assert people["Dag"].wish == 2 and people["Ann"].wish == 0 and people["Dag"].works == "D"
    fair = (3 + 2 + 1 + 2) / 4  # three worked before, and two, one and two people who are needed on weekends
    assert people["Ann"].weekends_above == pytest.approx(3 + 1 + 1 - fair)
    minutes = sum(line.employee == "Ann" for line in lines(WARD)) * 480
    assert people["Ann"].minutes_above == minutes + 480 - 9180


def test_overtime_is_held_by_its_caps() -> None:
    """Dag's contract is full. With 40 hours of overtime in the weeks before he may still come in; with 44 he may not:
    no repair asks him, and the list names the cap instead of offering overtime.
    """
    day = MONDAY + 15 * DAY
    row = WARD["Dag"].replace(" ", "").replace(".", "-")
    stays = {MONDAY + DAY * n: code.strip("-") for n, code in enumerate(row) if n != 15}
    for hours, asked in ((40, True), (44, False)):
        had = ExtraBasis(elsewhere={MONDAY - 2 * DAY: Extra(0, hours * 60)})
        of = ward(
            Ann={"away": frozenset({day})}, Dag={"due_minutes": 7 * 480, "extra": had, "fixed": stays},
            Bo={"fixed": {day: ""}}, Cim={"kinds": frozenset("E")},
        )  # fmt: skip
        repair = roster_repair(of, lines(WARD), held=day)
        assert any(one.person == "Dag" for one in repair.changes) is asked
        judged = swedish_check(of, repair.assignments, overtime_band=BAND).broken
        assert "overtime_four_weeks" not in {one.rule for one in judged}
        people = {one.person: one for one in shift_candidates(of, lines(WARD), day, "D").people}
        assert people["Dag"].is_overtime is asked
        assert ("overtime_four_weeks" in {one.rule for one in people["Dag"].broken}) is not asked


def test_a_part_timer_s_hours_are_additional_time() -> None:
    """Half time: up to full time the cap is that of additional time, and shifts that stood at publication are none."""
    half = person("Ann", 4590, extra=ExtraBasis(full_minutes=9180))
    of = RosterPeriod(MONDAY, 4, (D,), (half,), (), hour_rules())
    plan = {"Ann": "DDDD... DDDD... DDDD... DDDD..."}
    rules = {one.rule: (one.found, one.limit) for one in swedish_check(of, lines(plan)).broken}
    assert rules == {
        "contract_most": (7680, 4590),
        "additional_four_weeks": (3090, 2880),
        "additional_month": (3090, 3000),
    }
    stood = {MONDAY + DAY * line.day: 480.0 for line in lines(plan)}
    as_published = replace(of, people=(replace(half, extra=ExtraBasis(full_minutes=9180, ordinary=stood)),))
    assert {one.rule for one in swedish_check(as_published, lines(plan)).broken} == {"contract_most"}


def test_what_is_worse_than_before() -> None:
    """A rule broken more often, or a sum passed by more, is worse; one that is as it was is not."""
    rest, more = Broken("daily_rest_gap", "Ann", MONDAY, 600, 660), Broken("contract_most", "Ann", MONDAY, 9700, 9180)
    assert rules_worse([rest, more], [rest, more]) == frozenset()
    assert rules_worse([rest], [rest, replace(rest, on=MONDAY + DAY)]) == {"daily_rest_gap"}
    assert rules_worse([more], [replace(more, found=9701)]) == {"contract_most"}
    assert rules_worse([more], [replace(more, person="Bo")]) == {"contract_most"}

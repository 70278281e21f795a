"""The coverage against its judge, and what must hold of any agreement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.strategies.agreement import START, STOP, demands, rules

from vardnara.engines.agreement import AgreementIndex, Coverage, Demand, Rule, coverage_check
from vardnara.engines.agreement.check import coverage_faults
from vardnara.engines.agreement.explain import holes_text
from vardnara.kernel.calendar import day_kind, days_between
from vardnara.kernel.local_time import STOCKHOLM

few_rules = st.lists(rules(), max_size=5)
few_demands = st.lists(demands, max_size=3)


def open_minutes(coverage: Coverage) -> set[tuple[str, date, int]]:
    """Every (task, date, minute) of the stretch that a hole names."""
    found = set()
    for day in days_between(START, STOP):
        today, before = day_kind(day).day_number, day_kind(day - timedelta(days=1)).day_number
        for hole in coverage.holes:
            here = hole.day == today and (not hole.after or before in hole.after)
            if here and (hole.valid_from or day) <= day and (hole.valid_to is None or day < hole.valid_to):
                found |= {(hole.task, day, minute) for minute in range(hole.start_minutes, hole.end_minutes)}
    return found


@settings(max_examples=60, deadline=None)
@given(few_rules, few_demands, st.booleans())
def test_the_judge_agrees(some: list[Rule], wanted: list[Demand], bounded: bool) -> None:
    """Every minute of eleven days around Easter, looked at as a stretch of its own or as part of all time."""
    options = {"since": START, "until": STOP} if bounded else {"since": date(2006, 1, 1)}
    coverage = coverage_check(some, wanted, **options)
    assert coverage_faults(coverage, some, wanted, START, STOP) == ()
    holes_text(coverage.holes)


@settings(max_examples=60, deadline=None)
@given(few_rules, rules(), few_demands)
def test_one_rule_more_never_makes_a_hole(some: list[Rule], one: Rule, wanted: list[Demand]) -> None:
    """Whatever it says: what had somebody still has."""
    before = coverage_check(some, wanted, since=START, until=STOP)
    after = coverage_check([*some, one], wanted, since=START, until=STOP)
    assert open_minutes(after) <= open_minutes(before)


@settings(deadline=None)
@given(st.lists(rules(), max_size=5).flatmap(lambda some: st.tuples(st.just(some), st.permutations(some))), few_demands)
def test_the_order_of_rules_does_not_matter(both: tuple[list[Rule], list[Rule]], wanted: list[Demand]) -> None:
    some, other = both
    assert coverage_check(some, wanted) == coverage_check(other, wanted[::-1])


@settings(max_examples=60, deadline=None)
@given(few_rules, few_demands, st.lists(st.datetimes(datetime(2026, 3, 30), datetime(2026, 4, 9, 23)), max_size=20))
def test_nobody_is_responsible_exactly_in_the_holes(
    some: list[Rule], wanted: list[Demand], instants: Iterable[datetime]
) -> None:
    """The answer at an instant and the list of holes never contradict each other."""
    missing = open_minutes(coverage_check(some, wanted, since=START, until=STOP))
    index = AgreementIndex(some)
    for naive in instants:
        local = naive.replace(tzinfo=UTC).astimezone(STOCKHOLM)
        if not START <= local.date() < STOP:
            continue
        for task in ("clean", "meal"):
            if (task, local.date(), local.hour * 60 + local.minute) in missing:
                assert index.responsible_at(task, "K31", naive.replace(tzinfo=UTC)) is None


@settings(deadline=None)
@given(st.lists(rules(), min_size=1, max_size=3), st.lists(demands, min_size=1, max_size=2))
def test_the_judge_sees_what_is_wrong(some: list[Rule], wanted: list[Demand]) -> None:
    """A hole left out, or one too many, is named."""
    coverage = coverage_check(some, wanted, since=START, until=STOP)
    if coverage.holes:
        fewer = replace(coverage, holes=coverage.holes[1:])
        assert coverage_faults(fewer, some, wanted, START, STOP)
        hole = coverage.holes[0]
        longer = replace(coverage, holes=(*coverage.holes, hole))
        assert coverage_faults(longer, some, wanted, START, STOP)

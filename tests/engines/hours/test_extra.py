"""Time beyond the contract: overtime, additional time, their caps; and a slow twin that knows only the sentences."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vardnara.engines.hours import Employment, Evened, Extra, ExtraCap, extra_room, extra_time, extra_uses, full_minutes
from vardnara.engines.hours.extra import extra_by_day
from vardnara.engines.hours.params import extra_caps

MONDAY, DAY = date(2026, 3, 2), timedelta(days=1)
H = 60
CAPS = extra_caps()


def on(n: int) -> date:
    return MONDAY + n * DAY


def test_a_shift_fills_the_contract_first() -> None:
    """Published 150 h of 153: of 8 h given later 3 h are ordinary; what is worked beyond the roster is all beyond."""
    stretch = Evened(153 * H, 153 * H, 150 * H, {on(3): 8 * H}, {on(1): 2 * H})
    assert extra_by_day(stretch) == {on(1): Extra(0, 2 * H), on(3): Extra(0, 5 * H)}
    assert extra_by_day(Evened(153 * H, 153 * H, 145 * H, {on(3): 8 * H})) == {}


def test_part_time_is_additional_until_full_time() -> None:
    """Half time: the first hours beyond the contract are additional time, those beyond full time are overtime."""
    days = {on(n): 8.0 * H for n in range(0, 20, 2)}
    found = extra_by_day(Evened(76 * H, 153 * H, 76 * H, days))
    assert sum(one.additional for one in found.values()) == 77 * H
    assert found[on(18)] == Extra(5 * H, 3 * H)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ({on(0): 24, on(27): 24}, {}),
        ({on(0): 24, on(27): 24.5}, {"overtime_four_weeks": (48.5, 48)}),
        ({on(0): 24, on(28): 24.5}, {}),  # the 30th: four weeks and a day apart, in one month
        ({on(0): 26, on(28): 24.5}, {"overtime_month": (50.5, 50)}),
        ({date(2026, 2, 28): 30, date(2026, 3, 1): 20}, {"overtime_four_weeks": (50, 48)}),
        ({date(2026, month, 1): 17 for month in range(1, 13)}, {"overtime_year": (204, 200)}),
        ({date(2025, 12, 31): 40, **{date(2026, month, 1): 16 for month in range(2, 13)}}, {}),
    ],
)
def test_each_cap(days: dict[date, float], expected: dict[str, tuple[float, float]]) -> None:
    """At the cap is within it; four weeks roll, months and years are the calendar's."""
    found = extra_time([Evened(0, 0, 0, {}, {day: n * H for day, n in days.items()})], CAPS)
    assert {one.rule: (one.found / H, one.limit / H) for one in found.breaches} == expected


def test_the_caps_are_dated_and_sourced() -> None:
    """Six caps, each by its source; those that STANDARDS could not verify say so; before its day a cap is none."""
    assert {(one.kind, one.over, one.minutes // H) for one in CAPS} == {
        (kind, over, hours)
        for kind in ("overtime", "additional")
        for over, hours in (("four_weeks", 48), ("month", 50), ("year", 200))
    }
    later = ExtraCap("overtime", "month", 0, on(40))
    assert extra_time([], [later], elsewhere={on(39): Extra(0, 1)}).breaches == ()
    assert len(extra_time([], [later], elsewhere={on(40): Extra(0, 1)}).breaches) == 1
    newer = [ExtraCap("overtime", "month", 50, on(0)), ExtraCap("overtime", "month", 70, on(10))]
    assert extra_time([], newer, elsewhere={on(12): Extra(0, 60)}).breaches == ()


def test_only_what_is_looked_at() -> None:
    """A cap that was passed last year says nothing of this year's days; memory counts for those that are looked at."""
    elsewhere = {on(-300): Extra(0, 60 * H), on(-5): Extra(0, 44 * H)}
    stretch = Evened(0, 0, 0, {on(3): 5 * H})
    found = extra_time([stretch], CAPS, elsewhere=elsewhere, of=[on(3)]).breaches
    assert [(one.rule, one.on, one.found / H) for one in found] == [("overtime_four_weeks", on(3), 49)]


def test_what_is_left() -> None:
    """The record of a day: used and left of the four weeks that end on it, of its month and year."""
    days = {on(-3): Extra(2 * H, 10 * H), on(2): Extra(0, 4 * H), on(60): Extra(0, 30 * H)}
    uses = {(one.kind, one.over): (one.minutes / H, one.left / H) for one in extra_uses(days, CAPS, on(5))}
    assert uses["overtime", "four_weeks"] == (14, 34)
    assert uses["overtime", "month"] == (4, 46)
    assert uses["overtime", "year"] == (44, 156)
    assert uses["additional", "year"] == (2, 198)


def test_full_time_in_place_of_contracts() -> None:
    """Two halves are full time; three quarters come to a third more; days away and days without contract to nothing."""
    half = Employment(0.5, 2295, False, MONDAY)
    assert full_minutes([half], MONDAY, on(28)) == 9180
    assert full_minutes([half, Employment(0.25, 2400, True, MONDAY)], MONDAY, on(28)) == round((4590 + 2400) / 0.75)
    assert full_minutes([half, half, half], MONDAY, on(7)) == round(3 * 2295 / 2), "more than full time stays as it is"
    assert full_minutes([half], MONDAY - 7 * DAY, on(7), lambda day: day == MONDAY) == round(6 * 2295 / 7)


def slowly(
    stretches: list[Evened], caps: tuple[ExtraCap, ...]
) -> tuple[Mapping[date, list[int]], set[tuple[str, int]]]:
    """Minute by minute: each is ordinary while the contract has room, additional up to full time, overtime after; then
    every stretch of four weeks, every month and every year is looked at, day after day.
    """
    days: dict[date, list[int]] = {}
    for one in stretches:
        worked = one.ordinary
        ordinary, additional = max(0, one.due - one.ordinary), 0
        for day in sorted({*one.added, *one.beyond}):
            for minute in range(int(one.added.get(day, 0)) + int(one.beyond.get(day, 0))):
                if minute < one.added.get(day, 0) and ordinary > 0:
                    ordinary -= 1
                    continue
                kind = 0 if max(one.due, worked) + additional < one.full else 1
                additional += kind == 0
                days.setdefault(day, [0, 0])[kind] += 1
    passed = set()
    first, last = min(days, default=MONDAY) - 30 * DAY, max(days, default=MONDAY) + 30 * DAY
    for n in range((last - first).days):
        day = first + n * DAY
        for place, kind in enumerate(("additional", "overtime")):
            sums = {
                "four_weeks": [d for d in days if day <= d <= day + 27 * DAY],
                "month": [d for d in days if (d.year, d.month) == (day.year, day.month)],
                "year": [d for d in days if d.year == day.year],
            }
            for cap in caps:
                total = sum(days[d][place] for d in sums[cap.over])
                if cap.kind == kind and total > cap.minutes:
                    passed.add((f"{kind}_{cap.over}", total))
    return days, passed


SMALL = tuple(ExtraCap(kind, over, n, date(2000, 1, 1)) for kind in ("additional", "overtime")
              for over, n in (("four_weeks", 48), ("month", 50), ("year", 100)))  # fmt: skip
MINUTES = st.dictionaries(st.integers(0, 27), st.integers(0, 40), max_size=5)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 90), st.integers(0, 60), st.integers(0, 90), MINUTES, MINUTES), max_size=3),
    st.sampled_from([MONDAY, date(2026, 12, 7)]),
)
def test_as_minute_by_minute(parts: list[tuple[int, int, int, dict[int, int], dict[int, int]]], first: date) -> None:
    """Kinds by day, which caps are passed and by how much at the worst: as the twin says, over a turn of the year."""
    stretches = [
        Evened(due, due + more, ordinary, {first + (28 * n + d) * DAY: m for d, m in added.items()},
               {first + (28 * n + d) * DAY: m for d, m in beyond.items()})
        for n, (due, more, ordinary, added, beyond) in enumerate(parts)
    ]  # fmt: skip
    days, passed = slowly(stretches, SMALL)
    found = extra_time(stretches, SMALL)
    assert {day: [one.additional, one.overtime] for day, one in found.days.items()} == days
    worst: dict[str, int] = {}
    for rule, total in passed:
        worst[rule] = max(total, worst.get(rule, 0))
    assert {rule: max(one.found for one in found.breaches if one.rule == rule) for rule in worst} == worst
    assert {one.rule for one in found.breaches} == set(worst)


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.integers(-40, 70), st.integers(0, 60), max_size=6), st.integers(0, 27), st.integers(0, 27),
    st.sampled_from([MONDAY, date(2026, 12, 7)]),
)  # fmt: skip
def test_room_passes_no_cap_wherever_it_is_used(had: dict[int, int], a: int, b: int, first: date) -> None:
    """What is said to be left can come on any day, or on two, and nothing is passed that was not."""
    elsewhere = {first + n * DAY: Extra(0, minutes) for n, minutes in had.items()}
    room = int(extra_room(elsewhere, SMALL, "overtime", first, first + 27 * DAY))
    more = {first + a * DAY: room // 2, first + b * DAY: room - room // 2}
    if a == b:
        more = {first + a * DAY: room}
    assert extra_time([Evened(0, 0, 0, more)], SMALL, elsewhere=elsewhere, of=list(more)).breaches == () or not room

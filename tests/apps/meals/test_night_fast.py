"""The night fast: known, unknown, ordered; across midnight and both clock changes (F-36)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vardnara.apps.meals.queries.night_fast import Served, morning_of, night_fast
from vardnara.kernel.local_time import local_to_utc

LIMIT = timedelta(hours=11)
AUTUMN, SPRING, PLAIN = date(2026, 10, 25), date(2026, 3, 29), date(2026, 5, 5)


def clock(on: date, hour: int, minute: int = 0, before: int = 0) -> datetime:
    return local_to_utc(datetime(on.year, on.month, on.day, hour, minute) - timedelta(days=before))


def night(on: date, *served: tuple[datetime, int | None], expected: datetime | None = None) -> tuple[str, float | None]:
    found = night_fast(
        [Served(*one) for one in served],
        split_at=clock(on, 5),
        expected_at=expected or clock(on, 8),
        limit=LIMIT,
    )
    return found.state, found.length.total_seconds() / 3600 if found.length is not None else None


@pytest.mark.parametrize(("on", "state", "hours"), [(PLAIN, "fine", 11), (AUTUMN, "long", 12), (SPRING, "fine", 10)])
def test_the_clock_changes(on: date, state: str, hours: float) -> None:
    """From nine in the evening to eight is eleven hours, twelve in autumn and ten in spring; eleven is not too long."""
    assert night(on, (clock(on, 21, before=1), 4), (clock(on, 8), 2)) == (state, hours)


def test_a_bite_after_midnight_counts() -> None:
    """What was eaten at one in the night is the last; what was left is not."""
    assert night(PLAIN, (clock(PLAIN, 17, before=1), 4), (clock(PLAIN, 1), 1), (clock(PLAIN, 8), 4)) == ("fine", 7)
    assert night(PLAIN, (clock(PLAIN, 17, before=1), 4), (clock(PLAIN, 1), 0), (clock(PLAIN, 8), 4)) == ("long", 15)


def test_what_nobody_noted_is_not_known() -> None:
    """The evening snack may have been eaten: neither long nor fine. Where it changes nothing, it does not matter."""
    dinner, snack, breakfast = clock(PLAIN, 17, before=1), clock(PLAIN, 21, before=1), clock(PLAIN, 7, 30)
    assert night(PLAIN, (dinner, 4), (snack, None), (breakfast, 4))[0] == "unknown"
    assert night(PLAIN, (dinner, 4), (snack, 2), (breakfast, None))[0] == "fine"
    assert night(PLAIN, (dinner, 4), (clock(PLAIN, 18, before=1), None), (breakfast, 4))[0] == "long"
    assert night(PLAIN, (dinner, None), (breakfast, 4)) == ("unknown", None)
    assert night(PLAIN) == ("unknown", None)


def test_the_evening_before() -> None:
    """Nothing eaten yet: the next meal that is planned decides, and noon turns to the coming night."""
    assert night(PLAIN, (clock(PLAIN, 17, before=1), 3)) == ("long", 15)
    assert night(PLAIN, (clock(PLAIN, 20, before=1), 3), expected=clock(PLAIN, 6)) == ("fine", 10)
    assert morning_of(clock(PLAIN, 11, 59)) == PLAIN
    assert morning_of(clock(PLAIN, 12)) == PLAIN + timedelta(days=1)


SERVED = st.lists(st.tuples(st.integers(0, 24 * 60), st.sampled_from([None, 0, 1, 4])), max_size=5)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(served=SERVED)
def test_certain_whatever_nobody_noted(served: list[tuple[int, int | None]]) -> None:
    """Long or fine holds however the unnoted trays were eaten; not known only where they differ or nothing is known."""
    start = clock(PLAIN, 12, before=1)

    def state(fill: int | None) -> str:
        rows = [Served(start + timedelta(minutes=m), fill if q is None else q) for m, q in served]
        split, expected = clock(PLAIN, 5), start + timedelta(hours=24, minutes=1)
        return night_fast(rows, split_at=split, expected_at=expected, limit=LIMIT).state

    found = state(None)
    if found in ("long", "fine"):
        assert state(0) in (found, "unknown") and state(4) == found

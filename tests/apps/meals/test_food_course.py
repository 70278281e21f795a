"""Food that is held hot or cools: the borders of F-41 to F-43, and what must hold of every course."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vardnara.apps.meals.queries.food_course import Measured, cooling, hot_holding
from vardnara.parameters.food_temperatures import temperature_limits

COOKED = datetime(2026, 3, 2, 10, tzinfo=UTC)
ORDER = ["safe", "quality", "reheat", "discard"]


def read(*rows: tuple[float, str]) -> list[Measured]:
    return [Measured(COOKED + timedelta(minutes=minutes), Decimal(celsius)) for minutes, celsius in rows]


def hot(at: float, *rows: tuple[float, str]) -> str:
    return hot_holding(COOKED, read(*rows), COOKED + timedelta(minutes=at)).value


@pytest.mark.parametrize(
    ("at", "rows", "result"),
    [
        (120, [(60, "60.0")], "safe"),
        (120.1, [(60, "60.0")], "quality"),
        (100, [(90, "59.9")], "reheat"),
        (150, [(150, "50.0")], "reheat"),
        (150.1, [(140, "55.0")], "discard"),
        (100, [(90, "49.9")], "discard"),
        (100, [(60, "49.9"), (90, "70.0")], "discard"),
        (30, [], "safe"),
    ],
)
def test_hot_holding(at: float, rows: list[tuple[float, str]], result: str) -> None:
    """The limits themselves are within."""
    assert hot(at, *rows) == result


@pytest.mark.parametrize(
    ("at", "rows", "result"),
    [
        (240, [(240, "8.0")], "safe"),
        (240.1, [(240.1, "8.0")], "discard"),
        (240, [(120, "40.0")], None),
        (240.1, [(120, "8.1")], "discard"),
        (500, [(200, "7.0")], "safe"),
        (10, [], None),
    ],
)
def test_cooling(at: float, rows: list[tuple[float, str]], result: str | None) -> None:
    """To 8 degrees within four hours, read in time."""
    found = cooling(COOKED, read(*rows), COOKED + timedelta(minutes=at))
    assert (found.value if found is not None else None) == result


ROWS = st.lists(
    st.tuples(st.integers(0, 200), st.sampled_from(["45", "49.9", "50", "55", "59.9", "60", "75"])), max_size=4
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=ROWS, at=st.integers(0, 200), later=st.integers(0, 100), worse=st.integers(0, 30))
def test_food_never_gets_better(rows: list[tuple[int, str]], at: int, later: int, worse: int) -> None:
    """Waiting, another reading and a lower temperature never turn what was worse into better."""
    now = ORDER.index(hot(at, *rows))
    assert ORDER.index(hot(at + later, *rows)) >= now
    assert ORDER.index(hot(at, *rows, (at, "58"))) >= now
    assert ORDER.index(hot(at, *[(m, str(Decimal(c) - worse)) for m, c in rows])) >= now
    if any(Decimal(celsius) < 60 for _, celsius in rows):
        assert hot(at, *rows) in ("reheat", "discard")


def test_every_limit_has_a_source() -> None:
    """F-40, F-41, F-43 as they are written in the standards."""
    held = {kind: (row.low, row.high) for kind, row in temperature_limits().items()}
    assert held["fridge"] == (None, 8) and held["freezer"] == (None, -18) and held["core"] == (72, None)
    assert all(row.evidence.source.startswith("STANDARDS F-4") for row in temperature_limits().values())

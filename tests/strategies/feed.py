"""Hospitals and orders for a feed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from vardnara.engines.feed import FeedBed, FeedHospital, FeedOrder, FeedPlace, FeedWard
from vardnara.engines.feed.data import KINDS


def ward_make(code: str, kind: str, beds: int, *, capacity: int = 1, staffed: int | None = None) -> FeedWard:
    """A ward of one room with that many places."""
    places = tuple(FeedBed(FeedPlace(code, "1", str(number), "H"), capacity) for number in range(1, beds + 1))
    return FeedWard(code, kind, places, "H", staffed)


def hospital_make() -> FeedHospital:
    """A small hospital with every kind of ward, mother and child included."""
    return FeedHospital(
        "H",
        (
            ward_make("A1", "inpatient", 12, staffed=10),
            ward_make("A2", "inpatient", 10),
            FeedWard("B1", "inpatient", ward_make("B1", "inpatient", 6, capacity=2).beds, "H", None, None, "F"),
            ward_make("E", "emergency", 4),
            ward_make("I", "intensive", 3),
            ward_make("O", "operating", 2),
            ward_make("D", "dialysis", 3),
        ),
    )


@st.composite
def hospitals(draw: st.DrawFn) -> FeedHospital:
    """Any hospital, odd ones included: no beds, no emergency department, one bed in all."""
    shapes = draw(
        st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 8), st.integers(1, 3)), min_size=0, max_size=7)
    )
    return FeedHospital(
        "H",
        tuple(
            ward_make(f"W{number}", kind, beds, capacity=capacity, staffed=draw(st.none() | st.integers(0, 9)))
            for number, (kind, beds, capacity) in enumerate(shapes)
        ),
    )


@st.composite
def orders(draw: st.DrawFn, days: int = 4) -> FeedOrder:
    """A short feed that begins at any moment of two years, changes of the clock included."""
    start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=draw(st.integers(0, 2 * 365 * 24 * 60)))
    return FeedOrder(
        draw(hospitals()), start, draw(st.integers(0, days)), draw(st.integers(0, 2**40)), warm=draw(st.booleans())
    )

"""Any agreement, any day."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from vardnara.engines.agenda import Entry, Need, WardDay, agenda_build
from vardnara.engines.agenda.check import agenda_faults
from vardnara.kernel.recurrence import Recurrence
from vardnara.kernel.time_window import TimeWindow
from vardnara.parameters.task_norms import Driver

DAYS = st.frozensets(st.integers(1, 9), min_size=1)
MINUTES = st.integers(0, 95).map(lambda quarter: quarter * 15)
WINDOWS = (
    st.tuples(MINUTES, MINUTES)
    .filter(lambda pair: pair[0] != pair[1])
    .map(lambda pair: TimeWindow(pair[0], pair[1] or 1440))
)
RECURRENCES = st.none() | st.builds(
    lambda every, days: Recurrence(f"FREQ=DAILY;INTERVAL={every}", date(2026, 1, 1) + timedelta(days=days)),
    st.integers(1, 9),
    st.integers(0, 30),
)
NEEDS = st.lists(
    st.builds(
        Need,
        st.integers(1, 3),
        st.integers(10, 12),
        st.booleans(),
        st.sampled_from(list(Driver)),
        st.just(5.0),
        st.just(2.0),
        st.lists(st.tuples(DAYS, WINDOWS, st.integers(1, 2)), max_size=1).map(tuple),
    ),
    unique_by=lambda need: (need.type_id, need.ward_id),
    max_size=6,
)
ENTRIES = st.lists(
    st.builds(
        Entry,
        st.integers(1, 999),
        st.integers(1, 3),
        st.integers(10, 12),
        st.sampled_from(["service", "care"]),
        DAYS,
        WINDOWS,
        RECURRENCES,
        st.integers(1, 4),
    ),
    unique_by=lambda entry: entry.line_id,
    max_size=8,
)
WARDS = st.lists(
    st.builds(
        lambda ward, beds: WardDay(ward, tuple(ward * 100 + bed for bed in sorted(beds)), 20, len(beds)),
        st.integers(10, 12),
        st.frozensets(st.integers(1, 5)),
    ),
    unique_by=lambda ward: ward.ward_id,
)
DATES = st.dates(date(2026, 1, 1), date(2027, 12, 31)) | st.sampled_from([date(2026, 3, 29), date(2026, 10, 25)])


@given(DATES, ENTRIES, NEEDS, WARDS, st.randoms())
def test_the_judge_accepts_every_day(on, entries, needs, wards, order) -> None:  # type: ignore[no-untyped-def]
    """Nothing that nobody asked for, nothing missing, and the order of the input does not matter."""
    agenda = agenda_build(on, entries, needs, wards)
    assert agenda_faults(agenda, entries, needs, wards) == ()
    for part in (entries, needs, wards):
        order.shuffle(part)
    assert agenda_build(on, entries, needs, wards) == agenda

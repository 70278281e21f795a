"""The feed by example."""

from __future__ import annotations

import tracemalloc
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from strategies.feed import hospital_make, ward_make
from vardnara.engines.feed import (
    FeedHospital,
    FeedOrder,
    FeedParams,
    FeedPlace,
    FeedPresent,
    feed_build,
    feed_check,
    feed_events,
)
from vardnara.engines.feed.check import NEVER
from vardnara.kernel.local_time import STOCKHOLM, day_bounds

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
QUIET = FeedParams(resent_share=0.0, delayed_share=0.0, late_record_share=0.0)


def order(days: int = 30, seed: int = 1, **changes: object) -> FeedOrder:
    return replace(FeedOrder(hospital_make(), MONDAY, days, seed), **changes)


def test_same_order_gives_the_same_events_and_another_seed_gives_others() -> None:
    """A feed can be repeated from its seed."""
    assert feed_build(order()) == feed_build(order())
    assert feed_build(order()).events != feed_build(order(seed=2)).events


def test_the_judge_accepts_a_long_feed_with_every_code() -> None:
    """Everything that a receiver must handle is in a feed, and none of it puts two people in one place."""
    result = feed_build(order(days=400))
    assert feed_check(result.events, hospital_make()) == ()
    expected = (
        "A01 A02 A03 A04 A05 A06 A07 A08 A11 A12 A13 A14 A15 A16 A17 A20 A21 A22 A23 A25 A26 A27 A28 A31 A38 A40 A52"
    )
    assert set(expected.split()) <= result.by_code.keys()


def test_a_warm_hospital_opens_with_most_staffed_beds_taken() -> None:
    """The demo does not begin with empty wards."""
    opening = [event for event in feed_events(order(days=0)) if not event.resent]
    assert all(event.code == "A01" and event.effect_at < MONDAY for event in opening)
    assert 0.8 * 29 <= len(opening) <= 29


def test_occupancy_stays_near_the_target() -> None:
    """A feed neither fills the hospital up nor drains it."""
    events = feed_build(order(days=120)).events
    lying: set[str] = set()
    shares = []
    for event in sorted(events, key=lambda one: (one.effect_at, one.serial)):
        if event.visit is None or event.resent:
            continue
        ward = event.visit.place.ward if event.visit.place else ""
        if event.code in {"A01", "A02", "A06"}:
            (lying.add if ward in {"A1", "A2", "B1"} else lying.discard)(event.visit.number)
        elif event.code in {"A03", "A07", "A11"}:
            lying.discard(event.visit.number)
        if event.effect_at > MONDAY + timedelta(days=20):
            shares.append(len(lying) / 26)
    assert 0.8 < sum(shares) / len(shares) < 1.15


def test_most_leave_between_ten_and_fifteen_and_fewer_at_the_weekend() -> None:
    """Discharges come when they come in a hospital, so that the cleaning work has its real shape."""
    events = feed_build(order(days=200), QUIET).events
    left = [
        event.effect_at.astimezone(STOCKHOLM)
        for event in events
        if event.code == "A03" and event.visit is not None and event.visit.patient_class == "I"
    ]
    assert sum(10 <= at.hour < 15 for at in left) / len(left) > 0.5
    by_day = Counter(at.weekday() for at in left)
    assert by_day[5] + by_day[6] < by_day[0] + by_day[1]


def test_a_bed_for_mother_and_child_holds_two_and_others_one() -> None:
    """A newborn lies in its mother's place."""
    events = feed_build(order(days=60)).events
    newborn = [event for event in events if event.code == "A01" and event.visit.patient.identifier.startswith("B")]
    assert newborn
    assert {event.visit.place.ward for event in newborn} == {"B1"}


def test_the_judge_sees_two_in_one_bed_and_one_in_two() -> None:
    """A judge that accepts everything would prove nothing."""
    events = list(feed_build(order(days=0), QUIET).events)
    first, second = events[0], events[1]
    crowded = second._replace(visit=second.visit._replace(place=first.visit.place))
    assert any("2 patients" in text for text in feed_check([first, crowded], hospital_make()))
    twin = second._replace(visit=second.visit._replace(patient=first.visit.patient))
    assert any("is in" in text for text in feed_check([first, twin], hospital_make()))
    nowhere = first._replace(visit=first.visit._replace(place=FeedPlace("A1", "9", "9", "H")))
    assert any("no place" in text for text in feed_check([nowhere], hospital_make()))


def test_the_judge_sees_a_cancel_of_nothing() -> None:
    """A12 must name a transfer that stands."""
    first = feed_build(order(days=0), QUIET).events[0]
    cancel = first._replace(
        serial=9999, code="A12", recorded_at=first.sent_at + timedelta(days=99), sent_at=NEVER - timedelta(days=1)
    )
    assert any("nothing to cancel" in text for text in feed_check([first, cancel], hospital_make()))


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)])
def test_days_of_23_and_25_hours_are_played_whole(day: date, hours: int) -> None:
    """The clock changes twice a year; a feed across it has the right hours and keeps its promises."""
    start = day_bounds(day - timedelta(days=1))[0]
    lively = replace(QUIET, emergency_by_hour=(1.0,) * 24)
    feed = FeedOrder(hospital_make(), start, 3, 5, warm=False)
    events = feed_build(feed, lively).events
    assert feed_check(events, hospital_make()) == ()
    begin, end = day_bounds(day)
    assert (end - begin) == timedelta(hours=hours)
    seen = set()
    for seed in range(30):
        for event in feed_events(replace(feed, seed=seed), lively):
            if event.code == "A04" and begin <= event.effect_at < end:
                seen.add((event.effect_at - begin) // timedelta(hours=1))
    assert seen == set(range(hours))


def test_a_feed_goes_on_from_those_who_lie_there() -> None:
    """After a restart the same patients leave, under their own visit numbers, and numbers do not collide."""
    mine = FeedPresent(FeedPlace("A1", "1", "1", "H"), MONDAY - timedelta(days=2), 7, 41)
    somebody = FeedPresent(FeedPlace("A1", "1", "2", "H"), MONDAY - timedelta(days=2))
    away = FeedPresent(FeedPlace("A2", "1", "1", "H"), MONDAY, 8, 42, on_leave=True)
    booked = FeedPresent(None, MONDAY, 9, 43, patient_class="P")
    corridor = FeedPresent(FeedPlace("E", facility="H"), MONDAY, 10, 44, patient_class="E")
    going = order(
        days=60,
        present=(mine, somebody, away, booked, corridor),
        patient_first=50,
        visit_first=60,
        serial_first=1000,
        taken=frozenset({FeedPlace("A2", "1", "2", "H")}),
    )
    events = feed_build(going, QUIET).events
    assert events[0].serial >= 1000
    assert events[0].effect_at >= MONDAY
    by_visit = {number: [e for e in events if e.visit and e.visit.number == number] for number in visit_numbers(41, 45)}
    assert [e.code for e in by_visit["V000000041"]][-1] in {"A03", "A07"}
    assert "A22" in [e.code for e in by_visit["V000000042"]]
    assert "A01" in [e.code for e in by_visit["V000000043"]]
    assert [e.code for e in by_visit["V000000044"]] == ["A03"]
    new = {e.visit.number for e in events if e.visit} - set(visit_numbers(41, 45))
    assert min(new) >= "V000000060"
    used = {e.visit.place for e in events if e.visit and e.visit.place and e.visit.place.bed}
    assert used.isdisjoint({FeedPlace("A1", "1", "2", "H"), FeedPlace("A2", "1", "2", "H")})


def visit_numbers(first: int, end: int) -> list[str]:
    return [f"V{number:09d}" for number in range(first, end)]


def test_recording_badly_does_not_change_what_happens() -> None:
    """Late, delayed and repeated messages tell of the same hospital as punctual ones."""
    punctual = feed_events(order(), QUIET)
    sloppy = feed_events(order(), FeedParams(resent_share=0.3, delayed_share=0.5, late_record_share=0.5))

    def happened(events: object) -> list[object]:
        unique = {one.serial: (one.serial, one.code, one.effect_at, one.visit) for one in events}
        return sorted(unique.values(), key=lambda one: one[0])

    assert happened(punctual) == happened(sloppy)


def test_memory_does_not_grow_with_the_length_of_the_feed() -> None:
    """A million messages can be made on a small machine."""
    small = FeedHospital("H", (ward_make("A1", "inpatient", 8), ward_make("E", "emergency", 4)))
    tracemalloc.start()
    try:
        events = feed_events(FeedOrder(small, MONDAY, 1_500, 1))
        held = []
        for _ in range(2):
            for _ in range(8_000):
                next(events)
            held.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    assert max(held) < 1_000_000
    assert held[1] - held[0] < 200_000


def test_an_assumption_outside_its_range_is_refused() -> None:
    """A typing error in a share does not make a feed."""
    with pytest.raises(ValueError, match="late_record_share"):
        FeedParams(late_record_share=3.0)
    with pytest.raises(ValueError, match="discharge_by_hour"):
        FeedParams(discharge_by_hour=(1.0,))


def test_a_place_twice_and_a_naive_start_are_refused() -> None:
    """What cannot be played is refused before it is played."""
    ward = ward_make("A1", "inpatient", 1)
    with pytest.raises(ValueError, match="twice"):
        FeedHospital("H", (ward, ward))
    with pytest.raises(ValueError, match="zone"):
        FeedOrder(hospital_make(), datetime(2026, 3, 2), 1, 1)

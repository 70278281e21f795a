"""Worked time: proposed, said, approved by another, corrected by new rows; what the database refuses."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from tests.strategies.refusals import refused
from tests.strategies.rostered import DAY, FIRST, SINCE, Rostered, rostered_set
from tests.strategies.stage import AT, stage_set

from vardnara.apps.staffing.models import Roster, WorkedPart, WorkedTime
from vardnara.apps.staffing.queries.worked_time import own_week, week_of, weeks_in_reach
from vardnara.apps.staffing.services import people
from vardnara.apps.staffing.services.people_words import ContractWords
from vardnara.apps.staffing.services.worked_parts import parts_of
from vardnara.apps.staffing.services.worked_time import (
    WorkedWords,
    as_rostered_approve,
    week_approve,
    worked_say,
    worked_take_back,
)
from vardnara.engines.hours import Duty, Span

AFTER = datetime(2026, 3, 30, 6, 0, tzinfo=UTC)
NOON = (time(11), time(11, 30))
LINES = {("ann", 0): "D", ("ann", 2): "K", ("ann", 5): "N", ("bo", 0): "K", ("cia", 1): "D", ("head", 3): "D"}


@pytest.fixture
def cast(db: None, settings: Any) -> Rostered:
    settings.DEMO = True
    return rostered_set(stage_set())


def say(
    cast: Rostered, roster: Roster | None, day: int, words: WorkedWords, name: str = "ann", **more: Any
) -> WorkedTime:
    return worked_say(
        person_id=cast.people[name].pk,
        on=FIRST + day * DAY,
        roster_id=roster.pk if roster else None,
        words=words,
        actor=more.get("actor") or cast.user(name),
        at=more.get("at", AFTER),
    )


def minutes(row: WorkedTime) -> dict[str, float]:
    found: dict[str, float] = {}
    for one in WorkedPart.objects.filter(worked=row):
        key = f"{one.sort}-{one.reason}" if one.reason else one.sort
        found[key] = found.get(key, 0) + (one.end_at - one.start_at).total_seconds() / 60
    return found


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (WorkedWords(time(7), time(15, 30), ((time(11), time(11, 30)),)), {"ordinary": 480}),
        (WorkedWords(time(7), time(15, 30), ((time(12), time(12, 30)),)), {"ordinary": 480}),
        (WorkedWords(time(7), time(15, 30), (), "", "Eva Chef"), {"ordinary": 480, "extra": 30}),
        (WorkedWords(time(7), time(15, 30), ((time(11), time(12)),), "leave"), {"ordinary": 450, "absent-leave": 30}),
        (WorkedWords(time(7, 20), time(15, 30), (NOON,), "late"), {"ordinary": 460, "absent-late": 20}),
        (WorkedWords(time(7), time(12), ((time(11), time(11, 30)),), "sick"), {"ordinary": 270, "absent-sick": 210}),
        (WorkedWords(time(6), time(17), ((time(11), time(11, 30)),), "", "Eva"), {"ordinary": 480, "extra": 150}),
        (WorkedWords(reason="sick"), {"absent-sick": 480}),
    ],
)  # fmt: skip
def test_what_is_said_is_held_against_the_roster(
    cast: Rostered, words: WorkedWords, expected: dict[str, float]
) -> None:
    """As rostered with a break that was moved, a break not taken, late, ill from noon, ordered time, not at all."""
    roster = cast.published(LINES)
    row = say(cast, roster, 0, words)
    assert minutes(row) == expected
    assert row.as_rostered == (expected == {"ordinary": 480})


def test_reasons_and_orders_are_asked_for(cast: Rostered) -> None:
    """Less needs a reason, more somebody who ordered it; not ahead, not nothing, not times that cannot be."""
    roster = cast.published(LINES)
    rest = ((time(11), time(11, 30)),)
    for words, code in (
        (WorkedWords(time(7, 20), time(15, 30), rest), "absent_why"),
        (WorkedWords(time(7), time(16), rest), "extra_ordered"),
        (WorkedWords(time(7), None, rest), "worked_times"),
        (WorkedWords(time(7), time(15, 30), ((time(15), time(16)),)), "worked_times"),
        (WorkedWords(time(7), time(15, 30), rest, contract_id=0), "unknown_contract"),
    ):
        with refused(code):
            say(cast, roster, 0, words)
    good = WorkedWords(time(7), time(15, 30), rest)
    with refused("worked_ahead"):
        say(cast, roster, 0, good, at=AT)
    with refused("worked_nothing"):
        say(cast, None, 1, WorkedWords(reason="sick"))
    with refused("unknown_shift"):
        say(cast, roster, 1, good)
    with refused("wrong_role"):
        say(cast, roster, 0, good, actor=cast.user("bo"))
    with refused("unknown_person"):
        say(cast, roster, 0, good, actor=cast.stage.outsider)
    assert not WorkedTime.objects.exists()


def test_the_night_of_the_clock_is_an_hour_shorter(cast: Rostered) -> None:
    """Saturday night before the spring change: proposed 8 hours; said to end an hour later by the clock, one more."""
    roster = cast.published(LINES)
    night = next(one for one in own_week(actor=cast.user("ann"), day=FIRST, at=AFTER).rows if one.code == "N")
    assert night.minutes == {"ordinary": 480}
    words = WorkedWords(time(21), time(7, 30), ((time(1), time(1, 30)),), "", "Eva")
    assert minutes(say(cast, roster, 5, words)) == {"ordinary": 480, "extra": 60}


def test_approved_by_another_and_never_changed(cast: Rostered) -> None:
    """The week is approved as proposed and as said; the database keeps it; a correction is a row of its own."""
    roster = cast.published(LINES)
    rest = ((time(11), time(11, 30)),)
    say(cast, roster, 0, WorkedWords(time(7), time(16), rest, "", "Eva Chef"))
    assert week_approve(person_id=cast.people["ann"].pk, day=FIRST, actor=cast.manager, at=AFTER) == 3
    assert week_approve(person_id=cast.people["ann"].pk, day=FIRST, actor=cast.manager, at=AFTER) == 0
    first = WorkedTime.objects.get(person=cast.people["ann"], on=FIRST)
    assert (first.state, first.approved_by_id) == ("approved", cast.manager.pk)
    for spoil in (
        lambda: WorkedTime.objects.filter(pk=first.pk).update(note="x"),
        lambda: WorkedTime.objects.filter(pk=first.pk).delete(),
        lambda: WorkedPart.objects.filter(worked=first).update(sort="extra"),
        lambda: WorkedPart.objects.filter(worked=first).first().delete(),
        lambda: WorkedPart.objects.create(worked=first, sort="extra", start_at=AT, end_at=AFTER),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            spoil()
    with refused("worked_is_approved"):
        worked_take_back(worked_id=first.pk, actor=cast.user("ann"), at=AFTER)
    fix = say(cast, roster, 0, WorkedWords(time(7), time(15, 45), rest, "", "Eva Chef"))
    assert (fix.number, fix.replaces_id, fix.state) == (2, first.pk, "said")
    again = say(cast, roster, 0, WorkedWords(time(7), time(15, 50), rest, "", "Eva Chef"))
    assert (again.number, again.replaces_id) == (2, first.pk), "what waits is replaced"
    worked_take_back(worked_id=again.pk, actor=cast.user("ann"), at=AFTER)
    row = own_week(actor=cast.user("ann"), day=FIRST, at=AFTER).rows[0]
    assert (row.id, row.state) == (first.pk, "approved")


def test_all_that_is_as_rostered_in_one_tap(cast: Rostered) -> None:
    """Everybody's ordinary shifts, not what somebody said otherwise or was away from, and not one's own."""
    roster = cast.published(LINES)
    say(cast, roster, 0, WorkedWords(time(14), time(21, 30), ((time(17), time(17, 30)),), "late"), name="bo")
    people.leave_add(
        person_id=cast.people["cia"].pk, kind="sick", from_on=FIRST + DAY, to_on=FIRST + 2 * DAY, actor=cast.planner,
        at=AFTER,
    )  # fmt: skip
    assert as_rostered_approve(day=FIRST, actor=cast.planner, at=AFTER) == 3
    assert set(WorkedTime.objects.filter(state="approved").values_list("person", flat=True)) == {cast.people["ann"].pk}
    with refused("own_time"):
        week_approve(person_id=cast.people["head"].pk, day=FIRST, actor=cast.planner, at=AFTER)
    assert week_approve(person_id=cast.people["cia"].pk, day=FIRST, actor=cast.planner, at=AFTER) == 1
    assert minutes(WorkedTime.objects.get(person=cast.people["cia"])) == {"absent-sick": 480}
    for name in ("head", "bo"):
        week_approve(person_id=cast.people[name].pk, day=FIRST, actor=cast.manager, at=AFTER)
    assert all(one.approved for one in weeks_in_reach(actor=cast.manager, day=FIRST, at=AFTER))


def test_who_may_approve(cast: Rostered) -> None:
    """A worker, a coordinator and an auditor not; a manager of another hospital finds nobody; not before the end."""
    cast.published(LINES)
    ann = cast.people["ann"].pk
    for role in ("service_worker", "coordinator", "auditor"):
        with refused("wrong_role"):
            week_approve(person_id=ann, day=FIRST, actor=cast.stage.users[role], at=AFTER)
    outsider = cast.stage.outsider
    outsider.role = "unit_manager"
    outsider.save()
    with refused("unknown_person"):
        week_approve(person_id=ann, day=FIRST, actor=outsider, at=AFTER)
    with refused("unknown_person"):
        week_of(actor=outsider, person_id=ann, day=FIRST, at=AFTER)
    monday = datetime(2026, 3, 23, 10, 0, tzinfo=UTC)
    assert week_approve(person_id=ann, day=FIRST, actor=cast.manager, at=monday) == 0


def test_two_contracts(cast: Rostered) -> None:
    """Time is counted on the largest contract of the day, or on the one that is chosen, as it was then."""
    ann = cast.people["ann"]
    words = [
        ContractWords(Decimal("0.25"), "weekdays", SINCE),
        ContractWords(Decimal("0.75"), "all_days", SINCE, FIRST + 2 * DAY),
    ]
    people.contracts_set(person_id=ann.pk, contracts=words, actor=cast.planner, at=AT)
    roster = cast.published({("ann", 0): "D", ("ann", 2): "D"})
    small = ann.contracts.get(share=Decimal("0.25"))
    chosen = WorkedWords(time(7), time(15, 30), ((time(11), time(11, 30)),), contract_id=small.pk)
    assert say(cast, roster, 0, chosen).measure == "weekdays"
    week_approve(person_id=ann.pk, day=FIRST, actor=cast.manager, at=AFTER)
    held = dict(WorkedTime.objects.values_list("on", "share"))
    assert held == {FIRST: Decimal("0.25"), FIRST + 2 * DAY: Decimal("0.25")}
    people.contracts_set(person_id=ann.pk, contracts=words[:1], actor=cast.planner, at=AT)
    assert WorkedTime.objects.filter(share=Decimal("0.25")).count() == 2


def test_a_changed_roster_is_told(cast: Rostered) -> None:
    """What was said of a shift stays when the roster changes afterwards, and says so."""
    roster = cast.published(LINES)
    say(cast, roster, 0, WorkedWords(reason="sick"))
    cast.give(roster, {("ann", 0): ""})
    row = own_week(actor=cast.user("ann"), day=FIRST, at=AFTER).rows[0]
    assert (row.moved, row.code, row.state) == (True, "D", "said")


def test_time_on_a_day_away_is_told(cast: Rostered) -> None:
    """Leave that is entered after the time was approved clashes with it; proposed time is away instead."""
    cast.published(LINES)
    ann = cast.people["ann"].pk
    monday = datetime(2026, 3, 23, 16, 0, tzinfo=UTC)
    assert week_approve(person_id=ann, day=FIRST, actor=cast.manager, at=monday) == 1
    people.leave_add(person_id=ann, kind="child", from_on=FIRST, to_on=FIRST + 3 * DAY, actor=cast.planner, at=AFTER)
    first, then, *_ = own_week(actor=cast.user("ann"), day=FIRST, at=AFTER).rows
    assert (first.clashes, then.clashes, then.minutes) == (True, False, {"absent": 480})


def test_the_pages(cast: Rostered, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker says a deviation on the phone, the head approves it; faulty times are told beside the field."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: AFTER)
    roster = cast.published(LINES)
    client = Client(headers={"accept-language": "en"})
    client.force_login(cast.user("ann"))
    ann = cast.people["ann"].pk
    assert "proposed by the schedule" in client.get("/mitt-schema/tid/?vecka=2026-03-23").text
    where = f"/arbetad-tid/{ann}/2026-03-23/{roster.pk}/"
    assert 'value="15:30"' in client.get(where).text
    sent = {"start": "07:00", "end": "16:15", "breaks": "11.00-11.30", "reason": "", "ordered_by": "", "note": ""}
    faulty = client.post(where, sent)
    assert (faulty.status_code, "who ordered it" in faulty.text) == (422, True)
    assert "such as 11:00" in client.post(where, sent | {"breaks": "11"}).text
    kept = client.post(where, sent | {"ordered_by": "Eva Chef"}, follow=True).text
    assert "Ordered by Eva Chef" in kept and "waits for approval" in kept
    extra = {"on": "2026-03-24", "start": "08:00", "end": "10:00", "breaks": "", "ordered_by": "Eva", "note": ""}
    assert "without a shift" in client.post(f"/arbetad-tid/{ann}/utan-pass/?vecka=2026-03-23", extra, follow=True).text
    assert client.get(f"/arbetad-tid/{cast.people['bo'].pk}/2026-03-23/{roster.pk}/").status_code == 404
    client.force_login(cast.planner)
    assert "Approve the 4 shifts" in client.get("/arbetad-tid/?vecka=2026-03-23").text
    done = client.post("/arbetad-tid/godkann/?vecka=2026-03-23", {"person": ann}, follow=True).text
    assert "4 shifts are approved" in done


EDGE = st.integers(0, 200)


@st.composite
def duties(draw: Any) -> Duty:
    """A shift with up to two breaks, in steps of ten minutes."""
    edges = sorted(draw(st.sets(EDGE, min_size=2, max_size=6)))
    edges = edges[: len(edges) // 2 * 2]
    at = [datetime(2026, 3, 28, 6, tzinfo=UTC) + timedelta(minutes=10 * one) for one in edges]
    inner = at[1:-1]
    return Duty(Span(at[0], at[-1]), tuple(Span(a, b) for a, b in zip(inner[::2], inner[1::2], strict=True)))


@given(st.none() | duties(), st.none() | duties())
def test_no_minute_is_lost_or_counted_twice(planned: Duty | None, worked: Duty | None) -> None:
    """Worked is ordinary and beyond; rostered is ordinary and not worked; no two stretches overlap."""
    parts = parts_of(planned, worked)
    spans = sorted((one.span.start, one.span.end) for one in parts if one.sort != "absent")
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))
    total = {
        sort: sum(one.span.minutes for one in parts if one.sort == sort) for sort in ("ordinary", "extra", "absent")
    }
    assert total["ordinary"] + total["extra"] == (worked.minutes if worked else 0)
    assert total["ordinary"] + total["absent"] == (planned.minutes if planned else 0)


def test_the_same_is_as_rostered() -> None:
    """Whoever works what is rostered has ordinary time alone."""
    day = date(2026, 3, 28)
    at = datetime.combine(day, time(6), tzinfo=UTC)
    duty = Duty(Span(at, at + timedelta(hours=8)), (Span(at + timedelta(hours=4), at + timedelta(hours=4.5)),))
    assert [(one.sort, one.span) for one in parts_of(duty, duty)] == [("ordinary", one) for one in duty.worked]

"""The calendar behind a secret address, read by a parser that is not ours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from tests.strategies.refusals import refused
from tests.strategies.rostered import FIRST, Rostered, rostered_set
from tests.strategies.stage import AT, stage_set

from vardnara.apps.accounts.models import AccessLog
from vardnara.apps.staffing.models import CalendarLink
from vardnara.apps.staffing.queries.calendars import calendar_of, own_link
from vardnara.apps.staffing.services.calendar_links import (
    MOST_READINGS,
    link_make,
    link_read,
    link_revoke,
    link_revoke_of,
)
from vardnara.gateways.icalendar import CalendarEvent, calendar_text


@pytest.fixture
def cast(db: None, settings: Any) -> Rostered:
    settings.DEMO = True
    return rostered_set(stage_set())


def read(cast: Rostered, name: str) -> dict[str, tuple[str, int, datetime, datetime]]:
    """Status, sequence and times by uid, as another's parser understands the feed."""
    token = link_make(actor=cast.user(name), at=AT)
    answer = Client().get(f"/kalender/{token}.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = icalendar.Calendar.from_ical(answer.content)
    assert not calendar.errors
    found = {}
    for event in calendar.walk("VEVENT"):
        assert not event.errors
        found[str(event["UID"])] = (
            str(event["STATUS"]),
            int(event["SEQUENCE"]),
            event.decoded("DTSTART"),
            event.decoded("DTEND"),
        )
    return found


def test_shifts_keep_their_uid_and_gone_ones_are_cancelled(cast: Rostered, monkeypatch: pytest.MonkeyPatch) -> None:
    """A change keeps the uid and grows the sequence; a shift that goes is cancelled; one that comes back lives."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)
    roster = cast.published({("ann", 0): "D", ("ann", 2): "K", ("bo", 0): "K"})
    first = read(cast, "ann")
    assert sorted((status, n) for status, n, *_ in first.values()) == [("CONFIRMED", 0)] * 2
    cast.give(roster, {("ann", 0): "K", ("ann", 2): ""})
    then = read(cast, "ann")
    assert then.keys() == first.keys()
    day, gone = sorted(then, key=lambda uid: then[uid][2])
    assert then[day][:2] == ("CONFIRMED", 1)
    assert then[day][2] == datetime(2026, 3, 23, 12, 0, tzinfo=UTC)
    assert then[gone][:2] == ("CANCELLED", 1)
    cast.give(roster, {("ann", 2): "D"})
    assert read(cast, "ann")[gone][:2] == ("CONFIRMED", 2)


def test_the_night_of_the_clock(cast: Rostered, monkeypatch: pytest.MonkeyPatch) -> None:
    """A night over the spring change is told by its instants: eight and a half hours of the clock's nine and a half."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)
    cast.published({("ann", 5): "N"})
    [(_, _, start, end)] = read(cast, "ann").values()
    assert (start, end - start) == (datetime(2026, 3, 28, 20, 0, tzinfo=UTC), timedelta(hours=8.5))


def test_one_address_at_a_time(cast: Rostered) -> None:
    """A new address ends the old; a revoked one, another's word and none are not found; only a digest is kept."""
    cast.published({("ann", 0): "D"})
    one = link_make(actor=cast.user("ann"), at=AT)
    two = link_make(actor=cast.user("ann"), at=AT)
    assert one not in str(list(CalendarLink.objects.values()))
    client = Client()
    assert client.get(f"/kalender/{one}.ics").status_code == 404
    answer = client.get(f"/kalender/{two}.ics")
    assert answer.status_code == 200
    again = client.get(f"/kalender/{two}.ics", headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    link = own_link(actor=cast.user("ann"))
    assert link is not None and link.n_read == 2
    link_revoke(actor=cast.user("ann"), at=AT)
    assert client.get(f"/kalender/{two}.ics").status_code == 404
    assert link_read(token=two, at=AT) is None
    assert client.get("/kalender/x.ics").status_code == 404


def test_whoever_plans_ends_an_address(cast: Rostered) -> None:
    """A lost phone's address is ended by the head of unit too, and that is written down; others find nobody."""
    cast.published({("ann", 0): "D"})
    ann = cast.people["ann"].pk
    token = link_make(actor=cast.user("ann"), at=AT)
    with refused("wrong_role"):
        link_revoke_of(person_id=ann, actor=cast.user("bo"), at=AT)
    with refused("unknown_person"):
        link_revoke_of(person_id=ann, actor=cast.stage.outsider, at=AT)
    assert Client().get(f"/kalender/{token}.ics").status_code == 200
    client = Client(headers={"accept-language": "en"})
    client.force_login(cast.manager)
    assert "End the address" in client.get(f"/medarbetare/{ann}/").text
    assert "holds no longer" in client.post(f"/medarbetare/{ann}/kalender/ater/", follow=True).text
    assert Client().get(f"/kalender/{token}.ics").status_code == 404
    assert CalendarLink.objects.get().revoked_by == cast.manager
    logged = AccessLog.objects.filter(object_type="calendar_link", object_id=str(ann))
    assert list(logged.values_list("actor", "action")) == [(cast.manager.pk, "write")]
    assert "There is no address" in client.post(f"/medarbetare/{ann}/kalender/ater/", follow=True).text
    assert logged.count() == 1
    assert client.post("/medarbetare/999999/kalender/ater/").status_code == 404


def test_an_address_is_read_within_reason(cast: Rostered, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond sixty readings in an hour it is told to wait; after the hour it is answered again, others all the time."""
    now = [AT]
    monkeypatch.setattr("django.utils.timezone.now", lambda: now[0])
    token, other = (link_make(actor=cast.user(name), at=AT) for name in ("ann", "bo"))
    for _ in range(MOST_READINGS - 1):
        link_read(token=token, at=AT)
    client = Client()
    assert client.get(f"/kalender/{token}.ics").status_code == 200
    late = client.get(f"/kalender/{token}.ics")
    assert (late.status_code, late["Retry-After"]) == (429, "3600")
    assert client.get(f"/kalender/{other}.ics").status_code == 200
    link = own_link(actor=cast.user("ann"))
    assert link is not None and link.n_read == MOST_READINGS
    now[0] = AT + timedelta(hours=1)
    assert client.get(f"/kalender/{token}.ics").status_code == 200


def test_nobody_else_s_shifts(cast: Rostered) -> None:
    """A draft shows nothing, and a calendar holds its owner's shifts alone."""
    draft = cast.draft()
    cast.give(draft, {("ann", 0): "D", ("bo", 1): "K"})
    assert calendar_of(person_id=cast.people["ann"].pk, at=AT) == []
    roster = cast.published({("ann", 0): "D", ("bo", 1): "K"}, first=FIRST + timedelta(weeks=4))
    [own] = calendar_of(person_id=cast.people["ann"].pk, at=AT)
    assert (own.on, own.code) == (roster.first_on, "D")


def test_the_page_shows_the_address_once(cast: Rostered) -> None:
    """Made, shown, not shown again, revoked."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(cast.user("ann"))
    made = client.post("/mitt-schema/kalender/", {"deed": "ny"}).text
    address = made.split('class="secret">')[1].split("<")[0]
    assert client.get(address.removeprefix("http://testserver")).status_code == 200
    assert "/kalender/" not in client.get("/mitt-schema/kalender/").text.replace("/mitt-schema/kalender/", "")
    assert "holds no longer" in client.post("/mitt-schema/kalender/", {"deed": "ater"}, follow=True).text


TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=120)


@given(TEXT, TEXT, TEXT)
def test_whatever_text_is_read_back(summary: str, place: str, more: str) -> None:
    """Commas, semicolons, backslashes, emoji at a line's end: the parser reads what was written, lines stay short."""
    at = datetime(2026, 3, 5, 9, tzinfo=UTC)
    event = CalendarEvent("1@x", 0, at, at + timedelta(hours=1), at, summary, place, f"{more}\n{summary}")
    text = calendar_text(more, [event])
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    [read_back] = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert str(read_back["SUMMARY"]) == summary
    assert str(read_back.get("LOCATION", "")) == place
    assert str(read_back.get("DESCRIPTION", "")) == f"{more}\n{summary}"

"""The own schedule: what is published, hours by the clock, what changed since, and only one's own."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from tests.strategies.refusals import refused
from tests.strategies.rostered import DAY, FIRST, Rostered, rostered_set
from tests.strategies.stage import AT, stage_set

from vardnara.apps.staffing.queries.schedule import own_schedule
from vardnara.apps.staffing.services import people
from vardnara.apps.staffing.services.rosters import roster_publish


@pytest.fixture
def cast(db: None, settings: Any) -> Rostered:
    settings.DEMO = True
    return rostered_set(stage_set())


def test_only_what_is_published_is_seen(cast: Rostered) -> None:
    """A draft is the planners' alone; once published the next shift stands there with who is on it too."""
    draft = cast.draft()
    cast.give(draft, {("ann", 0): "D", ("bo", 0): "D", ("cia", 0): "K", ("bo", 1): "D"})
    seen = own_schedule(actor=cast.user("ann"), first=FIRST, weeks=4, at=AT)
    assert (seen.next, seen.published_to) == (None, None)
    roster_publish(roster_id=draft.pk, actor=cast.planner, at=AT)
    seen = own_schedule(actor=cast.user("ann"), first=FIRST, weeks=4, at=AT)
    assert seen.next is not None
    assert (seen.next.on, seen.next.code, seen.next.beside) == (FIRST, "D", ("Bo", "Cia"))
    assert seen.published_to == FIRST + 27 * DAY
    late = datetime(2026, 3, 23, 15, 0, tzinfo=UTC)
    assert own_schedule(actor=cast.user("ann"), first=FIRST, weeks=1, at=late).next is None


def test_hours_are_those_of_the_clock(cast: Rostered) -> None:
    """A night of the spring change is an hour shorter; the contract's mean is without days away."""
    cast.published({("ann", 4): "N", ("bo", 5): "N"})
    for name, hours in (("ann", 9), ("bo", 8)):
        week = own_schedule(actor=cast.user(name), first=FIRST, weeks=1, at=AT).weeks[0]
        assert (week.minutes / 60, week.due_minutes) == (hours, 2295)
    people.leave_add(
        person_id=cast.people["ann"].pk, kind="vacation", from_on=FIRST, to_on=FIRST + 2 * DAY, actor=cast.planner,
        at=AT,
    )  # fmt: skip
    week = own_schedule(actor=cast.user("ann"), first=FIRST, weeks=1, at=AT).weeks[0]
    assert (week.due_minutes, week.days[0].leave) == (round(2295 * 5 / 7), "vacation")


def test_changes_since_publication_are_marked(cast: Rostered) -> None:
    """Another shift, a new one and one that is gone; back to what it was is no change."""
    roster = cast.published({("ann", 0): "D", ("ann", 2): "D", ("ann", 4): "D"})
    cast.give(roster, {("ann", 0): "K", ("ann", 3): "D", ("ann", 4): ""})
    cast.give(roster, {("ann", 2): ""})
    cast.give(roster, {("ann", 2): "D"})
    days = own_schedule(actor=cast.user("ann"), first=FIRST, weeks=1, at=AT).weeks[0].days
    said = {day.on.day: day.change.code for day in days if day.change}
    assert said == {23: "D", 26: "", 27: "D"}


def test_the_pages(cast: Rostered) -> None:
    """Shifts, holidays by name and marks on the page; who is not rostered is told so; an outsider sees no one's."""
    cast.published({("ann", 0): "D", ("ann", 12): "K"})
    client = Client(headers={"accept-language": "en"})
    client.force_login(cast.user("ann"))
    page = client.get(f"/mitt-schema/?fran={FIRST}").text
    assert "Your next shift" in page or "No shift is published" in page
    for words in ("Week 13", "13:00", "Good Friday", "Easter Eve", "8 h"):
        assert words in page, words
    month = client.get("/mitt-schema/manad/?manad=2026-04").text
    assert "April 2026" in month and "Easter Monday" in month
    for who in ("auditor", "controller"):
        client.force_login(cast.stage.users[who])
        assert "not among those who are rostered" in client.get("/mitt-schema/").text
    with refused("not_rostered"):
        own_schedule(actor=cast.stage.outsider, first=FIRST, weeks=1, at=AT)


def test_whoever_is_rostered_finds_their_schedule(cast: Rostered) -> None:
    """In the navigation, whatever the role; not of who has no row among the people."""
    client = Client()
    for user, there in ((cast.planner, True), (cast.manager, False)):
        client.force_login(user)
        assert ('href="/mitt-schema/"' in client.get("/medarbetare/").text) is there

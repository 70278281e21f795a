"""The pages of rosters: a group from nothing to a published roster, typed by form; files; curves; who sees nothing."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from tests.strategies.rostered import DAY, FIRST, draft, give, group_make, person
from tests.strategies.stage import AT, Stage, stage_set

from vardnara.apps.staffing.models import (
    Allocation,
    AllocationPoint,
    Roster,
    RosterGroup,
    RosterNeed,
    RosterShift,
    ShiftKind,
    StandardNeed,
    Wish,
)
from vardnara.apps.staffing.services.demo_people import demo_people_load
from vardnara.apps.staffing.services.demo_rosters import demo_rosters_load
from vardnara.apps.staffing.services.rosters import roster_publish
from vardnara.kernel.local_time import local_date

PART = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def stage(db: None, settings: Any) -> Stage:
    settings.DEMO = True
    return stage_set()


@pytest.fixture
def head(stage: Stage) -> Client:
    client = Client()
    client.force_login(stage.users["service_head"])
    return client


def test_from_nothing_to_a_draft(stage: Stage, head: Client) -> None:
    """A group, a shift with a break, needs and a draft, each by its form; what is wrong is told and loses nothing."""
    person(stage, 1)
    assert "Börja med en grupp" in head.get("/schema/").content.decode()
    made = head.post("/schema/grupp/ny/", {"name": "Kirurgi", "wards": [stage.ward.pk], "day_break": "19:30"})
    group = RosterGroup.objects.get()
    assert (made.url, group.day_break) == (f"/schema/grupp/{group.pk}/", 1170)
    said = {"pass-code": "d", "pass-name": "Dag", "pass-begins": "07:00", "pass-ends": "15:30", "pass-breaks": "elva"}
    wrong = head.post(f"/schema/grupp/{group.pk}/pass/", said)
    assert wrong.status_code == 422 and "”elva” är ingen rast" in wrong.content.decode()
    head.post(f"/schema/grupp/{group.pk}/pass/", {**said, "pass-breaks": "10.30-11.00"})
    kind = ShiftKind.objects.get()
    assert (kind.code, kind.start, kind.end, kind.breaks) == ("D", 420, 930, [[630, 660]])
    long = head.post(f"/schema/grupp/{group.pk}/pass/", {**said, "pass-ends": "20:30", "pass-breaks": "11:00-12:00"})
    assert "högst fem timmar utan rast" in long.content.decode()
    head.post(f"/schema/grupp/{group.pk}/behov/", {f"n{kind.pk}_mon": "2", f"n{kind.pk}_holiday": "1"})
    assert dict(StandardNeed.objects.values_list("day", "wanted")) == {"mon": 2, "holiday": 1}
    tuesday = head.post(f"/schema/grupp/{group.pk}/utkast/", {"first_on": "2026-03-31", "weeks": "2"})
    assert tuesday.status_code == 422 and "Ett schema börjar på en måndag." in tuesday.content.decode()
    head.post(f"/schema/grupp/{group.pk}/utkast/", {"first_on": "2026-03-30", "weeks": "2"})
    roster = Roster.objects.get()
    # Good Friday and Easter Monday are holidays of their own; the first Monday is a Monday
    wanted = {one.on.isoformat(): one.wanted for one in RosterNeed.objects.filter(roster=roster)}
    assert wanted == {"2026-03-30": 2, "2026-04-03": 1, "2026-04-06": 1}
    page = head.get(f"/schema/{roster.pk}/").content.decode()
    assert "4</b> obemannade" in page and "Långfredagen" in page


def test_a_day_is_typed_locked_and_undone(stage: Stage, head: Client) -> None:
    """What the grid's script sends: the answer has the parts with the shift, the rule that it breaks, and the cover."""
    one = person(stage, 1)
    group, kinds = group_make(stage)
    roster = draft(stage, group, weeks=1)
    at = f"/schema/{roster.pk}/"
    words = {"person": one.pk, "on": FIRST.isoformat()}
    head.post(f"{at}satt/", {**words, "kind": kinds["K"].pk}, **PART)
    second = {"person": one.pk, "on": (FIRST + DAY).isoformat(), "kind": kinds["D"].pk}
    part = head.post(f"{at}satt/", second, **PART).content.decode()
    assert 'id="roster-grid"' in part and "mindre än 11 timmars vila mellan två pass" in part
    assert 'popovertarget="publish" disabled' in part, "nothing is published while a rule is broken"
    head.post(f"{at}las/", {**words, "locked": "1"}, **PART)
    assert RosterShift.objects.get(on=FIRST).is_fixed
    head.post(f"{at}angra/", {}, **PART)
    assert not RosterShift.objects.filter(on=FIRST + DAY).exists()
    day = head.get(f"{at}dag/{one.pk}/{FIRST + DAY}/", **PART).content.decode()
    assert day.count("▲") == 2 and "Ge ett pass" in day, "a day after an evening breaks the rest twice"
    assert head.get(f"{at}dag/{one.pk}/2027-01-01/").status_code == 404
    head.post(f"{at}behov/", {"kind": kinds["D"].pk, "on": FIRST.isoformat(), "wanted": "7"}, **PART)
    assert "0/7" in head.get(f"{at}delar/").content.decode()


def test_a_refused_change_names_the_rule(stage: Stage, head: Client) -> None:
    """Of somebody far down the register too: what may not be is told by name, and nothing is changed."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER SEQUENCE staffing_person_id_seq RESTART WITH 100000")
        cursor.execute("ALTER SEQUENCE staffing_shiftkind_id_seq RESTART WITH 100000")
    one, weekdays = person(stage, 1), person(stage, 2, measure="weekdays")
    group, kinds = group_make(stage)
    roster = draft(stage, group, weeks=1)
    give(stage, roster, one, FIRST, kinds["K"])
    roster_publish(roster_id=roster.pk, actor=stage.users["service_head"], at=AT)
    at = f"/schema/{roster.pk}/"
    said = {"person": one.pk, "on": (FIRST + DAY).isoformat(), "kind": kinds["D"].pk}
    assert "för kort vila mellan två pass" in head.post(f"{at}satt/", said, follow=True).text
    assert RosterShift.objects.filter(roster=roster).count() == 1
    for wrong in ({"kind": "²"}, {"person": "²"}, {"person": "9" * 40}, {"kind": "9" * 40}):
        assert head.post(f"{at}satt/", said | wrong).status_code == 404
    assert head.post(f"{at}behov/", {"kind": kinds["D"].pk, "on": FIRST.isoformat(), "wanted": "2"}).status_code == 302
    saturday = head.get(f"{at}pass/{kinds['D'].pk}/{FIRST + 5 * DAY}/", **PART).text
    assert f"<b>{weekdays.name}</b>: anställd för vardagar" in saturday
    assert head.get(f"{at}pass/{kinds['D'].pk}/2027-01-01/").status_code == 404


def test_published_late_takes_a_reason_by_form(stage: Stage, head: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The form asks for it, the list shows the roster as published, and the history who did what."""
    one = person(stage, 1)
    group, kinds = group_make(stage)
    monday = local_date(AT) - timedelta(days=local_date(AT).weekday())
    roster = draft(stage, group, weeks=1, first=monday)
    give(stage, roster, one, monday, kinds["D"])
    at = f"/schema/{roster.pk}/"
    assert "inte" in head.post(f"{at}publicera/", {"reason": ""}, follow=True).content.decode()
    roster.refresh_from_db()
    assert roster.state == "draft"
    head.post(f"{at}publicera/", {"reason": "Avdelningen öppnar tidigare"})
    roster.refresh_from_db()
    assert (roster.state, roster.reason) == ("published", "Avdelningen öppnar tidigare")
    assert "Publicerat" in head.get("/schema/").content.decode()
    give(stage, roster, one, monday, None, reason="Fel dag")
    history = head.get(f"{at}andringar/").content.decode()
    assert "Fel dag" in history and "efter publiceringen" in history


def test_files_hold_what_the_page_shows(stage: Stage, head: Client) -> None:
    """A line for each shift in CSV; a workbook that opens."""
    one = person(stage, 1)
    group, kinds = group_make(stage)
    roster = draft(stage, group, weeks=1)
    give(stage, roster, one, FIRST, kinds["D"])
    text = head.get(f"/schema/{roster.pk}/schema.csv").content.decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(text), delimiter=";")
    assert (row["name"], row["day"], row["shift"], row["from"], row["minutes"]) == (
        one.name,
        FIRST.isoformat(),
        "D",
        "07:00",
        "480",
    )
    assert head.get(f"/schema/{roster.pk}/schema.xlsx").content[:2] == b"PK"
    assert head.get(f"/schema/{roster.pk}/schema.pdf").status_code == 404


def test_shifts_and_needs_from_a_curve(stage: Stage, head: Client) -> None:
    """A point's days of work become kinds with their breaks, and its people the standard needs."""
    group, _ = group_make(stage)
    curve = Allocation.objects.create(
        hospital_id=group.hospital_id, asked_by=stage.users["controller"], asked_at=AT, whose="all", zoned_by="ward",
        service_level=Decimal("0.8"), n_most=3, state="done", ended_at=AT,
        basis={"zones": [{"zone": stage.ward.code, "name": stage.ward.name, "wards": [stage.ward.code]}], "days": []},
    )  # fmt: skip
    shifts = [{"zone": stage.ward.code, "day": "sat", "shape": "evening", "window": "12:30-21:00", "people": 3}]
    AllocationPoint.objects.create(allocation=curve, n_posts=2, row={"shifts": shifts})
    at = f"/schema/grupp/{group.pk}/fran-kurva/"
    assert "Kurvan har inte" in head.post(at, {"curve": curve.pk, "n_posts": "3"}, follow=True).content.decode()
    head.post(at, {"curve": curve.pk, "n_posts": "2", "competences": ["cleaning"]})
    kind = ShiftKind.objects.get(group=group, code="K", ended_at__isnull=True)
    assert (kind.start, kind.end, kind.breaks, kind.ward_id) == (750, 1260, [[930, 960]], stage.ward.pk)
    assert [(one.kind_id, one.day, one.wanted) for one in StandardNeed.objects.all()] == [(kind.pk, "sat", 3)]


def test_wishes_and_others_see_nothing(stage: Stage, head: Client) -> None:
    """A wish is marked in the grid; another hospital's manager finds neither group nor roster."""
    one = person(stage, 1)
    group, _ = group_make(stage)
    roster = draft(stage, group, weeks=1)
    Wish.objects.create(person=one, on=FIRST, wanted=False, made_at=AT)
    assert "vill slippa" in head.get(f"/schema/{roster.pk}/").content.decode()
    other = Client()
    other.force_login(stage.outsider)
    for path in (f"/schema/{roster.pk}/", f"/schema/grupp/{group.pk}/", f"/schema/{roster.pk}/schema.csv"):
        assert other.get(path).status_code == 404


def test_the_demo_has_a_lawful_published_roster_and_a_draft(stage: Stage, head: Client) -> None:
    """Loaded once; the published one breaks no rule and holds today."""
    hospital = stage.ward.division.hospital_id
    demo_people_load(hospital_id=hospital, at=AT)
    assert demo_rosters_load(hospital_id=hospital, at=AT) and not demo_rosters_load(hospital_id=hospital, at=AT)
    first, second = Roster.objects.order_by("first_on")
    assert (first.state, second.state) == ("published", "draft")
    assert first.first_on <= local_date(AT) < first.to_on == second.first_on
    assert RosterShift.objects.filter(roster=first, in_force=True).count() > 50
    assert "0</b> regelbrott" in head.get(f"/schema/{first.pk}/").content.decode()

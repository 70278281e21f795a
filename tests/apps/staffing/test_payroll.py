"""Payroll's file: approved time only, its checksum, the same twice, later changes as corrections that add up."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from tests.strategies.refusals import refused
from tests.strategies.rostered import DAY, FIRST, Rostered, rostered_set
from tests.strategies.stage import stage_set

from vardnara.apps.accounts.models import AccessLog
from vardnara.apps.staffing.models import PayrollExport, Person, RosterShift, WorkedPart
from vardnara.apps.staffing.queries.payroll import lines_of, net_sent, payroll_month
from vardnara.apps.staffing.services import people
from vardnara.apps.staffing.services.payroll import payroll_export
from vardnara.apps.staffing.services.roster_groups import KindWords, kind_add
from vardnara.apps.staffing.services.worked_time import WorkedWords, week_approve, worked_say
from vardnara.engines.hours import Duty, Span, inconvenient_by_month
from vardnara.engines.hours.params import inconvenient_rules
from vardnara.kernel.local_time import day_bounds
from vardnara.parameters.working_hours import month_rounding

MONTH = date(2026, 3, 1)
AFTER = datetime(2026, 4, 7, 8, 0, tzinfo=UTC)
# Tuesday evening, the night of the spring change, the night into April, Good Friday's day
LINES = {("ann", 1): "K", ("ann", 5): "N", ("ann", 8): "N", ("bo", 0): "D", ("bo", 11): "D", ("cia", 2): "D"}


@pytest.fixture
def cast(db: None, settings: Any) -> Rostered:
    settings.DEMO = True
    return rostered_set(stage_set())


def approve(cast: Rostered, name: str) -> None:
    for week in (0, 7):
        week_approve(person_id=cast.people[name].pk, day=FIRST + week * DAY, actor=cast.manager, at=AFTER)


def rows(export: PayrollExport) -> list[dict[str, str]]:
    return list(csv.DictReader(export.text.splitlines(), delimiter=";"))


def make(cast: Rostered, month: date = MONTH) -> PayrollExport:
    return payroll_export(month=month, actor=cast.planner, at=AFTER)


def test_only_what_is_approved_with_its_minutes(cast: Rostered) -> None:
    """Evening, the night of the clock's change and the night into April, by day and category; the rest is named."""
    cast.published(LINES)
    approve(cast, "ann")
    export = make(cast)
    found = rows(export)
    told = {
        (row["day"], row["start"], row["end"]): (
            row["minutes"],
            {name: row[name] for name in ("A", "A_night", "B", "B_night", "C", "D") if row[name] != "0"},
        )
        for row in found
        if row["record"] == "time"
    }
    assert told == {
        ("2026-03-24", "13:00", "17:00"): ("240", {}),
        ("2026-03-24", "17:30", "21:30"): ("240", {"D": "150"}),
        ("2026-03-28", "21:00", "24:00"): ("180", {"B": "60", "B_night": "120"}),
        ("2026-03-29", "00:00", "01:00"): ("60", {"B_night": "60"}),
        ("2026-03-29", "01:30", "06:30"): ("240", {"B": "30", "B_night": "210"}),
        ("2026-03-31", "21:00", "24:00"): ("180", {"C": "120", "D": "60"}),
    }
    [total] = [row for row in found if row["record"] == "sum"]
    assert {name: total[name] for name in ("person", "day", "minutes", "B", "B_night", "C", "D")} == {
        "person": "101", "day": "2026-03", "minutes": "1140", "B": "90", "B_night": "390", "C": "120", "D": "210",
    }  # fmt: skip
    parts = WorkedPart.objects.filter(worked__person=cast.people["ann"], start_at__lt=day_bounds(date(2026, 3, 31))[1])
    duties = [Duty(Span(one.start_at, min(one.end_at, day_bounds(date(2026, 3, 31))[1]))) for one in parts]
    paid = inconvenient_by_month(duties, inconvenient_rules(), rounded_to=month_rounding())
    assert {category: minutes for (_, _, category), minutes in paid.items()} == {
        name: int(total[name]) for name in ("B", "B_night", "C", "D")
    }
    missing = {(row["person"], row["day"]) for row in found if row["line"] == "missing"}
    assert missing == {("102", "2026-03-23"), ("103", "2026-03-25")}
    april = {row["day"]: row["minutes"] for row in rows(make(cast, date(2026, 4, 1))) if row["record"] == "time"}
    assert april == {"2026-04-01": "300"}


def test_the_autumn_night_has_its_hour(cast: Rostered) -> None:
    """The hour that comes twice is worked twice: told as rostered it is, and the file's minutes have it."""
    first = date(2026, 10, 19)
    night = KindWords("N", "Natt", 1320, 1800, ((1530, 1560),))  # five hours at most without a break, that night too
    cast.kinds["N"] = kind_add(group_id=cast.group.pk, words=night, actor=cast.planner, at=AFTER)
    roster = cast.published({("ann", 5): "N"}, weeks=1, first=first)
    later = datetime(2026, 10, 27, 8, 0, tzinfo=UTC)
    words = WorkedWords(time(22), time(6), ((time(1, 30), time(2)),))
    ann = cast.people["ann"]
    said = worked_say(
        person_id=ann.pk, on=first + 5 * DAY, roster_id=roster.pk, words=words, actor=cast.user("ann"), at=later
    )
    assert said.as_rostered
    week_approve(person_id=ann.pk, day=first, actor=cast.manager, at=later)
    export = payroll_export(month=date(2026, 10, 1), actor=cast.planner, at=later)
    found = {(row["start"], row["end"]): row["minutes"] for row in rows(export) if row["record"] == "time"}
    assert found == {("22:00", "24:00"): "120", ("00:00", "01:30"): "90", ("02:00", "06:00"): "300"}


def test_checksum_and_twice_the_same(cast: Rostered) -> None:
    """The last line is the checksum of all before; a second file of nothing new is the first one."""
    cast.published(LINES)
    approve(cast, "ann")
    export = make(cast)
    body, _, end = export.text.rstrip("\r\n").rpartition("\r\n")
    word, n, digest = end.split(";")
    assert (word, int(n)) == ("end", len(body.split("\r\n")) - 1)
    assert digest == hashlib.sha256(f"{body}\r\n".encode()).hexdigest()
    again = make(cast)
    assert (again.pk, again.text) == (export.pk, export.text)
    with pytest.raises(DatabaseError), transaction.atomic():
        PayrollExport.objects.filter(pk=export.pk).update(text="")


def test_later_changes_are_corrections_that_add_up(cast: Rostered) -> None:
    """A correction reverses the old lines; late approval is new; all files together are what is approved now."""
    roster = cast.published(LINES)
    approve(cast, "ann")
    first = make(cast)
    words = WorkedWords(time(13), time(20), ((time(17), time(17, 30)),), "sick")
    worked_say(
        person_id=cast.people["ann"].pk, on=FIRST + DAY, roster_id=roster.pk, words=words, actor=cast.user("ann"),
        at=AFTER,
    )  # fmt: skip
    assert make(cast).pk == first.pk, "a correction that waits changes nothing"
    approve(cast, "ann")
    approve(cast, "bo")
    second = make(cast)
    sorts = Counter((row["line"], row["record"], row["person"]) for row in rows(second))
    assert sorts["reversal", "time", "101"] == 1
    assert sorts["correction", "time", "101"] == 2, "worked until eight, and ill after"
    assert sorts["reversal", "sum", "101"] == sorts["correction", "sum", "101"] == 1
    assert sorts["new", "time", "102"] == 2
    assert [row["minutes"] for row in rows(second) if (row["line"], row["record"]) == ("reversal", "time")] == ["-240"]
    ill = [row for row in rows(second) if row["kind"] == "absent-sick"]
    assert [(row["minutes"], row["D"]) for row in ill] == [("90", "90")]
    hospital = cast.stage.ward.division.hospital_id
    assert net_sent(hospital, MONTH) == Counter(lines_of(hospital, MONTH, AFTER))


def test_days_away(cast: Rostered) -> None:
    """Each day away by kind; taken back after the file it is reversed; the shift taken for it is told in minutes."""
    roster = cast.published(LINES)
    bo = cast.people["bo"].pk
    leave = people.leave_add(
        person_id=bo, kind="sick", from_on=FIRST, to_on=FIRST + 2 * DAY, actor=cast.planner, at=AFTER
    )
    cast.give(roster, {("bo", 0): ""}, at=AFTER)
    found = [row for row in rows(make(cast)) if row["record"] == "absence"]
    assert [(row["day"], row["kind"], row["minutes"]) for row in found] == [
        ("2026-03-23", "sick", "480"),
        ("2026-03-24", "sick", "0"),
    ]
    people.leave_undo(leave_id=leave.pk, actor=cast.planner, at=AFTER)
    assert [(row["line"], row["day"]) for row in rows(make(cast)) if row["record"] == "absence"] == [
        ("reversal", "2026-03-23"),
        ("reversal", "2026-03-24"),
    ]


def test_a_shift_given_away_before_is_not_taken_for_an_absence(cast: Rostered) -> None:
    """Monday's shift went to a colleague; who then falls ill on that Monday has lost no hours by it."""
    roster = cast.published(LINES)
    cast.give(roster, {("bo", 0): "", ("cia", 0): "D"})
    people.leave_add(
        person_id=cast.people["bo"].pk, kind="sick", from_on=FIRST, to_on=FIRST + DAY, actor=cast.planner, at=AFTER
    )
    [found] = [row for row in rows(make(cast)) if row["record"] == "absence"]
    assert (found["person"], found["day"], found["minutes"]) == ("102", "2026-03-23", "0")


def test_what_an_absence_took_is_what_stood_when_it_was_entered(cast: Rostered) -> None:
    """Of an eight hours' day; that a planner then tried a shorter shift on the day, and took it back, is no matter."""
    short = KindWords("H", "Halv", 420, 660)
    cast.kinds["H"] = kind_add(group_id=cast.group.pk, words=short, actor=cast.planner, at=AFTER)
    roster = cast.published(LINES)
    cast.give(roster, {("bo", 0): ""}, at=AFTER)
    people.leave_add(
        person_id=cast.people["bo"].pk, kind="sick", from_on=FIRST, to_on=FIRST + DAY, actor=cast.planner, at=AFTER
    )
    held = {"roster": roster, "person": cast.people["bo"], "kind": cast.kinds["H"], "on": FIRST, "origin": "hand"}
    RosterShift.objects.create(**held, in_force=True, start_at=AFTER, end_at=AFTER + DAY)
    cast.give(roster, {("bo", 0): ""}, at=AFTER)
    [found] = [row for row in rows(make(cast)) if row["record"] == "absence"]
    assert found["minutes"] == "480"


def test_a_number_is_no_formula(cast: Rostered) -> None:
    """A staff number that a spreadsheet would calculate is guarded, as in every other file."""
    cast.published(LINES)
    Person.objects.filter(pk=cast.people["ann"].pk).update(number="=1+1")
    approve(cast, "ann")
    Person.objects.filter(pk=cast.people["bo"].pk).update(number="@bo")
    found = {row["person"] for row in rows(make(cast))}
    assert {"'=1+1", "'@bo"} <= found and not {"=1+1", "@bo"} & found


def test_a_month_that_was_mistyped_is_none(cast: Rostered) -> None:
    """At both ends of the calendar, and nonsense: the page of last month."""
    client = Client()
    client.force_login(cast.planner)
    for month in ("9999-12", "0001-01", "2026-13", "x"):
        assert client.get(f"/lon/?manad={month}").status_code == 200
    client.force_login(cast.user("ann"))
    for path in (
        "/mitt-schema/manad/?manad=9999-12",
        "/mitt-schema/?fran=9999-12-31",
        "/mitt-schema/tid/?vecka=0001-01-01",
    ):
        assert client.get(path).status_code == 200
    assert client.get("/mitt-schema/pass/1/9999-12-31/").status_code == 404


def test_ordered_time_has_no_inconvenient_minutes(cast: Rostered) -> None:
    """Time beyond the roster is told as such; what kind of overtime it is, and W-48, are payroll's."""
    cast.published(LINES)
    words = WorkedWords(time(20), time(22), (), "", "Eva Chef")
    ann = cast.people["ann"].pk
    worked_say(person_id=ann, on=FIRST + 3 * DAY, roster_id=None, words=words, actor=cast.planner, at=AFTER)
    approve(cast, "ann")
    [extra] = [row for row in rows(make(cast)) if row["kind"] == "extra"]
    assert (extra["day"], extra["minutes"], extra["D"]) == ("2026-03-26", "120", "0")


def test_who_may(cast: Rostered) -> None:
    """Neither a worker, a unit manager, nor an auditor; another hospital's head sees nobody; an empty month is none."""
    cast.published(LINES)
    for role in ("service_worker", "unit_manager", "auditor"):
        with refused("wrong_role"):
            payroll_export(month=MONTH, actor=cast.stage.users[role], at=AFTER)
    with refused("payroll_empty"):
        make(cast)
    outsider = cast.stage.outsider
    outsider.role = "service_head"
    outsider.save()
    with refused("payroll_empty"):
        payroll_export(month=MONTH, actor=outsider, at=AFTER)
    assert payroll_month(actor=outsider, month=MONTH, at=AFTER).missing == ()


def test_the_page(cast: Rostered, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not approved stands there by name; the file comes down as it was made, and that it did is written."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: AFTER)
    cast.published(LINES)
    client = Client(headers={"accept-language": "en"})
    client.force_login(cast.planner)
    assert "Nothing is approved" in client.get("/lon/?manad=2026-03").text
    assert "there is no file" in client.post("/lon/?manad=2026-03", follow=True).text
    approve(cast, "ann")
    page = client.post("/lon/?manad=2026-03", follow=True).text
    assert "File 1 is ready" in page and "2 shifts are not in the file" in page
    export = PayrollExport.objects.get()
    answer = client.get(f"/lon/{export.pk}.csv")
    assert (answer.text, answer["X-Checksum-SHA256"]) == (export.text, export.digest)
    assert AccessLog.objects.filter(object_type="payroll", action="export").count() == 1

"""Overtime and additional time: what counts, what the caps keep from being planned, approved knowingly, and shown."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from tests.strategies.refusals import refused
from tests.strategies.rostered import DAY, FIRST, SINCE, Rostered, rostered_set
from tests.strategies.stage import AT, stage_set

from vardnara.apps.staffing.models import ExtraSeen, Roster, WorkedTime
from vardnara.apps.staffing.queries.extra_time import cap_breaches, extra_basis, extra_record
from vardnara.apps.staffing.queries.roster_shift import roster_shift
from vardnara.apps.staffing.services import people
from vardnara.apps.staffing.services.people_words import ContractWords
from vardnara.apps.staffing.services.worked_time import WorkedWords, as_rostered_approve, week_approve, worked_say
from vardnara.engines.hours import Extra
from vardnara.kernel.errors import RuleBroken

AFTER = datetime(2026, 4, 20, 6, 0, tzinfo=UTC)
H = 60
FULL = {("ann", 7 * week + n): "D" for week in range(4) for n in range(4)}  # sixteen days of eight hours
YEAR = (date(2026, 1, 1), date(2027, 1, 1))


@pytest.fixture
def cast(db: None, settings: Any) -> Rostered:
    settings.DEMO = True
    made = rostered_set(stage_set(), shares={"bo": "0.2"})
    nights = [ContractWords(Decimal(1), "night_30", SINCE)]  # 137 h 20 min in four weeks: seventeen days
    people.contracts_set(person_id=made.people["ann"].pk, contracts=nights, actor=made.planner, at=AT)
    return made


def beyond(cast: Rostered, name: str, day: int, hours: float, *, start: int = 16) -> WorkedTime:
    """Hours worked without a shift, as somebody said."""
    minutes = round(start * 60 + hours * 60)
    words = WorkedWords(time(start), time(minutes // 60, minutes % 60), (), "", "Eva Chef")
    return worked_say(
        person_id=cast.people[name].pk, on=FIRST + day * DAY, roster_id=None, words=words, actor=cast.planner, at=AFTER
    )


def of(cast: Rostered, name: str) -> dict[int, Extra]:
    """Time beyond the contract by the day from the roster's first."""
    pk = cast.people[name].pk
    return {(day - FIRST).days: one for day, one in extra_basis([pk], *YEAR).extra.get(pk, {}).items()}


def test_what_counts(cast: Rostered) -> None:
    """As published nothing does; a shift given later as far as the contract had no room; what was worked beyond; and
    neither a shift that was given and not worked, nor what a correction took back.
    """
    roster = cast.published(FULL)
    assert of(cast, "ann") == {}
    cast.give(roster, {("ann", 4): "D"})
    assert of(cast, "ann") == {}, "136 hours of 137"
    cast.give(roster, {("ann", 25): "D"}, reason="övertid")
    assert of(cast, "ann") == {25: Extra(0, 400)}
    said = beyond(cast, "ann", 1, 2)
    assert of(cast, "ann") == {1: Extra(0, 2 * H), 25: Extra(0, 400)}
    week_approve(person_id=cast.people["ann"].pk, day=said.on, actor=cast.manager, at=AFTER)
    beyond(cast, "ann", 1, 1)
    assert of(cast, "ann")[1] == Extra(0, 1 * H), "the newest that was said"
    worked_say(
        person_id=cast.people["ann"].pk, on=FIRST + 25 * DAY, roster_id=roster.pk, words=WorkedWords(reason="sick"),
        actor=cast.planner, at=AFTER,
    )  # fmt: skip
    assert of(cast, "ann") == {1: Extra(0, 1 * H)}


def test_a_part_timer_s_is_additional_until_full_time(cast: Rostered) -> None:
    """A fifth of full time: the first shift above it is additional time; in a week without a roster, by that week."""
    roster = cast.published({("bo", 0): "K", ("bo", 1): "K", ("bo", 7): "K"})
    cast.give(roster, {("bo", 14): "D"}, reason="mertid")
    assert of(cast, "bo") == {14: Extra(round(32 * H - 0.2 * 9180), 0)}
    beyond(cast, "bo", -20, 7)
    assert of(cast, "bo")[-20] == Extra(7 * H, 0)


def test_overtime_is_given_up_to_the_cap(cast: Rostered) -> None:
    """Some 37 hours worked beyond the roster leave one shift of overtime: the next is refused with its name, with a
    reason too, and is not offered; a shift that the contract has room for is nobody's overtime.
    """
    roster = cast.published(FULL)
    cast.give(roster, {("ann", 4): "D"})
    for day in (2, 3, 7, 8, 9):
        beyond(cast, "ann", day, 7.5)
    cast.give(roster, {("ann", 25): "D"}, reason="sjukdom")
    with pytest.raises(RuleBroken) as broken:
        cast.give(roster, {("ann", 26): "D"}, reason="sjukdom")
    assert (broken.value.code, broken.value.detail) == (
        "roster_breaks_rules",
        "overtime_four_weeks",
    )
    page = roster_shift(actor=cast.planner, roster_id=roster.pk, kind_id=cast.kinds["D"].pk, on=FIRST + 19 * DAY)
    ann = next(one for one in page.others if one.person == cast.people["ann"])
    assert "overtime_four_weeks" in ann.rules and not ann.is_overtime
    cast.give(roster, {("bo", 19): "D"})


def test_a_contract_that_is_passed_is_not_passed_further_unsaid(cast: Rostered) -> None:
    """Once above the contract with a reason, one shift more takes a reason again."""
    roster = cast.published({("bo", 0): "K", ("bo", 1): "K", ("bo", 7): "K"})
    cast.give(roster, {("bo", 14): "D"}, reason="mertid")
    with refused("roster_breaks_rules"):
        cast.give(roster, {("bo", 21): "D"})
    cast.give(roster, {("bo", 21): "D"}, reason="mertid")


def passed(cast: Rostered) -> Roster:
    """Forty-nine hours worked beyond the roster in four weeks."""
    roster = cast.published({("ann", 0): "D", ("bo", 0): "K"})
    for day in range(1, 8):
        beyond(cast, "ann", day, 7)
    return roster


def test_worked_time_beyond_a_cap_is_approved_knowingly(cast: Rostered) -> None:
    """It is paid, so it is approved; but not unseen, not in the one tap for all, and that it was seen is kept."""
    passed(cast)
    ann = cast.people["ann"].pk
    [breach] = cap_breaches([ann], FIRST, FIRST + 7 * DAY)[ann]
    assert (breach.rule, breach.found, breach.limit) == ("overtime_four_weeks", 49 * H, 48 * H)
    assert as_rostered_approve(day=FIRST, actor=cast.manager, at=AFTER) == 1, "Bo's alone"
    with refused("extra_beyond_cap"):
        week_approve(person_id=ann, day=FIRST, actor=cast.manager, at=AFTER)
    assert not WorkedTime.objects.filter(person=ann, state="approved").exists()
    assert week_approve(person_id=ann, day=FIRST, actor=cast.manager, at=AFTER, seen=True) == 7
    kept = ExtraSeen.objects.get()
    assert (kept.rule, kept.found_minutes, kept.limit_minutes, kept.seen_by) == (
        "overtime_four_weeks", 49 * H, 48 * H, cast.manager,
    )  # fmt: skip
    assert week_approve(person_id=ann, day=FIRST, actor=cast.manager, at=AFTER, seen=True) == 0
    assert ExtraSeen.objects.count() == 1
    with pytest.raises(DatabaseError), transaction.atomic():
        ExtraSeen.objects.update(rule="overtime_year")
    with pytest.raises(IntegrityError, match="staffing_extra_beyond_its_cap"), transaction.atomic():
        ExtraSeen.objects.create(
            person_id=ann, monday=FIRST, rule="overtime_year", found_minutes=1, limit_minutes=1, seen_at=AFTER,
            seen_by=cast.manager,
        )  # fmt: skip


def test_the_pages(cast: Rostered, monkeypatch: pytest.MonkeyPatch) -> None:
    """The week says which cap is passed and asks for a tick; the record has everybody, what is left, and its files."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: AFTER)
    passed(cast)
    ann = cast.people["ann"].pk
    client = Client(headers={"accept-language": "en"})
    client.force_login(cast.manager)
    assert "A cap on overtime is passed" in client.get("/arbetad-tid/?vecka=2026-03-23").text
    sent = client.post("/arbetad-tid/godkann/?vecka=2026-03-23", {"person": ann}, follow=True).text
    assert "more than 48 hours&#x27; overtime in four weeks: 49 h" in sent and 'name="seen"' in sent
    done = client.post("/arbetad-tid/godkann/?vecka=2026-03-23", {"person": ann, "seen": "1"}, follow=True).text
    assert "7 shifts are approved" in done
    page = client.get("/overtid/?dag=2026-03-31").text
    assert "49 h" in page and "151 h" in page and "Not verified" in page
    text = client.get("/overtid/lista.csv?dag=2026-03-31").content.decode("utf-8-sig")
    rows = {(row["number"], row["kind"], row["over"]): row for row in csv.DictReader(io.StringIO(text), delimiter=";")}
    four = rows["101", "overtime", "four_weeks"]
    assert (four["first"], four["last"], four["minutes"], four["left"]) == ("2026-03-04", "2026-03-31", "2940", "-60")
    assert client.get("/overtid/lista.xlsx").content[:2] == b"PK"
    assert client.get("/overtid/?dag=9999-12-31").status_code == 422
    client.force_login(cast.user("ann"))
    assert client.get("/overtid/").status_code == 403


def test_who_sees_whom(cast: Rostered) -> None:
    """Another hospital's manager sees nobody of it."""
    passed(cast)
    assert extra_record(actor=cast.planner, day=FIRST)[0].name == "Ann"
    assert extra_record(actor=cast.stage.outsider, day=FIRST) == []


def test_leave_is_no_overtime(cast: Rostered) -> None:
    """Days away that are entered later take minutes off the contract; the shifts that stood are ordinary still."""
    cast.published(FULL | {("ann", 4): "D"})
    people.leave_add(
        person_id=cast.people["ann"].pk, kind="leave", from_on=FIRST + 26 * DAY, to_on=FIRST + 28 * DAY,
        actor=cast.planner, at=AT,
    )  # fmt: skip
    assert of(cast, "ann") == {}

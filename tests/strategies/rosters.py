"""A ward and a pool that are rostered together: people, kinds of shifts, needs, drafts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.strategies.stage import AT, Stage

from vardnara.apps.staffing.models import Person, Roster, RosterRun, ShiftKind
from vardnara.apps.staffing.services import people, roster_changes, roster_groups, roster_runs, rosters
from vardnara.apps.staffing.services.people_words import ContractWords, PersonWords, TrainingWords
from vardnara.apps.staffing.services.roster_groups import HomeWords, KindWords

SINCE, FIRST = date(2026, 1, 1), date(2026, 3, 23)  # the spring change is the night before 29 March
DAY = timedelta(days=1)


def person(stage: Stage, number: int, *, measure: str = "all_days", pool: str = "", share: str = "1") -> Person:
    head = stage.users["service_head"]
    home = {"pool": pool} if pool else {"ward_id": stage.ward.pk}
    words = PersonWords(number=str(number), name=f"Person {number:02}", **home)  # type: ignore[arg-type]
    row = people.person_add(hospital_id=stage.ward.division.hospital_id, words=words, actor=head, at=AT)
    people.contracts_set(person_id=row.pk, contracts=[ContractWords(Decimal(share), measure, SINCE)], actor=head, at=AT)
    people.trainings_set(person_id=row.pk, trainings=[TrainingWords("food_hygiene", SINCE)], actor=head, at=AT)
    return row


def group_make(stage: Stage, wanted: dict[str, int] | None = None) -> tuple[Any, dict[str, ShiftKind]]:
    """A ward and a pool; a day and an evening that need food hygiene; ``wanted`` people each on every day."""
    head = stage.users["service_head"]
    group = roster_groups.group_save(
        hospital_id=stage.ward.division.hospital_id,
        name="Kirurgi",
        homes=[HomeWords(ward_id=stage.ward.pk), HomeWords(pool="Pool")],
        actor=head,
        at=AT,
    )
    kinds = {}
    for code, start, end, rest in (("D", 420, 930, 660), ("K", 780, 1290, 1020)):
        words = KindWords(code, code, start, end, ((rest, rest + 30),), ("food_hygiene",))
        kinds[code] = roster_groups.kind_add(group_id=group.pk, words=words, actor=head, at=AT)
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun", "holiday")
    needs = {(kinds[code].pk, day): n for code, n in (wanted or {"D": 1, "K": 1}).items() for day in days}
    roster_groups.standard_needs_set(group_id=group.pk, wanted=needs, actor=head, at=AT)
    return group, kinds


def draft(stage: Stage, group: Any, weeks: int = 4, first: date = FIRST) -> Roster:
    return rosters.roster_add(group_id=group.pk, first_on=first, weeks=weeks, actor=stage.users["service_head"], at=AT)


def search(stage: Stage, roster: Roster, seconds: int = 3) -> RosterRun:
    run = roster_runs.run_ask(roster_id=roster.pk, seconds=seconds, actor=stage.users["service_head"], at=AT)
    roster_runs.run_do(run_id=run.pk, clock=lambda: datetime.now(UTC))
    run.refresh_from_db()
    return run


def give(stage: Stage, roster: Roster, one: Person, on: date, kind: ShiftKind | None, **more: Any) -> Roster:
    return roster_changes.shift_set(
        roster_id=roster.pk,
        person_id=one.pk,
        on=on,
        kind_id=kind.pk if kind else None,
        actor=more.pop("actor", stage.users["service_head"]),
        at=AT,
        **more,
    )

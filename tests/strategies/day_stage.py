"""A hospital's day from rows: people in a published roster, work of a date."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from tests.strategies.stage import Stage

from vardnara.apps.service.models import DayPlan, Task, TaskType
from vardnara.apps.staffing.models import Person, Roster, RosterGroup, RosterHome, RosterShift, ShiftKind, Training
from vardnara.apps.staffing.queries.roster_period import engine_kind
from vardnara.kernel.local_time import local_to_utc

SINCE = date(2020, 1, 1)


class DayStage:
    """Builds a day on a stage, straight into the tables."""

    def __init__(self, stage: Stage, on: date, at: datetime) -> None:
        self.stage, self.on, self.at = stage, on, at
        self.hospital_id = stage.ward.division.hospital_id
        self.head = stage.users["service_head"]
        self.group = RosterGroup.objects.create(
            hospital_id=self.hospital_id, name="Alla", changed_at=at, changed_by=self.head
        )
        RosterHome.objects.create(group=self.group, hospital_id=self.hospital_id, ward=stage.ward)
        monday = on - timedelta(days=on.weekday() + 7)
        self.roster = Roster.objects.create(
            group=self.group,
            first_on=monday,
            to_on=monday + timedelta(weeks=3),
            state="published",
            made_at=at,
            made_by=self.head,
            published_at=at,
            published_by=self.head,
        )
        DayPlan.objects.create(hospital_id=self.hospital_id, on=on, made_at=at)

    def kind(self, code: str, start: int, end: int, breaks: Any = (), **more: Any) -> ShiftKind:
        """A kind of shift."""
        rows = [list(one) for one in breaks]
        return ShiftKind.objects.create(
            group=self.group, code=code, name=code, start=start, end=end, breaks=rows, **more
        )

    def person(self, number: int, *, pool: bool = False, trained: tuple[str, ...] = (), **more: Any) -> Person:
        """Somebody of the first ward, or of the pool."""
        home: dict[str, Any] = {"pool": "Pool"} if pool else {"ward": self.stage.ward}
        row = Person.objects.create(
            hospital_id=self.hospital_id, number=str(number), name=f"Person {number:02}", changed_at=self.at,
            **(home | more),
        )  # fmt: skip
        Training.objects.bulk_create(Training(person=row, competence=one, since_on=SINCE) for one in trained)
        return row

    def shift(self, person: Person, kind: ShiftKind, on: date | None = None) -> RosterShift:
        """In force."""
        on = on or self.on
        span = engine_kind(kind).on(on).span
        return RosterShift.objects.create(
            roster=self.roster, person=person, kind=kind, on=on, start_at=span.start, end_at=span.end, origin="hand",
            in_force=True,
        )  # fmt: skip

    def kind_of_task(self, code: str, **more: Any) -> TaskType:
        """A kind of task of the catalogue."""
        return TaskType.objects.create(code=code, name=code.title(), area="food", driver="ward", **more)

    def clock(self, text: str) -> datetime:
        """A time of the day on the local clock."""
        return local_to_utc(datetime.combine(self.on, time.fromisoformat(text)))

    def task(self, opens: str, due: str, minutes: int | None = 20, **more: Any) -> Task:
        """Planned work of ward service."""
        fields: dict[str, Any] = {"kind": "service", "ward": self.stage.ward, "party": "service"} | more
        return Task.objects.create(
            planned_on=self.on,
            starts_at=self.clock(opens),
            due_at=self.clock(due),
            norm_minutes=minutes,
            created_at=self.at,
            changed_at=self.at,
            **fields,
        )

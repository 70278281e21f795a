"""A person's calendar: published shifts, those that are gone since, and the address by which it is followed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from vardnara.apps.staffing.models import CalendarLink, Person, RosterChange, RosterShift, ShiftKind
from vardnara.apps.staffing.queries.roster_period import engine_kind
from vardnara.apps.staffing.queries.schedule import person_of, place_of
from vardnara.kernel.local_time import local_date

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

BACK = timedelta(weeks=4)  # so much of what is past stays in the calendar


@dataclass(frozen=True, slots=True)
class CalendarShift:
    """A shift of the calendar. ``n_changes`` since publication; ``breaks`` as instants; ``gone``: it was."""

    uid: str
    on: date
    start_at: datetime
    end_at: datetime
    name: str
    code: str
    place: str
    breaks: tuple[tuple[datetime, datetime], ...]
    n_changes: int
    changed_at: datetime
    gone: bool


@dataclass(frozen=True, slots=True)
class LinkRow:
    """The address that holds now, as far as it is known: when it was made and last read, and how often."""

    made_at: datetime
    read_at: datetime | None
    n_read: int


def own_link(*, actor: User) -> LinkRow | None:
    """The actor's own address; raises ``not_rostered``."""
    return link_of(person_id=person_of(actor=actor).pk)


def link_of(*, person_id: int) -> LinkRow | None:
    """A person's address. The caller answers for reach."""
    row = CalendarLink.objects.filter(person=person_id, revoked_at__isnull=True).first()
    return LinkRow(row.made_at, row.read_at, row.n_read) if row else None


def calendar_of(*, person_id: int, at: datetime) -> list[CalendarShift]:
    """The published shifts of the owner of a secret address, from four weeks back, in order."""
    person = Person.objects.select_related("ward").get(pk=person_id)
    since = local_date(at) - BACK
    changes: dict[tuple[int, date], list[RosterChange]] = {}
    for row in (
        RosterChange.objects.filter(person=person, on__gte=since, was_published=True)
        .select_related("before__ward", "before__division", "roster")
        .order_by("pk")
    ):
        changes.setdefault((row.roster_id, row.on), []).append(row)
    found = []
    shifts = RosterShift.objects.filter(person=person, in_force=True, on__gte=since)
    for shift in shifts.select_related("kind__ward", "kind__division", "roster"):
        rows = changes.pop((shift.roster_id, shift.on), [])
        at_last = rows[-1].at if rows else shift.roster.published_at
        found.append(_shift(person, shift.roster_id, shift.on, shift.kind, len(rows), at_last, gone=False))
    for (roster_id, on), rows in changes.items():
        before = rows[-1].before
        if before is not None:
            found.append(_shift(person, roster_id, on, before, len(rows), rows[-1].at, gone=True))
    return sorted(found, key=lambda one: (one.start_at, one.uid))


def _shift(
    person: Person, roster_id: int, on: date, kind: ShiftKind, n: int, at: datetime | None, *, gone: bool
) -> CalendarShift:
    duty = engine_kind(kind).on(on)
    return CalendarShift(
        uid=f"{roster_id}-{person.pk}-{on:%Y%m%d}@vardnara",
        on=on,
        start_at=duty.start,
        end_at=duty.end,
        name=kind.name,
        code=kind.code,
        place=place_of(kind, person),
        breaks=tuple((one.start, one.end) for one in duty.breaks),
        n_changes=n,
        changed_at=at or duty.start,
        gone=gone,
    )

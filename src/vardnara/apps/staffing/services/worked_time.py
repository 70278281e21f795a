"""Worked time: said by oneself or a planner, approved by a head of unit and never by oneself; corrected by new rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil
from typing import TYPE_CHECKING

from django.db import transaction

from vardnara.apps.accounts.queries import role_require
from vardnara.apps.staffing.choices import APPROVERS, AbsentReason, TimeSort, WorkedState
from vardnara.apps.staffing.models import Contract, ExtraSeen, Person, RosterShift, ShiftKind, WorkedPart, WorkedTime
from vardnara.apps.staffing.queries.extra_time import cap_breaches
from vardnara.apps.staffing.queries.people_reach import people_in_reach
from vardnara.apps.staffing.queries.roster_period import engine_kind
from vardnara.apps.staffing.queries.worked_time import WEEK, WorkedRow, contract_of, monday_of, worked_rows
from vardnara.apps.staffing.services.worked_parts import parts_of
from vardnara.engines.hours import Duty, Span
from vardnara.engines.roster.swedish.data import clock_at
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import local_date

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

DAY_MINUTES = 1440
FURTHEST_BACK = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class WorkedWords:
    """What was worked, by the clock; no times: nothing of the shift. ``contract_id`` where somebody has several."""

    start: time | None = None
    end: time | None = None
    breaks: tuple[tuple[time, time], ...] = ()
    reason: str = ""
    ordered_by: str = ""
    note: str = ""
    contract_id: int | None = None


@transaction.atomic
def worked_say(
    *, person_id: int, on: date, roster_id: int | None, words: WorkedWords, actor: User, at: datetime
) -> WorkedTime:
    """Say what was worked of a shift that has begun, or without one; oneself may, and whoever plans with them.

    What waits is replaced; what is approved is corrected by a new row that waits. Raises ``unknown_person``,
    ``unknown_shift``, ``worked_ahead``, ``worked_times``, ``worked_nothing``, ``absent_why``, ``extra_ordered``,
    ``unknown_contract``.
    """
    person = _person(person_id, actor)
    rows = list(
        WorkedTime.objects.select_for_update().filter(person=person, on=on, roster=roster_id).order_by("number")
    )
    last = rows[-1] if rows else None
    kind = _kind(person, on, roster_id, last)
    planned = engine_kind(kind).on(on) if kind else None
    if on > local_date(at) or (planned is not None and planned.start > at) or local_date(at) - on > FURTHEST_BACK:
        raise RuleBroken("worked_ahead", str(on))
    worked = duty_said(on, words, planned)
    parts = parts_of(planned, worked)
    sorts = {one.sort for one in parts}
    if not parts:
        raise RuleBroken("worked_nothing", str(on))
    if worked is not None and worked.end > at:
        raise RuleBroken("worked_ahead", str(worked.end))
    if TimeSort.ABSENT in sorts and words.reason not in AbsentReason.values:
        raise RuleBroken("absent_why", words.reason)
    if TimeSort.EXTRA in sorts and not words.ordered_by.strip():
        raise RuleBroken("extra_ordered", str(on))
    replaces = last
    if last is not None and last.state == WorkedState.SAID:
        replaces = last.replaces
        last.delete()
    contracts = list(Contract.objects.select_related("post").filter(person=person))
    contract = contract_of(contracts, kind, on)
    if words.contract_id is not None:
        contract = next((one for one in contracts if one.pk == words.contract_id), None)
        if contract is None:
            raise RuleBroken("unknown_contract", str(words.contract_id))
    row = _worked(person, on, roster_id, kind, contract, actor, at)
    row.number, row.replaces = (replaces.number + 1 if replaces else 1), replaces
    row.as_rostered = sorts == {TimeSort.ORDINARY}
    row.ordered_by = words.ordered_by.strip()[:120] if TimeSort.EXTRA in sorts else ""
    row.note = words.note.strip()[:300]
    row.save()
    WorkedPart.objects.bulk_create(
        WorkedPart(
            worked=row,
            sort=one.sort,
            reason=words.reason if one.sort == TimeSort.ABSENT else "",
            start_at=one.span.start,
            end_at=one.span.end,
        )
        for one in parts
    )
    return row


@transaction.atomic
def worked_take_back(*, worked_id: int, actor: User, at: datetime) -> None:
    """Take back what was said and is not approved: the proposal, or what is approved, stands again.

    Raises ``unknown_worked``, ``worked_is_approved``.
    """
    row = WorkedTime.objects.select_for_update().filter(pk=worked_id).first()
    if row is None:
        raise RuleBroken("unknown_worked", str(worked_id))
    _person(row.person_id, actor)
    if row.state == WorkedState.APPROVED:
        raise RuleBroken("worked_is_approved", str(worked_id))
    row.delete()


@transaction.atomic
def week_approve(*, person_id: int, day: date, actor: User, at: datetime, seen: bool = False) -> int:
    """Approve everything of a person's week that has ended; how many. A head of unit may, never of their own time.

    Hours that were worked are paid, beyond a cap on overtime too: then whoever approves says that they have ``seen``
    it, which is kept. Raises ``wrong_role``, ``unknown_person``, ``own_time``, ``extra_beyond_cap`` (the caps' codes in
    the detail).
    """
    role_require(actor, APPROVERS)
    person = people_in_reach(actor=actor).select_for_update(of=("self",)).filter(pk=person_id).first()
    if person is None:
        raise RuleBroken("unknown_person", str(person_id))
    if person.user_id == actor.pk:
        raise RuleBroken("own_time", str(person_id))
    monday = monday_of(day)
    beyond = cap_breaches([person_id], monday, monday + WEEK).get(person_id, ())
    if beyond and not seen:
        raise RuleBroken("extra_beyond_cap", ",".join(sorted({one.rule for one in beyond})))
    n = _approve([person], monday, actor, at, only_as_rostered=False)
    if n:
        ExtraSeen.objects.bulk_create(
            [
                ExtraSeen(
                    person=person, monday=monday, rule=one.rule, found_minutes=ceil(one.found),
                    limit_minutes=round(one.limit), seen_at=at, seen_by_id=actor.pk,
                )
                for one in beyond
            ],
            ignore_conflicts=True,
        )  # fmt: skip
    return n


@transaction.atomic
def as_rostered_approve(*, day: date, actor: User, at: datetime) -> int:
    """Approve, of everybody within reach but oneself, the week's shifts that nobody has said anything else of.

    Who is beyond a cap on overtime that week is left out: that is approved by name. Raises ``wrong_role``.
    """
    role_require(actor, APPROVERS)
    people = people_in_reach(actor=actor).exclude(user=actor.pk).order_by("pk").select_for_update(of=("self",))
    monday = monday_of(day)
    beyond = cap_breaches([one.pk for one in people], monday, monday + WEEK)
    return _approve([one for one in people if one.pk not in beyond], monday, actor, at, only_as_rostered=True)


def _approve(people: Sequence[Person], monday: date, actor: User, at: datetime, *, only_as_rostered: bool) -> int:
    cast = {one.pk: one for one in people}
    contracts: dict[int, list[Contract]] = {}
    for one in Contract.objects.select_related("post").filter(person__in=cast):
        contracts.setdefault(one.person_id, []).append(one)
    ready: list[int] = []
    proposed: list[WorkedRow] = []
    for rows in worked_rows(people, monday, monday + WEEK, at).values():
        for row in rows:
            if not row.ended or row.state == WorkedState.APPROVED or (only_as_rostered and not row.as_rostered):
                continue
            if row.id is not None:
                ready.append(row.id)
            else:
                proposed.append(row)
    kinds = ShiftKind.objects.in_bulk({one.kind_id for one in proposed if one.kind_id is not None})
    made = []
    for row in proposed:
        person_id, on, roster_id = row.slot
        kind = kinds[row.kind_id] if row.kind_id is not None else None
        contract = contract_of(contracts.get(person_id, ()), kind, on)
        made.append(_worked(cast[person_id], on, roster_id, kind, contract, actor, at))
        made[-1].as_rostered = row.as_rostered
    WorkedTime.objects.bulk_create(made)
    WorkedPart.objects.bulk_create(
        WorkedPart(worked=new, sort=one.sort, reason=one.reason, start_at=one.start_at, end_at=one.end_at)
        for new, row in zip(made, proposed, strict=True)
        for one in row.parts
    )
    ready += [one.pk for one in made]
    return WorkedTime.objects.filter(pk__in=ready, state=WorkedState.SAID).update(
        state=WorkedState.APPROVED, approved_at=at, approved_by=actor
    )


def _worked(
    person: Person,
    on: date,
    roster_id: int | None,
    kind: ShiftKind | None,
    contract: Contract | None,
    actor: User,
    at: datetime,
) -> WorkedTime:
    return WorkedTime(
        person=person,
        on=on,
        roster_id=roster_id,
        kind=kind,
        post=contract.post.number if contract and contract.post else "",
        share=contract.share if contract else None,
        measure=contract.measure if contract else "",
        said_at=at,
        said_by=actor,
    )


def _person(person_id: int, actor: User) -> Person:
    """The actor's own row, else one that they plan with; locked."""
    own = Person.objects.select_for_update(of=("self",)).filter(pk=person_id, user=actor.pk).first()
    row = own or people_in_reach(actor=actor).select_for_update(of=("self",)).filter(pk=person_id).first()
    if row is None:
        raise RuleBroken("unknown_person", str(person_id))
    return row


def _kind(person: Person, on: date, roster_id: int | None, last: WorkedTime | None) -> ShiftKind | None:
    """The kind of shift that was rostered, as it is now or as it was when something was said of it."""
    if roster_id is None:
        return None
    shift = RosterShift.objects.select_related("kind").filter(
        person=person, on=on, roster=roster_id, in_force=True
    ).first()  # fmt: skip
    if shift is not None:
        return shift.kind
    if last is None:
        raise RuleBroken("unknown_shift", f"{roster_id} {on}")
    return last.kind


def duty_said(on: date, words: WorkedWords, planned: Duty | None) -> Duty | None:
    """Times of the clock as instants: the start nearest to the shift's, all else the first time after it.

    Raises ``worked_times`` where they do not fit together.
    """
    if words.start is None and words.end is None:
        return None
    if words.start is None or words.end is None:
        raise RuleBroken("worked_times", "one time alone")
    first = _minute(words.start)
    starts = [clock_at(on, first)]
    if planned is not None:
        starts.append(clock_at(on, first + DAY_MINUTES))
        starts.sort(key=lambda one: abs(one - planned.start))
    began = 0 if starts[0] == clock_at(on, first) else DAY_MINUTES
    first += began
    try:
        edges = [(_after(first, since), _after(first, until)) for since, until in words.breaks]
        breaks = tuple(Span(clock_at(on, since), clock_at(on, until)) for since, until in sorted(edges))
        return Duty(Span(clock_at(on, first), clock_at(on, _after(first, words.end))), breaks)
    except ValueError as error:
        raise RuleBroken("worked_times", str(error)) from error


def _minute(at: time) -> int:
    return 60 * at.hour + at.minute


def _after(first: int, at: time) -> int:
    """The minute of the day, or of the next, at which the clock shows a time for the first time after another."""
    minute = _minute(at)
    while minute <= first:
        minute += DAY_MINUTES
    return minute

"""Rosters: drafted, staffed, published with notice, discarded."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Q

from vardnara.apps.hospital.services.live import changes_notify
from vardnara.apps.staffing.choices import LONGEST_ROSTER_WEEKS, UNDER_WAY, NeedDay, RosterState
from vardnara.apps.staffing.models import (
    Person,
    Roster,
    RosterMember,
    RosterNeed,
    RosterRun,
    RosterShift,
    ShiftKind,
    StandardNeed,
)
from vardnara.apps.staffing.queries.people_reach import people_in_reach
from vardnara.apps.staffing.queries.roster_period import roster_rows
from vardnara.apps.staffing.queries.roster_reach import roster_locked
from vardnara.apps.staffing.services.roster_groups import MOST_WANTED, group_locked
from vardnara.apps.staffing.services.wishes import wishes_settle
from vardnara.kernel.calendar import day_kind, days_between
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import local_date
from vardnara.parameters.working_hours import hour_limit

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

WEEK = timedelta(weeks=1)


def need_day(day: date) -> str:
    """The kind of day by which standard needs are said (W-67)."""
    kind = day_kind(day)
    if kind.weekday < 5 and not kind.is_working_day:
        return NeedDay.HOLIDAY.value
    return NeedDay.values[kind.weekday]


@transaction.atomic
def roster_add(*, group_id: int, first_on: date, weeks: int, actor: User, at: datetime, note: str = "") -> Roster:
    """A draft of whole weeks from a Monday, with the group's people and its standard needs.

    Raises ``unknown_group``, ``bad_roster_weeks``, ``group_without_kinds``, ``group_without_people``.
    """
    group = group_locked(group_id=group_id, actor=actor)
    if first_on.weekday() or not 1 <= weeks <= LONGEST_ROSTER_WEEKS:
        raise RuleBroken("bad_roster_weeks", f"{weeks} weeks from {first_on}")
    if not ShiftKind.objects.filter(group=group, ended_at__isnull=True).exists():
        raise RuleBroken("group_without_kinds", group.name)
    row = Roster.objects.create(
        group=group, first_on=first_on, to_on=first_on + weeks * WEEK, made_at=at, made_by=actor, note=note
    )
    homes = list(group.homes.all())
    mine = Q(ward__in=[one.ward_id for one in homes if one.ward_id]) | Q(
        hospital=group.hospital_id, pool__in=[one.pool for one in homes if one.pool]
    )
    there = Q(contracts__to_on__isnull=True) | Q(contracts__to_on__gt=first_on)
    people = Person.objects.filter(mine, there, contracts__from_on__lt=row.to_on).distinct()
    members = [RosterMember(roster=row, person=one) for one in people]
    if not members:
        raise RuleBroken("group_without_people", group.name)
    RosterMember.objects.bulk_create(members)
    standard: dict[str, list[tuple[int, int]]] = {}
    for need in StandardNeed.objects.filter(kind__group=group, kind__ended_at__isnull=True):
        standard.setdefault(need.day, []).append((need.kind_id, need.wanted))
    RosterNeed.objects.bulk_create(
        RosterNeed(roster=row, kind_id=kind, on=day, wanted=n)
        for day in days_between(row.first_on, row.to_on)
        for kind, n in standard.get(need_day(day), ())
    )
    return row


@transaction.atomic
def roster_need_set(*, roster_id: int, kind_id: int, on: date, wanted: int, actor: User, at: datetime) -> RosterNeed:
    """How many of a kind are needed on a day, in a draft or after it.

    Raises ``unknown_roster``, ``unknown_kind``, ``roster_discarded``, ``bad_dates``, ``bad_need``.
    """
    row = roster_locked(roster_id=roster_id, actor=actor)
    if row.state == RosterState.WITHDRAWN:
        raise RuleBroken("roster_discarded", str(roster_id))
    if not row.first_on <= on < row.to_on:
        raise RuleBroken("bad_dates", str(on))
    if not 0 <= wanted <= MOST_WANTED:
        raise RuleBroken("bad_need", str(wanted))
    if not ShiftKind.objects.filter(pk=kind_id, group=row.group_id).exists():
        raise RuleBroken("unknown_kind", str(kind_id))
    need, _ = RosterNeed.objects.update_or_create(roster=row, kind_id=kind_id, on=on, defaults={"wanted": wanted})
    changes_notify(matters=True)
    return need


@transaction.atomic
def member_add(*, roster_id: int, person_id: int, actor: User, at: datetime) -> RosterMember:
    """Somebody joins a draft or a published roster. Raises ``unknown_roster``, ``unknown_person``."""
    row = roster_locked(roster_id=roster_id, actor=actor)
    if not people_in_reach(actor=actor).filter(pk=person_id, hospital=row.group.hospital_id).exists():
        raise RuleBroken("unknown_person", str(person_id))
    member, _ = RosterMember.objects.get_or_create(roster=row, person_id=person_id)
    return member


@transaction.atomic
def member_remove(*, roster_id: int, person_id: int, actor: User, at: datetime) -> None:
    """Somebody leaves a roster in which they have no shifts. Raises ``unknown_roster``, ``member_has_shifts``."""
    row = roster_locked(roster_id=roster_id, actor=actor)
    if RosterShift.objects.filter(roster=row, person=person_id).exists():
        raise RuleBroken("member_has_shifts", str(person_id))
    RosterMember.objects.filter(roster=row, person=person_id).delete()


def notice_days(first_on: date, today: date) -> int:
    """Days between publishing today and the first day of a roster (W-10)."""
    return (first_on - today).days


@transaction.atomic
def roster_publish(*, roster_id: int, actor: User, at: datetime, reason: str = "") -> Roster:
    """A draft becomes what holds, and those who are in it can see it. Later than the least notice takes a reason.

    Raises ``unknown_roster``, ``roster_not_draft``, ``run_under_way``, ``roster_breaks_rules``, ``notice_too_short``,
    ``roster_overlaps``, ``person_works_elsewhere``.
    """
    row = roster_locked(roster_id=roster_id, actor=actor)
    if row.state != RosterState.DRAFT:
        raise RuleBroken("roster_not_draft", row.state)
    if RosterRun.objects.filter(roster=row, state__in=UNDER_WAY).exists():
        raise RuleBroken("run_under_way", str(roster_id))
    if notice_days(row.first_on, local_date(at)) < hour_limit("notice_block_days") and not reason.strip():
        raise RuleBroken("notice_too_short", str(row.first_on))
    rows = roster_rows(row)
    if rows.judgement.broken:
        raise RuleBroken("roster_breaks_rules", str(len(rows.judgement.broken)))
    row.state, row.published_at, row.published_by_id = RosterState.PUBLISHED, at, actor.pk
    row.reason = reason.strip()
    try:
        with transaction.atomic():
            row.save()
            RosterShift.objects.filter(roster=row).update(in_force=True)
    except IntegrityError as error:
        elsewhere = "staffing_shift_one_place" in str(error)
        raise RuleBroken("person_works_elsewhere" if elsewhere else "roster_overlaps", str(roster_id)) from error
    wishes_settle(row, rows, at)
    changes_notify(matters=True)
    return row


@transaction.atomic
def roster_discard(*, roster_id: int, actor: User, at: datetime) -> Roster:
    """A draft is put aside; what was published stays. Raises ``unknown_roster``, ``roster_not_draft``."""
    row = roster_locked(roster_id=roster_id, actor=actor)
    if row.state != RosterState.DRAFT:
        raise RuleBroken("roster_not_draft", row.state)
    RosterRun.objects.filter(roster=row, state__in=UNDER_WAY).update(state="cancelled", ended_at=at)
    row.state = RosterState.WITHDRAWN
    row.save(update_fields=["state"])
    changes_notify(matters=True)
    return row


@transaction.atomic
def roster_restore(*, roster_id: int, actor: User, at: datetime) -> Roster:
    """A draft that was put aside is taken up again. Raises ``unknown_roster``, ``roster_not_discarded``."""
    row = roster_locked(roster_id=roster_id, actor=actor)
    if row.state != RosterState.WITHDRAWN:
        raise RuleBroken("roster_not_discarded", row.state)
    row.state = RosterState.DRAFT
    row.save(update_fields=["state"])
    return row

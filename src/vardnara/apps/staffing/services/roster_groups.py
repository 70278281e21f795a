"""Groups that are rostered together: their homes, their kinds of shifts, and how many are needed on a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from vardnara.apps.accounts.queries import role_require
from vardnara.apps.staffing.choices import PLANNERS, Competence, NeedDay
from vardnara.apps.staffing.models import RosterGroup, RosterHome, ShiftKind, StandardNeed
from vardnara.apps.staffing.queries.people_reach import home_in_reach
from vardnara.apps.staffing.queries.roster_reach import groups_in_reach
from vardnara.engines.hours import hours_check
from vardnara.engines.hours.params import hour_rules
from vardnara.engines.roster.swedish import ShiftKind as EngineKind
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

PLAIN = date(2026, 2, 4)  # a Wednesday far from the clock's changes
AROUND = timedelta(days=2)
ALONE = {"break", "daily_work", "daily_rest_day", "overlap"}  # what a shift can break with no other beside it
MOST_KINDS = 60
MOST_WANTED = 200


@dataclass(frozen=True, slots=True)
class HomeWords:
    """A ward, or a pool by name: exactly one."""

    ward_id: int | None = None
    pool: str = ""


@dataclass(frozen=True, slots=True)
class KindWords:
    """A kind of shift: minutes of the local day, ``end`` above 1440 is the next day."""

    code: str
    name: str
    start: int
    end: int
    breaks: tuple[tuple[int, int], ...] = ()
    competences: tuple[str, ...] = ()
    ward_id: int | None = None
    division_id: int | None = None


@transaction.atomic
def group_save(
    *,
    hospital_id: int,
    name: str,
    homes: Sequence[HomeWords],
    actor: User,
    at: datetime,
    day_break: int | None = None,
    group_id: int | None = None,
) -> RosterGroup:
    """Say who are rostered together, anew or for the first time. Who plans with all of them may.

    Raises ``unknown_group``, ``group_unnamed``, ``group_name_taken``, ``group_without_homes``, ``out_of_scope``,
    ``home_in_other_group``, ``bad_day_break``.
    """
    role_require(actor, PLANNERS)
    if not name:
        raise RuleBroken("group_unnamed", "a group without a name")
    if not homes:
        raise RuleBroken("group_without_homes", name)
    if day_break is not None and not 0 <= day_break < 1440:
        raise RuleBroken("bad_day_break", str(day_break))
    for home in homes:
        if (home.ward_id is None) == (not home.pool):
            raise RuleBroken("person_home_one", name)
        if not home_in_reach(actor=actor, hospital_id=hospital_id, ward_id=home.ward_id):
            raise RuleBroken("out_of_scope", f"ward {home.ward_id}")
    row = RosterGroup(hospital_id=hospital_id) if group_id is None else group_locked(group_id=group_id, actor=actor)
    row.name, row.day_break, row.changed_at, row.changed_by_id = name, day_break, at, actor.pk
    try:
        with transaction.atomic():
            row.save()
            RosterHome.objects.filter(group=row).delete()
            RosterHome.objects.bulk_create(
                RosterHome(group=row, hospital_id=row.hospital_id, ward_id=one.ward_id, pool=one.pool) for one in homes
            )
    except IntegrityError as error:
        taken = "staffing_group_name_once" in str(error)
        raise RuleBroken("group_name_taken" if taken else "home_in_other_group", name) from error
    return row


def group_locked(*, group_id: int, actor: User) -> RosterGroup:
    """A group within reach, locked; raises ``unknown_group``."""
    row = groups_in_reach(actor=actor).select_for_update(of=("self",)).filter(pk=group_id).first()
    if row is None:
        raise RuleBroken("unknown_group", str(group_id))
    return row


@transaction.atomic
def kind_add(*, group_id: int, words: KindWords, actor: User, at: datetime) -> ShiftKind:
    """A new kind of shift; one with the same code ends, and takes its place in needs.

    Raises ``unknown_group``, ``bad_shift_times``, ``shift_unlawful`` (the rule is in the message), ``kind_unnamed``,
    ``unknown_competence``, ``too_many_kinds``.
    """
    group = group_locked(group_id=group_id, actor=actor)
    if not words.code or not words.name:
        raise RuleBroken("kind_unnamed", f"group {group_id}")
    if set(words.competences) - set(Competence.values):
        raise RuleBroken("unknown_competence", ", ".join(words.competences))
    _lawful(group, words)
    held = ShiftKind.objects.filter(group=group, ended_at__isnull=True)
    before = held.filter(code=words.code).first()
    if before is None and held.count() >= MOST_KINDS:
        raise RuleBroken("too_many_kinds", str(MOST_KINDS))
    if before is not None:
        ShiftKind.objects.filter(pk=before.pk).update(ended_at=at)
    row = ShiftKind.objects.create(
        group=group,
        code=words.code,
        name=words.name,
        start=words.start,
        end=words.end,
        breaks=[list(one) for one in words.breaks],
        competences=list(words.competences),
        ward_id=words.ward_id,
        division_id=words.division_id,
    )
    if before is not None:
        StandardNeed.objects.filter(kind=before).update(kind=row)
    return row


def _lawful(group: RosterGroup, words: KindWords) -> None:
    try:
        kind = EngineKind(words.code, words.start, words.end, words.breaks)
    except ValueError as error:
        raise RuleBroken("bad_shift_times", str(error)) from error
    rules = hour_rules(day_break=group.day_break)
    found = hours_check([kind.on(PLAIN)], rules, first=PLAIN - AROUND, last=PLAIN + AROUND)
    wrong = sorted({one.rule for one in found} & ALONE)
    if wrong:
        raise RuleBroken("shift_unlawful", f"{words.code}: {', '.join(wrong)}")


@transaction.atomic
def kind_end(*, kind_id: int, actor: User, at: datetime) -> ShiftKind:
    """A kind of shift is not planned with any more; rosters that have it keep it. Twice is once."""
    row = ShiftKind.objects.select_related("group").filter(pk=kind_id).first()
    if row is None:
        raise RuleBroken("unknown_kind", str(kind_id))
    group_locked(group_id=row.group_id, actor=actor)
    if row.ended_at is None:
        StandardNeed.objects.filter(kind=row).delete()
        row.ended_at = at
        row.save(update_fields=["ended_at"])
    return row


@transaction.atomic
def standard_needs_set(
    *, group_id: int, wanted: Mapping[tuple[int, str], int], actor: User, at: datetime
) -> RosterGroup:
    """Say anew how many of each kind are needed on each kind of day, by (kind, day); rosters that exist keep theirs.

    Raises ``unknown_group``, ``unknown_kind``, ``bad_need``.
    """
    group = group_locked(group_id=group_id, actor=actor)
    kinds = set(ShiftKind.objects.filter(group=group, ended_at__isnull=True).values_list("pk", flat=True))
    for (kind, day), n in wanted.items():
        if kind not in kinds:
            raise RuleBroken("unknown_kind", str(kind))
        if day not in NeedDay.values or not 0 <= n <= MOST_WANTED:
            raise RuleBroken("bad_need", f"{day} {n}")
    StandardNeed.objects.filter(kind__group=group).delete()
    StandardNeed.objects.bulk_create(
        StandardNeed(kind_id=kind, day=day, wanted=n) for (kind, day), n in wanted.items() if n
    )
    group.changed_at, group.changed_by_id = at, actor.pk
    group.save(update_fields=["changed_at", "changed_by"])
    return group

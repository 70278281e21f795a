"""Wishes for days that are not published: made, changed, taken back, and settled when a roster is published."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from vardnara.apps.staffing.models import Person, Roster, RosterShift, ShiftKind, Wish
from vardnara.apps.staffing.queries.roster_period import RosterRows
from vardnara.apps.staffing.queries.schedule import person_of
from vardnara.apps.staffing.queries.wishes import group_of
from vardnara.engines.roster.swedish import wishes_explain
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import local_date

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

MOST_WISHES = 60  # for days to come: who wishes for every day wishes for nothing
FURTHEST_DAYS = 366


@transaction.atomic
def wish_set(
    *, on: date, kind_id: int | None, wanted: bool, weight: int, actor: User, at: datetime, note: str = ""
) -> Wish:
    """Wish for a kind of shift on a day (None: any), or not to have it; said anew it changes, turned round it replaces.

    Raises ``not_rostered``, ``wish_day_past``, ``wish_day_published``, ``unknown_kind``, ``bad_wish``,
    ``too_many_wishes``.
    """
    person = _own(actor)
    if not 1 <= weight <= 3 or (on - local_date(at)).days > FURTHEST_DAYS:
        raise RuleBroken("bad_wish", f"{weight} on {on}")
    _still_open(person, on, at)
    group = group_of(person)
    kinds = ShiftKind.objects.filter(group=group, ended_at__isnull=True)
    if kind_id is not None and (group is None or not kinds.filter(pk=kind_id).exists()):
        raise RuleBroken("unknown_kind", str(kind_id))
    same = Wish.objects.filter(person=person, on=on, kind=kind_id)
    same.exclude(wanted=wanted).delete()
    if not same.exists() and Wish.objects.filter(person=person, on__gt=local_date(at)).count() >= MOST_WISHES:
        raise RuleBroken("too_many_wishes", str(person.pk))
    wish, _ = Wish.objects.update_or_create(
        person=person,
        on=on,
        kind_id=kind_id,
        wanted=wanted,
        defaults={"weight": weight, "note": note.strip()[:200], "made_at": at, "granted": None, "why": {}},
    )
    return wish


@transaction.atomic
def wish_withdraw(*, wish_id: int, actor: User, at: datetime) -> None:
    """Take an own wish back. Raises ``not_rostered``, ``unknown_wish``, ``wish_day_past``, ``wish_day_published``."""
    person = _own(actor)
    wish = Wish.objects.select_for_update().filter(pk=wish_id, person=person).first()
    if wish is None:
        raise RuleBroken("unknown_wish", str(wish_id))
    _still_open(person, wish.on, at)
    wish.delete()


def wishes_settle(roster: Roster, rows: RosterRows, at: datetime) -> None:
    """Say of every wish for a roster that is published just now whether it is granted, and why not.

    Why is what the engine finds by trying the change; whom it would have cost what stays with it.
    """
    people = [int(key) for key in rows.people]
    works = dict[tuple[int, date], set[int]]()
    for person, on, kind in RosterShift.objects.filter(
        person__in=people, in_force=True, on__gte=roster.first_on, on__lt=roster.to_on
    ).values_list("person_id", "on", "kind_id"):
        works.setdefault((person, on), set()).add(kind)
    wishes = list(Wish.objects.filter(person__in=people, on__gte=roster.first_on, on__lt=roster.to_on))
    why = _why(rows) if wishes else {}
    for wish in wishes:
        held = works.get((wish.person_id, wish.on), set())
        has = bool(held) if wish.kind_id is None else wish.kind_id in held
        wish.granted = has == wish.wanted
        key = (str(wish.person_id), wish.on, str(wish.kind_id) if wish.kind_id else None, wish.wanted)
        wish.why = {} if wish.granted else why.get(key, {})
    Wish.objects.bulk_update(wishes, ["granted", "why"])


def _why(rows: RosterRows) -> dict[tuple[str, date, str | None, bool], dict[str, object]]:
    """Why wishes are refused, by whose, when, what and which way."""
    return {
        (one.person, one.wish.on, one.wish.shift, one.wish.wanted): {
            "reason": one.reason,
            "rules": sorted({broken.rule for broken in one.broken}),
        }
        for one in wishes_explain(rows.period, rows.assignments)
        if not one.is_granted
    }


def _own(actor: User) -> Person:
    return Person.objects.select_for_update(of=("self",)).get(pk=person_of(actor=actor).pk)


def _still_open(person: Person, on: date, at: datetime) -> None:
    """A wish is open until the day's roster is published."""
    if on <= local_date(at):
        raise RuleBroken("wish_day_past", str(on))
    group = group_of(person)
    published = Roster.objects.filter(state="published", first_on__lte=on, to_on__gt=on)
    if published.filter(members__person=person).exists() or (group and published.filter(group=group).exists()):
        raise RuleBroken("wish_day_published", str(on))

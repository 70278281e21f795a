"""A person's own wishes: those that are open, the periods that are being planned, and what became of the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from vardnara.apps.staffing.models import Person, Roster, RosterGroup, RosterHome, ShiftKind, Wish
from vardnara.apps.staffing.queries.schedule import kind_times, person_of
from vardnara.kernel.local_time import local_date
from vardnara.parameters.working_hours import hour_limit

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

DAY = timedelta(days=1)
SHOWN = timedelta(days=60)  # how long what became of a wish is shown


@dataclass(frozen=True, slots=True)
class WishRow:
    """A wish; ``code`` is empty for any shift. ``granted`` is None until the day's roster is published."""

    id: int
    on: date
    code: str
    wanted: bool
    weight: int
    note: str
    granted: bool | None
    why: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Planned:
    """A period that is being planned; by ``until`` it ought to be published, so wishes are to be made before."""

    first_on: date
    last_on: date
    until: date


@dataclass(frozen=True, slots=True)
class OwnWishes:
    """Wishes that can still be changed, those that are settled, what can be wished for, and when it is late."""

    person_id: int
    open: tuple[WishRow, ...]
    settled: tuple[WishRow, ...]
    kinds: tuple[tuple[int, str], ...]
    planned: tuple[Planned, ...]
    first_open: date


def group_of(person: Person) -> RosterGroup | None:
    """The group that a person's home is rostered in."""
    homes = RosterHome.objects.select_related("group")
    if person.ward_id is not None:
        home = homes.filter(ward=person.ward_id).first()
    else:
        home = homes.filter(hospital=person.hospital_id, pool=person.pool).first()
    return home.group if home else None


def own_wishes(*, actor: User, at: datetime) -> OwnWishes:
    """The actor's own; raises ``not_rostered``."""
    person = person_of(actor=actor)
    today = local_date(at)
    rows = Wish.objects.filter(person=person, on__gte=today - SHOWN).select_related("kind").order_by("on", "pk")
    found = [_row(one) for one in rows]
    group = group_of(person)
    kinds = ShiftKind.objects.filter(group=group, ended_at__isnull=True).order_by("start", "code") if group else []
    drafts = Roster.objects.filter(state="draft", members__person=person, to_on__gt=today).order_by("first_on")
    notice = timedelta(days=hour_limit("notice_warn_days"))
    published = Roster.objects.filter(state="published", members__person=person).order_by("-to_on").first()
    return OwnWishes(
        person.pk,
        tuple(one for one in found if one.granted is None and one.on > today),
        tuple(reversed([one for one in found if one.granted is not None])),
        tuple((one.pk, f"{one.code} {kind_times(one)} {one.name}") for one in kinds),
        tuple(Planned(one.first_on, one.to_on - DAY, one.first_on - notice) for one in drafts),
        max(today + DAY, published.to_on if published else today + DAY),
    )


def _row(one: Wish) -> WishRow:
    return WishRow(
        one.pk, one.on, one.kind.code if one.kind else "", one.wanted, one.weight, one.note, one.granted, one.why
    )

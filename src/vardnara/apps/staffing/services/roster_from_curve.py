"""From posts by need to a roster's needs: the days of work that a point of a curve is laid out on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from vardnara.apps.hospital.queries.organisation import organisation
from vardnara.apps.staffing.choices import RunState
from vardnara.apps.staffing.models import Allocation, AllocationPoint
from vardnara.apps.staffing.services.roster_groups import KindWords, group_locked, kind_add, standard_needs_set
from vardnara.kernel.errors import RuleBroken
from vardnara.parameters.posts import ShapeRow, shape_rows

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User


@transaction.atomic
def needs_from_curve(
    *, group_id: int, allocation_id: int, n_posts: int, competences: Sequence[str], actor: User, at: datetime
) -> int:
    """Give a group the shifts and standard needs of a curve's point, in the zones where the group works.

    Its needs are said anew; kinds of shifts stay. Returns how many kinds. Raises ``unknown_group``,
    ``unknown_allocation``, ``curve_without_point``, ``curve_elsewhere``.
    """
    group = group_locked(group_id=group_id, actor=actor)
    curve = Allocation.objects.filter(pk=allocation_id, hospital=group.hospital_id, state=RunState.DONE).first()
    if curve is None:
        raise RuleBroken("unknown_allocation", str(allocation_id))
    point = AllocationPoint.objects.filter(allocation=curve, n_posts=n_posts).first()
    if point is None:
        raise RuleBroken("curve_without_point", str(n_posts))
    places = _places(group.hospital_id, curve.basis["zones"])
    homes = {home.ward_id for home in group.homes.all()}
    everywhere = any(home.pool for home in group.homes.all())
    wanted: dict[tuple[int, str], int] = {}
    kinds: dict[tuple[str, str], int] = {}
    shapes = {row.code: row for row in shape_rows()}
    own = [zone for zone in places if everywhere or places[zone][1] & homes]
    if not own:
        raise RuleBroken("curve_elsewhere", str(allocation_id))
    numbers = {zone: n for n, zone in enumerate(own, start=1)}
    for shift in point.row["shifts"]:
        if shift["zone"] not in numbers:
            continue
        key = (shift["zone"], shift["shape"])
        if key not in kinds:
            number = str(numbers[shift["zone"]]) if len(own) > 1 else ""
            words = _kind(shapes[shift["shape"]], number, places[shift["zone"]][0], competences)
            kinds[key] = kind_add(group_id=group_id, words=words, actor=actor, at=at).pk
        day = (kinds[key], shift["day"])
        wanted[day] = wanted.get(day, 0) + shift["people"]
    standard_needs_set(group_id=group_id, wanted=wanted, actor=actor, at=at)
    return len(kinds)


def _places(hospital_id: int, zones: Sequence[Mapping[str, Any]]) -> dict[str, tuple[dict[str, Any], set[int | None]]]:
    """Each zone as a ward or a division, with its wards."""
    found: dict[str, tuple[dict[str, Any], set[int | None]]] = {}
    divisions = organisation(hospital_id=hospital_id)
    by_code = {ward.code: ward for one in divisions for ward in one.wards}
    own = {one.code: one for one in divisions}
    for zone in zones:
        wards: set[int | None] = {by_code[code].id for code in zone["wards"] if code in by_code}
        if len(zone["wards"]) == 1 and zone["wards"][0] in by_code:
            place = {"ward_id": by_code[zone["wards"][0]].id, "name": zone["name"]}
        else:
            division = own.get(zone["zone"])
            place = {"division_id": division.id if division else None, "name": zone["name"]}
        found[zone["zone"]] = (place, wards)
    return found


def _kind(shape: ShapeRow, number: str, place: Mapping[str, Any], competences: Sequence[str]) -> KindWords:
    since, until = (_minute(part) for part in shape.window.split("-"))
    breaks = tuple((_minute(a), _minute(b)) for a, b in (one.split("-") for one in shape.breaks))
    code = "".join(word[0] for word in shape.sv.split()).upper() + number
    name = f"{shape.sv.capitalize()}, {place['name']}"[:60]
    return KindWords(
        code, name, since, until, breaks, tuple(competences), place.get("ward_id"), place.get("division_id")
    )


def _minute(text: str) -> int:
    hours, minutes = text.split(":")
    return 60 * int(hours) + int(minutes)

"""Divisions and wards by name, for whatever is placed in one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vardnara.apps.hospital.models import Division, Ward
from vardnara.apps.hospital.queries.reach import wards_in_reach

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User


@dataclass(frozen=True, slots=True)
class OwnWard:
    """A confirmed ward."""

    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class OwnDivision:
    """A division with its confirmed wards."""

    id: int
    code: str
    name: str
    wards: tuple[OwnWard, ...]


def organisation(*, hospital_id: int) -> list[OwnDivision]:
    """A hospital's divisions and wards in the order in which they came; the caller answers for scope."""
    wards: dict[int, list[OwnWard]] = {}
    for ward in Ward.objects.filter(division__hospital=hospital_id, confirmed=True).order_by("pk"):
        wards.setdefault(ward.division_id, []).append(OwnWard(ward.pk, ward.code, ward.name))
    return [
        OwnDivision(row.pk, row.code, row.name, tuple(wards.get(row.pk, ())))
        for row in Division.objects.filter(hospital=hospital_id).order_by("pk")
    ]


def divisions_in_reach(actor: User) -> list[OwnDivision]:
    """Divisions with those of their confirmed wards that the actor reaches, in the order in which they came."""
    found: dict[int, tuple[Division, list[OwnWard]]] = {}
    for ward in wards_in_reach(actor).filter(confirmed=True).select_related("division").order_by("division_id", "pk"):
        division = found.setdefault(ward.division_id, (ward.division, []))
        division[1].append(OwnWard(ward.pk, ward.code, ward.name))
    return [OwnDivision(row.pk, row.code, row.name, tuple(wards)) for row, wards in found.values()]


@dataclass(frozen=True, slots=True)
class WardPlace:
    """A confirmed ward and where it is; empty where nobody has said it."""

    id: int
    code: str
    name: str
    division_id: int
    building: str
    floor: str


def ward_places(*, hospital_id: int) -> list[WardPlace]:
    """Where a hospital's confirmed wards are, in the order in which they came; the caller answers for scope."""
    rows = Ward.objects.filter(division__hospital=hospital_id, confirmed=True).order_by("pk")
    return [WardPlace(*row) for row in rows.values_list("pk", "code", "name", "division_id", "building", "floor")]

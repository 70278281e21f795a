"""Needs of a hospital's wards by hour: catalogue, agreements and measured times as the posts engine knows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from vardnara.apps.hospital.queries.demand import ward_ids_confirmed
from vardnara.apps.hospital.queries.organisation import organisation
from vardnara.apps.service.choices import Party
from vardnara.apps.service.queries.workload import HospitalWork, hospital_work
from vardnara.apps.staffing.choices import Whose, ZonedBy
from vardnara.apps.staffing.queries.posts import posts_hospital
from vardnara.engines.posts import Needs, NeedsOrder, PostsParams, Zone, needs_estimate, shapes_shipped
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User


@dataclass(frozen=True, slots=True)
class HospitalNeeds:
    """Needs, what they were made of, and what their zones and wards are called."""

    work: HospitalWork
    order: NeedsOrder
    params: PostsParams
    zone_names: Mapping[str, str]

    def estimate(self, level: str = "typical") -> Needs:
        """The needs with all norms low, typical or high."""
        return needs_estimate(replace(self.order, level=level), shapes_shipped(), self.params)


def hospital_needs(
    *, hospital_id: int, on: date, whose: str, zoned_by: str, service_level: float | None = None
) -> HospitalNeeds | None:
    """What the wards of a hospital need by the catalogue and the agreements of a date; None where there is neither.

    The caller answers for who may ask.
    """
    work = hospital_work(ward_ids=ward_ids_confirmed(hospital_id=hospital_id), on=on)
    if work is None or not work.wards:
        return None
    tasks = tuple(
        task
        for task in work.case.order.tasks
        if whose == Whose.ALL or work.parts[task.code].party in (Party.SERVICE, "")
    )
    zones, names = _zones(work, hospital_id, zoned_by)
    params = PostsParams() if service_level is None else PostsParams(service_level=service_level)
    return HospitalNeeds(work, NeedsOrder(replace(work.case.order, tasks=tasks), zones), params, names)


def _zones(work: HospitalWork, hospital_id: int, zoned_by: str) -> tuple[tuple[Zone, ...], dict[str, str]]:
    """Each ward, or each division with its wards."""
    if zoned_by == ZonedBy.WARD:
        names = {code: demand.name for code, demand in work.wards.items()}
        return tuple(Zone(code, (code,)) for code in work.wards), names
    code_of = {demand.ward_id: code for code, demand in work.wards.items()}
    zones, names = [], {}
    for division in organisation(hospital_id=hospital_id):
        codes = tuple(code_of[ward.id] for ward in division.wards if ward.id in code_of)
        if codes:
            zones.append(Zone(division.code, codes))
            names[division.code] = division.name
    return tuple(zones), names


def needs_seen(*, actor: User, on: date, whose: str, zoned_by: str, service_level: float) -> HospitalNeeds | None:
    """The needs for who may read the posts."""
    hospital_id = posts_hospital(actor=actor)
    return hospital_needs(hospital_id=hospital_id, on=on, whose=whose, zoned_by=zoned_by, service_level=service_level)


def needs_or_refuse(*, hospital_id: int, on: date, whose: str, zoned_by: str, service_level: float) -> HospitalNeeds:
    """The needs, for a curve; raises ``nothing_to_allocate`` where there is no ward or no catalogue."""
    found = hospital_needs(hospital_id=hospital_id, on=on, whose=whose, zoned_by=zoned_by, service_level=service_level)
    if found is None or not found.order.workload.tasks:
        raise RuleBroken("nothing_to_allocate", f"hospital {hospital_id}")
    return found

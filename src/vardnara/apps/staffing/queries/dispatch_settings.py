"""How far it is between wards, and who decides what is done next."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from vardnara.apps.hospital.queries.organisation import OwnDivision, WardPlace, organisation, ward_places
from vardnara.apps.staffing.choices import PolicyChoice
from vardnara.apps.staffing.models import DispatchPolicy
from vardnara.apps.staffing.queries.day_plan_rows import walk_times
from vardnara.engines.dispatch import Spot, walking_derive


@dataclass(frozen=True)
class Ways:
    """All ways of a hospital. ``rows``: a ward with its minutes to each other ward, and whether they were said."""

    wards: tuple[WardPlace, ...]
    rows: tuple[tuple[WardPlace, tuple[tuple[int, bool] | None, ...]], ...]
    n_said: int
    n_nowhere: int  # wards of which nobody has said building or floor

    @property
    def table(self) -> list[tuple[str, str, int, bool]]:
        """From, to, minutes, said."""
        return [
            (ward.code, self.wards[number].code, *cell)
            for ward, cells in self.rows
            for number, cell in enumerate(cells)
            if cell is not None
        ]


def ways_of(*, hospital_id: int) -> Ways:
    """Every way: what the hospital has said, else by building and floor. The caller answers for scope."""
    wards = tuple(ward_places(hospital_id=hospital_id))
    said = walk_times(hospital_id=hospital_id)
    derived = walking_derive({str(ward.id): Spot(ward.building, ward.floor) for ward in wards})
    rows = tuple(
        (
            ward,
            tuple(
                None
                if other.id == ward.id
                else (said[ward.id, other.id], True)
                if (ward.id, other.id) in said
                else (derived.between(str(ward.id), str(other.id)), False)
                for other in wards
            ),
        )
        for ward in wards
    )
    return Ways(wards, rows, len(said), sum(not ward.building or not ward.floor for ward in wards))


@dataclass(frozen=True)
class PolicyRow:
    """A hospital, division or ward with what was said of it, and what holds."""

    division: OwnDivision | None
    ward_id: int | None
    name: str
    said: str
    holds: str


def policies_of(*, hospital_id: int) -> list[PolicyRow]:
    """The hospital, its divisions and its wards in their order. The caller answers for scope."""
    said = _said(hospital_id)
    whole = said.get((None, None), "")
    top = whole or PolicyChoice.OWN_CHOICE.value
    rows = [PolicyRow(None, None, "", whole, top)]
    for division in organisation(hospital_id=hospital_id):
        own = said.get((division.id, None), "")
        rows.append(PolicyRow(division, None, division.name, own, own or top))
        for ward in division.wards:
            its = said.get((None, ward.id), "")
            rows.append(PolicyRow(division, ward.id, ward.name, its, its or own or top))
    return rows


def _said(hospital_id: int) -> dict[tuple[int | None, int | None], str]:
    rows = DispatchPolicy.objects.filter(hospital=hospital_id)
    return {(division, ward): policy for division, ward, policy in rows.values_list("division", "ward", "policy")}


def policy_for(*, hospital_id: int, ward_ids: Collection[int]) -> str:
    """Who decides for somebody with these own wards: what holds in all of them, else in the hospital."""
    return policies_for(hospital_id=hospital_id, zones=[ward_ids])[0]


def policies_for(*, hospital_id: int, zones: Sequence[Collection[int]]) -> list[str]:
    """Who decides for each of some people, by their own wards."""
    said = _said(hospital_id)
    top = said.get((None, None), PolicyChoice.OWN_CHOICE.value)
    if not said or not any(zones):
        return [top] * len(zones)
    division = {ward.id: ward.division_id for ward in ward_places(hospital_id=hospital_id)}
    policies = []
    for wards in zones:
        found = {
            said.get((None, ward)) or said.get((division[ward], None)) or top for ward in wards if ward in division
        }
        policies.append(found.pop() if len(found) == 1 else top)
    return policies

"""How far it is between wards, and who decides what is done next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import pgettext

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import role_require
from vardnara.apps.hospital.queries.organisation import organisation, ward_places
from vardnara.apps.hospital.services.live import changes_notify
from vardnara.apps.staffing.choices import PolicyChoice
from vardnara.apps.staffing.models import DispatchPolicy, WalkTime
from vardnara.apps.staffing.queries.day_plans import day_hospital
from vardnara.apps.staffing.services.reading import FAULTS_MOST, Reader, columns_faults, table_open
from vardnara.kernel.errors import InputError, RuleBroken
from vardnara.kernel.faults import Fault

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

COLUMNS = ("from", "to", "minutes")
LONGEST = 240  # minutes of one way


@transaction.atomic
def walks_import(*, path: Path, file_name: str, encoding: str = "utf-8", actor: User, at: datetime) -> tuple[int, int]:
    """Read a table of ways: how many are new, and how many that were there are changed or, without minutes, dropped.

    A way is from one ward to another and holds in that direction; others stay. Raises ``InputError`` with every fault.
    """
    hospital_id = day_hospital(actor=actor)
    table, faults = table_open(path, file_name=file_name, encoding=encoding)
    faults += columns_faults(table, file_name, needed=COLUMNS, known=COLUMNS)
    wards = [(ward.code, ward.id) for ward in ward_places(hospital_id=hospital_id)]
    found: dict[tuple[int, int], int | None] = {}
    for row in () if faults else table.rows:
        reader = Reader(row, file_name, faults, lengths={})
        start, end = reader.code("from", wards), reader.code("to", wards)
        for column, ward in (("from", start), ("to", end)):
            if ward is None and not row.get(column):
                reader.fault(column, pgettext("posts", "missing"), pgettext("day plan", "a ward's code"))
        minutes = reader.read("minutes", _minutes, pgettext("day plan", "whole minutes from 0 to 240, or nothing"))
        if start is not None and start == end:
            reader.fault("to", row.get("to"), pgettext("day plan", "another ward"))
        elif start is not None and (start, end) in found:
            reader.fault("to", row.get("to"), pgettext("day plan", "each way once"))
        elif start is not None and end is not None:
            found[start, end] = minutes
    if not found and not faults:
        faults.append(Fault(file_name, "", pgettext("day plan", "no ways"), pgettext("day plan", "a row for each way")))
    if faults:
        raise InputError(faults[:FAULTS_MOST])
    return walks_write(found, actor=actor, at=at)


def _minutes(text: str) -> int:
    minutes = int(text)
    if not 0 <= minutes <= LONGEST:
        raise ValueError(text)
    return minutes


def walks_write(ways: Mapping[tuple[int, int], int | None], *, actor: User, at: datetime) -> tuple[int, int]:
    """Write ways; without minutes they are dropped. Within a transaction, by who has checked the reach."""
    held = {
        (row.start_id, row.end_id): row
        for row in WalkTime.objects.select_for_update().filter(start__in={start for start, _ in ways})
    }
    new = [pair for pair, minutes in ways.items() if minutes is not None and pair not in held]
    changed = [pair for pair, minutes in ways.items() if pair in held and held[pair].minutes != minutes]
    WalkTime.objects.filter(pk__in=[held[pair].pk for pair in changed]).delete()
    WalkTime.objects.bulk_create(
        WalkTime(start_id=pair[0], end_id=pair[1], minutes=minutes, changed_at=at, changed_by_id=actor.pk)
        for pair in (*new, *changed)
        if (minutes := ways[pair]) is not None
    )
    return len(new), len(changed)


@transaction.atomic
def policy_set(
    *, policy: str, actor: User, at: datetime, division_id: int | None = None, ward_id: int | None = None
) -> None:
    """The head of ward service says who decides what is done next: in the hospital, a division or a ward.

    An empty policy is what holds above. Raises ``wrong_role``, ``unknown_policy``, ``out_of_scope``.
    """
    role_require(actor, (Role.SERVICE_HEAD,))
    hospital_id = day_hospital(actor=actor)
    if policy and policy not in PolicyChoice.values:
        raise RuleBroken("unknown_policy", policy)
    divisions = organisation(hospital_id=hospital_id)
    wards = {ward.id for division in divisions for ward in division.wards}
    if ward_id not in {None, *wards} or division_id not in {None, *(division.id for division in divisions)}:
        raise RuleBroken("out_of_scope", f"{division_id} {ward_id}")
    held = DispatchPolicy.objects.filter(hospital=hospital_id, division=division_id, ward=ward_id)
    if not policy:
        held.delete()
    else:
        DispatchPolicy.objects.update_or_create(
            hospital_id=hospital_id,
            division_id=division_id,
            ward_id=ward_id,
            defaults={"policy": policy, "changed_at": at, "changed_by": actor},
        )
    changes_notify(matters=True)

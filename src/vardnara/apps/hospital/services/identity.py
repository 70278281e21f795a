"""Looks at a patient's identity: each is written down in the same transaction that reads it (invariant 7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from vardnara.apps.accounts.choices import AccessAction, Role
from vardnara.apps.accounts.queries import role_require
from vardnara.apps.accounts.services import access_log
from vardnara.apps.hospital.models import InboxMessage, PatientIdentity, Stay
from vardnara.apps.hospital.queries.reach import wards_in_reach
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User


@dataclass(frozen=True, slots=True)
class Name:
    """Who a patient is, as far as the reader may know. ``protected`` leaves everything else empty (I-03)."""

    family_name: str
    given_name: str
    born_on: date | None
    protected: bool


@transaction.atomic
def stay_name_look(*, actor: User, at: datetime, stay_id: int, ward_code: str, client: str = "") -> Name:
    """The name behind a stay, for the ward's own staff; raises ``wrong_role`` or ``unknown_stay``."""
    role_require(actor, [Role.WARD_STAFF])
    stay = Stay.objects.select_related("patient").filter(pk=stay_id, ward__in=wards_in_reach(actor)).first()
    if stay is None:
        raise RuleBroken("unknown_stay", f"stay {stay_id}")
    access_log(
        actor=actor,
        at=at,
        action=AccessAction.READ,
        object_type="stay",
        object_id=str(stay_id),
        patient_key=str(stay.patient.key),
        ward_code=ward_code,
        purpose="care on the ward",
        client=client,
    )
    identity = PatientIdentity.objects.filter(patient=stay.patient).first()
    if identity is None or identity.protected:
        return Name("", "", None, protected=identity is not None)
    return Name(identity.family_name, identity.given_name, identity.born_on, protected=False)


@transaction.atomic
def message_look(*, actor: User, at: datetime, message_id: int, client: str = "") -> None:
    """Write down that somebody opened a message with its identity; raises ``wrong_role`` or ``unknown_message``."""
    role_require(actor, [Role.INTEGRATOR, Role.AUDITOR])
    if not InboxMessage.objects.filter(pk=message_id).exists():
        raise RuleBroken("unknown_message", f"message {message_id}")
    keys = InboxMessage.objects.filter(pk=message_id).values_list("records__stream__patient__key", flat=True).distinct()
    for key in keys:
        access_log(
            actor=actor,
            at=at,
            action=AccessAction.READ,
            object_type="message",
            object_id=str(message_id),
            patient_key=str(key or ""),
            purpose="fault finding" if actor.role == Role.INTEGRATOR else "audit",
            client=client,
        )

"""Systems that call us over HTTP: their keys, and the issuers of identifiers that there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import role_require
from vardnara.apps.hospital.models import PatientIdentifier, SystemKey

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

READERS = (Role.INTEGRATOR, Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One key: when and by whom it was made, when it was used last, when it ended."""

    id: int
    made_at: datetime
    made_by: str
    used_at: datetime | None
    ended_at: datetime | None


def keys_of(*, actor: User, sender_id: int) -> list[KeyLine]:
    """The keys of a system, the newest first."""
    role_require(actor, READERS)
    rows = SystemKey.objects.filter(sender=sender_id).select_related("made_by").order_by("-pk")
    return [KeyLine(row.pk, row.made_at, str(row.made_by), row.used_at, row.ended_at) for row in rows]


def issuers_known(*, actor: User) -> list[str]:
    """Whose numbers the patients that are known have, as messages write it."""
    role_require(actor, READERS)
    return sorted(set(PatientIdentifier.objects.values_list("issuer", flat=True).distinct()))[:50]

"""Which wards an actor reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from vardnara.apps.accounts.queries import user_reach
from vardnara.apps.hospital.models import BedPlace, Hospital, Ward
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User


def wards_in_reach(actor: User) -> QuerySet[Ward]:
    """The wards that the actor may reach, as a queryset to narrow further; raises ``no_scope`` without any scope."""
    reach = user_reach(actor)
    return Ward.objects.filter(Q(division__hospital__in=reach.hospital_ids) | Q(pk__in=reach.ward_ids))


def ward_require(actor: User, ward_id: int) -> None:
    """Raise ``out_of_scope`` unless the ward is within the actor's reach."""
    if not wards_in_reach(actor).filter(pk=ward_id).exists():
        raise RuleBroken("out_of_scope", f"user {actor.pk} does not reach ward {ward_id}")


def bed_ward(bed_id: int) -> int:
    """The ward that a bed is in; raises ``unknown_bed``."""
    ward_id = BedPlace.objects.filter(pk=bed_id).values_list("room__ward_id", flat=True).first()
    if ward_id is None:
        raise RuleBroken("unknown_bed", str(bed_id))
    return ward_id


def hospital_by_code(code: str) -> int:
    """A hospital by its code, the only one where ``code`` is empty; raises ``unknown_hospital``."""
    hospitals = Hospital.objects.filter(code=code) if code else Hospital.objects.order_by("pk")[:2]
    found = list(hospitals.values_list("pk", flat=True))
    if len(found) != 1:
        raise RuleBroken("unknown_hospital", f"hospital {code!r} is not one of those imported")
    return found[0]


def ward_by_code(hospital_id: int, code: str) -> int:
    """A ward of a hospital by its code; raises ``unknown_ward``."""
    found = Ward.objects.filter(division__hospital=hospital_id, code=code).values_list("pk", flat=True).first()
    if found is None:
        raise RuleBroken("unknown_ward", f"ward {code!r} is not in this hospital")
    return found

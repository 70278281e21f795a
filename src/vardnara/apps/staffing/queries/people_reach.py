"""Which people an actor may see: those of the wards within reach, and of the pools where the whole hospital is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from vardnara.apps.accounts.queries import role_require, user_reach
from vardnara.apps.hospital.queries.reach import wards_in_reach
from vardnara.apps.staffing.choices import PLANNERS
from vardnara.apps.staffing.models import Person

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User


def people_in_reach(*, actor: User) -> QuerySet[Person]:
    """The people that a planner reaches, as a queryset to narrow further; raises ``wrong_role`` or ``no_scope``."""
    role_require(actor, PLANNERS)
    return Person.objects.filter(
        Q(ward__in=wards_in_reach(actor)) | (~Q(pool="") & Q(hospital__in=user_reach(actor).hospital_ids))
    )


def home_in_reach(*, actor: User, hospital_id: int, ward_id: int | None) -> bool:
    """Whether the actor may plan with a home's people: a ward within reach, else a pool of a hospital reached whole."""
    if ward_id is None:
        return hospital_id in user_reach(actor).hospital_ids
    return wards_in_reach(actor).filter(pk=ward_id, division__hospital=hospital_id).exists()

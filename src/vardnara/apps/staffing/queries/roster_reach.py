"""Which rosters an actor may plan: those of groups whose every home is within reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet

from vardnara.apps.accounts.queries import role_require, user_reach
from vardnara.apps.hospital.queries.reach import wards_in_reach
from vardnara.apps.staffing.choices import PLANNERS
from vardnara.apps.staffing.models import Roster, RosterGroup, RosterHome
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User


def groups_in_reach(*, actor: User) -> QuerySet[RosterGroup]:
    """The groups that a planner reaches, to narrow further; raises ``wrong_role`` or ``no_scope``."""
    role_require(actor, PLANNERS)
    hospitals = user_reach(actor).hospital_ids
    own = Q(ward__in=wards_in_reach(actor)) | (~Q(pool="") & Q(hospital__in=hospitals))
    beyond = RosterHome.objects.filter(group=OuterRef("pk")).exclude(own)
    some = RosterHome.objects.filter(group=OuterRef("pk"))
    return RosterGroup.objects.filter(Q(Exists(some)) & ~Exists(beyond) | Q(hospital__in=hospitals))


def rosters_in_reach(*, actor: User) -> QuerySet[Roster]:
    """The rosters that a planner reaches, to narrow further."""
    return Roster.objects.filter(group__in=groups_in_reach(actor=actor))


def roster_locked(*, roster_id: int, actor: User) -> Roster:
    """A roster within reach, locked against other changes; raises ``unknown_roster``."""
    row = rosters_in_reach(actor=actor).select_for_update(of=("self",)).filter(pk=roster_id).first()
    if row is None:
        raise RuleBroken("unknown_roster", str(roster_id))
    return row

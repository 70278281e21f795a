"""Reads of accounts: what a user may reach."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.models import Scope, User
from vardnara.kernel.errors import RuleBroken


@dataclass(frozen=True, slots=True)
class Reach:
    """Hospitals that a user reaches whole, and single wards beside them."""

    hospital_ids: frozenset[int]
    ward_ids: frozenset[int]


def user_reach(actor: User) -> Reach:
    """What the actor may reach; raises ``no_scope`` where nothing was granted."""
    rows = Scope.objects.filter(user=actor).values_list("hospital_id", "ward_id")
    reach = Reach(
        hospital_ids=frozenset(hospital for hospital, ward in rows if ward is None),
        ward_ids=frozenset(ward for _, ward in rows if ward is not None),
    )
    if not reach.hospital_ids and not reach.ward_ids:
        raise RuleBroken("no_scope", f"user {actor.pk} has no scope")
    return reach


def role_require(actor: User, roles: Iterable[Role]) -> None:
    """Raise ``wrong_role`` unless the actor has one of ``roles``."""
    if actor.role not in set(roles):
        raise RuleBroken("wrong_role", f"user {actor.pk} is {actor.role}")

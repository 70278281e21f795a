"""Tablets of wards: shared, and shared no more, by whoever reaches the ward."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from vardnara.apps.accounts.queries import tablet_list
from vardnara.apps.accounts.services.tablets import tablet_make, tablet_revoke
from vardnara.apps.hospital.queries.boards import ward_ids_in_reach
from vardnara.apps.hospital.queries.reach import ward_require
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User


def tablet_share(*, ward_id: int, name: str, actor: User, at: datetime) -> str:
    """Share the tablet in hand with a ward; returns the token that its browser keeps."""
    ward_require(actor, ward_id)
    if not name.strip():
        raise RuleBroken("tablet_name_missing", "a name")
    return tablet_make(ward_id=ward_id, name=name, actor=actor, at=at)


def tablet_unshare(*, tablet_id: int, actor: User, at: datetime) -> None:
    """Raises ``out_of_scope`` where the tablet is not one of the actor's wards."""
    if tablet_id not in {tablet.id for tablet in tablet_list(ward_ids=ward_ids_in_reach(actor=actor))}:
        raise RuleBroken("out_of_scope", f"tablet {tablet_id}")
    tablet_revoke(tablet_id=tablet_id, actor=actor, at=at)

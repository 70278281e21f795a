"""From one coordinator to the next: written, signed, read, and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from vardnara.apps.accounts.queries import role_require
from vardnara.apps.hospital.queries.reach import wards_in_reach
from vardnara.apps.service.models import Handover
from vardnara.apps.service.services.notes import identity_refuse
from vardnara.apps.service.services.steps import LEADERS
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

TEXT_LIMIT = 4000  # characters of a handover
TWICE = timedelta(minutes=2)  # the same words so soon are the same handover sent again


@transaction.atomic
def handover_sign(
    *,
    hospital_id: int,
    since: datetime,
    text: str,
    figures: Mapping[str, object],
    actor: AbstractBaseUser,
    at: datetime,
) -> Handover:
    """A leader hands over what happened ``since``: the text and the figures as they stand are kept, and signed.

    Sent twice it is kept once.
    """
    role_require(actor, LEADERS)
    if not wards_in_reach(actor).filter(division__hospital=hospital_id).exists():
        raise RuleBroken("out_of_scope", f"hospital {hospital_id}")
    text = text.strip()
    if not text:
        raise RuleBroken("handover_empty")
    if len(text) > TEXT_LIMIT:
        raise RuleBroken("note_too_long")
    identity_refuse(text)
    actor._meta.model._default_manager.select_for_update().get(pk=actor.pk)
    again = Handover.objects.filter(author=actor.pk, hospital=hospital_id, text=text, at__gt=at - TWICE).first()
    if again is not None:
        return again
    return Handover.objects.create(
        hospital_id=hospital_id, since=min(since, at), at=at, author_id=actor.pk, text=text, figures=dict(figures)
    )


@transaction.atomic
def handover_acknowledge(*, handover_id: int, actor: AbstractBaseUser, at: datetime) -> None:
    """Another leader has read it. Once; nobody acknowledges what they wrote themselves."""
    role_require(actor, LEADERS)
    hospitals = wards_in_reach(actor).values("division__hospital")
    row = Handover.objects.select_for_update().filter(pk=handover_id, hospital__in=hospitals).first()
    if row is None:
        raise RuleBroken("unknown_handover", str(handover_id))
    if row.author_id == actor.pk:
        raise RuleBroken("own_handover", str(handover_id))
    if row.acknowledged_at is not None:
        raise RuleBroken("already_settled", str(handover_id))
    row.acknowledged_at, row.acknowledged_by_id = max(at, row.at), actor.pk
    row.save(update_fields=["acknowledged_at", "acknowledged_by"])

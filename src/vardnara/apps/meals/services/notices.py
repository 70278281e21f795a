"""What the ward must be told about meals: said once, loud where somebody could be hurt, until somebody has seen it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import role_require
from vardnara.apps.hospital.queries.reach import ward_require
from vardnara.apps.hospital.services.live import changes_notify
from vardnara.apps.meals.models import MealNotice, MealOrder
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

LOUD = ("served_unsafe", "stop_tray", "stop_tray_sent", "substitute_needed", "tray_for_gone", "tray_for_fasting")


def notice_raise(
    *, ward_id: int, stay_id: int, code: str, at: datetime, order: MealOrder | None = None, detail: dict[str, object]
) -> None:
    """Tell a ward; the same about the same meal, not yet seen, is told once."""
    MealNotice.objects.bulk_create(
        [MealNotice(ward_id=ward_id, stay_id=stay_id, order=order, code=code, detail=detail, loud=code in LOUD, at=at)],
        ignore_conflicts=True,
    )
    changes_notify(wards=[ward_id])


@transaction.atomic
def notice_seen(*, notice_id: int, actor: User, at: datetime) -> None:
    """Somebody on the ward has seen it and takes care of it; raises ``wrong_role``, ``unknown_notice``."""
    role_require(actor, [Role.WARD_STAFF, Role.SERVICE_WORKER, Role.COORDINATOR, Role.KITCHEN])
    row = MealNotice.objects.select_for_update().filter(pk=notice_id).first()
    if row is None:
        raise RuleBroken("unknown_notice", str(notice_id))
    ward_require(actor, row.ward_id)
    if row.seen_at is None:
        row.seen_at, row.seen_by = at, actor
        row.save(update_fields=["seen_at", "seen_by"])
        changes_notify(wards=[row.ward_id])


def notices_withdraw(*, order: MealOrder, codes: tuple[str, ...], at: datetime) -> None:
    """What is no longer so needs no look."""
    MealNotice.objects.filter(order=order, code__in=codes, seen_at__isnull=True).update(seen_at=at)

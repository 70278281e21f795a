"""Who may order at a bed: ward staff open it for a patient, who gives a short code on a phone or the bedside tablet.

Nothing here says who the patient is. It closes at transfer and discharge, after five wrong codes, and by a tap.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import role_require
from vardnara.apps.hospital.queries.stays import stay_in_reach
from vardnara.apps.hospital.services.live import changes_notify
from vardnara.apps.meals.models import HelpCall, OrderingAccess, OrderingSession
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

HELPERS = (Role.WARD_STAFF, Role.SERVICE_WORKER)
SESSION = timedelta(hours=12)  # a phone orders for a day's meals; tomorrow it asks for the code again


def token_digest(token: str) -> str:
    """What the table keeps of a cookie."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def ordering_open(*, stay_id: int, actor: User, at: datetime) -> OrderingAccess:
    """Let the patient order at the bed; the code that is open already where there is one.

    Raises ``wrong_role``, ``unknown_stay``, ``stay_without_bed``.
    """
    role_require(actor, HELPERS)
    stay = stay_in_reach(actor=actor, stay_id=stay_id)
    if not stay.open or stay.bed_id is None:
        raise RuleBroken("stay_without_bed", str(stay_id))
    made, fresh = OrderingAccess.objects.get_or_create(
        stay_id=stay.id,
        bed_id=stay.bed_id,
        closed_at=None,
        defaults={"code": f"{secrets.randbelow(10_000):04}", "opened_at": at, "opened_by": actor},
    )
    if fresh:
        changes_notify(wards=[stay.ward_id] if stay.ward_id is not None else ())
    return made


@transaction.atomic
def ordering_close(*, stay_id: int, actor: User, at: datetime) -> None:
    """Ward staff close the patient's own ordering."""
    role_require(actor, HELPERS)
    stay = stay_in_reach(actor=actor, stay_id=stay_id)
    OrderingAccess.objects.filter(stay=stay.id, closed_at__isnull=True).update(closed_at=at, closed_reason="staff")
    changes_notify(wards=[stay.ward_id] if stay.ward_id is not None else ())


def session_begin(*, bed_id: int, code: str, at: datetime, language: str = "") -> str:
    """A device gave a code at a bed: the token of its cookie. Raises ``ordering_not_open`` and ``wrong_code``.

    A wrong code counts whatever else happens: it is committed before the answer.
    """
    with transaction.atomic():
        rows = list(OrderingAccess.objects.select_for_update().filter(bed=bed_id, closed_at__isnull=True))
        if not rows:
            raise RuleBroken("ordering_not_open", f"bed {bed_id}")
        found = next((row for row in rows if secrets.compare_digest(row.code, code.strip())), None)
        if found is not None:
            token = secrets.token_urlsafe(24)
            OrderingSession.objects.create(
                access=found, digest=token_digest(token), made_at=at, expires_at=at + SESSION, language=language
            )
            return token
        for row in rows:
            row.failures += 1
            if row.failures >= OrderingAccess.FAILURES:
                row.closed_at, row.closed_reason = at, "wrong_codes"
            row.save(update_fields=["failures", "closed_at", "closed_reason"])
    raise RuleBroken("wrong_code", f"bed {bed_id}")


def session_of(*, token: str, bed_id: int, at: datetime) -> OrderingSession | None:
    """The session of a cookie while it holds: not expired, its access open, at this bed."""
    return (
        OrderingSession.objects.select_related("access")
        .filter(
            digest=token_digest(token),
            expires_at__gt=at,
            access__closed_at__isnull=True,
            access__bed=bed_id,
        )
        .first()
    )


@transaction.atomic
def help_call(*, session: OrderingSession, ward_id: int, at: datetime) -> None:
    """The patient asks for somebody to come; once, until somebody has."""
    HelpCall.objects.bulk_create([HelpCall(access_id=session.access_id, at=at)], ignore_conflicts=True)
    changes_notify(wards=[ward_id])


@transaction.atomic
def help_answer(*, stay_id: int, actor: User, at: datetime) -> None:
    """Somebody has come to the patient."""
    role_require(actor, HELPERS)
    stay = stay_in_reach(actor=actor, stay_id=stay_id)
    HelpCall.objects.filter(access__stay=stay.id, answered_at__isnull=True).update(answered_at=at, answered_by=actor)
    changes_notify(wards=[stay.ward_id] if stay.ward_id is not None else ())


def language_keep(*, session: OrderingSession, language: str) -> None:
    """The patient chose a language on this device."""
    OrderingSession.objects.filter(pk=session.pk).update(language=language)

"""The secret address by which a calendar follows a person's schedule: made, made anew, revoked by oneself."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from vardnara.apps.staffing.models import CalendarLink, Person
from vardnara.apps.staffing.queries.schedule import person_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User


def token_digest(token: str) -> str:
    """What the table keeps of an address: not enough to read by it."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def link_make(*, actor: User, at: datetime) -> str:
    """A new address of the actor's own calendar; an earlier one holds no longer. Told once: a digest stays.

    Raises ``not_rostered``.
    """
    person = Person.objects.select_for_update(of=("self",)).get(pk=person_of(actor=actor).pk)
    _revoke(person, at)
    token = secrets.token_urlsafe(32)
    CalendarLink.objects.create(person=person, digest=token_digest(token), made_at=at)
    return token


@transaction.atomic
def link_revoke(*, actor: User, at: datetime) -> None:
    """The address of the actor's own calendar holds no longer; twice is once. Raises ``not_rostered``."""
    _revoke(Person.objects.select_for_update(of=("self",)).get(pk=person_of(actor=actor).pk), at)


def _revoke(person: Person, at: datetime) -> None:
    CalendarLink.objects.filter(person=person, revoked_at__isnull=True).update(revoked_at=at)


def link_read(*, token: str, at: datetime) -> int | None:
    """Whose calendar an address is, None where it is none or revoked; each reading is counted."""
    link = CalendarLink.objects.filter(digest=token_digest(token), revoked_at__isnull=True).first()
    if link is None:
        return None
    CalendarLink.objects.filter(pk=link.pk, revoked_at__isnull=True).update(read_at=at, n_read=F("n_read") + 1)
    return link.person_id

"""The secret address by which a calendar follows a person's schedule: made, made anew, revoked; read within reason."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from vardnara.apps.accounts.choices import AccessAction
from vardnara.apps.accounts.services import access_log
from vardnara.apps.staffing.models import CalendarLink, Person
from vardnara.apps.staffing.queries.people_reach import people_in_reach
from vardnara.apps.staffing.queries.schedule import person_of
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

HOUR = timedelta(hours=1)
MOST_READINGS = 60  # of an address in an hour


def token_digest(token: str) -> str:
    """What the table keeps of an address: not enough to read by it."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def link_make(*, actor: User, at: datetime) -> str:
    """A new address of the actor's own calendar; an earlier one holds no longer. Told once: a digest stays.

    Raises ``not_rostered``.
    """
    person = Person.objects.select_for_update(of=("self",)).get(pk=person_of(actor=actor).pk)
    _revoke(person, actor, at)
    token = secrets.token_urlsafe(32)
    CalendarLink.objects.create(person=person, digest=token_digest(token), made_at=at)
    return token


@transaction.atomic
def link_revoke(*, actor: User, at: datetime) -> None:
    """The address of the actor's own calendar holds no longer; twice is once. Raises ``not_rostered``."""
    _revoke(Person.objects.select_for_update(of=("self",)).get(pk=person_of(actor=actor).pk), actor, at)


@transaction.atomic
def link_revoke_of(*, person_id: int, actor: User, at: datetime) -> bool:
    """Whoever plans with somebody ends their address, as when a phone is lost; False where there is none.

    It is written down as a look at the person's data is. Raises ``wrong_role``, ``unknown_person``.
    """
    person = people_in_reach(actor=actor).select_for_update(of=("self",)).filter(pk=person_id).first()
    if person is None:
        raise RuleBroken("unknown_person", str(person_id))
    if not _revoke(person, actor, at):
        return False
    access_log(
        actor=actor, at=at, action=AccessAction.WRITE, object_type="calendar_link", object_id=str(person.pk),
        purpose="revoked",
    )  # fmt: skip
    return True


def _revoke(person: Person, actor: User, at: datetime) -> int:
    rows = CalendarLink.objects.filter(person=person, revoked_at__isnull=True)
    return rows.update(revoked_at=at, revoked_by=actor)


@transaction.atomic
def link_read(*, token: str, at: datetime) -> int | None:
    """Whose calendar an address is, None where it is none or revoked; each reading is counted.

    Raises ``calendar_too_often`` beyond ``MOST_READINGS`` in an hour: a calendar asks a few times a day.
    """
    link = CalendarLink.objects.select_for_update().filter(digest=token_digest(token), revoked_at__isnull=True).first()
    if link is None:
        return None
    if link.counted_from is None or at - link.counted_from >= HOUR:
        link.counted_from, link.n_counted = at, 0
    if link.n_counted >= MOST_READINGS:
        raise RuleBroken("calendar_too_often", str(link.person_id))
    link.n_counted, link.n_read, link.read_at = link.n_counted + 1, link.n_read + 1, at
    link.save(update_fields=["counted_from", "n_counted", "n_read", "read_at"])
    return link.person_id

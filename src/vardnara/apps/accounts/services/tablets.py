"""Tablets that a ward shares: who may take them over by a short number, and when they lock."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime, timedelta
from itertools import pairwise

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.models import Pin, Tablet, TabletUse, User
from vardnara.apps.accounts.queries import tablet_people
from vardnara.kernel.errors import RuleBroken

PIN_ROLES = (Role.WARD_STAFF, Role.SERVICE_WORKER)
PIN_DIGITS = 6
LOCKED_FOR = timedelta(minutes=15)
NAMED_FOR = timedelta(days=60)  # who has not used the tablet for so long signs in by password again


def token_digest(token: str) -> str:
    """What is kept of a tablet's token: not enough to be the tablet."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def pin_set(*, actor: User, password: str, pin: str, at: datetime) -> None:
    """Choose a number; raises ``wrong_password``, ``bad_pin`` (six digits), ``weak_pin`` (a row or a repetition).

    Demo users have no password that anybody knows, and are not asked for one.
    """
    if actor.role not in PIN_ROLES:
        raise RuleBroken("wrong_role", str(actor.role))
    if not actor.demo and not actor.check_password(password):
        raise RuleBroken("wrong_password", str(actor.pk))
    if not re.fullmatch(rf"[0-9]{{{PIN_DIGITS}}}", pin):
        raise RuleBroken("bad_pin", "six digits")
    if _is_weak(pin):
        raise RuleBroken("weak_pin", "others would try it first")
    Pin.objects.update_or_create(
        user=actor, defaults={"digest": make_password(pin), "set_at": at, "failures": 0, "locked_until": None}
    )


def _is_weak(pin: str) -> bool:
    """One digit or a pair over and over, or digits in a row."""
    digits = [int(digit) for digit in pin]
    steps = {(after - before) % 10 for before, after in pairwise(digits)}
    return steps in ({0}, {1}, {9}) or pin[:2] * 3 == pin or pin[:3] * 2 == pin


def pin_forget(*, actor: User) -> None:
    Pin.objects.filter(user=actor).delete()


@transaction.atomic
def tablet_make(*, ward_id: int, name: str, actor: User, at: datetime) -> str:
    """Share a tablet with a ward that the caller has seen the actor reach; returns the token for its browser."""
    token = secrets.token_urlsafe(32)
    Tablet.objects.create(
        digest=token_digest(token), name=name.strip()[:60], ward_id=ward_id, made_at=at, made_by=actor
    )
    return token


def tablet_revoke(*, tablet_id: int, actor: User, at: datetime) -> None:
    """The tablet is shared no more: whoever is signed in on it is sent away with the next thing they do."""
    Tablet.objects.filter(pk=tablet_id, revoked_at__isnull=True).update(revoked_at=at, revoked_by=actor)


def tablet_used(*, tablet_id: int, user: User, at: datetime) -> None:
    """Somebody has signed in on it."""
    TabletUse.objects.update_or_create(tablet_id=tablet_id, user=user, defaults={"last_at": at})


def pin_check(*, tablet_id: int, user_id: int, pin: str, at: datetime) -> User:
    """The person whose name was chosen, if the number is right and the tablet knows them.

    Raises ``bad_pin_or_person``, or ``pin_locked``: the same for a wrong number and for somebody the tablet does not
    know. A failure is counted also where the caller's transaction ends in an error.
    """
    with transaction.atomic():
        row = Pin.objects.select_for_update().select_related("user").filter(user=user_id).first()
        known = any(person.id == user_id for person in tablet_people(tablet_id=tablet_id, since=at - NAMED_FOR))
        if row is None or not known:
            make_password(pin)  # as long as a check takes
            raise RuleBroken("bad_pin_or_person", str(user_id))
        if row.locked_until is not None and row.locked_until > at:
            raise RuleBroken("pin_locked", str(user_id))
        if row.locked_until is not None:
            row.failures, row.locked_until = 0, None
        right = check_password(pin, row.digest)
        row.failures = 0 if right else row.failures + 1
        if row.failures >= Pin.FAILURES:
            row.locked_until = at + LOCKED_FOR
        row.save(update_fields=["failures", "locked_until"])
    if not right:
        raise RuleBroken("pin_locked" if row.locked_until else "bad_pin_or_person", str(user_id))
    tablet_used(tablet_id=tablet_id, user=row.user, at=at)
    return row.user

"""Writes of accounts: sign-in, language, demo users and the log of who looked at a patient."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.http import HttpRequest

from vardnara.apps.accounts.choices import AccessAction, Profession, Role
from vardnara.apps.accounts.models import AccessLog, Scope, User
from vardnara.apps.accounts.queries import demo_user
from vardnara.kernel.errors import RuleBroken

DEMO_USERS = (
    (Role.SERVICE_WORKER, "service", "Amina", "Berg"),
    (Role.WARD_STAFF, "avdelning", "Jonas", "Lind"),
    (Role.COORDINATOR, "samordnare", "Karin", "Olsson"),
    (Role.SERVICE_HEAD, "servicechef", "Per", "Nyström"),
    (Role.UNIT_MANAGER, "enhetschef", "Anna", "Lundgren"),
    (Role.KITCHEN, "kok", "Leila", "Haddad"),
    (Role.CONTROLLER, "controller", "Eva", "Sundin"),
    (Role.DECISION_MAKER, "beslut", "Lars", "Ek"),
    (Role.INTEGRATOR, "integrator", "Mikael", "Ström"),
    (Role.AUDITOR, "granskare", "Birgitta", "Falk"),
    (Role.ADMINISTRATOR, "admin", "Sofia", "Hedlund"),
    (Role.UNION_REP, "facklig", "Nadia", "Karlsson"),
    (Role.SAFETY_REP, "skyddsombud", "Olle", "Persson"),
)

DEMO_PROFESSIONS = {Role.WARD_STAFF: Profession.NURSE, Role.KITCHEN: Profession.DIET_COOK}

DEMO_COLLEAGUES = (
    ("demo-omar", "Omar", "Yusuf"),
    ("demo-ewa", "Ewa", "Kowalska"),
    ("demo-tomas", "Tomas", "Åberg"),
    ("demo-fatima", "Fatima", "Rahimi"),
    ("demo-olena", "Olena", "Kovalenko"),
    ("demo-mattias", "Mattias", "Holm"),
    ("demo-ingrid", "Ingrid", "Sjöberg"),
)


def user_authenticate(*, request: HttpRequest, username: str, password: str) -> User:
    """The user of a name and password; raises ``bad_credentials``. Demo users exist only in a demo."""
    user = authenticate(request, username=username, password=password)
    if user is None or (user.demo and not settings.DEMO):
        raise RuleBroken("bad_credentials", f"sign-in refused for {username[:40]!r}")
    return user


def demo_user_of_role(*, role: str) -> User:
    """The demo user that one tap signs in; raises ``no_demo`` anywhere but in a demo of an invented hospital."""
    if not settings.DEMO:
        raise RuleBroken("no_demo")
    user = demo_user(role=role)
    if user is None:
        raise RuleBroken("no_demo")
    return user


@transaction.atomic
def demo_users_create(*, hospital_id: int, at: datetime, ward_id: int | None = None) -> list[tuple[str, str, str]]:
    """Make one demo user a role and return (username, password, role); who exists gets a new password.

    Ward staff reach one ward (``ward_id``, else the first inpatient ward), everybody else the hospital. Refused with
    ``not_invented`` unless the hospital is marked as invented.
    """
    hospitals = Scope._meta.get_field("hospital").related_model._default_manager
    if not hospitals.filter(pk=hospital_id, invented=True).exists():
        raise RuleBroken("not_invented", f"hospital {hospital_id} is not a demo hospital")
    if ward_id is None:
        wards = Scope._meta.get_field("ward").related_model._default_manager
        ward_id = (
            wards.filter(division__hospital_id=hospital_id, kind="inpatient")
            .order_by("pk")
            .values_list("pk", flat=True)
            .first()
        )
    made = []
    for role, username, given, family in DEMO_USERS:
        password = secrets.token_urlsafe(12)
        user, _ = User.objects.update_or_create(
            username=username,
            defaults={
                "role": role,
                "profession": DEMO_PROFESSIONS.get(role, Profession.NONE),
                "demo": True,
                "first_name": given,
                "last_name": family,
                "is_active": True,
                "password": make_password(password),
                "date_joined": at,
            },
        )
        user.scopes.all().delete()
        Scope.objects.create(user=user, hospital_id=hospital_id, ward_id=ward_id if role == Role.WARD_STAFF else None)
        made.append((username, password, str(role)))
    return made


@transaction.atomic
def demo_colleagues_create(*, hospital_id: int, at: datetime) -> None:
    """Make invented service workers whom work can be handed to and as whom nobody can sign in."""
    for username, given, family in DEMO_COLLEAGUES:
        user = User.objects.create(
            username=username,
            role=Role.SERVICE_WORKER,
            demo=True,
            first_name=given,
            last_name=family,
            password=make_password(None),
            date_joined=at,
        )
        Scope.objects.create(user=user, hospital_id=hospital_id)


@transaction.atomic
def user_set(
    *, username: str, role: str, hospital_id: int, ward_id: int | None, name: str, active: bool, at: datetime
) -> str:
    """Make a user, or give one another role, reach and password; returns the new password. For who runs the machine."""
    if role not in Role.values:
        raise RuleBroken("unknown_role", role)
    password = secrets.token_urlsafe(12)
    given, _, family = name.partition(" ")
    user, _ = User.objects.update_or_create(
        username=username,
        defaults={
            "role": role,
            "demo": False,
            "first_name": given,
            "last_name": family,
            "is_active": active,
            "password": make_password(password),
        },
        create_defaults={
            "role": role,
            "first_name": given,
            "last_name": family,
            "is_active": active,
            "password": make_password(password),
            "date_joined": at,
        },
    )
    user.scopes.all().delete()
    Scope.objects.create(user=user, hospital_id=hospital_id, ward_id=ward_id)
    return password


def language_set(*, actor: User, language: str) -> None:
    """Remember the language that a user wants."""
    if language not in dict(settings.LANGUAGES):
        raise RuleBroken("unknown_language", language[:20])
    User.objects.filter(pk=actor.pk).update(language=language)


def email_set(*, actor: User, email: str) -> None:
    """Remember where a user gets e-mail; empty for nowhere."""
    User.objects.filter(pk=actor.pk).update(email=email[:254])


def access_log(
    *,
    actor: User | None,
    at: datetime,
    action: AccessAction,
    object_type: str,
    object_id: str = "",
    patient_key: str = "",
    ward_code: str = "",
    purpose: str = "",
    client: str = "",
) -> None:
    """Write down one look at a patient's identity or contagion (invariant 7). The row is never changed."""
    AccessLog.objects.create(
        at=at,
        actor=actor,
        role=actor.role if actor is not None else "",
        ward_code=ward_code[:40],
        patient_key=patient_key[:64],
        object_type=object_type[:40],
        object_id=object_id[:64],
        action=action,
        purpose=purpose[:80],
        client=client[:64],
    )

"""Reads of accounts: what a user may reach."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import F, Q

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.models import AccessLog, Scope, Tablet, TabletUse, User
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.db.models import QuerySet

REACH = "_reach"  # where a user object keeps what it may reach
LOG_PAGE = 200  # rows of the access log on one page


@dataclass(frozen=True, slots=True)
class Reach:
    """Hospitals that a user reaches whole, and single wards beside them."""

    hospital_ids: frozenset[int]
    ward_ids: frozenset[int]


def user_reach(actor: User) -> Reach:
    """What the actor may reach; raises ``no_scope`` where nothing was granted.

    Asked of the database once for a user object, which lives for one request.
    """
    known = actor.__dict__.get(REACH)
    if known is not None:
        return known
    rows = Scope.objects.filter(user=actor).values_list("hospital_id", "ward_id")
    reach = Reach(
        hospital_ids=frozenset(hospital for hospital, ward in rows if ward is None),
        ward_ids=frozenset(ward for _, ward in rows if ward is not None),
    )
    if not reach.hospital_ids and not reach.ward_ids:
        raise RuleBroken("no_scope", f"user {actor.pk} has no scope")
    actor.__dict__[REACH] = reach
    return reach


def role_require(actor: User, roles: Iterable[Role]) -> None:
    """Raise ``wrong_role`` unless the actor has one of ``roles``."""
    if actor.role not in set(roles):
        raise RuleBroken("wrong_role", f"user {actor.pk} is {actor.role}")


def active_user(user_id: int) -> User:
    """An active user by id; raises ``unknown_user`` where there is none."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        raise RuleBroken("unknown_user", str(user_id))
    return user


@dataclass(frozen=True, slots=True)
class DemoUser:
    """A demo user as the sign-in page offers one."""

    role: Role
    name: str


@dataclass(frozen=True, slots=True)
class Person:
    """A colleague by name, to hand work to."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class LogRow:
    """A row of the access log for the auditor."""

    at: datetime
    name: str
    role: str
    action: str
    object_type: str
    object_id: str
    patient_key: str
    ward_code: str
    purpose: str


def _demo_users() -> QuerySet[User]:
    """Those as whom one can sign in to an invented hospital; colleagues have no password."""
    rows = User.objects.filter(demo=True, is_active=True, scopes__hospital__invented=True)
    return rows.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX).order_by("pk").distinct()


def demo_user_list() -> list[DemoUser]:
    """Demo users of the invented hospital, in the order in which they were made."""
    return [DemoUser(role=Role(row.role), name=row.get_full_name()) for row in _demo_users()]


def demo_user(*, role: str, hospital_id: int | None = None) -> User | None:
    """The demo user of a role in an invented hospital, None where there is none."""
    found = _demo_users().filter(role=role)
    return (found if hospital_id is None else found.filter(scopes__hospital=hospital_id)).first()


def demo_colleague_list(*, hospital_id: int) -> list[User]:
    """Invented service workers as whom nobody can sign in."""
    rows = User.objects.filter(demo=True, is_active=True, password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return list(rows.filter(scopes__hospital=hospital_id, scopes__hospital__invented=True).order_by("pk"))


def worker_list(*, hospital_ids: Iterable[int]) -> list[Person]:
    """Active service workers of some hospitals, by name: whom a coordinator may hand work to."""
    rows = (
        User.objects.filter(role=Role.SERVICE_WORKER, is_active=True, scopes__hospital__in=list(hospital_ids))
        .order_by("first_name", "last_name", "pk")
        .distinct()
    )
    return [Person(id=row.pk, name=row.get_full_name() or row.username) for row in rows]


def users_by_name(*, hospital_id: int) -> dict[str, int]:
    """Ids of the active users who reach a hospital or a ward of it, by the name that they sign in with."""
    return dict(User.objects.filter(scopes__hospital=hospital_id, is_active=True).values_list("username", "pk"))


def people_list(*, hospital_id: int, roles: Iterable[str]) -> list[Person]:
    """Active people of some roles who reach a hospital or a ward of it, by name."""
    reach = Q(scopes__hospital=hospital_id)
    rows = User.objects.filter(reach, role__in=list(roles), is_active=True)
    if not settings.DEMO:
        rows = rows.filter(demo=False)
    rows = rows.order_by("first_name", "last_name", "pk").distinct()
    return [Person(id=row.pk, name=row.get_full_name() or row.username) for row in rows]


@dataclass(frozen=True, slots=True)
class SharedTablet:
    """A tablet that a ward shares."""

    id: int
    name: str
    ward_id: int
    ward_name: str
    made_at: datetime


def tablet_of(digest: str) -> SharedTablet | None:
    """The tablet whose token has this digest, None where it is none or shared no more."""
    row = Tablet.objects.select_related("ward").filter(digest=digest, revoked_at__isnull=True).first()
    return _tablet(row) if row else None


def tablet_holds(tablet_id: int) -> bool:
    """Whether a tablet is still shared."""
    return Tablet.objects.filter(pk=tablet_id, revoked_at__isnull=True).exists()


def tablet_list(*, ward_ids: Iterable[int]) -> list[SharedTablet]:
    """Tablets shared by some wards, by name."""
    rows = Tablet.objects.select_related("ward").filter(ward__in=list(ward_ids), revoked_at__isnull=True)
    return [_tablet(row) for row in rows.order_by("ward__name", "name", "pk")]


def _tablet(row: Tablet) -> SharedTablet:
    return SharedTablet(row.pk, row.name, row.ward_id, row.ward.name, row.made_at)


def tablet_people(*, tablet_id: int, since: datetime) -> list[Person]:
    """Who may take the tablet over: those who have used it since, have a number, and still reach its ward."""
    ward = F("tablet__ward")
    reach = Q(user__scopes__ward=ward) | Q(
        user__scopes__ward__isnull=True, user__scopes__hospital=F("tablet__ward__division__hospital")
    )
    uses = TabletUse.objects.filter(
        reach, tablet=tablet_id, last_at__gte=since, user__is_active=True, user__pin__isnull=False
    )
    if not settings.DEMO:
        uses = uses.filter(user__demo=False)
    rows = uses.select_related("user").order_by("-last_at", "user_id").distinct()
    return [Person(id=row.user_id, name=row.user.get_full_name() or row.user.username) for row in rows]


@dataclass(frozen=True, slots=True)
class Addressee:
    """Somebody who may be told something, and in which language."""

    id: int
    email: str
    language: str
    name: str = ""


def addressee_list(*, role: str, hospital_id: int, ward_id: int | None) -> list[Addressee]:
    """Active people of a role who reach a ward; without a ward, those who reach the hospital whole."""
    reach = Q(scopes__hospital=hospital_id, scopes__ward__isnull=True)
    if ward_id is not None:
        reach |= Q(scopes__ward=ward_id)
    rows = User.objects.filter(reach, role=role, is_active=True).order_by("pk").distinct()
    if not settings.DEMO:
        rows = rows.filter(demo=False)
    return [Addressee(row.pk, row.email, row.language) for row in rows]


def reader_list(*, roles: Iterable[str], hospital_id: int) -> list[Addressee]:
    """Active people of some roles who reach a hospital whole, by name; ``name`` is what a list shows."""
    rows = User.objects.filter(
        scopes__hospital=hospital_id, scopes__ward__isnull=True, role__in=list(roles), is_active=True
    )
    if not settings.DEMO:
        rows = rows.filter(demo=False)
    rows = rows.order_by("first_name", "last_name", "pk").distinct()
    return [Addressee(row.pk, row.email, row.language, row.get_full_name() or row.username) for row in rows]


def access_log_list(
    *, actor: User, patient_key: str = "", username: str = "", action: str = "", before_id: int | None = None
) -> list[tuple[int, LogRow]]:
    """The newest rows of the access log, for an auditor; raises ``wrong_role`` for anybody else."""
    role_require(actor, [Role.AUDITOR])
    rows = AccessLog.objects.select_related("actor").order_by("-pk")
    if patient_key:
        rows = rows.filter(patient_key=patient_key)
    if username:
        rows = rows.filter(actor__username=username)
    if action:
        rows = rows.filter(action=action)
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    return [
        (
            row.pk,
            LogRow(
                at=row.at,
                name=(row.actor.get_full_name() or row.actor.username) if row.actor else "",
                role=str(Role(row.role).label) if row.role in Role.values else row.role,
                action=row.get_action_display(),
                object_type=row.object_type,
                object_id=row.object_id,
                patient_key=row.patient_key,
                ward_code=row.ward_code,
                purpose=row.purpose,
            ),
        )
        for row in rows[:LOG_PAGE]
    ]

"""Locks, versions and events that every write of a case shares."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import role_require, user_reach
from vardnara.apps.decisions.choices import CaseState
from vardnara.apps.decisions.models import Case, CaseEvent, CaseVersion
from vardnara.gateways.case_file.content import Content, content_check
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

WRITERS = (Role.CONTROLLER, Role.DECISION_MAKER, Role.SERVICE_HEAD, Role.ADMINISTRATOR)
DECIDERS = (Role.DECISION_MAKER, Role.ADMINISTRATOR)


def writer_require(actor: User, hospital_id: int, roles: tuple[Role, ...] = WRITERS) -> None:
    """Raise unless the actor may write cases of the hospital."""
    role_require(actor, roles)
    if hospital_id not in user_reach(actor).hospital_ids:
        raise RuleBroken("out_of_scope", f"hospital {hospital_id}")


def case_lock(case_id: int, actor: User, roles: tuple[Role, ...] = WRITERS) -> Case:
    """The case, locked, for who may write it."""
    case = Case.objects.select_for_update().filter(pk=case_id).first()
    if case is None:
        raise RuleBroken("unknown_matter", str(case_id))
    writer_require(actor, case.hospital_id, roles)
    return case


def draft_lock(case_id: int, actor: User) -> Case:
    """The same, of a case that may still be changed."""
    case = case_lock(case_id, actor)
    if case.state != CaseState.DRAFT:
        raise RuleBroken("case_is_decided", f"case {case_id}")
    return case


def content_of(case: Case) -> Content:
    """What the case's newest version says."""
    content: Content = case.versions.get(number=case.n_versions).content
    return content


def version_add(case: Case, content: Content, *, what: str, actor: User, at: datetime) -> CaseVersion:
    """The next version; raises ``InputError`` where the content cannot be read or reckoned."""
    told, _ = content_check(content)
    version = CaseVersion.objects.create(
        case=case, number=case.n_versions + 1, content=content, what=what, made_at=at, made_by=actor
    )
    case.n_versions = version.number
    case.title = told.title
    case.save(update_fields=["n_versions", "title"])
    return version


def event_add(case: Case, what: str, *, text: str = "", actor: User, at: datetime) -> None:
    CaseEvent.objects.create(case=case, what=what, text=text[:400], at=at, by=actor)

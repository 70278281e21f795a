"""Documents of a case, made and kept as they were."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from vardnara.apps.decisions.choices import CaseState
from vardnara.apps.decisions.models import CaseDocument
from vardnara.apps.decisions.queries.cases import case_one, figures_shown
from vardnara.apps.decisions.services.recording import case_lock, event_add
from vardnara.engines.documents.case_document import FORMATS, case_document
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import local_date

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User


@transaction.atomic
def documents_make(*, case_id: int, actor: User, at: datetime) -> list[CaseDocument]:
    """Make every document of the newest version, and keep them with the figures that they show. A writer."""
    case = case_lock(case_id, actor)
    if case.state == CaseState.WITHDRAWN:
        raise RuleBroken("case_is_decided", f"case {case_id}")
    page = case_one(actor=actor, case_id=case_id, on=local_date(at))
    document = case_document(page.examination, dated_on=case.decided_on or local_date(at))
    version = case.versions.get(number=case.n_versions)
    made = [
        CaseDocument.objects.create(
            case=case,
            version=version,
            format=suffix,
            content=build(document),
            figures=figures_shown(page.examination),
            made_at=at,
            made_by=actor,
        )
        for suffix, build in FORMATS.items()
    ]
    event_add(case, "documents", text=", ".join(FORMATS), actor=actor, at=at)
    return made

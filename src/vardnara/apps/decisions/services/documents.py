"""Documents of a case, made and kept as they were."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from vardnara.apps.decisions.choices import CaseState
from vardnara.apps.decisions.models import CaseDocument
from vardnara.apps.decisions.queries.cases import case_one, figures_shown
from vardnara.apps.decisions.queries.documents import document_of
from vardnara.apps.decisions.queries.risks import SidePage, risk_sides
from vardnara.apps.decisions.queries.templates import template_own
from vardnara.apps.decisions.services.recording import case_lock, event_add
from vardnara.engines.documents import RiskRow, document_docx
from vardnara.engines.documents.case_document import FORMATS
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import local_date

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User


LEVELS = {"green": "grön", "yellow": "gul", "red": "röd"}  # documents are Swedish
AREAS = {"patient": "Patient", "staff": "Medarbetare", "operation": "Verksamhet", "economy": "Ekonomi"}
SIDES = {"service": "Service", "care": "Vård"}


@transaction.atomic
def documents_make(*, case_id: int, actor: User, at: datetime) -> list[CaseDocument]:
    """Make every document of the newest version, and keep them with the figures that they show. A writer."""
    case = case_lock(case_id, actor)
    if case.state == CaseState.WITHDRAWN:
        raise RuleBroken("case_is_decided", f"case {case_id}")
    page = case_one(actor=actor, case_id=case_id, on=local_date(at))
    _, sides = risk_sides(actor=actor, case_id=case_id, at=at, on=local_date(at))
    risks = tuple(row for side in sides for row in risk_rows(side))
    document = document_of(page, on=local_date(at), risks=risks)
    template = template_own(hospital_id=case.hospital_id, kind=document.kind.value)
    version = case.versions.get(number=case.n_versions)
    made = [
        CaseDocument.objects.create(
            case=case,
            version=version,
            format=suffix,
            content=document_docx(document, template) if suffix == "docx" else build(document),
            figures=figures_shown(page.examination),
            made_at=at,
            made_by=actor,
        )
        for suffix, build in FORMATS.items()
    ]
    event_add(case, "documents", text=", ".join(FORMATS), actor=actor, at=at)
    return made


def risk_rows(side: SidePage) -> list[RiskRow]:
    """A side's newest version as the rows of a document."""
    version = str(side.analysis.number) if side.analysis else ""
    return [
        RiskRow(
            number=str(line.number),
            area=AREAS[line.row.area],
            risk=line.row.risk,
            cause=line.row.cause,
            consequence=line.row.consequence,
            likelihood=line.row.likelihood,
            severity=line.row.severity,
            value=line.score,
            level=LEVELS[line.level],
            existing_action=line.row.existing_action,
            new_action=line.row.new_action,
            responsible=line.row.responsible,
            due_on=line.row.due_on,
            follow_up=line.row.follow_up,
            residual=line.residual_score,
            version=version,
            side=SIDES[side.side.value],
        )
        for line in side.lines
    ]

"""The documents that a case is written as: its own, and the extract of the minutes that decided it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from vardnara.apps.decisions.choices import TemplateKind
from vardnara.apps.decisions.models import Case, Paragraph
from vardnara.apps.decisions.queries.cases import DECIDED, CasePage, case_one
from vardnara.apps.decisions.queries.templates import template_own
from vardnara.engines.documents import DecisionDocument, RiskRow, document_docx, document_pdf
from vardnara.engines.documents.case_document import case_document
from vardnara.engines.documents.case_extract import Minuted, extract_document
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

EXTRACT_FORMATS = ("docx", "pdf")


def document_of(page: CasePage, *, on: date, risks: tuple[RiskRow, ...] = ()) -> DecisionDocument:
    """A case's own document, with the registry number that it has by now."""
    document = case_document(page.examination, dated_on=page.case.decided_on or on, risks=risks)
    return replace(document, registry_number=page.case.registry_number or document.registry_number)


def paragraph_decides(paragraph_on: date, case: Case) -> bool:
    """Whether a § of a day is the one that decided a case: only that has an extract of what the case says."""
    return case.state in DECIDED and case.decided_on == paragraph_on


def extract_file(
    *, actor: User, case_id: int, paragraph_id: int, recipient: int | None, suffix: str
) -> tuple[str, bytes]:
    """The extract of the § that decided a case, for one of its recipients (from 0) or all; its name and bytes.

    For readers of cases. A case stands still once it is decided, so the same extract is the same file.
    """
    paragraph = Paragraph.objects.select_related("organ").filter(pk=paragraph_id, case_id=case_id).first()
    if paragraph is None or suffix not in EXTRACT_FORMATS:
        raise RuleBroken("unknown_matter", f"paragraph {paragraph_id} of case {case_id}")
    page = case_one(actor=actor, case_id=case_id, on=paragraph.on)
    named = page.examination.case.recipients
    if not paragraph_decides(paragraph.on, page.case) or not (recipient is None or 0 <= recipient < len(named)):
        raise RuleBroken("unknown_matter", f"extract of paragraph {paragraph_id}")
    document = extract_document(
        page.examination,
        Minuted(paragraph.organ.name, paragraph.on, str(paragraph.number)),
        recipients=named if recipient is None else (named[recipient],),
        registry_number=page.case.registry_number,
    )
    name = f"{paragraph.organ.abbreviation} {paragraph.on} § {paragraph.number} {' '.join(document.recipients[:1])}"
    if suffix == "pdf":
        return name, document_pdf(document)
    own = template_own(hospital_id=page.case.hospital_id, kind=TemplateKind.PROTOCOL_EXTRACT)
    return name, document_docx(document, own)

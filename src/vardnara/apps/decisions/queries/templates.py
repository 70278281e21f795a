"""The Word templates in use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from vardnara.apps.decisions.choices import TemplateKind
from vardnara.apps.decisions.models import DocumentTemplate
from vardnara.engines.documents import DocumentKind, document_template


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A form of document and its template: the region's own with who gave it, or ours (``made_at`` None)."""

    kind: TemplateKind
    file_name: str
    made_at: datetime | None
    made_by: str


def template_list(*, hospital_id: int) -> list[TemplateRow]:
    """Every form of document. The caller has checked who may ask."""
    own = {
        row.kind: row
        for row in DocumentTemplate.objects.filter(hospital_id=hospital_id, replaced_at__isnull=True)
        .select_related("made_by")
        .defer("content")
    }
    rows = []
    for kind in TemplateKind:
        row = own.get(kind)
        who = row.made_by.get_full_name() if row and row.made_by else ""
        rows.append(TemplateRow(kind, row.file_name if row else "", row.made_at if row else None, who))
    return rows


def template_own(*, hospital_id: int, kind: str) -> bytes | None:
    """The region's own template of a form, None where ours is used."""
    row = DocumentTemplate.objects.filter(hospital_id=hospital_id, kind=kind, replaced_at__isnull=True).first()
    return None if row is None else bytes(row.content)


def template_in_use(*, hospital_id: int, kind: str) -> bytes:
    """The template that documents of a form are made from."""
    return template_own(hospital_id=hospital_id, kind=kind) or document_template(DocumentKind(kind))

"""A region's own Word templates: handed out, taken back, refused where they would lose something."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.utils import DatabaseError
from django.test import Client
from docx import Document
from tests.strategies.stage import AT, Stage, stage_set

from vardnara.apps.decisions import services
from vardnara.apps.decisions.choices import CaseKind
from vardnara.apps.decisions.models import CaseDocument, DocumentTemplate
from vardnara.engines.documents import DocumentKind, document_template


@pytest.fixture
def stage(db: None, settings: Any) -> Stage:
    settings.DEMO = True
    return stage_set()


def changed(words: str) -> bytes:
    """Our template with a line of the region's own before everything else."""
    word = Document(io.BytesIO(document_template(DocumentKind.MEMO)))
    word.paragraphs[0].insert_paragraph_before(words)
    made = io.BytesIO()
    word.save(made)
    return made.getvalue()


def give(client: Client, content: bytes) -> Any:
    file = SimpleUploadedFile("regionens.docx", content)
    return client.post("/arenden/mallar/", {"kind": "memo", "file": file}, follow=True)


def test_a_changed_template_is_what_documents_are_made_from(stage: Stage) -> None:
    """Out, changed, back, used, and given up again; what was made stays as it was."""
    client, who = Client(), stage.users["controller"]
    client.force_login(who)
    assert client.get("/arenden/mallar/memo/").content == document_template(DocumentKind.MEMO)
    assert "regionens.docx" in give(client, changed("Region Påhitt")).content.decode()
    content = {"title": "Prövning", "kind": "memo", "proposal": [{"text": "Nämnden godkänner rapporten."}]}
    case = services.case_create(hospital_id=stage.ward.division.hospital_id, content=content, actor=who, at=AT)
    made = services.documents_make(case_id=case.pk, actor=who, at=AT)
    word = next(one for one in made if one.format == "docx")
    assert Document(io.BytesIO(bytes(word.content))).paragraphs[0].text == "Region Påhitt"
    client.post("/arenden/mallar/memo/tillbaka/")
    services.documents_make(case_id=case.pk, actor=who, at=AT)
    newest = CaseDocument.objects.filter(format="docx").latest("pk")
    assert Document(io.BytesIO(bytes(newest.content))).paragraphs[0].text != "Region Påhitt"


def test_what_would_lose_something_is_refused_with_what_is_wrong(stage: Stage) -> None:
    """No Word file; a name that there is not; and nothing is kept."""
    client = Client()
    client.force_login(stage.users["administrator"])
    assert give(client, b"not a file").status_code == 422
    answer = give(client, changed("{{ no_such_name }}"))
    assert answer.status_code == 422 and "no_such_name" in answer.content.decode()
    assert not DocumentTemplate.objects.exists()


def test_the_database_keeps_templates_as_they_were(stage: Stage) -> None:
    """One in use at a time, and never changed."""
    given = {"hospital_id": stage.ward.division.hospital_id, "kind": CaseKind.MEMO, "actor": stage.users["controller"]}
    for words in ("A", "B"):
        services.template_set(file_name=f"{words}.docx", content=changed(words), at=AT, **given)
    assert [row.file_name for row in DocumentTemplate.objects.filter(replaced_at__isnull=True)] == ["B.docx"]
    for change in ({"file_name": "C.docx"}, {"replaced_at": None}):
        with pytest.raises(DatabaseError), transaction.atomic():
            DocumentTemplate.objects.filter(file_name="A.docx").update(**change)

"""The extract of the minutes that decided a case: from its page and the meeting's, for each recipient."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document
from tests.apps.decisions.test_case_services import TODAY, case_of, content
from tests.apps.decisions.test_organs import client_of, organ_of, region_of
from tests.strategies.cases import HALLAND, REVIEW
from tests.strategies.stage import AT, Stage, stage_set

from vardnara.apps.decisions import services
from vardnara.apps.decisions.models import Case, Paragraph
from vardnara.apps.decisions.queries.cases import document_bytes
from vardnara.engines.documents import DocumentKind, document_template


@pytest.fixture
def stage(db: None, settings: Any) -> Stage:
    settings.DEMO = True
    return stage_set()


def minuted(
    stage: Stage, name: str = REVIEW, *, days: int = 0, decided: bool = True, **more: Any
) -> tuple[Case, Paragraph]:
    """A case on the agenda of a meeting today, with a § of that many days before."""
    who = {"actor": stage.users["controller"], "at": AT}
    organ = organ_of(stage, region_of(stage))
    case = case_of(stage, name, **more)
    meeting = services.meeting_add(hospital_id=case.hospital_id, organ_id=organ.pk, on=TODAY, **who)
    services.item_add(meeting_id=meeting.pk, case_id=case.pk, **who)
    on = TODAY - timedelta(days=days)
    made, _ = services.paragraph_take(case_id=case.pk, organ_id=organ.pk, on=on, **who)
    services.case_registry_set(case_id=case.pk, number="RS/113/2026", **who)
    if decided:
        services.case_decide(case_id=case.pk, decided_on=TODAY, actor=stage.users["decision_maker"], at=AT)
    return case, made


def address(case: Case, paragraph: Paragraph, kind: str = "docx", to: str = "") -> str:
    return f"/arenden/{case.pk}/paragraf/{paragraph.pk}/utdrag.{kind}{to}"


def text_of(word: bytes) -> str:
    opened = Document(io.BytesIO(word))
    head = [paragraph.text for paragraph in opened.sections[0].header.paragraphs]
    return "\n".join([*head, *(paragraph.text for paragraph in opened.paragraphs)])


def test_each_recipient_gets_the_extract_of_the_decision(stage: Stage) -> None:
    """Offered on both pages; for one recipient by name, for all in one; the same file whenever it is asked for."""
    case, paragraph = minuted(stage)
    reader = client_of(stage, "auditor")
    named = content(REVIEW)["recipients"]
    assert address(case, paragraph, "pdf") in reader.get(f"/arenden/{case.pk}/").content.decode()
    meeting = reader.get("/arenden/sammantraden/").content.decode().split("/arenden/sammantraden/")[-1].split("/")[0]
    agenda = reader.get(f"/arenden/sammantraden/{meeting}/").content.decode()
    for number, _ in enumerate(named, 1):
        assert address(case, paragraph, "docx", f"?till={number}") in agenda
    answer = reader.get(address(case, paragraph, to="?till=2"))
    assert "utdrag-rs-2026-" in answer["Content-Disposition"]
    told = text_of(answer.content)
    assert f"§\u00a0{paragraph.number} {case.title}" in told and "Rätt utdraget intygas" in told
    assert "Dnr RS/113/2026" in told and "Protokollsutdrag" in told and "Regionstyrelsen" in told
    assert named[1] in told and named[0] not in told
    assert all(name in text_of(reader.get(address(case, paragraph)).content) for name in named)
    assert reader.get(address(case, paragraph, "pdf")).content.startswith(b"%PDF")
    assert reader.get(address(case, paragraph, to="?till=2")).content == answer.content


def test_a_case_without_recipients_has_one_extract(stage: Stage) -> None:
    """The meeting's page says that nobody is named and offers it all the same."""
    case, paragraph = minuted(stage, HALLAND, proposal=[{"text": "Nämnden godkänner rapporten."}])
    reader = client_of(stage, "auditor")
    assert "Utdrag till" not in text_of(reader.get(address(case, paragraph)).content)
    assert reader.get(address(case, paragraph, to="?till=1")).status_code == 404


@pytest.mark.parametrize("how", [{"decided": False}, {"days": 1}])
def test_only_the_paragraph_that_decided_it_has_an_extract(stage: Stage, how: dict[str, Any]) -> None:
    """Not while the case is prepared, and not of a § of another day: what was minuted then is not known here."""
    case, paragraph = minuted(stage, **how)
    reader = client_of(stage, "auditor")
    assert "utdrag." not in reader.get(f"/arenden/{case.pk}/").content.decode()
    assert reader.get(address(case, paragraph)).status_code == 404


def test_what_there_is_not_is_not_found(stage: Stage) -> None:
    """Another format, another recipient, another case's §, and whoever is of another hospital."""
    case, paragraph = minuted(stage)
    reader, outsider = client_of(stage, "auditor"), client_of(stage, "auditor")
    outsider.force_login(stage.outsider)
    for wrong in (address(case, paragraph, "xlsx"), address(case, paragraph, to="?till=99"), "?till=0", "?till=x"):
        wrong = wrong if wrong.startswith("/") else address(case, paragraph, to=wrong)
        assert reader.get(wrong).status_code == 404
    other = case_of(stage, HALLAND, proposal=[{"text": "Nämnden godkänner rapporten."}])
    services.case_decide(case_id=other.pk, decided_on=TODAY, actor=stage.users["decision_maker"], at=AT)
    assert reader.get(address(other, paragraph)).status_code == 404
    assert outsider.get(address(case, paragraph)).status_code == 404


def test_a_region_s_own_template_of_extracts_is_used(stage: Stage) -> None:
    """Given back on the page of templates like any other form's."""
    case, paragraph = minuted(stage)
    word = Document(io.BytesIO(document_template(DocumentKind.PROTOCOL_EXTRACT)))
    word.paragraphs[0].insert_paragraph_before("Region Påhitt")
    made = io.BytesIO()
    word.save(made)
    keeper = client_of(stage, "administrator")
    file = SimpleUploadedFile("utdrag.docx", made.getvalue())
    assert keeper.post("/arenden/mallar/", {"kind": "protocol_extract", "file": file}).status_code == 302
    assert "Region Påhitt" in text_of(keeper.get(address(case, paragraph)).content)


def test_documents_bear_the_number_that_the_case_has_by_now(stage: Stage) -> None:
    """A registry number that is given on the page stands in the case's own documents too."""
    case, _ = minuted(stage)
    who = stage.users["controller"]
    word = next(one for one in services.documents_make(case_id=case.pk, actor=who, at=AT) if one.format == "docx")
    _, made, _ = document_bytes(actor=who, case_id=case.pk, document_id=word.pk)
    assert "Dnr RS/113/2026" in text_of(made)

"""The extract of minutes that a decided case gives: what was minuted, and nothing of what only prepared it."""

from __future__ import annotations

import dataclasses
import io
from datetime import date

import pytest
from docx import Document
from tests.strategies.cases import ALL, HALLAND, PROTOCOL, REVIEW, example
from tests.strategies.pdf_ua import pdf_ua_faults

from vardnara.engines.documents import DocumentKind, document_docx, document_pdf, writing_faults
from vardnara.engines.documents.case_document import case_document
from vardnara.engines.documents.case_extract import Minuted, case_minuted, extract_document
from vardnara.engines.documents.decision_appendix import appendix_view

MEETING = Minuted("Regionstyrelsen", date(2026, 3, 5), "§ 45")


def text_of(word: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in Document(io.BytesIO(word)).paragraphs)


def test_a_paragraph_is_extracted_as_it_reads() -> None:
    """doc S3: its §, organ, day, number, summary, decision and documents; the chain is no part of the minutes."""
    found = example(PROTOCOL)
    minuted = case_minuted(found.case)
    assert minuted == Minuted("Regionstyrelsens arbetsutskott", date(2021, 1, 26), "30")
    extract, paragraph = (
        extract_document(found, minuted, recipients=("Regionstyrelsen",)),
        case_document(found, dated_on=minuted.on),
    )
    assert extract.kind is DocumentKind.PROTOCOL_EXTRACT and extract.registry_number == "RS 35-2021"
    assert (extract.decisions, extract.summary, extract.basis) == (
        paragraph.decisions,
        paragraph.summary,
        paragraph.basis,
    )
    assert paragraph.chain and not extract.chain
    told = text_of(document_docx(extract))
    for words in ("§\u00a030 Återrapportering", "Beslutsunderlag", "Rätt utdraget intygas", "Utdrag till"):
        assert words in told
    assert "Bilaga: Underlag" not in told and "Beslutskedja" not in told


@pytest.mark.parametrize("name", ALL)
def test_every_case_can_be_extracted_from_the_minutes_that_decided_it(name: str) -> None:
    """Its proposals stand as the decision, under the § and day of the meeting, for whom it is sent to; accessible."""
    found = example(name)
    extract = extract_document(found, MEETING, recipients=("Divisionscheferna",), registry_number="RS/7/2026")
    assert (extract.organ, extract.meeting_on, extract.dated_on) == (MEETING.organ, MEETING.on, MEETING.on)
    assert [point.text for one in extract.decisions for point in one.points] == [
        proposal.text for proposal in found.case.proposals
    ]
    assert not extract.proposals and not extract.signatories and not extract.warnings
    assert extract.recipients == ("Divisionscheferna",) and extract.registry_number == "RS/7/2026"
    codes = {fault.code for fault in writing_faults(extract)}
    assert not codes & {"NO_PARAGRAPH", "MEETING_UNDATED"}
    assert ("NO_DECISION" in codes) == (not found.case.proposals)  # Halland's document proposes nothing
    assert pdf_ua_faults(document_pdf(extract)) == []


def test_the_minutes_have_the_summary_or_else_the_matter() -> None:
    """A memo with a summary is minuted by it, one without by its text; its tables stay with the memo."""
    found = example(HALLAND)
    assert extract_document(found, MEETING, recipients=()).sections
    case = dataclasses.replace(found.case, summary="Kort sagt.")
    short = extract_document(dataclasses.replace(found, case=case), MEETING, recipients=())
    assert short.summary == ("Kort sagt.",) and not short.sections
    assert extract_document(example(REVIEW), MEETING, recipients=()).economy is None


@pytest.mark.parametrize("left_out", [{"paragraph": ""}, {"meeting_on": None}, {"proposals": ()}])
def test_without_paragraph_meeting_or_decision_there_is_nothing_to_extract(left_out: dict[str, object]) -> None:
    """A case names all three, or has no extract of its own."""
    assert case_minuted(dataclasses.replace(example(PROTOCOL).case, **left_out)) is None


def test_a_note_stands_with_the_source_and_labels_as_they_are_written() -> None:
    """doc S1: a formula names figures as their labels do, without notes, and a note is no part of a label."""
    told = appendix_view(case_document(example(HALLAND), dated_on=MEETING.on))
    rows = next(part["table"]["rows"] for part in told if part["heading"] == "Siffror och källor")
    ratio = next(row for row in rows if row[0].startswith("Kostnad i förhållande"))
    estimate = "Hallands sjukhus skattning av vad som togs ur bemanningsplanerna, årseffekt"
    assert ratio[3].split("\n")[0] == f"Regionservice prognos för helårets kostnad / {estimate}"
    assert next(row for row in rows if row[0] == estimate)[3].endswith("kan inte räknas fram")

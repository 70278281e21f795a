"""The writing rules of decision documents: proposals that can be moved straight into the minutes (DOMAIN.md 2.1)."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from vardnara.engines.documents.decision_data import DecisionDocument
from vardnara.engines.documents.decision_parts import Bullets, DocumentKind, Resolution

SUMMARY_FROM_LINES: Final = 8
LINE_SIGNS: Final = 90  # of running text on A4
IN_DUTY: Final = re.compile(r"i uppdrag att:?$")  # "får i uppdrag att:", the one lead that may end so
ATT_LEAD: Final = re.compile(r"\batt:?$")
ATT_POINT: Final = re.compile(r"att\b", re.IGNORECASE)
REFERS_BACK: Final = re.compile(r"(detta|denna|dessa|den|det|ovanstående|vidare|dessutom)\b", re.IGNORECASE)
SEVERAL: Final = re.compile(r"\b(?:samt|och) att\b|;|[.!?]\s+[A-ZÅÄÖ]")
NOT_DECIDED: Final = re.compile(r"\b(?:bör|borde|föreslås|skulle kunna)\b")
DATE: Final = re.compile(r"\b(?:19|20)\d\d\b")
MINUTES: Final = (DocumentKind.PROTOCOL_PARAGRAPH, DocumentKind.PROTOCOL_EXTRACT)

TEXTS: Final = {
    "NO_DECISION": "Dokumentet har inget förslag och inget beslut.",
    "NO_SUMMARY": f"Ärendet är längre än {SUMMARY_FROM_LINES} rader och saknar sammanfattning.",
    "MEETING_UNDATED": "Protokollet saknar sammanträdesdatum.",
    "NO_PARAGRAPH": "Protokollet saknar paragrafnummer.",
    "BASIS_UNDATED": "Beslutsunderlaget saknar datum.",
    "MEMO_NOT_FIRST": "Den egna tjänsteskrivelsen ska stå först bland beslutsunderlagen.",
    "ATT_CLAUSE": "Skriv en fristående mening i stället för en att-sats. Bara ”får i uppdrag att:” får sluta så.",
    "NOT_A_SENTENCE": "Skriv en hel mening, med stor bokstav först och punkt sist.",
    "REFERS_BACK": "Punkten hänvisar till något utanför sig själv. Skriv ut vad som menas.",
    "SEVERAL_ACTIONS": "Punkten innehåller mer än en åtgärd. Dela den.",
    "NOT_AS_DECIDED": "Skriv som om beslutet vore fattat, så att texten kan flyttas till protokollet.",
}


@dataclass(frozen=True, slots=True)
class WritingFault:
    """A rule that is not kept: stable code, place in the document, Swedish words, and what was written."""

    code: str
    place: str
    text: str
    quote: str = ""


def writing_faults(document: DecisionDocument) -> tuple[WritingFault, ...]:
    """Which writing rules a document does not keep; empty if it keeps them all.

    Parameters
    ----------
    document
        A document, complete or still a draft. It is always dated: its data demand it.

    Returns
    -------
    tuple of WritingFault
        In the order of the document. Codes are the keys of `TEXTS`.

    Notes
    -----
    The rules see words, not meaning: one action a point is judged by sentences and by "och att", "samt att", ";".
    """
    return (
        *_whole(document),
        *_basis(document.basis),
        *_resolutions(document.proposals, "Förslag"),
        *_resolutions(document.decisions, "Beslut"),
    )


def _fault(code: str, place: str, quote: str = "") -> WritingFault:
    return WritingFault(code, place, TEXTS[code], quote)


def matter_lines(document: DecisionDocument) -> int:
    """How many lines the matter takes on A4, tables aside."""
    texts: list[str] = []
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, str):
                texts += block.split("\n")
            elif isinstance(block, Bullets):
                texts += block.items
    return sum(math.ceil(len(text) / LINE_SIGNS) for text in texts)


def _whole(document: DecisionDocument) -> Iterator[WritingFault]:
    if not document.proposals and not document.decisions:
        yield _fault("NO_DECISION", "Dokumentet")
    if document.kind in MINUTES and document.meeting_on is None:
        yield _fault("MEETING_UNDATED", "Dokumentet")
    if document.kind in MINUTES and not document.paragraph:
        yield _fault("NO_PARAGRAPH", "Dokumentet")
    if not document.summary and matter_lines(document) > SUMMARY_FROM_LINES:
        yield _fault("NO_SUMMARY", "Sammanfattning")


def _basis(basis: tuple[str, ...]) -> Iterator[WritingFault]:
    for number, text in enumerate(basis, 1):
        if number > 1 and "tjänsteskrivelse" in text.lower():
            yield _fault("MEMO_NOT_FIRST", f"Beslutsunderlag {number}", text)
        if not DATE.search(text):
            yield _fault("BASIS_UNDATED", f"Beslutsunderlag {number}", text)


def _resolutions(resolutions: tuple[Resolution, ...], name: str) -> Iterator[WritingFault]:
    number = 0
    for one in resolutions:
        lead = one.lead.strip()
        if ATT_LEAD.search(lead) and not IN_DUTY.search(lead):
            yield _fault("ATT_CLAUSE", name, lead)
        for point in one.points:
            number += 1
            yield from _point(point.text.strip(), f"{name}, punkt {number}", leads=bool(point.points))


def _point(text: str, place: str, *, leads: bool) -> Iterator[WritingFault]:
    if ATT_POINT.match(text) or (ATT_LEAD.search(text) and not IN_DUTY.search(text)):
        yield _fault("ATT_CLAUSE", place, text)
    elif (not text[:1].isupper() and not text[:1].isdigit()) or not text.endswith(":" if leads else "."):
        yield _fault("NOT_A_SENTENCE", place, text)
    if REFERS_BACK.match(text):
        yield _fault("REFERS_BACK", place, text)
    if SEVERAL.search(text):
        yield _fault("SEVERAL_ACTIONS", place, text)
    if NOT_DECIDED.search(text):
        yield _fault("NOT_AS_DECIDED", place, text)

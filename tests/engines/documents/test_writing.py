"""The writing rules: what the public documents do right passes, each fault is named with its place."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from tests.strategies import decided
from tests.strategies import decided_forms as forms

from vardnara.engines.documents import Bullets, DocumentKind, Point, Resolution, Section, writing_faults
from vardnara.engines.documents.writing import TEXTS, matter_lines

EXTRACT = DocumentKind.PROTOCOL_EXTRACT
LONG = (Section("", ("x" * 91, "y" * 450, Bullets(("z", "z")))),)


def proposed(*texts: str, lead: str = "", below: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"proposals": (Resolution(tuple(Point(text, below) for text in texts), lead),)}


def found(change: dict[str, Any]) -> list[tuple[str, str]]:
    return [(fault.code, fault.place) for fault in writing_faults(dataclasses.replace(forms.MEMO, **change))]


def test_a_well_written_document_has_no_faults() -> None:
    """The memo's three points, each a sentence of its own, and a decision under its lead."""
    assert writing_faults(forms.MEMO) == ()
    assert [fault.code for fault in writing_faults(decided.DIRECTOR)] == ["BASIS_UNDATED"]


@pytest.mark.parametrize(
    ("change", "code", "place"),
    [
        (proposed("att godkänna redovisningen."), "ATT_CLAUSE", "Förslag, punkt 1"),
        (proposed("Godkänna.", lead="Nämnden beslutar att"), "ATT_CLAUSE", "Förslag"),
        (proposed("nämnden godkänner redovisningen."), "NOT_A_SENTENCE", "Förslag, punkt 1"),
        (proposed("Bra.", "Nämnden godkänner redovisningen"), "NOT_A_SENTENCE", "Förslag, punkt 2"),
        (proposed("Avveckla tjänsterna.", below=("5 tjänster",)), "NOT_A_SENTENCE", "Förslag, punkt 1"),
        (proposed("Detta ska följas upp."), "REFERS_BACK", "Förslag, punkt 1"),
        (proposed("Nämnden godkänner planen. Direktören följer upp."), "SEVERAL_ACTIONS", "Förslag, punkt 1"),
        (proposed("Chefen får i uppdrag att utreda och att återkomma."), "SEVERAL_ACTIONS", "Förslag, punkt 1"),
        (proposed("Nämnden bör godkänna planen."), "NOT_AS_DECIDED", "Förslag, punkt 1"),
        ({"proposals": ()}, "NO_DECISION", "Dokumentet"),
        ({"summary": (), "sections": LONG}, "NO_SUMMARY", "Sammanfattning"),
        ({"basis": ("Bilaga 1",)}, "BASIS_UNDATED", "Beslutsunderlag 1"),
        ({"basis": ("Bilaga, 2026", "Tjänsteskrivelse 2026")}, "MEMO_NOT_FIRST", "Beslutsunderlag 2"),
        (
            {"kind": EXTRACT, "paragraph": "1", "meeting_on": None},
            "MEETING_UNDATED",
            "Dokumentet",
        ),
        ({"kind": DocumentKind.PROTOCOL_PARAGRAPH}, "NO_PARAGRAPH", "Dokumentet"),
    ],
)
def test_each_fault_is_named(change: dict[str, Any], code: str, place: str) -> None:
    """By code and place, and no other is seen."""
    assert found(change) == [(code, place)]


@pytest.mark.parametrize(
    "change",
    [
        proposed("Regiondirektören får i uppdrag att fortsätta särskild prövning."),
        proposed("Avveckla utökad VNS till senast 2026-02-28:", lead="Chefen får i uppdrag att:", below=("5",)),
        proposed("4,5 mkr omdisponeras till regionstyrelsen från och med 2024-01-01."),
        proposed("Arbetet enligt kap. 5 och bl.a. planen fortsätter."),
        {"summary": (), "sections": (Section("", ("y" * 720,)),)},
    ],
)
def test_what_keeps_the_rules_passes(change: dict[str, Any]) -> None:
    """The one lead that may end in "att", sub-points, a sum first, eight lines without a summary."""
    assert found(change) == []


def test_lines_are_counted_as_they_are_printed() -> None:
    """Ninety signs a line, each bullet one."""
    assert matter_lines(dataclasses.replace(forms.MEMO, sections=LONG)) == 2 + 5 + 2


def test_every_code_has_words() -> None:
    """What a page shows beside the code."""
    assert all(text.endswith(".") for text in TEXTS.values())

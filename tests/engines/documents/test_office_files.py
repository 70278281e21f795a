"""Word, Excel and PowerPoint open what we write without repair: judged by the formats' own schemas and rules."""

from __future__ import annotations

import dataclasses
import io
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from openxml_audit import OpenXmlValidator
from tests.strategies import decided
from tests.strategies import decided_forms as forms

from vardnara.engines.documents import (
    Chart,
    ChartKind,
    DecisionDocument,
    DocumentKind,
    Series,
    document_docx,
    document_pptx,
    document_template,
    document_xlsx,
)

WRITERS = {"docx": document_docx, "pptx": document_pptx, "xlsx": document_xlsx}
EXTRACT = dataclasses.replace(forms.PARAGRAPH, kind=DocumentKind.PROTOCOL_EXTRACT, recipients=("Regiondirektören",))
MONTHS = Chart(
    "Månader",
    ChartKind.LINE,
    tuple("jfmamjjasond"),
    tuple(Series(name, tuple(Decimal(at - 5) for at in range(12))) for name in "abc"),
    "share",
)
ODD = dataclasses.replace(
    decided.DIRECTOR,
    title="<w:p>&amp;{{ x }}\nandra raden",
    basis=("Łukasz Šimić", "漢字 العربية", "a\tb"),
    sections=(*decided.DIRECTOR.sections, *forms.PROPOSAL.sections),
    recipients=(),
    charts=(MONTHS,),
)


def faults(content: bytes, suffix: str, folder: Path) -> list[str]:
    file = folder / f"file.{suffix}"
    file.write_bytes(content)
    return [str(error) for error in OpenXmlValidator().validate(str(file)).errors]


@pytest.mark.parametrize("suffix", WRITERS)
@pytest.mark.parametrize("document", [EXTRACT, ODD, *forms.ALL], ids=lambda one: one.kind.value)
def test_office_opens_it_as_it_is(document: DecisionDocument, suffix: str, tmp_path: Path) -> None:
    """No element out of order, no reference to what is not there."""
    write: Callable[[DecisionDocument], bytes] = WRITERS[suffix]
    assert faults(write(document), suffix, tmp_path) == []


@pytest.mark.parametrize("kind", DocumentKind)
def test_office_opens_the_templates(kind: DocumentKind, tmp_path: Path) -> None:
    """A region begins with them in Word."""
    assert faults(document_template(kind), "docx", tmp_path) == []


def test_the_judge_sees_faults(tmp_path: Path) -> None:
    """A number of a list that is not defined, and an element in the wrong place."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document_docx(decided.DIRECTOR))) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "word/document.xml":
                content = content.replace(b'<w:ilvl w:val="1"/>', b'<w:ilvl w:val="1"/><w:ilvl w:val="1"/>')
            new.writestr(name, content)
    assert faults(made.getvalue(), "docx", tmp_path)

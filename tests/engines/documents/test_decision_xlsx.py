"""The workbook: derived figures and sums are formulas whose kept values are what a spreadsheet computes."""

from __future__ import annotations

import dataclasses
import io
import re
import zipfile
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.strategies import decided
from tests.strategies import decided_forms as forms
from tests.strategies import decided_words as words

from vardnara.engines.documents import (
    DecisionDocument,
    Economy,
    EconomyAmounts,
    EconomyRow,
    Figure,
    FigureKind,
    document_xlsx,
)
from vardnara.kernel.formula import formula_evaluate


def opened(document: DecisionDocument, *, values: bool = False) -> Any:
    return openpyxl.load_workbook(io.BytesIO(document_xlsx(document)), data_only=values)


def computed(book: Any, sheet: str, cell: str) -> Decimal:
    """What a spreadsheet would compute: a small one, for sums, differences and the formulas of figures."""
    written = book[sheet][cell].value
    if not (isinstance(written, str) and written.startswith("=")):
        return Decimal(repr(written))
    formula = re.sub(r"SUM\(([A-Z])(\d+):\1(\d+)\)", lambda match: "SUM(" + ",".join(
        f"{match[1]}{row}" for row in range(int(match[2]), int(match[3]) + 1)) + ")", written[1:])  # fmt: skip
    names = set(re.findall(r"\b[A-Z]\d+\b", formula))
    values = {name: computed(book, sheet, name) for name in names}
    return formula_evaluate(re.sub(r"\b([A-Z]\d+)\b", r"{\1}", formula), values)


def assert_values_agree(document: DecisionDocument) -> int:
    formulas, values = opened(document), opened(document, values=True)
    count = 0
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    count += 1
                    wanted = computed(formulas, sheet.title, cell.coordinate)
                    assert float(wanted) == pytest.approx(values[sheet.title][cell.coordinate].value, abs=1e-6)
    return count


def test_derived_figures_are_formulas_over_the_quoted_ones() -> None:
    """Written over cells, not as numbers; quoted ones are numbers."""
    sheet = opened(decided.DIRECTOR)["Siffror"]
    cells = {row[0].value: row[2] for row in sheet.iter_rows(min_row=2)}
    assert cells["gross"].value == 4_760_000 and cells["care"].value == "=C2-C3"
    assert cells["part"].value == "=ROUND(C2*C5/12,2)"
    assert [cell.value for cell in sheet[2]][3:5] == ["Citerad", None]
    assert sheet["E4"].value == "Besparing på helår − Därav Regionservice"
    assert cells["gross"].number_format == '#,##0 "kr"' and cells["posts"].number_format == '#,##0 "tjänster"'


@pytest.mark.parametrize("document", [decided.DIRECTOR, *forms.ALL], ids=lambda one: one.kind.value)
def test_kept_values_are_what_the_formulas_give(document: DecisionDocument) -> None:
    """Whoever opens the file without computing sees the same as who computes."""
    count = assert_values_agree(document)
    assert count == {"director_decision": 23, "proposal": 1}.get(document.kind.value, 0)


def test_the_economy_sums_by_formula() -> None:
    """Net by payer, sums by column, carry-over from full year to budget year."""
    sheet = opened(decided.DIRECTOR)["Ekonomi"]
    rows = {(row[0].row, row[0].value): row for row in sheet.iter_rows() if row[0].value}
    assert rows[(3, "Regionservice")][5].value == "=B3-C3-D3-E3"
    assert rows[(5, "Summa")][1].value == "=SUM(B3:B4)"
    assert rows[(8, "Regionservice")][7].value == "=B3-B8"
    values = opened(decided.DIRECTOR, values=True)["Ekonomi"]
    assert (values["F5"].value, values["H10"].value) == (4_300_000, pytest.approx(793_333.33))


def test_sheets() -> None:
    """Those with content, in order; figures always; sources name document, place and quote."""
    assert opened(decided.DIRECTOR).sheetnames == [
        "Siffror", "Ekonomi", "Diagram", "Varningar", "Källor", "Timmar", "Risker", "Beslutskedja",
    ]  # fmt: skip
    assert opened(forms.MEMO).sheetnames == ["Siffror"]
    book = opened(decided.DIRECTOR)
    assert [cell.value for cell in book["Varningar"][2]][1] == "POST_OUTSIDE_FRAME"
    sources = [tuple(cell.value for cell in row) for row in book["Källor"].iter_rows(min_row=2)]
    quote = ("s. 2, rad 1", "en besparing på helår på 4,76 mkr")
    assert ("Besparing på helår", "Citerad", decided.REVIEW, *quote) in sources
    assert book["Risker"]["N2"].value.date().isoformat() == "2026-02-20"
    assert book["Siffror"].freeze_panes == "A2" and book["Siffror"].print_title_rows == "$1:$1"


def test_charts_are_the_spreadsheet_s_own_and_have_words() -> None:
    """Three of them: the economy's and the document's; each with an alternative text."""
    with zipfile.ZipFile(io.BytesIO(document_xlsx(decided.DIRECTOR))) as package:
        assert len([name for name in package.namelist() if name.startswith("xl/charts/chart")]) == 3
        drawings = "".join(
            package.read(name).decode() for name in package.namelist() if name.startswith("xl/drawings/drawing")
        )
    assert drawings.count('descr="') == 3 and "Hälso- och sjukvården 460000 brutto, 0 netto" in drawings


def test_the_same_document_is_the_same_file() -> None:
    """Byte for byte, dated by the document."""
    assert document_xlsx(decided.DIRECTOR) == document_xlsx(decided.DIRECTOR)
    about = opened(decided.DIRECTOR).properties
    assert about.created.date() == decided.DIRECTOR.dated_on and about.title == decided.DIRECTOR.title


@settings(max_examples=25, deadline=None)
@given(text=words.TEXT)
def test_what_people_write_is_text_and_never_a_formula(text: str) -> None:
    """A label that begins with an equals sign computes nothing."""
    document = dataclasses.replace(
        forms.MEMO,
        figures=(Figure("a", text, Decimal(1), text, FigureKind.ENTERED),),
        title=text,
        economy=Economy((EconomyRow(text, EconomyAmounts()),), None, text),
    )
    book = opened(document)
    notes = [cell for row in book["Ekonomi"].iter_rows() for cell in row if cell.value == text]
    assert len(notes) == 2 and all(cell.data_type == "s" for cell in notes)
    sheet = book["Siffror"]
    assert sheet["B2"].value == text and sheet["B2"].data_type == "s" and sheet["C2"].value == 1


AMOUNT = st.decimals(-(10**8), 10**8, places=2)
AMOUNTS = st.builds(EconomyAmounts, AMOUNT, AMOUNT, AMOUNT, AMOUNT, AMOUNT)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.builds(EconomyRow, st.just("Betalare"), AMOUNTS, st.none() | AMOUNTS), min_size=1, max_size=6))
def test_any_economy_agrees_with_its_formulas(rows: list[EconomyRow]) -> None:
    """Whatever the amounts, and where the budget year is known for some payers only."""
    assert_values_agree(dataclasses.replace(forms.MEMO, economy=Economy(tuple(rows), 2026)))

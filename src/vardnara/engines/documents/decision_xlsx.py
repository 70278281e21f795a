"""A decision document's figures as a workbook: derived ones and sums are formulas, for a controller to try others."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from vardnara.engines.documents.chart_view import chart_alternative, chart_in_millions, chart_unit
from vardnara.engines.documents.decision_appendix import KINDS, UNKNOWN
from vardnara.engines.documents.decision_data import DecisionDocument
from vardnara.engines.documents.decision_parts import Chart, ChartKind, Economy, EconomyAmounts, Figure, RiskRow
from vardnara.engines.documents.decision_pdf import document_time
from vardnara.engines.documents.package import package_settle
from vardnara.kernel.formula import formula_evaluate, formula_for_sheet, formula_in_words
from vardnara.kernel.swedish import MILLION, UNITS

FIRST: Final = 1  # row below the header
MANY_LABELS: Final = 16  # more would cover the chart
LINE_POINTS: Final = 15  # height of a line at the default size
VALUE: Final = 2  # column of a figure's value
TONES: Final = ("#0A5C68", "#D9A441", "#7A8F8C", "#8C3B5E", "#3F6FB0")
AMOUNTS: Final = (
    ("gross_saving_sek", "Bruttobesparing"),
    ("transferred_cost_sek", "Överförd kostnad"),
    ("reinvestment_sek", "Återinvestering"),
    ("one_off_sek", "Engångskostnad"),
)
FIGURES: Final = (
    ("Id", 12), ("Uppgift", 30), ("Värde", 18), ("Slag", 10), ("Så räknad", 32), ("Lägst", 13), ("Högst", 13),
    ("Källa", 30), ("Plats", 14), ("Citat", 34),
)  # fmt: skip
NUMERIC: Final = {
    "Värde", "Lägst", "Högst", "Nettoeffekt", "Därav utanför ram", "Överförs till nästa år (brutto)",
    "Lämnas", "Tas emot", "Frigörs", "Utan ägare", "Sannolikhet", "Konsekvensgrad", "Riskvärde", "Kvarstående risk",
    "Nr", "I genomsnitt", "Går minst jämnt ut", "När den är lägst", "När den är högst",
} | {text for _, text in AMOUNTS}  # fmt: skip
NET, UNFUNDED, CARRIED = 5, 6, 7  # columns of the economy after the payer and the four above


@dataclass(slots=True)
class _Book:
    """The workbook that is written, and its formats."""

    book: Any
    head: Any
    head_number: Any

    text: Any
    bold: Any
    day: Any

    def form(self, code: str, *, bold: bool = False) -> Any:
        return self.book.add_format({"num_format": code, "valign": "top", "bold": bold})

    def sheet(self, name: str, columns: Sequence[tuple[str, float]]) -> Any:
        """A sheet with a header row that stays in sight and is printed on each page."""
        sheet = self.book.add_worksheet(name)
        for at, (text, width) in enumerate(columns):
            sheet.set_column(at, at, width)
            sheet.write_string(0, at, text, self.head_number if text in NUMERIC else self.head)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&A&R&P (&N)")
        return sheet


def document_xlsx(document: DecisionDocument) -> bytes:
    """The document's figures, economy, warnings and sources as xlsx.

    Parameters
    ----------
    document
        Parts without content get no sheet; *Siffror* is always there.

    Returns
    -------
    bytes
        Each formula bears its value, as a spreadsheet would compute it; the same document gives the same bytes.
    """
    import xlsxwriter

    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties(
        {
            "title": document.title[:255],
            "subject": document.registry_number[:255],
            "author": document.organisation[:255],
            "created": document_time(document).replace(tzinfo=None),
        }
    )
    book.set_calc_mode("auto")
    head = {"bold": True, "bg_color": "#EEF3F2", "bottom": 1, "text_wrap": True, "valign": "bottom"}
    plain = {"valign": "top", "text_wrap": True, "align": "left", "indent": 1}
    writer = _Book(
        book,
        book.add_format(head | {"align": "left", "indent": 1}),
        book.add_format(head | {"align": "right"}),
        book.add_format(plain),
        book.add_format(plain | {"bold": True}),
        book.add_format(plain | {"num_format": "yyyy-mm-dd"}),
    )
    _figures(writer, document.figures)
    if document.economy:
        _economy(writer, document.economy)
    if document.charts:
        _charts(writer, document.charts)
    for name, columns, rows in _lists(document):
        sheet = writer.sheet(name, columns)
        for at, row in enumerate(rows, FIRST):
            for column, cell in enumerate(row):
                _write(writer, sheet, at, column, cell)
            _height(sheet, at, [str(cell) for cell in row], [width for _, width in columns])
    book.close()
    return package_settle(made.getvalue(), document_time(document))


def _write(writer: _Book, sheet: Any, row: int, column: int, cell: object) -> None:
    if isinstance(cell, Decimal | int):
        whole = cell == int(cell)
        sheet.write_number(row, column, float(cell), writer.form("#,##0" if whole else "#,##0.0#"))
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, writer.day)
    elif cell != "":
        sheet.write_string(row, column, str(cell), writer.text)


def _height(sheet: Any, row: int, cells: Sequence[str], widths: Sequence[float]) -> None:
    """Room for the longest cell: not every program makes it by itself."""
    lines = max(math.ceil(len(cell) / (width - 1)) for cell, width in zip(cells, widths, strict=True))
    if lines > 1:
        sheet.set_row(row, LINE_POINTS * lines)


def unit_format(unit: str, value: Decimal) -> str:
    """The number format of a value: groups and decimals as the reader's program has them, with the unit behind."""
    digits = "#,##0" if value == value.to_integral_value() else "#,##0.00"
    if unit == "share":
        return "0.0%"
    word = "kr" if unit == "sek" else UNITS.get(unit, (unit, unit))[1]
    quoted = word.replace('"', "").replace(";", ",")  # both end a literal for some readers
    return f'{digits} "{quoted}"' if quoted else digits


def _figures(writer: _Book, figures: tuple[Figure, ...]) -> None:
    sheet = writer.sheet("Siffror", FIGURES)
    cells = {figure.id: f"C{at + 1}" for at, figure in enumerate(figures, FIRST)}
    labels = {figure.id: figure.label for figure in figures}
    values = {figure.id: figure.value for figure in figures}
    for row, figure in enumerate(figures, FIRST):
        form = writer.form(unit_format(figure.unit, figure.value))
        words = figure.formula_text
        if figure.formula:
            written = "=" + formula_for_sheet(figure.formula, cells.__getitem__)
            sheet.write_formula(row, VALUE, written, form, float(formula_evaluate(figure.formula, values)))
            words = words or formula_in_words(figure.formula, labels.__getitem__)
        else:
            sheet.write_number(row, VALUE, float(figure.value), form)
        for column, bound in ((5, figure.low), (6, figure.high)):
            if bound is not None:
                sheet.write_number(row, column, float(bound), writer.form(unit_format(figure.unit, bound)))
        source = figure.source
        said = "; ".join(text for text in (words, figure.note) if text)
        texts = {0: figure.id, 1: figure.label, 3: KINDS[figure.kind], 4: said}
        if source is not None:
            texts |= {7: source.document, 8: source.place, 9: source.quote}
        for column, text in texts.items():
            if text:
                sheet.write_string(row, column, text, writer.text)
        _height(sheet, row, [texts.get(column, "") for column in range(len(FIGURES))], [width for _, width in FIGURES])


def _economy(writer: _Book, economy: Economy) -> None:
    sheet = writer.sheet(
        "Ekonomi",
        (("Betalare", 34), *((text, 17) for _, text in AMOUNTS), ("Nettoeffekt", 17), ("Därav utanför ram", 17),
         ("Överförs till nästa år (brutto)", 19)),
    )  # fmt: skip
    sheet.write_string(1, 0, "Helårseffekt, kronor", writer.bold)
    full = [(row.payer, row.full_year) for row in economy.rows]
    end = _amounts(writer, sheet, 2, full)
    part = [(at, row.payer, row.budget_year) for at, row in enumerate(economy.rows) if row.budget_year is not None]
    if part:
        year = f" {economy.year}" if economy.year else ""
        start = end + 2
        sheet.write_string(start, 0, f"Effekt budgetåret{year}, kronor", writer.bold)
        end = _amounts(writer, sheet, start + 1, [(payer, amounts) for _, payer, amounts in part])
        for row, (at, _, amounts) in enumerate(part, start + 1):
            carried = economy.rows[at].full_year.gross_saving_sek - amounts.gross_saving_sek
            sheet.write_formula(row, CARRIED, f"=B{at + 3}-B{row + 1}", _money(writer), float(carried))
        _total(writer, sheet, start + 1, end, CARRIED, [row.carry_over_sek or Decimal(0) for row in economy.rows])
    if economy.note:
        sheet.merge_range(end + 2, 0, end + 2, CARRIED, economy.note, writer.text)
    last = 1 + len(full)
    chart = writer.book.add_chart({"type": "bar"})
    for column, name, tone in ((1, "Bruttobesparing", TONES[0]), (NET, "Nettoeffekt", TONES[1])):
        chart.add_series(
            {
                "name": name,
                "categories": ["Ekonomi", 2, 0, last, 0],
                "values": ["Ekonomi", 2, column, last, column],
                "fill": {"color": tone},
                "data_labels": {"value": True, "num_format": "#,##0"},
            }
        )
    chart.set_title({"name": "Helårseffekt per betalare, kronor", "name_font": {"size": 12}})
    chart.set_y_axis({"reverse": True, "label_position": "low"})
    grid = {"visible": True, "line": {"color": "#D5DDDB"}}
    chart.set_x_axis({"num_format": "#,##0", "label_position": "high", "major_gridlines": grid})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 860, "height": 130 + 70 * len(full)})
    spoken = "; ".join(f"{payer} {one.gross_saving_sek:f} brutto, {one.net_sek:f} netto" for payer, one in full)
    words = f"Stapeldiagram. Helårseffekt i kronor per betalare: {spoken}."
    sheet.insert_chart(end + 4, 0, chart, {"description": words})


def _money(writer: _Book, *, bold: bool = False) -> Any:
    return writer.form("#,##0.00;[Red]\u2212#,##0.00", bold=bold)


def _amounts(writer: _Book, sheet: Any, start: int, rows: list[tuple[str, EconomyAmounts]]) -> int:
    """Payers and their sum; net and sums are formulas. Gives the sum's row."""
    money = _money(writer)
    for row, (payer, amounts) in enumerate(rows, start):
        sheet.write_string(row, 0, payer, writer.text)
        for column, (name, _) in enumerate(AMOUNTS, 1):
            sheet.write_number(row, column, float(getattr(amounts, name)), money)
        line = row + 1
        sheet.write_formula(row, NET, f"=B{line}-C{line}-D{line}-E{line}", money, float(amounts.net_sek))
        sheet.write_number(row, UNFUNDED, float(amounts.unfunded_sek), money)
    end = start + len(rows)
    sheet.write_string(end, 0, "Summa", writer.bold)
    columns: list[Callable[[EconomyAmounts], Decimal]] = [
        lambda one: one.gross_saving_sek,
        lambda one: one.transferred_cost_sek,
        lambda one: one.reinvestment_sek,
        lambda one: one.one_off_sek,
        lambda one: one.net_sek,
        lambda one: one.unfunded_sek,
    ]
    for column, take in enumerate(columns, 1):
        _total(writer, sheet, start, end, column, [take(amounts) for _, amounts in rows])
    return end


def _total(writer: _Book, sheet: Any, start: int, end: int, column: int, values: list[Decimal]) -> None:
    letter = "ABCDEFGH"[column]
    formula = f"=SUM({letter}{start + 1}:{letter}{end})"
    sheet.write_formula(end, column, formula, _money(writer, bold=True), float(sum(values, Decimal(0))))


def _charts(writer: _Book, charts: tuple[Chart, ...]) -> None:
    """Each chart beside its numbers, drawn by the spreadsheet itself."""
    sheet = writer.book.add_worksheet("Diagram")
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 8, 16)
    sheet.set_landscape()
    sheet.set_paper(9)
    row = 0
    breaks = []
    for one in charts:
        million = chart_in_millions(one)
        factor, unit = MILLION if million else Decimal(1), chart_unit(one)
        form = {"share": "0.0%"}.get(one.unit, "#,##0.##" if million else "#,##0")
        sheet.write_string(row, 0, one.title, writer.bold)
        head, first, last = row + 1, row + 2, row + 1 + len(one.categories)
        sheet.write_string(head, 0, unit or "andel", writer.head)
        drawn = writer.book.add_chart({"type": "bar" if one.kind is ChartKind.BAR else "line"})
        for at, category in enumerate(one.categories, first):
            sheet.write_string(at, 0, category, writer.text)
        for column, series in enumerate(one.series, 1):
            sheet.write_string(head, column, series.name, writer.head_number)
            for at, value in enumerate(series.values, first):
                sheet.write_number(at, column, float(value / factor), writer.form("#,##0.00" if million else form))
            tone = TONES[(column - 1) % len(TONES)]
            drawn.add_series(
                {
                    "name": ["Diagram", head, column],
                    "categories": ["Diagram", first, 0, last, 0],
                    "values": ["Diagram", first, column, last, column],
                    **(
                        {"data_labels": {"value": True}} if len(one.categories) * len(one.series) <= MANY_LABELS else {}
                    ),
                    **({"fill": {"color": tone}} if one.kind is ChartKind.BAR else {"line": {"color": tone}}),
                }
            )
        drawn.set_title({"name": one.title, "name_font": {"size": 12}})
        drawn.set_legend({"position": "bottom"} if len(one.series) > 1 else {"none": True})
        if one.kind is ChartKind.BAR:
            drawn.set_y_axis({"reverse": True, "label_position": "low"})
            drawn.set_x_axis({"label_position": "high"})
        drawn.set_size({"width": 640, "height": 320})
        sheet.insert_chart(last + 2, 0, drawn, {"description": chart_alternative(one)})
        row = last + 20
        breaks.append(row)
    sheet.set_h_pagebreaks(breaks[:-1])


_List = tuple[str, tuple[tuple[str, float], ...], list[tuple[object, ...]]]


def _lists(document: DecisionDocument) -> list[_List]:
    """Sheets that are plain rows, those with any."""
    warnings: list[tuple[object, ...]] = [(at, one.code, one.text) for at, one in enumerate(document.warnings, 1)]
    sources: list[tuple[object, ...]] = [
        (figure.label, KINDS[figure.kind], one.document, one.place, one.quote)
        for figure in document.figures
        if (one := figure.source) is not None
    ]
    sources += [
        (
            told.statement,
            f"Säger emot: {one.matter}",
            told.source.document,
            told.source.place,
            told.source.quote,
        )
        for one in document.contradictions
        for told in one.accounts
    ]
    hours: list[tuple[object, ...]] = [
        (
            row.task,
            *(
                UNKNOWN if value is None else value
                for value in (row.hours_leaving, row.hours_received, row.hours_released, row.hours_without_home)
            ),
            row.note,
        )
        for row in document.transfer
    ]
    chain: list[tuple[object, ...]] = [
        (row.decided_on or "", row.organ, row.paragraph, row.kind, row.valid_to or "", row.note)
        for row in document.chain
    ]
    spread = document.spread.rows if document.spread else ()
    assumptions = document.spread.assumptions if document.spread else ()
    lists: tuple[_List, ...] = (
        ("Varningar", (("Nr", 6), ("Kod", 30), ("Varning", 100)), warnings),
        (
            "Osäkerhet",
            (("Betalare", 34), ("Lägst", 16), ("I genomsnitt", 16), ("Högst", 16), ("Går minst jämnt ut", 20)),
            [(one.payer, one.low_sek, one.mean_sek, one.high_sek, one.payback_share) for one in spread],
        ),
        (
            "Antaganden",
            (("Uppgift", 50), ("När den är lägst", 18), ("När den är högst", 18)),
            [(one.label, one.at_low_sek, one.at_high_sek) for one in assumptions],
        ),
        ("Källor", (("Uppgift", 38), ("Slag", 26), ("Dokument", 44), ("Plats", 22), ("Citat", 60)), sources),
        (
            "Timmar",
            (("Arbetsuppgift", 40), ("Lämnas", 14), ("Tas emot", 14), ("Frigörs", 14), ("Utan ägare", 14), ("Not", 50)),
            hours,
        ),
        ("Risker", RISK_COLUMNS, [_risk(row) for row in document.risks]),
        (
            "Beslutskedja",
            (("Datum", 13), ("Organ", 34), ("§", 8), ("Vad", 34), ("Gäller till", 13), ("Not", 50)),
            chain,
        ),
    )
    return [one for one in lists if one[2]]


RISK_COLUMNS: Final = (
    ("Nr", 5), ("Område", 13), ("Part", 10), ("Risk", 24), ("Orsak", 22), ("Konsekvens", 22), ("Sannolikhet", 12),
    ("Konsekvensgrad", 15), ("Riskvärde", 10), ("Nivå", 8), ("Befintlig åtgärd", 22), ("Ny åtgärd", 22),
    ("Ansvarig", 17), ("Klart-datum", 12), ("Uppföljning", 18), ("Kvarstående risk", 12), ("Version", 9),
)  # fmt: skip


def _risk(row: RiskRow) -> tuple[object, ...]:
    cells = (
        row.number, row.area, row.side, row.risk, row.cause, row.consequence, row.likelihood, row.severity, row.value,
        row.level, row.existing_action, row.new_action, row.responsible, row.due_on, row.follow_up, row.residual,
        row.version,
    )  # fmt: skip
    return tuple("" if cell is None else cell for cell in cells)

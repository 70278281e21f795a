"""The year by unit and account, as CSV or as a workbook that goes on calculating."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language, pgettext
from django.views.decorators.cache import never_cache

from vardnara.apps.accounts.views.access import allow
from vardnara.apps.economy.choices import READERS, Method
from vardnara.apps.economy.views.asked import year_asked
from vardnara.gateways.tabular import Cell, Formula, OutTable, Sheet, SheetCell, table_csv_text, workbook_bytes

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SUMMED = (4, 5, 6, 7, 8, 9)


@allow(*READERS)
@never_cache
def year_export(request: HttpRequest, kind: str) -> HttpResponse:
    """Every unit's account of the year and method that are shown."""
    asked = year_asked(request)
    if asked is None or kind not in ("csv", "xlsx"):
        raise Http404
    shown = asked.shown
    heads = [
        pgettext("economy", "Unit"),
        pgettext("economy", "Name"),
        pgettext("economy", "Account"),
        pgettext("forecast", "Method"),
        pgettext("economy", "Budget, year"),
        pgettext("economy", "Booked"),
        pgettext("forecast", "The rest"),
        pgettext("forecast", "Adjusted"),
        pgettext("forecast", "Forecast, year"),
        pgettext("economy", "Deviation"),
    ]
    rows: list[list[SheetCell]] = []
    ordered = sorted(shown.found.lines, key=lambda one: (shown.units[one.key[0]][0], shown.accounts[one.key[1]][0]))
    for line in ordered:
        unit, account = shown.units[line.key[0]], shown.accounts[line.key[1]]
        rows.append(
            [
                unit[0],
                unit[1],
                f"{account[0]} {account[1]}",
                str(Method(line.method).label),
                line.budget,
                line.actual,
                line.rest,
                line.adjusted,
                Formula("=F{row}+G{row}+H{row}", line.full_year),
                Formula("=E{row}-I{row}", line.deviation),
            ]
        )
    word, title = pgettext("economy", "economy"), pgettext("nav", "Economy")
    name = f"{word}-{shown.year}"
    if kind == "xlsx":
        said = pgettext("economy", "Costs are plus, incomes minus. Deviation is budget less forecast.")
        together = pgettext("economy", "Together")
        sheet = Sheet(str(shown.year), f"{title} {shown.year}", said, heads, rows, SUMMED, together)
        answer = HttpResponse(workbook_bytes([sheet]), content_type=XLSX)
    else:
        swedish = (get_language() or "").startswith("sv")
        table = OutTable(name, heads, [[_cell(cell) for cell in row] for row in rows])
        text = table_csv_text(table, delimiter=";" if swedish else ",", decimal_comma=swedish)
        answer = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer


def _cell(cell: SheetCell) -> Cell:
    """A formula as the number that it has now."""
    return cell.value if isinstance(cell, Formula) else cell

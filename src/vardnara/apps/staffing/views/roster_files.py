"""A roster as CSV, a line for each shift, and as a workbook with the grid."""

from __future__ import annotations

from decimal import Decimal

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache

from vardnara.apps.accounts.views.access import allow
from vardnara.apps.staffing.choices import PLANNERS
from vardnara.apps.staffing.queries.rosters import RosterGrid, roster_grid
from vardnara.apps.staffing.templatetags.roster_words import clock
from vardnara.apps.staffing.views.table_import import table_answer
from vardnara.gateways.tabular import Cell, OutTable, Sheet, SheetCell
from vardnara.kernel.errors import RuleBroken

COLUMNS = ("number", "name", "home", "day", "shift", "shift_name", "from", "to", "minutes", "place")


@allow(*PLANNERS)
@never_cache
def export(request: HttpRequest, roster_id: int, kind: str) -> HttpResponse:
    """Every shift of the roster as a row, or the grid."""
    if kind not in ("csv", "xlsx"):
        raise Http404
    try:
        grid = roster_grid(actor=request.user, roster_id=roster_id)
    except RuleBroken as error:
        if error.code == "unknown_roster":
            raise Http404 from error
        raise
    word = pgettext("roster", "roster")
    name = f"{word}-{grid.id}"
    return table_answer(name, _rows(name, grid) if kind == "csv" else _sheet(grid))


def _rows(name: str, grid: RosterGrid) -> OutTable:
    kinds = grid.rows_of.kinds
    found: list[list[Cell]] = []
    places = {row.kind.pk: row for row in grid.cover}
    for row in grid.rows:
        for cell in row.cells:
            if cell.kind_id is not None:
                one = kinds[str(cell.kind_id)]
                cover = places[cell.kind_id]
                found.append([row.number, row.name, row.home, cell.day.isoformat(), cell.code, one.name,
                              clock(one.start), clock(one.end), cover.minutes, cover.place])  # fmt: skip
    return OutTable(name, COLUMNS, found)


def _sheet(grid: RosterGrid) -> Sheet:
    head = [
        pgettext("people", "Name"), pgettext("people", "Ward"), *(day.isoformat() for day, _ in grid.days),
        pgettext("roster", "Planned h"), pgettext("roster", "Contract h"),
    ]  # fmt: skip
    lines: list[list[SheetCell]] = [
        [row.name, row.home, *(cell.code or None for cell in row.cells), _hours(row.planned), _hours(row.due)]
        for row in grid.rows
    ]
    for cover in grid.cover:
        there = [f"{cell.there}/{cell.wanted}" if cell.there or cell.wanted else None for cell in cover.cells]
        lines.append([cover.kind.code, cover.place, *there, None, None])
    title = pgettext("roster", "Roster")
    return Sheet(title, f"{title} {grid.group}", f"{grid.first_on}–{grid.last_on}", head, lines)


def _hours(minutes: int) -> Decimal:
    return (Decimal(minutes) / 60).quantize(Decimal("0.01"))

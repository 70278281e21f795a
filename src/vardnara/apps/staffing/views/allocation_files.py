"""A curve of posts as CSV and as a workbook with the plan of the chosen number."""

from __future__ import annotations

from decimal import Decimal

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache

from vardnara.apps.accounts.views.access import allow
from vardnara.apps.staffing.choices import READERS
from vardnara.apps.staffing.templatetags.allocation_words import buys, day_kind, shape_name
from vardnara.apps.staffing.views.allocations import chosen_of, costs_of, curve_of
from vardnara.apps.staffing.views.table_import import XLSX
from vardnara.gateways.tabular import Cell, OutTable, Sheet, SheetCell, table_csv_text, workbook_bytes

COLUMNS = ("posts", "weekday_posts", "all_day_posts", "hours_per_week", "covered_hours", "uncovered_hours",
           "care_hours_released", "marginal_hours", "step_covered_hours", "step_marginal_hours", "status")  # fmt: skip


def _exact(value: float) -> Decimal:
    """A figure as a file keeps it."""
    return Decimal(f"{value:.2f}")


@allow(*READERS)
@never_cache
def allocation_export(request: HttpRequest, allocation_id: int, kind: str) -> HttpResponse:
    """The curve as rows; as a workbook also the days of work of the chosen number, and the needs."""
    curve = curve_of(request, allocation_id)
    if kind not in ("csv", "xlsx") or not curve.points:
        raise Http404
    word = pgettext("allocation", "posts-by-need")
    name = f"{word}-{curve.id}"
    names = {zone["zone"]: zone["name"] for zone in curve.basis["zones"]}
    rows: list[list[Cell]] = []
    for point in curve.points:
        step = point["step"]
        minutes = (point["covered_minutes"], point["uncovered_minutes"], point["care_minutes_released"],
                   point["marginal_minutes"], step["covered_minutes"], step["marginal_minutes"])  # fmt: skip
        head = [point["posts"], point["weekday_posts"], point["all_day_posts"], _exact(point["hours_per_week"])]
        hours = [_exact(one / 60) for one in minutes]
        rows.append([*head, *hours, point["status"], *costs_of(curve, point["posts"])])
    bases = [f"{one['po_basis']} {one['pay_year']}" for one in curve.basis.get("costs", [])]
    if kind == "csv":
        table = OutTable(name, (*COLUMNS, *(f"cost_sek {basis}" for basis in bases)), rows)
        text = table_csv_text(table, delimiter=";", decimal_comma=True)
        answer = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    else:
        chosen = chosen_of(request, curve)
        sheets = [
            _curve_sheet(curve, rows, bases, names),
            _plan_sheet(curve, chosen, names),
            _needs_sheet(curve, names),
        ]
        answer = HttpResponse(workbook_bytes(sheets), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer


def _curve_sheet(curve, rows, bases, names) -> Sheet:  # type: ignore[no-untyped-def]
    title, cost = pgettext("allocation", "What each number of posts covers"), pgettext("posts", "Cost a year, kronor")
    heads = [
        pgettext("posts", "Posts"), pgettext("allocation", "Monday to Friday"), pgettext("allocation", "All days"),
        pgettext("allocation", "Hours worked"), pgettext("allocation", "Covered hours"),
        pgettext("allocation", "Hours on care"), pgettext("allocation", "Care hours released"),
        pgettext("allocation", "The last post covers"), pgettext("allocation", "Step by step"),
        pgettext("allocation", "The next best post covers"), pgettext("allocation", "Proof"),
        *(f"{cost}: {basis}" for basis in bases),
        pgettext("allocation", "What the post buys"),
    ]  # fmt: skip
    cells: list[list[SheetCell]] = [
        [*row, buys(point, names) if point["posts"] else None] for row, point in zip(rows, curve.points, strict=True)
    ]
    said = pgettext("allocation", "An average week, service level %(level)s %%.") % {
        "level": f"{curve.service_percent:g}"
    }
    return Sheet(pgettext("allocation", "Curve"), title, said, heads, cells)


def _plan_sheet(curve, chosen: int, names) -> Sheet:  # type: ignore[no-untyped-def]
    title = pgettext("allocation", "Days of work of %(n)s posts") % {"n": chosen}
    heads = [
        pgettext("allocation", "Zone"), pgettext("allocation", "Day"), pgettext("allocation", "Day of work"),
        pgettext("allocation", "Hours"), pgettext("allocation", "People"),
    ]  # fmt: skip
    cells: list[list[SheetCell]] = [
        [names.get(one["zone"], one["zone"]), day_kind(one["day"]), shape_name(one["shape"]), one["window"],
         one["people"]]
        for one in curve.points[chosen]["shifts"]
    ]  # fmt: skip
    return Sheet(pgettext("allocation", "Plan"), title, "", heads, cells)


def _needs_sheet(curve, names) -> Sheet:  # type: ignore[no-untyped-def]
    heads = [
        pgettext("allocation", "Zone"), pgettext("allocation", "Day"), pgettext("workload", "Hour"),
        pgettext("allocation", "Minutes"), pgettext("allocation", "Low"), pgettext("allocation", "High"),
        pgettext("allocation", "People"),
    ]  # fmt: skip
    cells: list[list[SheetCell]] = [
        [names.get(one["zone"], one["zone"]), day_kind(one["day"]), f"{one['hour']:02d}",
         *(_exact(one["minutes"][level]) for level in ("typical", "low", "high")), _exact(one["people"])]
        for one in curve.basis["needs"]
    ]  # fmt: skip
    return Sheet(pgettext("allocation", "Needs"), pgettext("allocation", "Needs"), "", heads, cells)

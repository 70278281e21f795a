"""What special review avoided: on a page with a chart and tables, and as CSV and xlsx."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.views.decorators.cache import never_cache

from vardnara.apps.accounts.views.access import allow
from vardnara.apps.decisions.choices import ReviewInstead
from vardnara.apps.decisions.forms.reviews import PeriodForm
from vardnara.apps.decisions.queries.review_orders import READERS
from vardnara.apps.decisions.queries.review_statistics import Statistics, TriedRow, statistics
from vardnara.engines.economy import Avoided
from vardnara.gateways.tabular import Cell, Formula, OutTable, Sheet, SheetCell, table_csv_text, workbook_bytes

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BAR, GAP, HEIGHT, MONTHS = 26, 44, 150, 12


@dataclass(frozen=True, slots=True)
class Bar:
    """A month: what was asked, and of it what was granted, in the drawing's units."""

    label: str
    x: int
    middle: int
    asked_y: float
    asked_height: float
    granted_y: float
    granted_height: float


def bars_of(months: dict[str, Avoided]) -> list[Bar]:
    """The newest twelve months; the tables below have the figures."""
    found = sorted(months.items())[-MONTHS:]
    most = max((one.asked_sek for _, one in found), default=Decimal(0)) or Decimal(1)
    bars = []
    for number, (label, one) in enumerate(found):
        asked, granted = (float(amount / most) * HEIGHT for amount in (one.asked_sek, one.granted_sek))
        x = GAP // 2 + number * (BAR + GAP)
        bars.append(Bar(label, x, x + BAR // 2, HEIGHT - asked, asked, HEIGHT - granted, granted))
    return bars


def period_asked(request: HttpRequest) -> tuple[PeriodForm, date, date]:
    """The days that are asked for, else the year up to today."""
    today = timezone.localdate()
    usual = {"since": today - timedelta(days=364), "through": today}
    form = PeriodForm(request.GET if request.GET.get("since") or request.GET.get("through") else None, initial=usual)
    said = form.cleaned_data if form.is_bound and form.is_valid() else {}
    since, through = said.get("since") or usual["since"], said.get("through") or usual["through"]
    return form, since, max(since, through)


def _found(request: HttpRequest) -> tuple[PeriodForm, date, date, Statistics]:
    form, since, through = period_asked(request)
    language = get_language() or "sv"
    return form, since, through, statistics(actor=request.user, since=since, through=through, language=language)


def group_names() -> dict[str, tuple[str, str]]:
    """Title and first head of each table."""
    return {
        "division": (pgettext("review", "By division"), pgettext("review", "Division")),
        "category": (pgettext("review", "By category"), pgettext("review", "Category of staff")),
        "reason": (pgettext("review", "By reason"), pgettext("review", "Reason")),
        "month": (pgettext("review", "By month"), pgettext("review", "Month")),
    }


@allow(*READERS)
@never_cache
def review_statistics(request: HttpRequest) -> HttpResponse:
    """Sums, how long it took, what came instead, and by division, category, reason and month."""
    form, since, through, found = _found(request)
    bars = bars_of(found.groups["month"])
    names = group_names()
    groups = [
        (*names[name], sorted(found.groups[name].items(), reverse=name == "month"))
        for name in ("division", "category", "reason", "month")
    ]
    context = {
        "form": form,
        "since": since,
        "through": through,
        "found": found,
        "total": found.total,
        "median_days": (found.total.median_hours or Decimal(0)) / 24,
        "assumption": assumption(),
        "groups": groups,
        "bars": bars,
        "chart_width": len(bars) * (BAR + GAP),
        "bar": BAR,
        "height": HEIGHT,
        "tab": "statistics",
        "query": f"since={since.isoformat()}&through={through.isoformat()}",
    }
    return render(request, "decisions/review_statistics.html", context, status=422 if form.errors else 200)


def _heads() -> list[str]:
    return [
        pgettext("review", "Request"),
        pgettext("review", "Division"),
        pgettext("review", "Unit"),
        pgettext("review", "Kind"),
        pgettext("review", "Category of staff"),
        pgettext("review", "Reason"),
        pgettext("review", "Month"),
        pgettext("review", "Outcome"),
        pgettext("review", "Asked, kronor"),
        pgettext("review", "Granted, kronor"),
        pgettext("review", "Avoided, kronor"),
        pgettext("review", "Came instead, kronor"),
        pgettext("review", "What happened instead"),
        pgettext("review", "Hours to decision"),
    ]


def _line(row: TriedRow) -> list[SheetCell]:
    request, tried = row.request, row.tried
    division, category, reason, month = tried.groups
    known = tried.asked_sek is not None and tried.granted_sek is not None
    avoided = (tried.asked_sek or Decimal(0)) - (tried.granted_sek or Decimal(0))
    return [
        request.pk,
        division,
        request.ward.name if request.ward else request.unit_name,
        str(request.get_kind_display()),
        category,
        reason,
        month,
        str(request.get_state_display()),
        tried.asked_sek,
        tried.granted_sek,
        Formula("=I{row}-J{row}", avoided) if known else None,
        tried.instead_sek if tried.is_refused or tried.is_limited else None,
        str(ReviewInstead(row.instead).label) if row.instead else "",
        round(tried.waited_hours, 1),
    ]


def assumption() -> str:
    return pgettext(
        "review",
        "Avoided is what was asked for less what was granted. It assumes that all of it would have been bought, and is "
        "no saving: what came instead is taken off only where it is known.",
    )


@allow(*READERS)
@never_cache
def review_export(request: HttpRequest, kind: str) -> HttpResponse:
    """Every request that was decided in the period, a row each."""
    if kind not in ("csv", "xlsx"):
        raise Http404
    _, since, through, found = _found(request)
    rows = [_line(row) for row in found.rows]
    title, word = pgettext("review", "Special review"), pgettext("review", "special-review")
    name = f"{word}-{since.isoformat()}-{through.isoformat()}"
    if kind == "xlsx":
        said = f"{since.isoformat()} – {through.isoformat()}. {assumption()}"
        sheet = Sheet(title[:31], title, said, _heads(), rows, (8, 9, 10, 11), pgettext("economy", "Together"))
        answer = HttpResponse(workbook_bytes([sheet]), content_type=XLSX)
    else:
        swedish = (get_language() or "").startswith("sv")
        table = OutTable(name, _heads(), [[_cell(cell) for cell in row] for row in rows])
        text = table_csv_text(table, delimiter=";" if swedish else ",", decimal_comma=swedish)
        answer = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer


def _cell(cell: SheetCell) -> Cell:
    """A formula as the number that it has now."""
    return cell.value if isinstance(cell, Formula) else cell

"""The year by unit: frame, budget, what is booked, what it will be, and how far that is from the budget."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.views.access import allow
from vardnara.apps.accounts.views.answers import rule_say
from vardnara.apps.economy import services
from vardnara.apps.economy.choices import KEEPERS, READERS, AccountKind
from vardnara.apps.economy.forms import NoteForm
from vardnara.apps.economy.queries.following import Sums, budget_so_far, stored_forecasts, sums_of, year_lines
from vardnara.apps.economy.views.asked import Asked, year_asked
from vardnara.engines.followup import ForecastLine
from vardnara.kernel.errors import RuleBroken

CHART_WIDTH, CHART_HEIGHT = 720, 220  # of the drawing's own units
INSTEAD = ("no_last_year", "shares_do_not_fit")


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit's year. ``frame`` None: no frame was decided."""

    id: int
    code: str
    name: str
    frame: Decimal | None
    sums: Sums


@dataclass(frozen=True, slots=True)
class MonthLine:
    """A month of all units; ``cumulated`` is from January."""

    month: int
    booked: bool
    budget: Decimal
    amount: Decimal
    budget_cumulated: Decimal
    cumulated: Decimal


def units_of(asked: Asked) -> tuple[list[UnitLine], Sums]:
    """Units that have a figure, in the order of their codes, and all of them together."""
    shown = asked.shown
    until = budget_so_far(hospital_id=shown.hospital_id, year=shown.year, through_month=shown.through_month)
    by_unit: dict[int, list[ForecastLine]] = defaultdict(list)
    for line in shown.found.lines:
        by_unit[line.key[0]].append(line)
    rows = [
        UnitLine(pk, code, name, shown.frames.get(pk), sums_of(by_unit[pk], until))
        for pk, (code, name, _) in shown.units.items()
        if pk in by_unit or pk in shown.frames
    ]
    return rows, sums_of(shown.found.lines, until)


def months_of(
    lines: list[ForecastLine], budgets: dict[tuple[int, int], tuple[Decimal, ...]], through: int
) -> list[MonthLine]:
    """Twelve months of some lines: budget, then what is booked or forecast; adjustments stand apart."""
    found, before, so_far = [], Decimal(0), Decimal(0)
    for month in range(12):
        budget = sum((budgets[line.key][month] for line in lines if line.key in budgets), Decimal(0))
        amount = sum((line.months[month] for line in lines), Decimal(0))
        before, so_far = before + budget, so_far + amount
        found.append(MonthLine(month + 1, month < through, budget, amount, before, so_far))
    return found


@dataclass(frozen=True, slots=True)
class Chart:
    """Three lines from January, in the drawing's units: budget, booked, and forecast from the last booked month on."""

    width: int
    height: int
    zero: float
    budget: str
    booked: str
    forecast: str


def chart_of(months: list[MonthLine]) -> Chart:
    """The cumulated months as lines; the table below has the figures."""
    values = [Decimal(0)]
    values += [value for month in months for value in (month.budget_cumulated, month.cumulated)]
    low, high = min(values), max(values)
    span = (high - low) or Decimal(1)

    def point(month: int, value: Decimal) -> str:
        return f"{month * CHART_WIDTH / 12:.1f},{float((high - value) / span) * CHART_HEIGHT:.1f}"

    last = max((month.month for month in months if month.booked), default=0)
    start = point(0, Decimal(0))
    booked = [start, *(point(one.month, one.cumulated) for one in months if one.booked)]
    return Chart(
        CHART_WIDTH,
        CHART_HEIGHT,
        float(high / span) * CHART_HEIGHT,
        " ".join([start, *(point(one.month, one.budget_cumulated) for one in months)]),
        " ".join(booked),
        " ".join([booked[-1], *(point(one.month, one.cumulated) for one in months if one.month > last)]),
    )


def kinds_of(asked: Asked) -> list[tuple[str, Sums]]:
    """Costs and incomes apart."""
    shown = asked.shown
    until = budget_so_far(hospital_id=shown.hospital_id, year=shown.year, through_month=shown.through_month)
    groups: dict[str, list[ForecastLine]] = defaultdict(list)
    for line in shown.found.lines:
        groups[shown.accounts[line.key[1]][2]].append(line)
    return [(str(kind.label), sums_of(groups[kind], until)) for kind in AccountKind if kind in groups]


@allow(*READERS)
@never_cache
def year(request: HttpRequest) -> HttpResponse:
    """All units of a year with their sum, and what was promised earlier."""
    asked = year_asked(request)
    if asked is None:
        return render(request, "economy/year.html", {"asked": None, "writes": request.user.role in KEEPERS})
    rows, total = units_of(asked)
    shown = asked.shown
    frames = [row.frame for row in rows if row.frame is not None]
    budgets = {line.key: line.budget for line in year_lines(hospital_id=shown.hospital_id, year=shown.year)[0]}
    months = months_of(list(shown.found.lines), budgets, shown.through_month)
    context = {
        "asked": asked,
        "shown": shown,
        "rows": rows,
        "total": total,
        "frame_total": sum(frames, Decimal(0)) if frames else None,
        "kinds": kinds_of(asked),
        "months": months,
        "chart": chart_of(months),
        "instead": {
            code: sum(line.instead == code for line in shown.found.lines)
            for code in INSTEAD
            if any(line.instead == code for line in shown.found.lines)
        },
        "n_lines": len(shown.found.lines),
        "stored": stored_forecasts(actor=request.user, hospital_id=asked.hospital_id, year=shown.year),
        "note_form": NoteForm(),
        "writes": asked.writes,
    }
    return render(request, "economy/year.html", context)


def _back(request: HttpRequest) -> str:
    return f"{reverse('economy:year')}?{request.GET.urlencode()}"


@allow(*KEEPERS)
@require_POST
def forecast_keep(request: HttpRequest) -> HttpResponse:
    """Keep the forecast that is shown."""
    asked, form = year_asked(request), NoteForm(request.POST)
    try:
        if asked is None or not form.is_valid():
            raise RuleBroken("nothing_to_forecast")
        services.forecast_store(
            shown=asked.shown, note=form.cleaned_data["note"], actor=request.user, at=timezone.now()
        )
        messages.success(request, pgettext("forecast", "The forecast is kept."))
    except RuleBroken as error:
        rule_say(request, error)
    return redirect(_back(request))


@allow(*KEEPERS)
@require_POST
def year_close(request: HttpRequest) -> HttpResponse:
    """Close the year that is shown."""
    asked = year_asked(request)
    try:
        if asked is None:
            raise RuleBroken("nothing_to_close")
        services.year_close(hospital_id=asked.hospital_id, year=asked.shown.year, actor=request.user, at=timezone.now())
        messages.success(request, pgettext("economy", "The year is closed."))
    except RuleBroken as error:
        rule_say(request, error)
    return redirect(_back(request))

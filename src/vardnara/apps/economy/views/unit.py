"""One unit's year by account and by month, its frame, what was adjusted, and the lines behind a sum."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.views.access import allow
from vardnara.apps.accounts.views.answers import rule_say
from vardnara.apps.economy import services
from vardnara.apps.economy.choices import KEEPERS, READERS
from vardnara.apps.economy.forms import AdjustForm, FrameForm
from vardnara.apps.economy.queries.following import (
    Sums,
    adjustment_list,
    budget_so_far,
    frame_list,
    sums_of,
    year_lines,
)
from vardnara.apps.economy.queries.ledger import LINES_SHOWN, line_list
from vardnara.apps.economy.views.asked import Asked, year_asked
from vardnara.apps.economy.views.year import months_of
from vardnara.engines.followup import ForecastLine
from vardnara.kernel.errors import RuleBroken


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account of the unit."""

    id: int
    code: str
    name: str
    line: ForecastLine
    sums: Sums


def _asked(request: HttpRequest, unit_id: int) -> Asked:
    asked = year_asked(request)
    if asked is None or unit_id not in asked.shown.units:
        raise Http404
    return asked


@allow(*READERS)
@never_cache
def unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    """A unit's year."""
    return _page(request, unit_id)


def _page(
    request: HttpRequest, unit_id: int, *, adjust: AdjustForm | None = None, frame: FrameForm | None = None
) -> HttpResponse:
    asked = _asked(request, unit_id)
    shown = asked.shown
    until = budget_so_far(hospital_id=shown.hospital_id, year=shown.year, through_month=shown.through_month)
    lines = [line for line in shown.found.lines if line.key[0] == unit_id]
    budgets = {line.key: line.budget for line in year_lines(hospital_id=shown.hospital_id, year=shown.year)[0]}
    code, name, _ = shown.units[unit_id]
    context = {
        "asked": asked,
        "shown": shown,
        "unit_id": unit_id,
        "code": code,
        "name": name,
        "rows": sorted(
            (
                AccountLine(line.key[1], *shown.accounts[line.key[1]][:2], line, sums_of([line], until))
                for line in lines
            ),
            key=lambda row: row.code,
        ),
        "total": sums_of(lines, until),
        "months": months_of(lines, budgets, shown.through_month),
        "frame": shown.frames.get(unit_id),
        "frames": frame_list(unit_id=unit_id, year=shown.year),
        "adjustments": adjustment_list(hospital_id=shown.hospital_id, year=shown.year, unit_id=unit_id),
        "adjust": adjust or AdjustForm(accounts=_accounts(asked)),
        "frame_form": frame or FrameForm(initial={"decided_on": timezone.localdate()}),
        "writes": asked.writes,
    }
    status = 422 if adjust is not None or frame is not None else 200
    return render(request, "economy/unit.html", context, status=status)


def _accounts(asked: Asked) -> list[tuple[int, str]]:
    return sorted(
        ((pk, f"{code} {name}") for pk, (code, name, _) in asked.shown.accounts.items()), key=lambda one: one[1]
    )


def _back(request: HttpRequest, unit_id: int) -> HttpResponse:
    return redirect(f"{reverse('economy:unit', args=[unit_id])}?{request.GET.urlencode()}")


@allow(*KEEPERS)
@require_POST
def adjust(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Adjust the forecast of an account of the unit."""
    asked = _asked(request, unit_id)
    form = AdjustForm(request.POST, accounts=_accounts(asked))
    if not form.is_valid():
        return _page(request, unit_id, adjust=form)
    try:
        services.adjustment_add(
            unit_id=unit_id,
            account_id=form.cleaned_data["account"],
            year=asked.shown.year,
            amount_sek=form.cleaned_data["amount"],
            reason=form.cleaned_data["reason"],
            actor=request.user,
            at=timezone.now(),
        )
        messages.success(request, pgettext("forecast", "The forecast is adjusted."))
    except RuleBroken as error:
        rule_say(request, error)
    return _back(request, unit_id)


@allow(*KEEPERS)
@require_POST
def adjust_withdraw(request: HttpRequest, unit_id: int, adjustment_id: int) -> HttpResponse:
    """Take an adjustment back."""
    try:
        services.adjustment_withdraw(adjustment_id=adjustment_id, actor=request.user, at=timezone.now())
        messages.success(request, pgettext("forecast", "The adjustment is taken back."))
    except RuleBroken as error:
        rule_say(request, error)
    return _back(request, unit_id)


@allow(*KEEPERS)
@require_POST
def frame_add(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Add a decided step to the unit's frame."""
    asked, form = _asked(request, unit_id), FrameForm(request.POST)
    if not form.is_valid():
        return _page(request, unit_id, frame=form)
    try:
        services.frame_step(
            unit_id=unit_id,
            year=asked.shown.year,
            amount_sek=form.cleaned_data["amount"],
            decided_on=form.cleaned_data["decided_on"],
            source=form.cleaned_data["source"],
            actor=request.user,
            at=timezone.now(),
        )
        messages.success(request, pgettext("economy", "The frame has its step."))
    except RuleBroken as error:
        rule_say(request, error)
    return _back(request, unit_id)


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isdigit() and len(text) < 10 else None


@allow(*READERS)
@never_cache
def lines(request: HttpRequest, unit_id: int) -> HttpResponse:
    """The lines of the ledger behind a sum."""
    asked = _asked(request, unit_id)
    account, month = _number(request, "konto"), _number(request, "m")
    unit, rows, count, total = line_list(
        actor=request.user, unit_id=unit_id, account_id=account, year=asked.shown.year, month=month
    )
    names = asked.shown.accounts
    context = {
        "asked": asked,
        "unit": unit,
        "rows": rows,
        "count": count,
        "cut": count > LINES_SHOWN,
        "total": total,
        "shown_total": sum((row.amount_sek for row in rows), Decimal(0)),
        "account": " ".join(names[account][:2]) if account in names else "",
        "month": month if month and 1 <= month <= 12 else None,
    }
    return render(request, "economy/lines.html", context)

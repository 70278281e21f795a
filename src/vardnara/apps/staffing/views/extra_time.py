"""Overtime and additional time of everybody whom one plans with, against the caps: the record of W-12."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from vardnara.apps.accounts.views.access import allow
from vardnara.apps.staffing.choices import PLANNERS
from vardnara.apps.staffing.forms.posts import DayForm
from vardnara.apps.staffing.queries.extra_time import ExtraRow, extra_record
from vardnara.apps.staffing.templatetags.extra_words import KINDS, OVER
from vardnara.apps.staffing.views.table_import import table_answer
from vardnara.engines.hours import ExtraUse
from vardnara.gateways.tabular import Cell, OutTable, Sheet, SheetCell
from vardnara.parameters.extra_time import extra_limits

COLUMNS = ("number", "name", "home", "kind", "over", "first", "last", "minutes", "limit", "left")


def _asked(request: HttpRequest) -> tuple[forms.Form, date]:
    """The day that is asked for, else today."""
    form = DayForm({"dag": request.GET.get("dag") or timezone.localdate()})
    return form, form.cleaned_data["dag"] if form.is_valid() else timezone.localdate()


@allow(*PLANNERS)
@never_cache
@require_safe
def extra_time(request: HttpRequest) -> HttpResponse:
    """What everybody has, and what is left of the caps."""
    form, day = _asked(request)
    context = {
        "form": form,
        "day": day,
        "rows": extra_record(actor=request.user, day=day),
        "kinds": list(KINDS.values()),
        "limits": extra_limits(),
    }
    return render(request, "staffing/extra_time.html", context, status=422 if form.errors else 200)


@allow(*PLANNERS)
@never_cache
@require_safe
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """The same as a file: a line for each person, kind and stretch."""
    if kind not in ("csv", "xlsx"):
        raise Http404
    _, day = _asked(request)
    rows = extra_record(actor=request.user, day=day)
    title = pgettext("extra", "Overtime and additional time")
    word = pgettext("extra", "overtime")
    name = f"{word}-{day.isoformat()}"
    if kind == "csv":
        return table_answer(name, OutTable(name, COLUMNS, [_line(row, one) for row in rows for one in row.uses]))
    head = [
        pgettext("people", "Staff number"), pgettext("people", "Name"), pgettext("people", "Ward or pool"),
        *(f"{KINDS[one.kind]} {OVER[one.over]}" for one in (rows[0].uses if rows else ())),
    ]  # fmt: skip
    lines: list[list[SheetCell]] = [
        [row.number, row.name, row.home, *(_hours(one) for one in row.uses)] for row in rows
    ]
    told = pgettext("extra", "As of %(day)s, in hours.") % {"day": day.isoformat()}
    return table_answer(name, Sheet(title[:31], title, told, head, lines))


def _line(row: ExtraRow, one: ExtraUse) -> list[Cell]:
    return [
        row.number, row.name, row.home, one.kind, one.over, one.first.isoformat(), one.last.isoformat(),
        round(one.minutes), one.limit, round(one.left),
    ]  # fmt: skip


def _hours(one: ExtraUse) -> Decimal:
    return (Decimal(round(one.minutes)) / 60).quantize(Decimal("0.01"))

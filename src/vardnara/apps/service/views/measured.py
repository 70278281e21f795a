"""Measured times: how long work takes and is waited for, by ward and kind. Never by person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.views.decorators.cache import never_cache

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.views.access import allow
from vardnara.apps.hospital.queries.boards import board_wards
from vardnara.apps.service.forms import WEEKS_USUAL, MeasuredForm
from vardnara.apps.service.queries.measured import durations_measured, kind_names, waits_measured
from vardnara.engines.durations import Cell, Dimension, WaitCell

ROLES = (
    Role.COORDINATOR,
    Role.SERVICE_HEAD,
    Role.CONTROLLER,
    Role.DECISION_MAKER,
    Role.AUDITOR,
    Role.ADMINISTRATOR,
)
APPROVERS = (Role.SERVICE_HEAD, Role.ADMINISTRATOR)
BY = {
    "": (Dimension.KIND,),
    "ward": (Dimension.KIND, Dimension.UNIT),
    "weekday": (Dimension.KIND, Dimension.WEEKDAY),
    "hour": (Dimension.KIND, Dimension.HOUR),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: the words of its group, and its figures."""

    kind: str
    group: str
    cell: Cell | WaitCell


def period(form: MeasuredForm, at: datetime) -> tuple[datetime, datetime]:
    """The last so many weeks until now."""
    return at - timedelta(weeks=form.cleaned_data["weeks"]), at


def group_word(dimension: Dimension, value: str | int, wards: dict[str, str]) -> str:
    """What a group is called: the ward's name, the weekday, the hour."""
    if dimension is Dimension.UNIT:
        return wards.get(str(value), str(value))
    return str(WEEKDAYS[int(value)]) if dimension is Dimension.WEEKDAY else f"{int(value):02d}:00"


@allow(*ROLES)
@never_cache
def measured(request: HttpRequest) -> HttpResponse:
    """The tables; what the query cannot read is asked as if it had not been said."""
    wards = {str(ward.id): ward.name for ward in board_wards(actor=request.user, with_beds=False)}
    names = kind_names()
    usual = {"weeks": str(WEEKS_USUAL)}
    form = MeasuredForm(usual | request.GET.dict(), wards=wards, kinds=names)
    if not form.is_valid():
        form = MeasuredForm(usual, wards=wards, kinds=names)
        form.is_valid()
    at = timezone.now()
    since, until = period(form, at)
    asked = form.cleaned_data
    by = BY[asked["by"]]
    narrow = {
        "ward_ids": [int(asked["ward"])] if asked["ward"] else None,
        "kinds": [asked["kind"]] if asked["kind"] else None,
    }
    durations = durations_measured(actor=request.user, since=since, until=until, by=by, **narrow)
    waits_by = by if Dimension.UNIT in by else (Dimension.KIND,)
    waits = waits_measured(actor=request.user, since=since, until=until, at=at, by=waits_by, **narrow)

    def row(cell: Cell | WaitCell) -> Row:
        group = group_word(by[1], cell.key[1], wards) if len(cell.key) > 1 else ""
        return Row(names.get(str(cell.key[0]), str(cell.key[0])), group, cell)

    context = {
        "form": form,
        "since": since,
        "durations": durations,
        "rows": [row(cell) for cell in durations.cells if cell.spread is not None],
        "rules": durations.removed.items(),
        "waits": waits,
        "wait_rows": [row(cell) for cell in waits.cells if cell.response is not None],
        "by": asked["by"],
    }
    return render(request, "service/measured.html", context)

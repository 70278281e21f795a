"""The timeline of the day: every ward's hours, for the coordinator's desk and the wall."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.views.access import allow
from vardnara.apps.service.choices import DayState
from vardnara.apps.service.forms.coordination import DayForm
from vardnara.apps.service.queries.measured import kind_names
from vardnara.apps.service.queries.timeline import LISTED, Filter, day_choices, day_page, day_tasks

ROLES = (Role.COORDINATOR, Role.SERVICE_HEAD)
CELL = re.compile(r"(\d{1,18})t(-1|\d{1,2})")


def _form(request: HttpRequest) -> tuple[DayForm, bool]:
    """The filter as asked for; where an answer is none that the page offers, all of the day and a word about it."""
    divisions, wards = day_choices(actor=request.user)
    words = {"divisions": divisions, "wards": wards, "kinds": kind_names()}
    form = DayForm(request.GET or None, **words)
    if not form.is_bound or form.is_valid():
        return form, False
    return DayForm(None, **words), True


def _context(request: HttpRequest) -> dict[str, object]:
    at = timezone.now()
    form, refused = _form(request)
    wanted = Filter(**form.cleaned_data) if form.is_bound else Filter()
    chosen = CELL.fullmatch(request.GET.get("cell", ""))
    cell = (int(chosen[1]), int(chosen[2])) if chosen else None
    narrowed = Filter(wanted.division_id, cell[0], wanted.kind, wanted.state) if cell else wanted
    tasks, n_tasks = [], 0
    if cell or wanted.ward_id or wanted.state:
        tasks, n_tasks = day_tasks(actor=request.user, at=at, wanted=narrowed, hour=cell[1] if cell else None)
    fields = ("division_id", "ward_id", "kind", "state")
    kept = {name: getattr(wanted, name) for name in fields if getattr(wanted, name)}
    page = day_page(actor=request.user, at=at, wanted=wanted)
    return {
        "at": at,
        "form": form,
        "refused": refused,
        "filtered": bool(kept),
        "query": urlencode(kept),
        "page": page,
        "states": DayState,
        "sums": tuple(zip(DayState, page.sums, strict=True)),
        "cell": request.GET["cell"] if cell else "",
        "cell_hour": cell[1] if cell else None,
        "cell_ward": next((row.name for row in page.wards if cell and row.ward_id == cell[0]), ""),
        "tasks": tasks,
        "n_tasks": n_tasks,
        "n_more": max(0, n_tasks - LISTED),
        "listing": bool(cell or wanted.ward_id or wanted.state),
        "wall": "vagg" in request.GET,
    }


@allow(*ROLES)
@never_cache
def day(request: HttpRequest) -> HttpResponse:
    return render(request, "service/day.html", _context(request))


@allow(*ROLES)
@never_cache
def day_parts(request: HttpRequest) -> HttpResponse:
    """The picture, its table and the list as they are now; the page puts in what differs."""
    return render(request, "service/_day.html", _context(request))

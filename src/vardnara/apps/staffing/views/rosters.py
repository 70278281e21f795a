"""A roster as a grid: typed, searched for, published; a person's day with what each shift would break."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.views.access import allow
from vardnara.apps.service.views.requests import is_part
from vardnara.apps.staffing.choices import PLANNERS, UNDER_WAY, LeaveKind, RunKind
from vardnara.apps.staffing.forms.posts import day_read
from vardnara.apps.staffing.forms.rosters import AbsenceForm, PublishForm, SearchForm
from vardnara.apps.staffing.queries.roster_day import roster_day as day_query
from vardnara.apps.staffing.queries.roster_proposal import proposal_of
from vardnara.apps.staffing.queries.roster_shift import roster_shift as shift_query
from vardnara.apps.staffing.queries.rosters import RosterGrid, changes_newest, roster_grid, roster_one
from vardnara.apps.staffing.services import roster_absence as absences
from vardnara.apps.staffing.services import roster_changes, roster_runs
from vardnara.apps.staffing.services import rosters as services
from vardnara.apps.staffing.services.roster_absence import absence_call
from vardnara.apps.staffing.views.told import found, key_read, told
from vardnara.parameters.working_hours import hour_limit

WINDOWS = (2, 4, 6)  # weeks that are shown at a time


def _grid(request: HttpRequest, roster_id: int) -> tuple[RosterGrid, dict[str, Any]]:
    """The weeks that are asked for, by their number in the roster, and how to go to others."""
    with found():
        roster = roster_one(actor=request.user, roster_id=roster_id)
        weeks = _whole(request.GET.get("veckor"), 4)
        shown = weeks if weeks in WINDOWS else min(4, roster.n_weeks)
        start = min(_whole(request.GET.get("fran"), 0), max(roster.n_weeks - 1, 0))
        first = roster.first_on + timedelta(weeks=start)
        grid = roster_grid(actor=request.user, roster_id=roster_id, first=first, to=first + timedelta(weeks=shown))
    window = {
        "shown": shown,
        "start": start,
        "before": max(start - shown, 0) if start else None,
        "after": start + shown if start + shown < roster.n_weeks else None,
        "windows": [n for n in WINDOWS if n <= roster.n_weeks] if roster.n_weeks > WINDOWS[0] else [],
    }
    return grid, window


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 4 else otherwise


def _context(request: HttpRequest, roster_id: int) -> dict[str, Any]:
    grid, window = _grid(request, roster_id)
    notice = services.notice_days(grid.first_on, timezone.localdate())
    return {
        "grid": grid,
        "window": window,
        "notice": notice,
        "notice_short": notice < hour_limit("notice_block_days"),
        "notice_warn": notice < hour_limit("notice_warn_days"),
        "search": SearchForm(),
        "publish": PublishForm(),
        "under_way": grid.run is not None and grid.run.state in UNDER_WAY,
        "kinds_json": {kind.code: kind.pk for kind in grid.kinds},
        "today": timezone.localdate(),
        "proposal": proposal_of(grid) if grid.run is not None and grid.run.kind == RunKind.REPAIR else None,
        "explained": (grid.run.result.get("explained") or None) if grid.run and grid.n_short else None,
    }


@allow(*PLANNERS)
@never_cache
def roster(request: HttpRequest, roster_id: int) -> HttpResponse:
    """The grid."""
    return render(request, "staffing/roster.html", _context(request, roster_id))


@allow(*PLANNERS)
@never_cache
def roster_parts(request: HttpRequest, roster_id: int) -> HttpResponse:
    """The same again, for a page that heard of a change."""
    return render(request, "staffing/_roster.html", _context(request, roster_id))


@allow(*PLANNERS)
@require_POST
def shift_set(request: HttpRequest, roster_id: int) -> HttpResponse:
    """A person's day: another shift, or none. Answers with the parts that changed, or goes back to the grid."""
    person = key_read(request.POST.get("person"))
    kind = request.POST.get("kind", "")
    day = day_read(request.POST.get("on", ""))
    if day is None:
        raise Http404
    with told(request):
        roster_changes.shift_set(
            roster_id=roster_id, person_id=person, on=day, kind_id=key_read(kind) if kind else None,
            reason=request.POST.get("reason", "")[:300], actor=request.user, at=timezone.now(),
        )  # fmt: skip
    return _back(request, roster_id, person)


@allow(*PLANNERS)
@require_POST
def shift_lock(request: HttpRequest, roster_id: int) -> HttpResponse:
    """A day that a search leaves as it is, or not any more."""
    person, day = key_read(request.POST.get("person")), day_read(request.POST.get("on", ""))
    if day is None:
        raise Http404
    with told(request):
        roster_changes.shift_lock(
            roster_id=roster_id, person_id=person, on=day, locked=request.POST.get("locked") == "1", actor=request.user
        )
    return _back(request, roster_id, person)


@allow(*PLANNERS)
@require_POST
def undo(request: HttpRequest, roster_id: int) -> HttpResponse:
    """Take back the last change."""
    with told(request):
        if roster_changes.batch_undo(roster_id=roster_id, actor=request.user, at=timezone.now()) is None:
            messages.info(request, pgettext("roster", "There is nothing more to undo."))
    return _back(request, roster_id)


def _back(request: HttpRequest, roster_id: int, person_id: int | None = None) -> HttpResponse:
    if is_part(request):
        context = _context(request, roster_id) | {"only": person_id}
        return render(request, "staffing/_roster.html", context)
    return redirect("staffing:roster", roster_id=roster_id)


@allow(*PLANNERS)
@never_cache
def roster_day(request: HttpRequest, roster_id: int, person_id: int, on: str) -> HttpResponse:
    """A person's day: what each shift would break, lock, and the wish that there is."""
    day = day_read(on)
    if day is None:
        raise Http404
    with found("bad_dates"):
        page = day_query(actor=request.user, roster_id=roster_id, person_id=person_id, on=day)
    first = {"person": person_id, "kind": LeaveKind.SICK, "from_on": day, "last_on": day}
    context = {"page": page, "panel": is_part(request), "absence": AbsenceForm(initial=first)}
    return render(request, "staffing/_roster_day.html" if is_part(request) else "staffing/roster_day.html", context)


@allow(*PLANNERS)
@never_cache
def roster_shift(request: HttpRequest, roster_id: int, kind_id: int, on: str) -> HttpResponse:
    """A shift on a day: who works it, who could, and how many are needed."""
    day = day_read(on)
    if day is None:
        raise Http404
    with found("bad_dates"):
        page = shift_query(actor=request.user, roster_id=roster_id, kind_id=kind_id, on=day)
    context = {"page": page, "panel": is_part(request)}
    return render(request, "staffing/_roster_shift.html" if is_part(request) else "staffing/roster_shift.html", context)


@allow(*PLANNERS)
@require_POST
def need_set(request: HttpRequest, roster_id: int) -> HttpResponse:
    """How many are needed of a shift on a day."""
    day = day_read(request.POST.get("on", ""))
    if day is None:
        raise Http404
    with told(request):
        services.roster_need_set(
            roster_id=roster_id, kind_id=key_read(request.POST.get("kind")), on=day,
            wanted=_whole(request.POST.get("wanted"), 0), actor=request.user, at=timezone.now(),
        )  # fmt: skip
    return _back(request, roster_id)


@allow(*PLANNERS)
@require_POST
def absence(request: HttpRequest, roster_id: int) -> HttpResponse:
    """Somebody falls away from a published roster; who could step in is looked for at once."""
    form = AbsenceForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(one) for errors in form.errors.values() for one in errors))
        return redirect("staffing:roster", roster_id=roster_id)
    said, at = form.cleaned_data, timezone.now()
    with told(request):
        with transaction.atomic():
            batch, n = absence_call(
                roster_id=roster_id, person_id=said["person"], kind=said["kind"], from_on=said["from_on"],
                last_on=said["last_on"], actor=request.user, at=at,
            )  # fmt: skip
        if n:
            roster_runs.repair_ask(roster_id=roster_id, batch=batch, actor=request.user, at=at)
        else:
            messages.success(request, pgettext("roster", "Kept. No shift is open by it."))
    return redirect("staffing:roster", roster_id=roster_id)


@allow(*PLANNERS)
@require_POST
def repair_apply(request: HttpRequest, roster_id: int, run_id: int) -> HttpResponse:
    """Make the changes that were proposed after an absence."""
    with told(request):
        absences.repair_apply(run_id=run_id, actor=request.user, at=timezone.now())
        messages.success(request, pgettext("roster", "Done. Those whose days changed see it under their own schedule."))
    return redirect("staffing:roster", roster_id=roster_id)


@allow(*PLANNERS)
@require_POST
def search(request: HttpRequest, roster_id: int) -> HttpResponse:
    """Ask for a suggestion."""
    form = SearchForm(request.POST)
    seconds = form.cleaned_data["seconds"] if form.is_valid() else 20
    with told(request):
        roster_runs.run_ask(roster_id=roster_id, seconds=seconds, actor=request.user, at=timezone.now())
    return redirect("staffing:roster", roster_id=roster_id)


@allow(*PLANNERS)
@require_POST
def search_stop(request: HttpRequest, roster_id: int, run_id: int) -> HttpResponse:
    """Stop a search; what it has found is kept."""
    with told(request):
        roster_runs.run_stop(run_id=run_id, actor=request.user, at=timezone.now())
        messages.success(request, pgettext("roster", "The search stops, and the best so far is written in."))
    return redirect("staffing:roster", roster_id=roster_id)


@allow(*PLANNERS)
@require_POST
def publish(request: HttpRequest, roster_id: int) -> HttpResponse:
    """Publish a draft."""
    form = PublishForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    with told(request):
        services.roster_publish(roster_id=roster_id, actor=request.user, at=timezone.now(), reason=reason)
        messages.success(request, pgettext("roster", "Published. Who is in it sees it under their own schedule."))
    return redirect("staffing:roster", roster_id=roster_id)


@allow(*PLANNERS)
@require_POST
def discard(request: HttpRequest, roster_id: int) -> HttpResponse:
    """Put a draft aside, or take it up again."""
    with told(request):
        if request.POST.get("ater"):
            services.roster_restore(roster_id=roster_id, actor=request.user, at=timezone.now())
            return redirect("staffing:roster", roster_id=roster_id)
        row = services.roster_discard(roster_id=roster_id, actor=request.user, at=timezone.now())
        messages.success(request, pgettext("roster", "Discarded. It can be taken up again from its address."))
        return redirect("staffing:roster_group", group_id=row.group_id)
    return redirect("staffing:roster", roster_id=roster_id)


@allow(*PLANNERS)
@never_cache
def changes(request: HttpRequest, roster_id: int) -> HttpResponse:
    """Who changed what, the newest first."""
    with found():
        row = roster_one(actor=request.user, roster_id=roster_id)
    return render(request, "staffing/roster_changes.html", {"roster": row, "changes": changes_newest(roster=row)})

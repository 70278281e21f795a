"""The ward board: every bed place of a ward, on a tablet or on the wall."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.views.access import allow
from vardnara.apps.hospital.queries.boards import BedRow, board_waiting, board_ward, board_wards
from vardnara.apps.service import services
from vardnara.apps.service.choices import Activity, Priority, SpilloverReason, name_in_language
from vardnara.apps.service.forms import DoneByCareForm, RequestForm, SpillUndoForm
from vardnara.apps.service.queries.sampling import question_now
from vardnara.apps.service.queries.tasks import TaskRow, task_list_live, task_round_left
from vardnara.apps.service.queries.transfers import ward_switches
from vardnara.apps.service.queries.ward_day import ward_day
from vardnara.apps.service.views.requests import act, ids

READERS = (Role.WARD_STAFF, Role.COORDINATOR, Role.SERVICE_HEAD)


@dataclass(frozen=True, slots=True)
class Tile:
    """A bed on a board with the live work at it, most urgent first."""

    bed: BedRow
    tasks: tuple[TaskRow, ...]


def tiles(beds: Iterable[BedRow], tasks: Iterable[TaskRow]) -> list[Tile]:
    """A tile for each bed, in the order of ``beds``; ``tasks`` in theirs."""
    by_bed: dict[int | None, list[TaskRow]] = defaultdict(list)
    for task in tasks:
        by_bed[task.bed_id].append(task)
    return [Tile(bed, tuple(by_bed[bed.id]) if bed.id in by_bed else ()) for bed in beds]


def _context(request: HttpRequest, ward_id: int) -> dict[str, object]:
    ward = board_ward(actor=request.user, ward_id=ward_id)
    at = timezone.now()
    tasks = task_list_live(actor=request.user, at=at, ward_ids=[ward_id])
    rooms = [(code, name, tiles(beds, tasks)) for code, name, beds in ward.rooms]
    needing = [task for task in tasks if task.is_red]
    waiting = board_waiting(actor=request.user, ward_ids=[ward_id])
    asked = request.user.role == Role.WARD_STAFF and "vagg" not in request.GET
    return {
        "ward": ward,
        "rooms": rooms,
        "tasks": needing,
        "going": [task for task in tasks if not task.is_red],
        "n_daily": sum(n for _, _, n in task_round_left(actor=request.user, at=at, ward_ids=[ward_id])),
        "waiting": waiting,
        "n_red": len(needing) + len(waiting),
        "counts": ward.sums,
        "coordinator": request.user.role in (Role.COORDINATOR, Role.SERVICE_HEAD),
        "priorities": Priority.choices,
        "wall": "vagg" in request.GET,
        "question": question_now(actor=request.user, ward_id=ward_id, at=at) if asked else None,
        "activities": Activity.choices if asked else (),
    }


@allow(*READERS)
@never_cache
def ward(request: HttpRequest, ward_id: int) -> HttpResponse:
    context = _context(request, ward_id)
    context["request_form"] = RequestForm()
    return render(request, "service/ward.html", context)


@allow(*READERS)
@never_cache
def ward_parts(request: HttpRequest, ward_id: int) -> HttpResponse:
    """The tiles that changed, and the sums and lists around them."""
    context = _context(request, ward_id)
    wanted = set(ids(request, "beds"))
    everything = "alla" in request.GET
    touched = set(ids(request, "tasks"))
    context["tiles"] = [
        tile
        for _, _, here in context["rooms"]
        for tile in here
        if everything or tile.bed.id in wanted or any(task.id in touched for task in tile.tasks)
    ]
    return render(request, "service/_ward_parts.html", context)


@allow(Role.WARD_STAFF)
@require_POST
def ward_request(request: HttpRequest, ward_id: int) -> HttpResponse:
    """Ask for service that belongs to no bed (feat-A30)."""
    done = act(
        request,
        RequestForm(request.POST),
        lambda data: services.work_request(
            ward_id=ward_id,
            bed_id=None,
            note=data["note"],
            priority=data["priority"],
            actor=request.user,
            at=timezone.now(),
        ),
    )
    if done:
        messages.success(request, pgettext("request", "Asked for. Follow it under Asked for."))
    if "follow" in request.POST:
        return redirect("service:asked", ward_id=ward_id)
    return redirect("service:ward", ward_id=ward_id)


@allow(*READERS)
@never_cache
def ward_today(request: HttpRequest, ward_id: int) -> HttpResponse:
    """What was promised to the ward today and what was done; here care staff say what they did themselves."""
    row = board_wards(actor=request.user, ward_ids=[ward_id], with_beds=False)
    context = {
        "page": ward_day(actor=request.user, ward_id=ward_id, at=timezone.now()),
        "switches": [
            (switch, ", ".join(name_in_language(*names) for names in switch.kinds))
            for switch in ward_switches(ward_id=ward_id, on=timezone.localdate())
        ],
        "ward": row[0],
        "reasons": SpilloverReason.choices,
    }
    return render(request, "service/ward_today.html", context)


@allow(Role.WARD_STAFF)
@require_POST
def ward_spill(request: HttpRequest, ward_id: int) -> HttpResponse:
    """Care staff did a task themselves, and why (own-5)."""
    form = DoneByCareForm(request.POST)
    done = act(
        request,
        form,
        lambda data: services.task_done_by_care(
            task_id=data["task"],
            reason=data["reason"],
            minutes=data["minutes"],
            actor=request.user,
            at=timezone.now(),
            **form.once(),
        ),
    )
    if done:
        messages.success(request, pgettext("spillover", "Noted. It counts as done by the ward."))
    return redirect("service:ward_today", ward_id=ward_id)


@allow(Role.WARD_STAFF)
@require_POST
def ward_spill_undo(request: HttpRequest, ward_id: int) -> HttpResponse:
    """What was noted as done by care staff was not so: it is no longer counted."""
    act(
        request,
        SpillUndoForm(request.POST),
        lambda data: services.spillover_undo(spillover_id=data["spill"], actor=request.user, at=timezone.now()),
    )
    return redirect("service:ward_today", ward_id=ward_id)


@allow(*READERS)
@never_cache
def wards(request: HttpRequest) -> HttpResponse:
    """Every ward within reach, to choose one."""
    return render(request, "service/wards.html", {"wards": board_wards(actor=request.user)})

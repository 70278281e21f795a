"""The coordinator's live board: all wards, and the work that nobody has or that is late."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.views.access import allow
from vardnara.apps.hospital.queries.boards import board_waiting, board_wards, ward_ids_of_division
from vardnara.apps.hospital.views.pushing import DUE_HEADER, shared
from vardnara.apps.service import services
from vardnara.apps.service.choices import Priority, TaskState
from vardnara.apps.service.forms import CommandForm, HandBackForm, InspectForm, ReassignForm, ReprioritiseForm
from vardnara.apps.service.queries.conflicts import conflict_count_open
from vardnara.apps.service.queries.deviations import deviation_count_open
from vardnara.apps.service.queries.hand_out import task_takers
from vardnara.apps.service.queries.shifts import worker_rows
from vardnara.apps.service.queries.tasks import (
    task_beds,
    task_checkoff,
    task_history,
    task_list_live,
    task_list_to_inspect,
    task_next_due,
    task_one,
    task_round_left,
)
from vardnara.apps.service.queries.timeline import day_choices
from vardnara.apps.service.views.requests import act, ids, is_part
from vardnara.apps.service.views.ward import tiles

ROLES = (Role.COORDINATOR, Role.SERVICE_HEAD)
INSPECT_HOURS = 4  # how long finished work stays on the list of what may be looked at


def _narrowed(request: HttpRequest) -> frozenset[int] | None:
    """The wards of the division that the address names; None for all."""
    chosen = ids(request, "division_id")
    if not chosen:
        return None
    return ward_ids_of_division(actor=request.user, division_id=chosen[0])


def _work(request: HttpRequest, at: datetime, wards: frozenset[int] | None) -> dict[str, object]:
    tasks = task_list_live(actor=request.user, at=at, ward_ids=wards)
    red = [task for task in tasks if task.is_red]
    daily = task_round_left(actor=request.user, at=at, ward_ids=wards)
    waiting = board_waiting(actor=request.user, ward_ids=wards)
    done = task_list_to_inspect(actor=request.user, at=at, since=at - timedelta(hours=INSPECT_HOURS), ward_ids=wards)
    return {
        "red": red,
        "n_red": len(red) + len(waiting),
        "going": [task for task in tasks if not task.is_red],
        "daily": daily,
        "n_daily": sum(number for _, _, number in daily),
        "tasks": tasks,
        "waiting": waiting,
        "n_conflicts": conflict_count_open(actor=request.user),
        "n_deviations": deviation_count_open(actor=request.user),
        "to_inspect": done,
    }


@allow(*ROLES)
@never_cache
def coordination(request: HttpRequest) -> HttpResponse:
    chosen = _narrowed(request)
    work = _work(request, timezone.now(), chosen)
    wards = board_wards(actor=request.user, ward_ids=chosen)
    divisions, _ = day_choices(actor=request.user)
    context = {
        **work,
        "divisions": divisions if len(divisions) > 1 else [],
        "division_id": next(iter(ids(request, "division_id")), 0),
        "wards": [{"ward": ward, "tiles": tiles(ward.beds, work["tasks"])} for ward in wards],
    }
    return render(request, "service/coordination.html", context)


@shared
@allow(*ROLES)
@never_cache
def coordination_parts(request: HttpRequest) -> HttpResponse:
    """What changed: bed tiles, the sums of their wards, and the work list."""
    at = timezone.now()
    chosen = _narrowed(request)
    work = _work(request, at, chosen)
    everything = "alla" in request.GET
    changed = {*ids(request, "beds"), *task_beds(actor=request.user, task_ids=ids(request, "tasks"))}
    since = parse_datetime(request.GET.get("sedan", "")) or at
    changed |= {task.bed_id for task in work["tasks"] if task.late and task.due_at > since} - {None}
    some = chosen if everything else ids(request, "wards")
    wards = board_wards(actor=request.user, ward_ids=some, bed_ids=() if everything else changed)
    beds = [bed for ward in wards for bed in ward.beds if everything or bed.id in changed]
    context = {**work, "tiles": tiles(beds, work["tasks"]), "ward_heads": wards}
    response = render(request, "service/_coordination_parts.html", context)
    if (due := task_next_due(actor=request.user, at=at)) is not None:
        response.headers[DUE_HEADER] = due.isoformat()
    return response


def _task_context(request: HttpRequest, task_id: int) -> dict[str, object]:
    task = task_one(actor=request.user, at=timezone.now(), task_id=task_id)
    hospital_ids = {
        ward.hospital_id for ward in board_wards(actor=request.user, ward_ids=[task.ward_id], with_beds=False)
    }
    return {
        "task": task,
        "history": task_history(task_id=task.id),
        "checkoff": task_checkoff(task_id=task.id),
        "workers": worker_rows(hospital_ids=hospital_ids, at=timezone.now()) if task.is_live else [],
        "takers": task_takers(task=task, hospital_ids=hospital_ids, at=timezone.now()),
        "priorities": Priority,
        "done": task.state == TaskState.DONE,
        "panel": is_part(request),
    }


@allow(*ROLES)
@never_cache
def task(request: HttpRequest, task_id: int) -> HttpResponse:
    """One task: where it stands, its whole history, and what a coordinator may do about it."""
    name = "service/_task.html" if is_part(request) else "service/task.html"
    return render(request, name, _task_context(request, task_id))


ACTS = {
    "fordela": (ReassignForm, services.task_reassign, ("owner_id",)),
    "prioritera": (ReprioritiseForm, services.task_reprioritise, ("priority",)),
    "frigor": (HandBackForm, services.task_hand_back, ("reason",)),
    "granska": (InspectForm, services.task_inspect, ("approved", "note")),
}


@allow(*ROLES)
@require_POST
def task_act(request: HttpRequest, task_id: int, deed: str) -> HttpResponse:
    """Hand the task to somebody, change its priority, take it from somebody, approve it or not."""
    if deed not in ACTS:
        raise Http404(deed)
    form_class, service, fields = ACTS[deed]
    form: CommandForm = form_class(request.POST)
    act(
        request,
        form,
        lambda data: service(
            task_id=task_id,
            actor=request.user,
            at=timezone.now(),
            **{name: data[name] for name in fields},
            **form.once(),
        ),
    )
    if is_part(request):
        return render(request, "service/_task.html", _task_context(request, task_id))
    return redirect("service:task", task_id=task_id)

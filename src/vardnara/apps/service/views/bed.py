"""The page behind a bed's QR code: what whoever is signed in may see and do there."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.views.access import allow
from vardnara.apps.hospital.choices import ContagionClass
from vardnara.apps.hospital.queries.boards import BedRow, bed_by_token
from vardnara.apps.hospital.queries.identity import stays_lately_left
from vardnara.apps.hospital.services import beds, stays
from vardnara.apps.hospital.services.identity import stay_name_look
from vardnara.apps.service import services
from vardnara.apps.service.choices import TURNOVER_KINDS, Priority
from vardnara.apps.service.forms import BedReasonForm, CommandForm, ContagionForm, RequestForm, StayForm
from vardnara.apps.service.queries.tasks import task_last_done, task_list_live
from vardnara.apps.service.views.requests import act, is_part
from vardnara.kernel.errors import RuleBroken

READERS = (Role.SERVICE_WORKER, Role.WARD_STAFF, Role.COORDINATOR, Role.SERVICE_HEAD)

STAY_ACTS: dict[str, tuple[type[StayForm], Callable[..., object]]] = {
    "bekrafta": (StayForm, stays.discharge_confirm),
    "inte-sakert": (StayForm, stays.discharge_confirm_undo),
    "lamnat": (StayForm, stays.patient_left),
    "angra": (StayForm, stays.patient_left_undo),
    "smitta": (ContagionForm, stays.contagion_set),
}
BED_ACTS: dict[str, Callable[..., object]] = {
    "oppna": beds.bed_open,
    "hav-sparr": beds.bed_unblock,
    "hav-reservation": beds.bed_unreserve,
}
REASON_ACTS: dict[str, Callable[..., object]] = {
    "stang": beds.bed_close,
    "sparra": beds.bed_block,
    "reservera": beds.bed_reserve,
}


def _context(request: HttpRequest, bed: BedRow) -> dict[str, object]:
    at = timezone.now()
    tasks = task_list_live(actor=request.user, at=at, bed_ids=[bed.id])
    return {
        "bed": bed,
        "tasks": tasks,
        "last_done": task_last_done(actor=request.user, at=at, bed_id=bed.id),
        "lately_left": stays_lately_left(actor=request.user, at=at, bed_id=bed.id),
        "turnover": any(task.kind in TURNOVER_KINDS for task in tasks),
        "contagion_classes": ContagionClass,
        "priorities": Priority,
        "ward_staff": request.user.role == Role.WARD_STAFF,
        "worker": request.user.role == Role.SERVICE_WORKER,
        "panel": is_part(request),
    }


def _show(request: HttpRequest, token: str) -> HttpResponse:
    bed = bed_by_token(actor=request.user, token=token)
    name = "service/_bed.html" if is_part(request) else "service/bed.html"
    return render(request, name, _context(request, bed))


@allow(*READERS)
@never_cache
def bed(request: HttpRequest, token: str) -> HttpResponse:
    return _show(request, token)


@allow(Role.WARD_STAFF)
@require_POST
def bed_act(request: HttpRequest, token: str, deed: str) -> HttpResponse:
    """Ward staff say what is so: discharge, patient left, contagion, blocked, closed, reserved, work wanted."""
    row = bed_by_token(actor=request.user, token=token)
    who = {"actor": request.user, "at": timezone.now()}
    if deed in STAY_ACTS:
        form_class, service = STAY_ACTS[deed]

        def run(data: dict[str, object]) -> None:
            extra = {"contagion_class": data["contagion_class"]} if "contagion_class" in data else {}
            service(stay_id=_stay_here(request, row, data["stay"]), **extra, **who)

        act(request, form_class(request.POST), run)
    elif deed in BED_ACTS:
        act(request, CommandForm(request.POST), lambda _: BED_ACTS[deed](bed_id=row.id, **who))
    elif deed in REASON_ACTS:
        act(
            request,
            BedReasonForm(request.POST),
            lambda data: REASON_ACTS[deed](bed_id=row.id, reason=data["reason"], **who),
        )
    elif deed == "onska":
        form = RequestForm(request.POST)
        act(
            request,
            form,
            lambda data: services.work_request(
                ward_id=row.ward_id,
                bed_id=row.id,
                note=data["note"],
                priority=data["priority"],
                **who,
            ),
        )
    else:
        raise Http404(deed)
    return _show(request, token) if is_part(request) else redirect("service:bed", token=token)


def _stay_here(request: HttpRequest, row: BedRow, stay_id: int) -> int:
    """The stay, if it is or just was in this bed: a form cannot reach further than the page that it came from."""
    here = {stay.id for stay in row.stays}
    lately = {stay.id for stay in stays_lately_left(actor=request.user, at=timezone.now(), bed_id=row.id)}
    if stay_id not in here | lately:
        raise RuleBroken("unknown_stay", f"stay {stay_id} is not in bed {row.id}")
    return stay_id


@allow(Role.WARD_STAFF)
@require_POST
@never_cache
def bed_name(request: HttpRequest, token: str) -> HttpResponse:
    """Who lies here: shown on request to the ward's own staff, and the look is written down (invariant 7)."""
    row = bed_by_token(actor=request.user, token=token)
    form = StayForm(request.POST)
    if not form.is_valid() or form.cleaned_data["stay"] not in {stay.id for stay in row.stays}:
        raise Http404("unknown_stay")
    name = stay_name_look(
        actor=request.user,
        at=timezone.now(),
        stay_id=form.cleaned_data["stay"],
        ward_code=row.ward_code,
        client=request.META.get("REMOTE_ADDR", ""),
    )
    return render(
        request, "service/_name.html" if is_part(request) else "service/name.html", {"name": name, "bed": row}
    )

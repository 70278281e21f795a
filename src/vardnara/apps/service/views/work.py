"""The worker's phone: one task at a time."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.views.access import allow
from vardnara.apps.hospital.queries.boards import board_wards
from vardnara.apps.service import services
from vardnara.apps.service.forms import CommandForm, DelayForm, FinishForm, FoundForm, HandBackForm, PauseForm
from vardnara.apps.service.queries.next_task import worker_page
from vardnara.apps.service.views.requests import act, is_part
from vardnara.apps.service.views.sync import choices, praise

ACTS = {
    "ta": (CommandForm, services.task_claim),
    "starta": (CommandForm, services.task_start),
    "pausa": (PauseForm, services.task_pause),
    "fortsatt": (CommandForm, services.task_resume),
    "skjut-upp": (DelayForm, services.task_delay),
    "lamna": (HandBackForm, services.task_hand_back),
    "klar": (FinishForm, services.task_finish),
}


def _context(request: HttpRequest) -> dict[str, object]:
    return {"page": worker_page(actor=request.user, at=timezone.now()), **choices()}


@allow(Role.SERVICE_WORKER)
@never_cache
def work(request: HttpRequest) -> HttpResponse:
    return render(request, "service/work.html", _context(request))


@allow(Role.SERVICE_WORKER)
@never_cache
def work_parts(request: HttpRequest) -> HttpResponse:
    """The page's moving part again, for a page that heard of a change."""
    return render(request, "service/_work.html", _context(request))


@allow(Role.SERVICE_WORKER)
@require_POST
def work_act(request: HttpRequest, task_id: int, deed: str) -> HttpResponse:
    """Claim, start, pause, resume, delay, hand back or finish one task."""
    if deed not in ACTS:
        raise Http404(deed)
    form_class, service = ACTS[deed]
    form = form_class(request.POST)

    def run(data: dict[str, object]) -> None:
        reason: dict[str, object] = {"reason": data["reason"]} if "reason" in data else {}
        if isinstance(form, FinishForm):
            reason = {"ticked": form.ticked(), "sure": data["sure"], "signed": data["signed"]}
        service(task_id=task_id, actor=request.user, at=timezone.now(), **reason, **form.once())

    if act(request, form, run) and deed == "klar":
        praise(request, task_id)
    if request.POST.get("back", "").startswith("/plats/"):
        return redirect(request.POST["back"].split("?")[0])
    return render(request, "service/_work.html", _context(request)) if is_part(request) else redirect("service:work")


@allow(Role.SERVICE_WORKER)
@never_cache
def found(request: HttpRequest) -> HttpResponse:
    """Found job: a dirty bed or a spill that nobody has reported (mech-6)."""
    if request.method == "POST":
        form = FoundForm(request.POST)

        def run(data: dict[str, object]) -> None:
            services.found_job_report(
                bed_id=data["bed"],
                kind=data["kind"],
                note=data["note"],
                start=data["start"],
                actor=request.user,
                at=timezone.now(),
                **form.once(),
            )

        if act(request, form, run):
            messages.success(request, pgettext("worker", "Reported."))
            return redirect("service:work")
        return redirect("service:found")
    wards = board_wards(actor=request.user)
    chosen = request.GET.get("avdelning", "")
    ward = next((ward for ward in wards if str(ward.id) == chosen), wards[0] if len(wards) == 1 else None)
    bed = next((bed for bed in ward.beds if str(bed.id) == request.GET.get("plats", "")), None) if ward else None
    return render(request, "service/found.html", {"wards": wards, "ward": ward, "bed": bed, "form": FoundForm()})

"""Work sampling: the question on the ward's page, its settings, and what the answers come to."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.views.access import allow
from vardnara.apps.hospital.queries.boards import board_wards
from vardnara.apps.service import services
from vardnara.apps.service.choices import Activity
from vardnara.apps.service.forms import SamplingAnswerForm, SamplingShiftForm
from vardnara.apps.service.queries.sampling import ward_samples
from vardnara.apps.service.views.requests import act, is_part
from vardnara.engines.sampling import SamplingParams
from vardnara.kernel.errors import RuleBroken

READERS = (
    Role.WARD_STAFF,
    Role.COORDINATOR,
    Role.SERVICE_HEAD,
    Role.CONTROLLER,
    Role.DECISION_MAKER,
    Role.AUDITOR,
)
SETTERS = (Role.WARD_STAFF, Role.SERVICE_HEAD)
WEEKS = 12


@allow(*READERS)
@never_cache
def sampling(request: HttpRequest, ward_id: int) -> HttpResponse:
    """What the answers of the last weeks come to, and in which shifts is asked."""
    wards = board_wards(actor=request.user, ward_ids=[ward_id], with_beds=False)
    if not wards:
        raise RuleBroken("out_of_scope", f"user {request.user.pk} does not reach ward {ward_id}")
    at = timezone.now()
    shifts = ward_samples(actor=request.user, ward_id=ward_id, since=at - timedelta(weeks=WEEKS), at=at)
    context = {
        "ward": wards[0],
        "shifts": [(shift, SamplingShiftForm.of(shift)) for shift in shifts],
        "labels": dict(Activity.choices),
        "weeks": WEEKS,
        "may_set": request.user.role in SETTERS,
        "form": SamplingShiftForm(auto_id="new_%s"),
        "params": SamplingParams(),
    }
    return render(request, "service/sampling.html", context)


@allow(*SETTERS)
@require_POST
def sampling_set(request: HttpRequest, ward_id: int) -> HttpResponse:
    """Set a shift: hours, number of questions, care staff, on or off."""
    act(
        request,
        SamplingShiftForm(request.POST),
        lambda data: services.sampling_shift_set(
            ward_id=ward_id,
            start_minutes=data["start"],
            end_minutes=data["end"],
            n_questions=data["n_questions"],
            n_staff=data["n_staff"],
            active=data["active"],
            actor=request.user,
            at=timezone.now(),
        ),
    )
    return redirect("service:sampling", ward_id=ward_id)


@allow(Role.WARD_STAFF)
@require_POST
def sampling_answer(request: HttpRequest, ward_id: int) -> HttpResponse:
    """One tap; an empty answer is "not now"."""
    done = act(
        request,
        SamplingAnswerForm(request.POST),
        lambda data: services.sampling_answer(
            prompt_id=data["prompt"], answer=data["answer"], actor=request.user, at=timezone.now()
        ),
    )
    if is_part(request):
        return render(request, "service/_sampling.html", {"thanks": done})
    return redirect("service:ward", ward_id=ward_id)

"""Deviations: reported from a phone, with a picture; seen to by a coordinator."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.views.access import allow
from vardnara.apps.accounts.views.answers import rule_text
from vardnara.apps.hospital.queries.boards import board_wards
from vardnara.apps.service import services
from vardnara.apps.service.choices import DeviationKind
from vardnara.apps.service.forms import DeviationForm, HandledForm
from vardnara.apps.service.queries.deviations import deviation_list, deviation_picture
from vardnara.apps.service.queries.tasks import task_one
from vardnara.apps.service.views.requests import act
from vardnara.kernel.errors import RuleBroken

READERS = (Role.COORDINATOR, Role.SERVICE_HEAD, Role.UNIT_MANAGER, Role.WARD_STAFF)
HANDLERS = (Role.COORDINATOR, Role.SERVICE_HEAD)
AGAIN = frozenset({"out_of_scope", "wrong_role"})  # a phone keeps these: somebody may give the right back


@allow(Role.SERVICE_WORKER)
@never_cache
def deviation_new(request: HttpRequest) -> HttpResponse:
    """Report what is not as it should be; a phone that kept it sends it here and is answered in JSON."""
    as_json = "application/json" in request.headers.get("Accept", "")
    form = DeviationForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        try:
            if not form.is_valid():
                raise RuleBroken("bad_input", str(form.errors.as_data())[:200])
            services.deviation_report(actor=request.user, received_at=timezone.now(), **form.words(timezone.now()))
        except RuleBroken as error:
            if as_json:
                status = 403 if error.code in AGAIN else 422
                return JsonResponse({"code": error.code, "text": rule_text(error.code)}, status=status)
            form.add_error(None, rule_text(error.code))
        else:
            if as_json:
                return JsonResponse({"outcome": "done"})
            messages.success(request, pgettext("worker", "Reported."))
            return redirect("service:work")
    status = 422 if form.errors else 200
    return render(request, "service/deviation_new.html", {"form": form, **_about(request)}, status=status)


def _about(request: HttpRequest) -> dict[str, object]:
    """The task that a report is about, or wards to choose from."""
    number = request.POST.get("task") or request.GET.get("uppgift", "")
    task = None
    if number.isdecimal() and len(number) <= 18:
        task = task_one(actor=request.user, at=timezone.now(), task_id=int(number))
    wards = [] if task else board_wards(actor=request.user, with_beds=False)
    return {"task": task, "wards": wards, "deviation_kinds": DeviationKind.choices}


@allow(*READERS)
@never_cache
def deviations(request: HttpRequest) -> HttpResponse:
    """Those that wait, and those that somebody has seen to."""
    context = {
        "waiting": deviation_list(actor=request.user, handled=False),
        "handled": deviation_list(actor=request.user, handled=True),
        "handler": request.user.role in HANDLERS,
    }
    return render(request, "service/deviations.html", context)


@allow(*HANDLERS)
@require_POST
def deviation_act(request: HttpRequest, key: UUID, deed: str) -> HttpResponse:
    """Say that it is seen to, or take its picture away."""
    who = {"key": key, "actor": request.user, "at": timezone.now()}
    if deed == "atgardad":
        if act(request, HandledForm(request.POST), lambda data: services.deviation_handle(note=data["note"], **who)):
            messages.success(request, pgettext("deviation", "Noted as seen to."))
    elif deed == "ta-bort-bild":
        if act(request, HandledForm(request.POST), lambda _: services.deviation_picture_remove(**who)):
            messages.success(request, pgettext("deviation", "The picture is removed for good."))
    else:
        raise Http404(deed)
    return redirect("service:deviations")


@allow(*READERS)
@never_cache
def picture(request: HttpRequest, key: UUID) -> HttpResponse:
    return HttpResponse(deviation_picture(actor=request.user, key=key), content_type="image/jpeg")

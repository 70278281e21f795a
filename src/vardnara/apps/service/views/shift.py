"""The worker's shift: which wards, breaks, and signing off."""

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
from vardnara.apps.service import services
from vardnara.apps.service.choices import BreakKind, Zones
from vardnara.apps.service.forms import CommandForm, SignOffForm, SignOnForm
from vardnara.apps.service.queries.shifts import shift_last, shift_now, zone_wards
from vardnara.apps.service.queries.tasks import task_list_own
from vardnara.apps.service.views.requests import act


@allow(Role.SERVICE_WORKER)
@never_cache
def shift(request: HttpRequest) -> HttpResponse:
    """Choose wards, begin, take a break, end. What was chosen last time is chosen already."""
    at = timezone.now()
    now = shift_now(actor=request.user, at=at)
    last = now or shift_last(actor=request.user)
    context = {
        "shift": now,
        "zones": last.zones if last else Zones.ALL,
        "chosen": last.ward_ids if last else frozenset(),
        "wards": zone_wards(actor=request.user),
        "own": task_list_own(actor=request.user, at=at) if now else [],
        "break_kinds": BreakKind,
        "leaving": "sluta" in request.GET,
    }
    return render(request, "service/shift.html", context)


@allow(Role.SERVICE_WORKER)
@require_POST
def shift_act(request: HttpRequest, deed: str) -> HttpResponse:
    """Sign on, change wards, go on a break, come back, sign off."""
    who = {"actor": request.user, "at": timezone.now()}
    if deed == "borja":
        form = SignOnForm(request.POST)

        def sign_on(data: dict[str, object]) -> None:
            services.shift_sign_on(zones=data["zones"], ward_ids=data["wards"], **who)

        done = act(request, form, sign_on)
        return redirect("service:work" if done else "service:shift")
    if deed in BreakKind.values:
        act(request, CommandForm(request.POST), lambda _: services.shift_break_begin(kind=deed, **who))
        return redirect("service:work")
    if deed == "tillbaka":
        act(request, CommandForm(request.POST), lambda _: services.shift_break_end(**who))
        return redirect("service:work")
    if deed == "sluta":
        off = SignOffForm(request.POST)
        if act(request, off, lambda data: services.shift_sign_off(leave=data["leave"], note=data["note"], **who)):
            messages.success(request, pgettext("shift", "You are signed off. Thank you for today."))
            return redirect("service:shift")
        return redirect(f"{request.path.removesuffix('sluta/')}?sluta")
    raise Http404(deed)

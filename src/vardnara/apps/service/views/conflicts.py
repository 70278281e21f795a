"""What phones did without contact and met something else: a coordinator decides what counts."""

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
from vardnara.apps.service.forms import CommandForm, DismissForm
from vardnara.apps.service.queries.conflicts import conflict_list_open
from vardnara.apps.service.views.requests import act

ROLES = (Role.COORDINATOR, Role.SERVICE_HEAD)


@allow(*ROLES)
@never_cache
def conflicts(request: HttpRequest) -> HttpResponse:
    return render(request, "service/conflicts.html", {"conflicts": conflict_list_open(actor=request.user)})


@allow(*ROLES)
@require_POST
def conflict_act(request: HttpRequest, conflict_id: int, deed: str) -> HttpResponse:
    """Record the work as done, or dismiss it with a reason."""
    who = {"conflict_id": conflict_id, "actor": request.user, "at": timezone.now()}
    if deed == "godkann":
        if act(request, CommandForm(request.POST), lambda _: services.conflict_accept(**who)):
            messages.success(request, pgettext("conflict", "Recorded."))
    elif deed == "avfarda":
        form = DismissForm(request.POST)
        if act(request, form, lambda data: services.conflict_dismiss(reason=data["reason"], **who)):
            messages.success(request, pgettext("conflict", "Dismissed."))
    else:
        raise Http404(deed)
    return redirect("service:conflicts")

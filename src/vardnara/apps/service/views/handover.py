"""Handing over to the next coordinator: how it stands, what was written, who has read it."""

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
from vardnara.apps.accounts.views.answers import rule_say
from vardnara.apps.service import services
from vardnara.apps.service.forms import CommandForm
from vardnara.apps.service.forms.coordination import HandoverForm
from vardnara.apps.service.queries.handover import (
    handover_figures,
    handover_hospital,
    handover_list,
    handover_one,
    handover_since,
    sections_of,
)
from vardnara.apps.service.views.requests import act
from vardnara.kernel.errors import RuleBroken

ROLES = (Role.COORDINATOR, Role.SERVICE_HEAD)


def _page(request: HttpRequest, form: HandoverForm) -> HttpResponse:
    at = timezone.now()
    since = handover_since(actor=request.user, at=at)
    rows = handover_list(actor=request.user)
    context = {
        "form": form,
        "since": since,
        "at": at,
        "sections": sections_of(handover_figures(actor=request.user, at=at, since=since)),
        "unread": [row for row in rows if row.acknowledged_at is None and row.author_id != request.user.pk],
        "history": rows,
    }
    return render(request, "service/handover.html", context)


@allow(*ROLES)
@never_cache
def handover(request: HttpRequest) -> HttpResponse:
    """How it stands; writing and signing. What cannot be signed stays in the field, with the reason."""
    if request.method != "POST":
        return _page(request, HandoverForm())
    form = HandoverForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    at = timezone.now()
    since = handover_since(actor=request.user, at=at)
    try:
        made = services.handover_sign(
            hospital_id=handover_hospital(actor=request.user),
            since=since,
            text=form.cleaned_data["text"],
            figures=handover_figures(actor=request.user, at=at, since=since),
            actor=request.user,
            at=at,
        )
    except RuleBroken as error:
        rule_say(request, error)
        return _page(request, form)
    messages.success(request, pgettext("handover", "Signed. The next coordinator sees it first."))
    return redirect("service:handover_one", handover_id=made.pk)


@allow(*ROLES)
@never_cache
def handover_page(request: HttpRequest, handover_id: int) -> HttpResponse:
    """One handover as it was signed; prints on A4."""
    row = handover_one(actor=request.user, handover_id=handover_id)
    if row is None:
        raise Http404(handover_id)
    return render(request, "service/handover_one.html", {"row": row})


@allow(*ROLES)
@require_POST
def handover_read(request: HttpRequest, handover_id: int) -> HttpResponse:
    """The next one has read it."""
    who = {"handover_id": handover_id, "actor": request.user, "at": timezone.now()}
    if act(request, CommandForm(request.POST), lambda _: services.handover_acknowledge(**who)):
        messages.success(request, pgettext("handover", "Noted that you have read it."))
        return redirect("service:handover_one", handover_id=handover_id)
    return redirect("service:handover")

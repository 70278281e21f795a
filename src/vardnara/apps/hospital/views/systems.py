"""Systems that call us with FHIR: made by a person, let in by a key, understood by their identifier systems."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.views.access import allow
from vardnara.apps.accounts.views.answers import rule_say
from vardnara.apps.hospital.forms import IssuersForm, SystemForm
from vardnara.apps.hospital.queries.inbox_page import sender_one
from vardnara.apps.hospital.queries.systems import issuers_known, keys_of
from vardnara.apps.hospital.services.fhir_in import issuers_set, key_end, key_make, system_add
from vardnara.kernel.errors import RuleBroken

MENDERS = (Role.INTEGRATOR, Role.ADMINISTRATOR)


@allow(*MENDERS)
@never_cache
def system_new(request: HttpRequest) -> HttpResponse:
    """A system that will call us."""
    form = SystemForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = system_add(actor=request.user, at=timezone.now(), **form.cleaned_data)
            return redirect("hospital:system_keys", sender_id=row.pk)
        except RuleBroken as error:
            rule_say(request, error)
    return render(request, "hospital/system_new.html", {"form": form})


@allow(*MENDERS)
@never_cache
def keys(request: HttpRequest, sender_id: int) -> HttpResponse:
    """The keys of a system; a new one is shown in the answer to its making, and never again."""
    made = ""
    if request.method == "POST":
        made = key_make(sender_id=sender_id, actor=request.user, at=timezone.now())
    return _page(request, sender_id, made=made)


def _page(request: HttpRequest, sender_id: int, *, made: str = "", form: IssuersForm | None = None) -> HttpResponse:
    row = sender_one(actor=request.user, sender_id=sender_id)
    return render(
        request,
        "hospital/system.html",
        {
            "sender": row,
            "keys": keys_of(actor=request.user, sender_id=sender_id),
            "made": made,
            "form": form or IssuersForm(initial={"issuers": "\n".join(f"{one} = {our}" for one, our in row.issuers)}),
            "known": issuers_known(actor=request.user),
            "address": request.build_absolute_uri("/fhir/r4/"),
        },
    )


@allow(*MENDERS)
@require_POST
def key_over(request: HttpRequest, sender_id: int, key_id: int) -> HttpResponse:
    """A key ends at once and for good."""
    try:
        key_end(key_id=key_id, actor=request.user, at=timezone.now())
        messages.success(request, pgettext("system", "The key has ended. What is sent with it is refused."))
    except RuleBroken as error:
        rule_say(request, error)
    return redirect("hospital:system_keys", sender_id=sender_id)


@allow(*MENDERS)
@require_POST
@never_cache
def issuers(request: HttpRequest, sender_id: int) -> HttpResponse:
    """Whose numbers the identifier systems of a system's resources are."""
    form = IssuersForm(request.POST)
    if not form.is_valid():
        return _page(request, sender_id, form=form)
    try:
        issuers_set(sender_id=sender_id, issuers=form.cleaned_data["issuers"], actor=request.user, at=timezone.now())
        messages.success(request, pgettext("inbox", "Saved. New messages are read this way."))
    except RuleBroken as error:
        rule_say(request, error)
    return redirect("hospital:system_keys", sender_id=sender_id)

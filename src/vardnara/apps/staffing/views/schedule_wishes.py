"""A person's own wishes, and the hours in which they can never work."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.views.access import allow_signed_in
from vardnara.apps.accounts.views.answers import rule_say, rule_text
from vardnara.apps.staffing.forms.people import AvailabilityForms, availability_initial, availability_said
from vardnara.apps.staffing.forms.schedule import WishForm
from vardnara.apps.staffing.queries.people import own_person
from vardnara.apps.staffing.queries.wishes import OwnWishes, own_wishes
from vardnara.apps.staffing.services import wishes as services
from vardnara.apps.staffing.services.people import availability_set
from vardnara.apps.staffing.views.schedule import nobody
from vardnara.kernel.errors import RuleBroken


@allow_signed_in
@never_cache
def wishes(request: HttpRequest) -> HttpResponse:
    """Wishes for days to come, what became of earlier ones, and own hours; making a wish."""
    try:
        own = own_wishes(actor=request.user, at=timezone.now())
    except RuleBroken as error:
        return nobody(request, error)
    if request.method != "POST":
        return _page(request, own)
    form = WishForm(request.POST, kinds=own.kinds)
    if not form.is_valid():
        return _page(request, own, form=form)
    said = form.cleaned_data
    try:
        services.wish_set(
            on=said["on"], kind_id=said["kind"], wanted=said["wanted"], weight=said["weight"], note=said["note"],
            actor=request.user, at=timezone.now(),
        )  # fmt: skip
    except RuleBroken as error:
        form.add_error("on", rule_text(error.code))
        return _page(request, own, form=form)
    messages.success(request, pgettext("wish", "The wish is kept."))
    return redirect("staffing:wishes")


def _page(request: HttpRequest, own: OwnWishes, **bound: Any) -> HttpResponse:
    page = own_person(actor=request.user, day=timezone.localdate())
    context = {
        "own": own,
        "page": page,
        "form": WishForm(kinds=own.kinds, initial={"on": own.first_open, "weight": 1, "wanted": 0}),
        "never": AvailabilityForms(initial=availability_initial(page) if page else [], prefix="t"),
        "tab": "wishes",
    }
    return render(request, "staffing/schedule_wishes.html", context | bound, status=422 if bound else 200)


@allow_signed_in
@require_POST
def wish_withdraw(request: HttpRequest, wish_id: int) -> HttpResponse:
    """Take a wish back."""
    try:
        services.wish_withdraw(wish_id=wish_id, actor=request.user, at=timezone.now())
        messages.success(request, pgettext("wish", "The wish is taken back."))
    except RuleBroken as error:
        rule_say(request, error)
    return redirect("staffing:wishes")


@allow_signed_in
@require_POST
def own_hours(request: HttpRequest) -> HttpResponse:
    """Say anew in which hours one can never work."""
    try:
        own = own_wishes(actor=request.user, at=timezone.now())
    except RuleBroken as error:
        return nobody(request, error)
    sent = AvailabilityForms(request.POST, prefix="t")
    if not sent.is_valid():
        return _page(request, own, never=sent)
    availability_set(person_id=own.person_id, rows=availability_said(sent), actor=request.user, at=timezone.now())
    messages.success(request, pgettext("people", "The hours are kept."))
    return redirect("staffing:wishes")

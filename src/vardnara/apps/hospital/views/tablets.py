"""Which tablets a ward shares."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import tablet_list
from vardnara.apps.accounts.views.access import allow
from vardnara.apps.accounts.views.answers import rule_say
from vardnara.apps.accounts.views.tablets import tablet_cookie_set, tablet_here
from vardnara.apps.hospital.forms import TabletForm
from vardnara.apps.hospital.queries.boards import board_wards
from vardnara.apps.hospital.services.tablets import tablet_share, tablet_unshare
from vardnara.kernel.errors import RuleBroken

ROLES = (Role.WARD_STAFF, Role.COORDINATOR, Role.SERVICE_HEAD, Role.UNIT_MANAGER, Role.ADMINISTRATOR)


@allow(*ROLES)
@never_cache
def tablets(request: HttpRequest) -> HttpResponse:
    """Share the tablet in hand with a ward, and end what is shared."""
    wards = board_wards(actor=request.user, with_beds=False)
    form = TabletForm(request.POST or None, wards=[(ward.id, ward.name) for ward in wards])
    if request.method == "POST" and form.is_valid():
        try:
            token = tablet_share(actor=request.user, at=timezone.now(), **form.cleaned_data)
        except RuleBroken as error:
            rule_say(request, error)
        else:
            logout(request)
            response = redirect("accounts:tablet_who")
            tablet_cookie_set(response, token)
            return response
    context = {
        "form": form,
        "tablets": tablet_list(ward_ids=[ward.id for ward in wards]),
        "here": tablet_here(request),
    }
    return render(request, "hospital/tablets.html", context)


@allow(*ROLES)
@require_POST
def tablet_end(request: HttpRequest, tablet_id: int) -> HttpResponse:
    """The tablet is shared no more."""
    try:
        tablet_unshare(tablet_id=tablet_id, actor=request.user, at=timezone.now())
        messages.success(request, pgettext("tablet", "The tablet is shared no more."))
    except RuleBroken as error:
        rule_say(request, error)
    return redirect("hospital:tablets")

"""Places: those that a message named, to be confirmed or mapped; and QR labels for the beds."""

from __future__ import annotations

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.views.access import allow
from vardnara.apps.accounts.views.answers import rule_say
from vardnara.apps.hospital.forms import MapForm
from vardnara.apps.hospital.queries.boards import board_ward, board_wards
from vardnara.apps.hospital.queries.place_page import place_list
from vardnara.apps.hospital.services.mapping import place_confirm, place_map
from vardnara.kernel.errors import RuleBroken

READERS = (Role.INTEGRATOR, Role.ADMINISTRATOR, Role.COORDINATOR)
MENDERS = (Role.INTEGRATOR, Role.ADMINISTRATOR)


@allow(*READERS)
@never_cache
def places(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "hospital/places.html",
        {
            "unconfirmed": place_list(actor=request.user, confirmed=False),
            "confirmed": place_list(actor=request.user, confirmed=True),
            "wards": board_wards(actor=request.user, with_beds=False),
            "may_mend": request.user.role in MENDERS,
        },
    )


@allow(*MENDERS)
@require_POST
def confirm(request: HttpRequest, bed_id: int) -> HttpResponse:
    """The place that a message named is real."""
    try:
        place_confirm(bed_id=bed_id, actor=request.user, at=timezone.now())
        messages.success(request, pgettext("places", "The place is confirmed."))
    except RuleBroken as error:
        rule_say(request, error)
    return redirect("hospital:places")


@allow(*MENDERS)
@require_POST
def map_to(request: HttpRequest, bed_id: int) -> HttpResponse:
    """The place that a message named is another name for one that exists."""
    form = MapForm(request.POST)
    try:
        if not form.is_valid():
            raise RuleBroken("bad_input")
        place_map(bed_id=bed_id, to_bed_id=form.cleaned_data["to_bed"], actor=request.user, at=timezone.now())
        messages.success(request, pgettext("places", "The name now means the chosen place."))
    except RuleBroken as error:
        rule_say(request, error)
    return redirect("hospital:places")


@allow(*READERS)
@never_cache
def labels(request: HttpRequest, ward_id: int) -> HttpResponse:
    """A4 sheets of QR labels for a ward's beds, 21 to a sheet."""
    ward = board_ward(actor=request.user, ward_id=ward_id)
    cards = [(bed, _qr(request.build_absolute_uri(reverse("service:bed", args=[bed.token])))) for bed in ward.beds]
    sheets = [cards[start : start + 21] for start in range(0, len(cards), 21)]
    return render(request, "hospital/labels.html", {"ward": ward, "sheets": sheets})


def _qr(address: str) -> str:
    """The code as inline SVG, without style attributes, which the page's security policy refuses."""
    svg = segno.make(address, error="q").svg_inline(border=2, omitsize=True, svgclass="qr", lineclass=None)
    return mark_safe(svg)  # noqa: S308 - made here from our own address, not from input

"""Places: those that a message named, to be confirmed or mapped; what names mean; and QR labels for the beds."""

from __future__ import annotations

from collections.abc import Callable

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
from vardnara.apps.hospital.queries.boards import board_ward
from vardnara.apps.hospital.queries.place_page import alias_list, place_list, place_one, ward_list, ward_one
from vardnara.apps.hospital.services.mapping import alias_remove, place_confirm, place_map, ward_confirm, ward_map
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
            "named_wards": ward_list(actor=request.user),
            "named_beds": place_list(actor=request.user, confirmed=False),
            "aliases": alias_list(actor=request.user),
            "wards": ward_list(actor=request.user, confirmed=True),
            "may_mend": request.user.role in MENDERS,
        },
    )


def _do(request: HttpRequest, deed: Callable[[], None], done: str) -> HttpResponse:
    """Do it, say so or why not, and show the places again."""
    try:
        deed()
        messages.success(request, done)
    except RuleBroken as error:
        rule_say(request, error)
    return redirect("hospital:places")


@allow(*MENDERS)
@require_POST
def confirm(request: HttpRequest, bed_id: int) -> HttpResponse:
    """The place that a message named is real."""
    return _do(
        request,
        lambda: place_confirm(bed_id=bed_id, actor=request.user, at=timezone.now()),
        pgettext("places", "The place is confirmed."),
    )


@allow(*MENDERS)
@require_POST
def ward_ok(request: HttpRequest, ward_id: int) -> HttpResponse:
    """The ward that a message named is real."""
    return _do(
        request,
        lambda: ward_confirm(ward_id=ward_id, actor=request.user, at=timezone.now()),
        pgettext("places", "The ward is confirmed."),
    )


def _chosen(request: HttpRequest) -> tuple[int, dict[str, object]]:
    """Which place the form says, and for whom; raises ``bad_input``."""
    form = MapForm(request.POST)
    if not form.is_valid():
        raise RuleBroken("bad_input")
    who = form.cleaned_data["who"]
    whom: dict[str, object] = {"for_all": True} if who == "all" else {"sender_id": int(who)} if who else {}
    return form.cleaned_data["to"], whom | {"actor": request.user, "at": timezone.now()}


@allow(*MENDERS)
@never_cache
def map_to(request: HttpRequest, bed_id: int) -> HttpResponse:
    """The place that a message named is another name for one that exists."""
    if request.method == "POST":

        def deed() -> None:
            to, whom = _chosen(request)
            place_map(bed_id=bed_id, to_bed_id=to, **whom)

        return _do(request, deed, pgettext("places", "The name now means the chosen place."))
    place = place_one(actor=request.user, bed_id=bed_id)
    return render(
        request, "hospital/map.html", {"place": place, "beds": place_list(actor=request.user, confirmed=True)}
    )


@allow(*MENDERS)
@never_cache
def ward_to(request: HttpRequest, ward_id: int) -> HttpResponse:
    """The ward that a message named is another name for one that exists."""
    if request.method == "POST":

        def deed() -> None:
            to, whom = _chosen(request)
            ward_map(ward_id=ward_id, to_ward_id=to, **whom)

        return _do(request, deed, pgettext("places", "The name now means the chosen ward."))
    place = ward_one(actor=request.user, ward_id=ward_id)
    return render(
        request, "hospital/map.html", {"place": place, "wards": ward_list(actor=request.user, confirmed=True)}
    )


@allow(*MENDERS)
@require_POST
def alias_undo(request: HttpRequest, alias_id: int) -> HttpResponse:
    """The name means again what it meant before it was mapped."""
    return _do(
        request,
        lambda: alias_remove(alias_id=alias_id, actor=request.user, at=timezone.now()),
        pgettext("places", "The mapping is removed. Everybody it placed has moved back."),
    )


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

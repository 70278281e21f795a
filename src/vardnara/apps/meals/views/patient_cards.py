"""Cards for the bedside: the QR code of the patient's own ordering, with a line in each of some languages."""

from __future__ import annotations

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.views.access import allow
from vardnara.apps.hospital.queries.boards import board_ward
from vardnara.apps.meals.views.patient_words import words_of

LANGUAGES = ("sv", "en", "ar")
A_SHEET = 8


@allow(Role.WARD_STAFF, Role.SERVICE_WORKER, Role.COORDINATOR)
@never_cache
def cards(request: HttpRequest, ward_id: int) -> HttpResponse:
    """A4 sheets of cards for a ward's beds, eight to a sheet."""
    ward = board_ward(actor=request.user, ward_id=ward_id)
    made = [(bed, _qr(request.build_absolute_uri(reverse("meals:patient", args=[bed.token])))) for bed in ward.beds]
    lines = [(words.code, words.direction, words.ui["card"]) for words in map(words_of, LANGUAGES)]
    sheets = [made[start : start + A_SHEET] for start in range(0, len(made), A_SHEET)]
    return render(request, "meals/cards.html", {"ward": ward, "sheets": sheets, "lines": lines})


def _qr(address: str) -> str:
    """The code as inline SVG, without style attributes, which the page's security policy refuses."""
    svg = segno.make(address, error="q").svg_inline(border=2, omitsize=True, svgclass="qr", lineclass=None)
    return mark_safe(svg)  # noqa: S308 - made here from our own address, not from input

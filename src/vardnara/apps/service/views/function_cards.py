"""Function cards: what one party does on one ward, on the page and on paper, always from what is agreed."""

from __future__ import annotations

from datetime import date, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.views.access import allow
from vardnara.apps.hospital.queries.boards import WardRow, board_ward, board_wards
from vardnara.apps.service import services
from vardnara.apps.service.bridge.function_card import function_card_of
from vardnara.apps.service.choices import Party
from vardnara.apps.service.queries.agreement_lines import agreement_lines_valid, parties_in_force, versions_in_force
from vardnara.apps.service.queries.agreements import READERS, kinds_by_id
from vardnara.apps.service.templatetags.words import check_text
from vardnara.engines.documents import A5, A7, FunctionCard, function_card_build

ROLES = (*READERS, Role.SERVICE_WORKER)
SIZES = {"a5": A5, "a7": A7}


def _on(request: HttpRequest) -> date:
    """The day that is asked for, today where none is."""
    try:
        return date.fromisoformat(request.GET.get("dag", ""))
    except ValueError:
        return timezone.localdate()


@allow(*ROLES)
@never_cache
def function_cards(request: HttpRequest) -> HttpResponse:
    """The cards of every ward within reach."""
    on = _on(request)
    wards = board_wards(actor=request.user, with_beds=False)
    parties = parties_in_force(ward_ids=[ward.id for ward in wards], on=on)
    rows = [
        (ward, [Party(party) for party in parties[ward.id]])
        for ward in sorted(wards, key=lambda ward: (ward.code, ward.id))
        if ward.id in parties
    ]
    return render(request, "service/function_cards.html", {"rows": rows, "on": on, "today": timezone.localdate()})


def _card(request: HttpRequest, ward_id: int, party: str, on: date, at: datetime) -> tuple[WardRow, FunctionCard]:
    if party not in Party.values:
        raise Http404(party)
    ward = board_ward(actor=request.user, ward_id=ward_id)
    lines = agreement_lines_valid(hospital_id=ward.hospital_id, on=on, ward_ids=[ward_id])
    versions = versions_in_force(ward_id=ward_id, on=on)
    kinds = kinds_by_id()
    words = pgettext("function card", "%(number)s version %(version)d, from %(date)s")
    agreed = "; ".join(
        words % {"number": one.number, "version": one.version, "date": date_format(one.valid_from, "j F Y")}
        for one in versions
    )
    card = function_card_of(
        party=party,
        ward=pgettext("function card", "Ward %(code)s, %(name)s") % {"code": ward.code, "name": ward.name},
        lines=lines,
        holes=services.ward_check(ward_id=ward_id, on=on).holes,
        kinds=kinds,
        checklists={pk: [check_text(text) for text in kind.checklist] for pk, kind in kinds.items()},
        agreed=agreed,
        contact="; ".join(dict.fromkeys(one.contact for one in versions if one.contact)),
        address=request.build_absolute_uri(reverse("service:function_card", args=[ward_id, party])),
        as_of=at,
    )
    return ward, card


@allow(*ROLES)
@never_cache
def function_card(request: HttpRequest, ward_id: int, party: str) -> HttpResponse:
    """A card as it is on the day: where the printed card's QR code leads."""
    on = _on(request)
    ward, card = _card(request, ward_id, party, on, timezone.now())
    context = {"ward": ward, "card": card, "party": party, "on": on, "is_today": on == timezone.localdate()}
    return render(request, "service/function_card.html", context)


@allow(*ROLES)
@never_cache
def function_card_pdf(request: HttpRequest, ward_id: int, party: str, size: str) -> HttpResponse:
    """A card on A5 for the wall or on A7 for the pocket."""
    if size not in SIZES:
        raise Http404(size)
    on = _on(request)
    ward, card = _card(request, ward_id, party, on, timezone.now())
    name = f"funktionskort-{ward.id}-{party}-{size}.pdf"
    return HttpResponse(
        function_card_build(card, SIZES[size]),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )

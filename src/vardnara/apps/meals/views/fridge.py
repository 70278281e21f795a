"""A ward's fridge on a phone: scan or type a pack's code, take it for a patient, throw it away, put packs in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import npgettext, pgettext
from django.views.decorators.cache import never_cache

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.views.access import allow
from vardnara.apps.hospital.queries.boards import board_ward
from vardnara.apps.hospital.queries.stays import StayFacts, stays_in_wards
from vardnara.apps.meals.choices import ThrowReason
from vardnara.apps.meals.forms.fridge import BatchForm, PutForm, TakeForm, ThrowForm
from vardnara.apps.meals.models import DishCell
from vardnara.apps.meals.queries import fridge as queries
from vardnara.apps.meals.queries.needs import needs_of
from vardnara.apps.meals.services import fridge as services
from vardnara.apps.meals.services.diet import diets_look
from vardnara.apps.meals.services.fridge import PUTTERS, TAKERS
from vardnara.apps.meals.templatetags.diet_words import code_name
from vardnara.apps.service.views.requests import act
from vardnara.kernel.local_time import local_date

READERS = (*PUTTERS, Role.COORDINATOR)


@allow(*READERS)
@never_cache
def fridge(request: HttpRequest, ward_id: int) -> HttpResponse:
    """What stands in the fridge; a pack by its code; what a patient may have, which is a look at the diet."""
    at = timezone.now()
    ward = board_ward(actor=request.user, ward_id=ward_id)
    if request.method == "POST":
        return _deed(request, ward_id, at)
    batch = _batch(request.GET.get("etiketter", ""))
    if batch is not None:
        return _labels(request, ward_id, batch)
    today = local_date(at)
    rows = queries.fridge(ward_id=ward_id, on=today)
    text = request.GET.get("kod", "").strip()
    pack = queries.pack_find(ward_id=ward_id, text=text) if text else None
    takes, puts = request.user.role in TAKERS, request.user.role in PUTTERS
    stays = [stay for stay in stays_in_wards([ward_id]) if not stay.away_at(at)] if takes else []
    standing = pack is not None and pack.taken_at is None and pack.thrown_at is None
    stay = next((one for one in stays if str(one.id) == request.GET.get("patient")), None)
    offers, may_have, others = [], [], []
    if stay is not None:
        diets_look(stays=[stay], actor=request.user, at=at, ward_code=ward.code)
        offers = queries.packs_for(rows, stay, needs_of([stay], at=at)[stay.id])
    elif takes and pack is not None and standing and queries.pack_state(pack, today) in queries.USABLE:
        diets_look(stays=stays, actor=request.user, at=at, ward_code=ward.code)
        found = _who(pack.cell, stays, at)
        may_have = [one for one, reasons in found if not reasons]
        others = [(one, reasons) for one, reasons in found if reasons]
    thrown = queries.thrown_lately(ward_id=ward_id, at=at)
    context = {
        "ward": ward,
        "rows": rows,
        "text": text,
        "pack": pack,
        "standing": standing,
        "state": queries.pack_state(pack, today) if pack is not None else "",
        "stays": stays,
        "stay": stay,
        "offers": offers,
        "may_have": may_have,
        "others": others,
        "thrown": [(ThrowReason(reason).label, n) for reason, n in sorted(thrown.items())],
        "n_thrown": sum(thrown.values()),
        "reasons": [one for one in ThrowReason.choices if one[0] != ThrowReason.EXPIRED],
        "takes": takes,
        "puts": puts,
        "form": _put_form(ward_id, at, initial={"batch": uuid4(), "best_before": today}) if puts else None,
        "command": uuid4(),
        "undo": _batch(request.GET.get("inlagt", "")),
        "to_meals": request.user.role != Role.KITCHEN,
    }
    return render(request, "meals/fridge.html", context)


def _who(cell: DishCell, stays: list[StayFacts], at: datetime) -> list[tuple[StayFacts, tuple[Any, ...]]]:
    """Every patient with what speaks against the dish for them."""
    needs = needs_of(stays, at=at)
    return [(stay, queries.pack_verdict(cell, needs[stay.id]).reasons) for stay in stays]


def _batch(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _cell_name(cell: DishCell) -> str:
    return f"{cell.dish.name} ({code_name(cell.diet).lower()}, {code_name(cell.texture).lower()})"


def _put_form(ward_id: int, at: datetime, *args: Any, **kwargs: Any) -> PutForm:
    cells = queries.cells_to_put(ward_id=ward_id, on=local_date(at))
    return PutForm(*args, cells=[(cell.pk, _cell_name(cell)) for cell in cells], **kwargs)


def _deed(request: HttpRequest, ward_id: int, at: datetime) -> HttpResponse:
    """One deed of the page; what a rule forbids is said there."""
    where = reverse("meals:fridge", args=[ward_id])
    who: dict[str, Any] = {"ward_id": ward_id, "actor": request.user, "at": at}
    said: list[str] = []

    def take(data: dict[str, Any]) -> None:
        services.pack_take(
            stay_id=data["stay"], code=data["code"], cell_id=data["cell"], command=data["command"], **who
        )
        said.append(pgettext("fridge", "Taken and handed over. Note what was eaten as for other meals."))

    def throw(data: dict[str, Any]) -> None:
        services.pack_throw(**data, **who)
        said.append(pgettext("fridge", "The pack is out of the fridge."))

    def put(data: dict[str, Any]) -> None:
        made = services.packs_put(
            cell_id=data["cell"], n=data["n"], best_before=data["best_before"], batch=data["batch"], **who
        )
        words = npgettext("fridge", "%(n)s pack is put in.", "%(n)s packs are put in.", len(made))
        said.append(words % {"n": len(made)})

    def undo(data: dict[str, Any]) -> None:
        n = services.put_undo(batch=data["batch"], **who)
        said.append(npgettext("fridge", "%(n)s pack is taken back.", "%(n)s packs are taken back.", n) % {"n": n})

    deed = request.POST.get("deed", "")
    deeds: dict[str, tuple[Any, Callable[[dict[str, Any]], None]]] = {
        "take": (TakeForm(request.POST), take),
        "throw": (ThrowForm(request.POST), throw),
        "undo": (BatchForm(request.POST), undo),
        "put": (_put_form(ward_id, at, request.POST), put),
    }
    form, do = deeds.get(deed, (BatchForm({}), undo))
    if act(request, form, do):
        messages.success(request, said[0])
        return redirect(f"{where}?inlagt={form.cleaned_data['batch']}" if deed == "put" else where)
    stay = request.POST.get("stay", "")
    return redirect(f"{where}?patient={stay}" if deed == "take" and stay.isdecimal() else where)


def _labels(request: HttpRequest, ward_id: int, batch: UUID) -> HttpResponse:
    """Labels of the packs that were put in together: a code that opens the pack, the dish and its last day."""
    packs = queries.batch_packs(ward_id=ward_id, batch=batch)
    where = request.build_absolute_uri(reverse("meals:fridge", args=[ward_id]))
    labels = [(pack, _cell_name(pack.cell), _qr(f"{where}?kod={pack.code}")) for pack in packs]
    return render(request, "meals/fridge_labels.html", {"labels": labels, "ward_id": ward_id})


def _qr(address: str) -> str:
    """The code as inline SVG, without style attributes, which the page's security policy refuses."""
    svg = segno.make(address, error="q").svg_inline(border=2, omitsize=True, svgclass="qr", lineclass=None)
    return mark_safe(svg)  # noqa: S308 - made here from our own address, not from input

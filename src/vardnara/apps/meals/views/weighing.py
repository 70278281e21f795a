"""Weighing on a phone: where, what, how much; what was weighed that day, and taking it back."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache

from vardnara.apps.accounts.views.access import HIDDEN, allow
from vardnara.apps.accounts.views.answers import rule_say
from vardnara.apps.meals.choices import BY_EATER, MealKind, WasteCategory
from vardnara.apps.meals.forms.waste import WeighForm
from vardnara.apps.meals.queries.offered import meal_windows
from vardnara.apps.meals.queries.waste import kitchens_reached, ward_kitchen, ward_names
from vardnara.apps.meals.queries.weighing import campaign, weighings_now
from vardnara.apps.meals.services.weighing import COOKS, WEIGHERS, WeighWords, weighing_add, weighing_undo
from vardnara.apps.meals.views.deeds import NotValid, number, valid
from vardnara.kernel.errors import RuleBroken

DAY = timedelta(days=1)


@allow(*WEIGHERS)
@never_cache
def weigh(request: HttpRequest) -> HttpResponse:
    """Note what was weighed; the week's campaign with what is missing."""
    at = timezone.now()
    today = timezone.localdate()
    wards = ward_names(actor=request.user)
    kitchens = kitchens_reached(actor=request.user) if request.user.role in COOKS else []
    places = [(f"k{one.pk}", one.name) for one in kitchens] + [(f"a{pk}", name) for pk, name in wards.items()]
    asked = request.GET.get("plats", "")
    place = asked if asked in dict(places) else (places[0][0] if places else "")
    ward_id = int(place[1:]) if place.startswith("a") else None
    kitchen = ward_kitchen(ward_id=ward_id, on=today) if ward_id is not None else None
    kitchen = kitchen or next((one for one in kitchens if place == f"k{one.pk}"), None)
    by_ward = ward_id is not None
    if request.method == "POST" and place:
        _do(request, ward_id=ward_id, kitchen_id=kitchen.pk if kitchen else None, at=at, today=today)
        return redirect(f"{reverse('meals:weigh')}?plats={place}")
    monday = today - today.weekday() * DAY
    own = pgettext("waste side", "In the kitchen")
    week = weighings_now(kitchen=kitchen, since=today - 6 * DAY, until=today + DAY) if kitchen else []
    context = {
        "places": places,
        "place": place,
        "command": uuid4(),
        "where": dict(places).get(place, ""),
        "kitchen": kitchen,
        "form": _form(by_ward, initial=_first(kitchen.pk if kitchen else None, at, today)),
        "rows": [one for one in week if one.ward_id == ward_id][:30],
        "campaign": campaign(kitchen=kitchen, monday=monday, names=wards, in_kitchen=own) if kitchen else None,
    }
    return render(request, "meals/weigh.html", context)


def _first(kitchen_id: int | None, at: Any, today: date) -> dict[str, Any]:
    """Today, and the meal that was served last."""
    windows = meal_windows(kitchen_id=kitchen_id, on=today) if kitchen_id is not None else []
    served = [one.meal for one in windows if one.serves_from_at <= at]
    return {"on": today, "meal": (served or [MealKind.LUNCH])[-1], "unit": "kg"}


def _form(by_ward: bool, *args: Any, **kwargs: Any) -> WeighForm:
    own = [one for one in WasteCategory if (one in BY_EATER) == by_ward]
    others = [] if by_ward else [one for one in WasteCategory if one in BY_EATER]
    label = (
        pgettext("weigh", "Eaters, where nobody notes what is eaten")
        if by_ward
        else pgettext("weigh", "Portions or eaters, where the orders do not say")
    )
    return WeighForm(
        *args, categories=[(one.value, one.label) for one in (*own, *others)], people_label=label, **kwargs
    )


def _do(request: HttpRequest, *, ward_id: int | None, kitchen_id: int | None, at: Any, today: date) -> None:
    try:
        if request.POST.get("deed") == "undo":
            weighing_undo(weighing_id=number(request, "row"), actor=request.user, at=at)
            messages.success(request, pgettext("weigh", "It is taken back. Both rows are kept."))
            return
        said = valid(request, _form(ward_id is not None, request.POST))
        command = forms.UUIDField().clean(request.POST.get("command"))
        words = WeighWords(**(said | {"tare": said["tare"] or Decimal(0)}))
        made = weighing_add(
            words=words, ward_id=ward_id, kitchen_id=None if ward_id is not None else kitchen_id,
            actor=request.user, at=at, today=today, command=command,
        )  # fmt: skip
        messages.success(request, pgettext("weigh", "Kept: %(grams)s g.") % {"grams": made.grams})
    except forms.ValidationError:
        messages.error(request, pgettext("rule", "Something is missing or cannot be read. Try again."))
    except NotValid:
        pass
    except RuleBroken as error:
        if error.code in HIDDEN:
            raise
        rule_say(request, error)

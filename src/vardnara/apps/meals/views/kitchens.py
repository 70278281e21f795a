"""Kitchens: the wards they serve, and when each meal is served and closes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from vardnara.apps.accounts.views.access import allow
from vardnara.apps.meals.forms import kitchen as forms
from vardnara.apps.meals.queries import food_pages
from vardnara.apps.meals.queries.food_pages import READERS, WRITERS
from vardnara.apps.meals.services import kitchens as services
from vardnara.apps.meals.services.kitchens import MealTimeWords
from vardnara.apps.meals.views.deeds import act, number, valid

DAY = timedelta(days=1)


@allow(*READERS)
@never_cache
def kitchens(request: HttpRequest) -> HttpResponse:
    """Every kitchen; a new one."""
    if request.method == "POST":
        return act(request, {"add": lambda: _add(request)}, reverse("meals:kitchens"))
    rows = food_pages.kitchens(actor=request.user)
    context = {"rows": rows, "form": forms.KitchenForm(), "writes": request.user.role in WRITERS}
    return render(request, "meals/kitchens.html", context)


def _add(request: HttpRequest) -> HttpResponse:
    said = valid(request, forms.KitchenForm(request.POST))
    hospital_id = food_pages.own_hospital(actor=request.user)
    made = services.kitchen_add(hospital_id=hospital_id, actor=request.user, at=timezone.now(), **said)
    return redirect("meals:kitchen", kitchen_id=made.pk)


@allow(*READERS)
@never_cache
def kitchen(request: HttpRequest, kitchen_id: int) -> HttpResponse:
    """One kitchen: wards, meals, limits."""
    page = food_pages.kitchen_page(actor=request.user, kitchen_id=kitchen_id, today=timezone.localdate())
    if request.method == "POST":
        deeds = _deeds(request, kitchen_id, page.all_wards)
        return act(request, deeds, reverse("meals:kitchen", args=[kitchen_id]))
    one, asked = page.kitchen, request.GET.get("maltid")
    time = next((row for row in page.times if row.meal == asked), None)
    shown = {name: getattr(time, name) for name in forms.MealTimeForm.base_fields} if time else {"meal": asked}
    last = one.closed_on - DAY if one.closed_on else None
    context = {
        "page": page,
        "writes": request.user.role in WRITERS,
        "change": forms.KitchenChangeForm(
            initial={"code": one.code, "name": one.name, "last_on": last}, auto_id="change_%s"
        ),
        "serve": forms.ServeForm(wards=page.all_wards, initial={"from_on": timezone.localdate()}, auto_id="serve_%s"),
        "time": forms.MealTimeForm(initial=shown, auto_id="time_%s"),
    }
    return render(request, "meals/kitchen.html", context)


def _deeds(request: HttpRequest, kitchen_id: int, wards: list[tuple[int, str]]) -> dict[str, Any]:
    who: dict[str, Any] = {"actor": request.user, "at": timezone.now()}

    def change() -> None:
        said = valid(request, forms.KitchenChangeForm(request.POST))
        last = said.pop("last_on")
        services.kitchen_change(kitchen_id=kitchen_id, closed_on=last + DAY if last else None, **said, **who)

    def serve() -> None:
        said = valid(request, forms.ServeForm(request.POST, wards=wards))
        services.ward_serve(kitchen_id=kitchen_id, **said, **who)

    def serve_end() -> None:
        today = timezone.localdate()
        services.ward_serve_end(kitchen_ward_id=number(request, "row"), to_on=today + DAY, **who)

    def time() -> None:
        said = valid(request, forms.MealTimeForm(request.POST))
        meal = said.pop("meal")
        services.meal_time_set(kitchen_id=kitchen_id, meal=meal, words=MealTimeWords(**said), **who)

    def time_remove() -> None:
        services.meal_time_remove(kitchen_id=kitchen_id, meal=request.POST.get("meal", ""), **who)

    return {"change": change, "serve": serve, "serve_end": serve_end, "time": time, "time_remove": time_remove}

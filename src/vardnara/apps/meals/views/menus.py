"""Menus: a week of a kitchen, the weeks of a cycle, single days, and the house's own dishes."""

from __future__ import annotations

from datetime import date, timedelta
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
from vardnara.apps.meals.queries.offered import cycle_week, menu_on
from vardnara.apps.meals.services import menus as services
from vardnara.apps.meals.services.menus import MenuWords, OfferWords
from vardnara.apps.meals.views.deeds import act, number, valid

DAY, WEEK = timedelta(days=1), timedelta(days=7)


def _asked(request: HttpRequest) -> date:
    try:
        day = date.fromisoformat(request.GET.get("dag", ""))
    except ValueError:
        return timezone.localdate()
    return day if date(1990, 1, 1) <= day <= date(2190, 1, 1) else timezone.localdate()


@allow(*READERS)
@never_cache
def menus(request: HttpRequest) -> HttpResponse:
    """What a kitchen offers in a week, with seasons and holidays; its menus and house dishes."""
    hospital_id = food_pages.own_hospital(actor=request.user)
    kitchens = food_pages.kitchens(actor=request.user)
    wanted = request.GET.get("kok") or request.POST.get("kitchen", "")
    kitchen = next((one for one in kitchens if str(one.pk) == wanted), kitchens[0] if kitchens else None)
    if kitchen is None:
        return render(request, "meals/menus.html", {"kitchens": [], "writes": request.user.role in WRITERS})
    choices = food_pages.dish_choices(hospital_id=hospital_id)
    if request.method == "POST":
        where = f"{reverse('meals:menus')}?kok={kitchen.pk}"
        return act(request, _deeds(request, kitchen.pk, choices), where)
    day = _asked(request)
    monday = day - timedelta(days=day.weekday())
    menu = menu_on(kitchen_id=kitchen.pk, on=monday)
    context = {
        "kitchens": kitchens,
        "kitchen": kitchen,
        "day": day,
        "monday": monday,
        "sunday": monday + WEEK - DAY,
        "before": monday - WEEK,
        "after": monday + WEEK,
        "menu": menu,
        "week": cycle_week(anchor_on=menu.anchor_on, n_weeks=menu.n_weeks, on=monday) if menu else None,
        "plan": food_pages.week_plan(kitchen_id=kitchen.pk, monday=monday),
        "menus": food_pages.menus(kitchen_id=kitchen.pk),
        "house": food_pages.house_dishes(kitchen_id=kitchen.pk, today=timezone.localdate()),
        "writes": request.user.role in WRITERS,
        "form": forms.MenuForm(auto_id="menu_%s"),
        "holiday": forms.DayForm(dishes=choices, initial={"on": day}, auto_id="day_%s"),
        "own": forms.HouseForm(dishes=choices, initial={"from_on": timezone.localdate()}, auto_id="house_%s"),
    }
    return render(request, "meals/menus.html", context)


def _menu_words(said: dict[str, Any]) -> MenuWords:
    last = said["last_on"]
    return MenuWords(
        said["name"],
        said["n_weeks"],
        said["anchor_on"] or said["from_on"],
        said["from_on"],
        last + DAY if last else None,
    )


def _offer(said: dict[str, Any]) -> OfferWords:
    diets = frozenset(said["default_for"].replace(",", " ").lower().split())
    return OfferWords(said["meal"], said["dish_id"], said["position"], diets)


def _deeds(request: HttpRequest, kitchen_id: int, dishes: list[tuple[int, str]]) -> dict[str, Any]:
    who: dict[str, Any] = {"actor": request.user, "at": timezone.now()}

    def add() -> HttpResponse:
        words = _menu_words(valid(request, forms.MenuForm(request.POST)))
        made = services.menu_add(kitchen_id=kitchen_id, words=words, **who)
        return redirect("meals:menu", menu_id=made.pk, week=1)

    def day() -> None:
        said = valid(request, forms.DayForm(request.POST, dishes=dishes))
        services.menu_day_offer_add(
            kitchen_id=kitchen_id, on=said["on"], name=said["name"], instead=said["instead"], words=_offer(said), **who
        )

    def house() -> None:
        said = valid(request, forms.HouseForm(request.POST, dishes=dishes))
        del said["default_for"]
        services.house_dish_add(kitchen_id=kitchen_id, **said, **who)

    return {
        "add": add,
        "day": day,
        "day_remove": lambda: services.menu_day_remove(day_id=number(request, "row"), **who),
        "house": house,
        "house_end": lambda: services.house_dish_end(
            house_dish_id=number(request, "row"), to_on=timezone.localdate(), **who
        ),
    }


@allow(*READERS)
@never_cache
def menu(request: HttpRequest, menu_id: int, week: int) -> HttpResponse:
    """A week of a menu's cycle."""
    one, entries = food_pages.menu_page(actor=request.user, menu_id=menu_id, week=week)
    choices = food_pages.dish_choices(hospital_id=food_pages.own_hospital(actor=request.user))
    if request.method == "POST":
        where = reverse("meals:menu", args=[menu_id, week])
        return act(request, _menu_deeds(request, menu_id, week, choices), where)
    last = one.to_on - DAY if one.to_on else None
    shown = {name: getattr(one, name) for name in ("name", "n_weeks", "anchor_on", "from_on")} | {"last_on": last}
    context = {
        "menu": one,
        "last": last,
        "week": week,
        "weeks": range(1, one.n_weeks + 1),
        "days": [
            (weekday, label, [entry for entry in entries if entry.weekday == weekday])
            for weekday, label in forms.EntryForm.base_fields["weekday"].choices  # type: ignore[attr-defined]
        ],
        "writes": request.user.role in WRITERS,
        "form": forms.EntryForm(dishes=choices, auto_id="entry_%s"),
        "change": forms.MenuForm(initial=shown, auto_id="menu_%s"),
    }
    return render(request, "meals/menu.html", context)


def _menu_deeds(request: HttpRequest, menu_id: int, week: int, dishes: list[tuple[int, str]]) -> dict[str, Any]:
    who: dict[str, Any] = {"actor": request.user, "at": timezone.now()}

    def put() -> None:
        said = valid(request, forms.EntryForm(request.POST, dishes=dishes))
        services.menu_entry_put(menu_id=menu_id, week=week, weekday=said["weekday"], words=_offer(said), **who)

    def withdraw() -> HttpResponse:
        services.menu_withdraw(menu_id=menu_id, **who)
        return redirect("meals:menus")

    return {
        "put": put,
        "remove": lambda: services.menu_entry_remove(entry_id=number(request, "row"), **who),
        "copy": lambda: services.menu_week_copy(
            menu_id=menu_id, from_week=number(request, "from_week"), to_week=week, **who
        ),
        "change": lambda: services.menu_change(
            menu_id=menu_id, words=_menu_words(valid(request, forms.MenuForm(request.POST))), **who
        ),
        "withdraw": withdraw,
    }

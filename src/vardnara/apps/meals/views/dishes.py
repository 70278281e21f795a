"""Dishes: their names, and what each is in a diet and a texture."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from vardnara.apps.accounts.views.access import allow
from vardnara.apps.meals.constants import ALLERGEN_CODES
from vardnara.apps.meals.forms import kitchen as forms
from vardnara.apps.meals.queries import food_pages
from vardnara.apps.meals.queries.dish_cells import CellVariants, cell_variants
from vardnara.apps.meals.queries.food_pages import READERS, WRITERS, CellRow
from vardnara.apps.meals.services import dish_photos
from vardnara.apps.meals.services import dishes as services
from vardnara.apps.meals.services.dishes import CellWords, DishWords
from vardnara.apps.meals.services.ingredients import AllergenWords
from vardnara.apps.meals.views.deeds import act, number, valid
from vardnara.apps.meals.views.dish_variants import PREFIX, names_of, variant_deeds
from vardnara.gateways.pictures import BYTES_LIMIT
from vardnara.kernel.local_time import local_date


@allow(*READERS)
@never_cache
def dishes(request: HttpRequest) -> HttpResponse:
    """Every dish, those first of which something is not known; a new one."""
    if request.method == "POST":
        return act(request, {"add": lambda: _add(request)}, reverse("meals:dishes"))
    q = request.GET.get("sok", "").strip()[:80]
    context = {
        "rows": food_pages.dishes(actor=request.user, q=q, only_open="oppna" in request.GET),
        "q": q,
        "only_open": "oppna" in request.GET,
        "writes": request.user.role in WRITERS,
        "form": forms.DishForm(),
    }
    return render(request, "meals/dishes.html", context)


def _add(request: HttpRequest) -> HttpResponse:
    said = valid(request, forms.DishForm(request.POST))
    hospital_id = food_pages.own_hospital(actor=request.user)
    made = services.dish_add(hospital_id=hospital_id, words=DishWords(**said), actor=request.user, at=timezone.now())
    return redirect("meals:dish", dish_id=made.pk)


@allow(*READERS)
@never_cache
def dish(request: HttpRequest, dish_id: int) -> HttpResponse:
    """One dish: its cells, its names, and whether it is safe for all."""
    today = local_date(timezone.now())
    row, cells, names = food_pages.dish_page(actor=request.user, dish_id=dish_id, today=today)
    menus = food_pages.menu_choices(hospital_id=row.dish.hospital_id, today=today)
    choices = [(one.pk, one.name) for one in food_pages.recipes(actor=request.user)]
    if request.method == "POST":
        return act(request, _deeds(request, dish_id, choices, menus), _where(request, dish_id))
    one = row.dish
    asked = next((cell for cell in cells if str(cell.cell.cell_id) == request.GET.get("cell")), None)
    declare = forms.CellForm(initial=_initial(asked), menus=menus, auto_id="cell_%s")
    fields = ("code", "name", "pictogram", "is_food", "is_drink")
    context = {
        "row": row,
        "cells": cells,
        "names": names,
        "variants": _variants(cells, request.GET.get("varianter")) if food_pages.may_declare(request.user) else None,
        "writes": request.user.role in WRITERS,
        "declares": food_pages.may_declare(request.user),
        "photo": forms.PhotoForm(auto_id="photo_%s"),
        "form": forms.DishForm(initial={name: getattr(one, name) for name in fields}, auto_id="change_%s"),
        "declare": declare,
        "asked": asked,
        "allergens": [(code, declare[f"a{code}"]) for code in ALLERGEN_CODES],
        "cook": forms.CookForm(recipes=choices, menus=menus, initial={"diet": "normal"}, auto_id="cook_%s"),
    }
    return render(request, "meals/dish.html", context)


def _where(request: HttpRequest, dish_id: int) -> str:
    """Back to the page, where somebody changes variants to these."""
    page = reverse("meals:dish", args=[dish_id])
    of_variants = request.POST.get("deed", "").startswith(PREFIX)
    return f"{page}?varianter={number(request, 'cell')}#varianter" if of_variants else page


def _variants(cells: list[CellRow], asked: str | None) -> CellVariants | None:
    one = next((cell for cell in cells if str(cell.cell.cell_id) == asked), None)
    return None if one is None else cell_variants(one)


def _initial(asked: CellRow | None) -> dict[str, Any]:
    if asked is None:
        return {"diet": "normal", "textures": ["hel_delad"]}
    cell = asked.cell
    shown: dict[str, Any] = {"diet": cell.diet, "texture": cell.texture}
    shown["menu_id"] = asked.menu.menu.pk if asked.menu is not None else None
    if not cell.verified:
        return shown | {"textures": [cell.texture]}
    shown |= {"rest": "free", "flags": " ".join(cell.flags), "diets": " ".join(cell.diets)}
    shown |= {"textures": list(cell.textures), "iddsi": [str(level) for level in cell.iddsi]}
    shown |= {code: value for code, value in cell.nutrients if code in ("energy_kcal", "protein_g")}
    for name in ("contains", "may_contain", "unknown"):
        shown |= {f"a{code}": name for code in getattr(cell, name)}
    return shown


def _deeds(
    request: HttpRequest, dish_id: int, recipes: list[tuple[int, str]], menus: list[tuple[int, str]]
) -> dict[str, Any]:
    who: dict[str, Any] = {"actor": request.user, "at": timezone.now()}

    def declare() -> None:
        form = forms.CellForm(request.POST, menus=menus)
        said = valid(request, form)
        nutrients = {
            code: format(said[code].normalize(), "f") for code in ("energy_kcal", "protein_g") if said[code] is not None
        }
        words = CellWords(
            AllergenWords(**form.said()),
            frozenset(said["textures"]),
            frozenset(int(level) for level in said["iddsi"]),
            frozenset(said["diets"].replace(",", " ").lower().split()),
            nutrients,
        )
        place = {name: said[name] for name in ("diet", "texture", "menu_id")}
        services.cell_declare(dish_id=dish_id, words=words, **place, **who)

    def cook() -> None:
        said = valid(request, forms.CookForm(request.POST, recipes=recipes, menus=menus))
        services.cell_cook_by(dish_id=dish_id, **said, **who)

    def names() -> None:
        services.dish_names_set(dish_id=dish_id, names=names_of(request), **who)

    def photo() -> None:
        sent = valid(request, forms.PhotoForm(request.POST, request.FILES))["photo"]
        dish_photos.dish_photo_set(dish_id=dish_id, raw=sent.read(BYTES_LIMIT + 1), **who)

    return {
        **variant_deeds(request),
        "photo": photo,
        "photo_remove": lambda: dish_photos.dish_photo_remove(dish_id=dish_id, **who),
        "change": lambda: services.dish_change(
            dish_id=dish_id, words=DishWords(**valid(request, forms.DishForm(request.POST))), **who
        ),
        "declare": declare,
        "cook": cook,
        "names": names,
        "safe": lambda: services.dish_safe_list(dish_id=dish_id, listed=True, **who),
        "unsafe": lambda: services.dish_safe_list(dish_id=dish_id, listed=False, **who),
        "retire": lambda: services.dish_retire(dish_id=dish_id, back=False, **who),
        "back": lambda: services.dish_retire(dish_id=dish_id, back=True, **who),
        "cell_retire": lambda: services.cell_retire(cell_id=number(request, "cell"), back=False, **who),
    }

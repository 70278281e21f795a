"""Food tables and ingredients: what labels say, what files claim, and what a diet cook or dietitian declares."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import npgettext
from django.views.decorators.cache import never_cache

from vardnara.apps.accounts.views.access import allow
from vardnara.apps.meals.constants import ALLERGEN_CODES
from vardnara.apps.meals.forms import kitchen as forms
from vardnara.apps.meals.models import IngredientDeclaration
from vardnara.apps.meals.queries import food_pages
from vardnara.apps.meals.queries.food_pages import READERS, WRITERS
from vardnara.apps.meals.services import ingredients as services
from vardnara.apps.meals.services.ingredients import AllergenWords, IngredientWords
from vardnara.apps.meals.views.deeds import act, number, valid

NUTRIENTS_SHOWN = ("energy_kcal", "protein_g", "fat_g", "carbohydrate_g", "salt_g")


@allow(*READERS)
@never_cache
def foods(request: HttpRequest) -> HttpResponse:
    """Ingredients with what is declared of each, those first of which nothing is; food tables."""
    if request.method == "POST":
        deeds = {"add": lambda: _add(request), "claimed": lambda: _claimed(request)}
        return act(request, deeds, reverse("meals:foods"))
    q = request.GET.get("sok", "").strip()[:80]
    rows = food_pages.ingredients(actor=request.user, q=q, only_open="oppna" in request.GET)
    context = {
        "rows": rows,
        "q": q,
        "only_open": "oppna" in request.GET,
        "n_open": sum(1 for row in rows if row.said is None or not row.said.declared),
        "tables": food_pages.food_tables(actor=request.user),
        "foods": food_pages.foods_find(actor=request.user, q=q),
        "writes": request.user.role in WRITERS,
        "declares": food_pages.may_declare(request.user),
        "form": forms.IngredientForm(),
    }
    return render(request, "meals/foods.html", context)


def _add(request: HttpRequest) -> HttpResponse:
    said = valid(request, forms.IngredientForm(request.POST))
    hospital_id = food_pages.own_hospital(actor=request.user)
    made = services.ingredient_add(
        hospital_id=hospital_id, words=IngredientWords(**said), actor=request.user, at=timezone.now()
    )
    return redirect("meals:ingredient", ingredient_id=made.pk)


def _claimed(request: HttpRequest) -> HttpResponse:
    chosen = [int(one) for one in request.POST.getlist("ingredient") if one.isascii() and one.isdigit()]
    n = services.claimed_declare(
        hospital_id=food_pages.own_hospital(actor=request.user),
        ingredient_ids=chosen[:2000],
        actor=request.user,
        at=timezone.now(),
    )
    said = npgettext("food", "%(n)d ingredient is declared.", "%(n)d ingredients are declared.", n)
    messages.success(request, said % {"n": n})
    return redirect("meals:foods")


@allow(*READERS)
@never_cache
def ingredient(request: HttpRequest, ingredient_id: int) -> HttpResponse:
    """One ingredient: its label, its declaration and its history."""
    row, history, used = food_pages.ingredient_page(actor=request.user, ingredient_id=ingredient_id)
    if request.method == "POST":
        deeds = _deeds(request, ingredient_id)
        return act(request, deeds, reverse("meals:ingredient", args=[ingredient_id]))
    one = row.ingredient
    names = ("code", "name", "supplier", "piece_grams", "millilitre_grams", "food_id")
    declare = forms.DeclareForm(initial=declared_initial(row.said), auto_id="declare_%s")
    q = request.GET.get("livsmedel", "").strip()[:80]
    context = {
        "row": row,
        "q": q,
        "foods": food_pages.foods_find(actor=request.user, q=q),
        "nutrients": NUTRIENTS_SHOWN,
        "history": history,
        "used": used,
        "writes": request.user.role in WRITERS,
        "declares": food_pages.may_declare(request.user),
        "form": forms.IngredientForm(initial={name: getattr(one, name) for name in names}, auto_id="change_%s"),
        "label": forms.LabelForm(initial={"label": row.said.label if row.said else ""}, auto_id="label_%s"),
        "declare": declare,
        "allergens": [(code, declare[f"a{code}"]) for code in ALLERGEN_CODES],
    }
    return render(request, "meals/ingredient.html", context)


def declared_initial(said: IngredientDeclaration | None) -> dict[str, Any]:
    """A declaration as its form shows it; of an undeclared thing nothing is chosen."""
    if said is None or not said.declared:
        return {}
    shown: dict[str, Any] = {"rest": "free", "flags": " ".join(said.flags), "note": said.note}
    for name in ("contains", "may_contain", "unknown"):
        shown |= {f"a{code}": name for code in getattr(said, name)}
    return shown


def _deeds(request: HttpRequest, ingredient_id: int) -> dict[str, Any]:
    who: dict[str, Any] = {"ingredient_id": ingredient_id, "actor": request.user, "at": timezone.now()}

    def declare() -> None:
        form = forms.DeclareForm(request.POST)
        note = valid(request, form)["note"]
        services.ingredient_declare(words=AllergenWords(**form.said()), note=note, **who)

    return {
        "change": lambda: services.ingredient_change(
            words=IngredientWords(**valid(request, forms.IngredientForm(request.POST))), **who
        ),
        "food": lambda: services.food_link(food_id=number(request, "food") or None, **who),
        "label": lambda: services.label_set(label=valid(request, forms.LabelForm(request.POST))["label"], **who),
        "declare": declare,
        "retire": lambda: services.ingredient_retire(back=False, **who),
        "back": lambda: services.ingredient_retire(back=True, **who),
    }

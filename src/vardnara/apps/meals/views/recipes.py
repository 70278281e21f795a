"""Recipes, their versions and lines."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from vardnara.apps.accounts.views.access import allow
from vardnara.apps.meals.forms import kitchen as forms
from vardnara.apps.meals.queries import food_pages
from vardnara.apps.meals.queries.books import rolled_now, verified_last
from vardnara.apps.meals.queries.food_pages import READERS, WRITERS
from vardnara.apps.meals.services import recipes as services
from vardnara.apps.meals.services.recipe_text import lines_read, lines_text
from vardnara.apps.meals.services.recipes import VersionWords
from vardnara.apps.meals.views.deeds import act, valid


@allow(*READERS)
@never_cache
def recipes(request: HttpRequest) -> HttpResponse:
    """Every recipe; a new one."""
    if request.method == "POST":
        return act(request, {"add": lambda: _add(request)}, reverse("meals:recipes"))
    q = request.GET.get("sok", "").strip()[:80]
    context = {
        "rows": food_pages.recipes(actor=request.user, q=q),
        "q": q,
        "writes": request.user.role in WRITERS,
        "form": forms.RecipeForm(),
    }
    return render(request, "meals/recipes.html", context)


def _words(said: dict[str, Any], hospital_id: int) -> VersionWords:
    lines = lines_read(hospital_id=hospital_id, text=said["lines"])
    return VersionWords(lines, said["servings"] or None, said["portion_grams"] or None)


def _add(request: HttpRequest) -> HttpResponse:
    said = valid(request, forms.RecipeForm(request.POST))
    hospital_id = food_pages.own_hospital(actor=request.user)
    made = services.recipe_add(
        hospital_id=hospital_id,
        code=said["code"],
        name=said["name"],
        words=_words(said, hospital_id),
        actor=request.user,
        at=timezone.now(),
    )
    return redirect("meals:recipe", recipe_id=made.pk)


@allow(*READERS)
@never_cache
def recipe(request: HttpRequest, recipe_id: int) -> HttpResponse:
    """One recipe: what is in it and what each line brings, its versions, who uses it."""
    asked = request.GET.get("version", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else None
    page = food_pages.recipe_page(actor=request.user, recipe_id=recipe_id, number=number)
    if request.method == "POST":
        return act(request, _deeds(request, recipe_id), reverse("meals:recipe", args=[recipe_id]))
    shown = {
        "code": page.recipe.code,
        "name": page.recipe.name,
        "servings": page.version.servings,
        "portion_grams": page.version.portion_grams,
        "lines": lines_text([line for line, _ in page.lines]),
    }
    rolled = rolled_now(version_id=page.version.pk)
    verified = verified_last(recipe_ids=[recipe_id]).get(recipe_id)
    first = {"fingerprint": rolled.fingerprint, "diets": "normal", "textures": ["hel_delad"]}
    context = {
        "rolled": rolled,
        "brought": [
            (name, code, [" > ".join(path[1:]) for path in paths])
            for (name, code), paths in sorted(rolled.allergens.because.items())
            if name != "flags"
        ],
        "verified": verified,
        "holds": verified is not None and verified.fingerprint == rolled.fingerprint,
        "declares": food_pages.may_declare(request.user) and page.version.number == page.recipe.n_versions,
        "verify": forms.VerifyForm(initial=first, auto_id="verify_%s"),
        "page": page,
        "writes": request.user.role in WRITERS,
        "form": forms.RecipeForm(initial=shown, auto_id="version_%s"),
    }
    return render(request, "meals/recipe.html", context)


def _deeds(request: HttpRequest, recipe_id: int) -> dict[str, Any]:
    who: dict[str, Any] = {"recipe_id": recipe_id, "actor": request.user, "at": timezone.now()}

    def version() -> None:
        said = valid(request, forms.RecipeForm(request.POST))
        words = _words(said, food_pages.own_hospital(actor=request.user))
        services.recipe_version_add(words=words, **who)
        services.recipe_rename(name=said["name"], retired=False, **who)

    def retire() -> None:
        name = food_pages.recipe_page(actor=request.user, recipe_id=recipe_id).recipe.name
        services.recipe_rename(name=name, retired="back" not in request.POST, **who)

    def verify() -> None:
        said = valid(request, forms.VerifyForm(request.POST))
        page = food_pages.recipe_page(actor=request.user, recipe_id=recipe_id)
        services.recipe_verify(
            version_id=page.version.pk,
            fingerprint=said["fingerprint"],
            textures=frozenset(said["textures"]),
            iddsi=frozenset(int(level) for level in said["iddsi"]),
            diets=frozenset(said["diets"].replace(",", " ").lower().split()),
            note=said["note"],
            actor=request.user,
            at=timezone.now(),
        )

    return {"version": version, "retire": retire, "verify": verify}

"""The changes of a cell on the page of its dish: what is asked for, and what is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from vardnara.apps.meals.forms import kitchen as forms
from vardnara.apps.meals.services import dish_variants as services
from vardnara.apps.meals.services.dishes import LANGUAGES, VariantWords
from vardnara.apps.meals.views.deeds import number, valid

PREFIX = "variant_"


def names_of(request: HttpRequest) -> dict[str, str]:
    """Names in other languages of a form, those that are not empty."""
    said = {code: request.POST.get(f"name_{code}", "").strip()[:200] for code in LANGUAGES}
    return {code: name for code, name in said.items() if name}


def variant_deeds(request: HttpRequest) -> dict[str, Callable[[], Any]]:
    """What can be done with the changes of a cell."""
    cell: dict[str, Any] = {"cell_id": number(request, "cell"), "number": number(request, "number")}
    who: dict[str, Any] = {"actor": request.user, "at": timezone.now()}
    code = request.POST.get("code", "")

    def words() -> VariantWords:
        said = valid(request, forms.VariantForm(request.POST))
        return VariantWords(
            code,
            said["variant"],
            names_of(request),
            said["part"],
            frozenset(request.POST.getlist("removes")),
            frozenset(request.POST.getlist("removes_flags")),
            frozenset(said["adds_diets"].replace(",", " ").lower().split()),
        )

    return {
        "variant_add": lambda: services.variant_add(words=words(), **cell, **who),
        "variant_change": lambda: services.variant_change(words=words(), **cell, **who),
        "variant_end": lambda: services.variant_end(code=code, **cell, **who),
    }

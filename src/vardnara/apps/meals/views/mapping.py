"""What senders' words about diets mean: the list, and one word to be mapped."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import npgettext, pgettext
from django.views.decorators.cache import never_cache

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.views.access import allow
from vardnara.apps.accounts.views.answers import rule_say
from vardnara.apps.meals.choices import DietPart, WordUse
from vardnara.apps.meals.queries import diet_codes
from vardnara.apps.meals.services.diet_codes import meaning_end, meaning_set
from vardnara.apps.meals.templatetags.code_words import CHOICES
from vardnara.apps.meals.views.deeds import number
from vardnara.kernel.errors import RuleBroken

MAPPERS = (Role.WARD_STAFF, Role.KITCHEN)
NEAR: dict[str, tuple[str, ...]] = {  # what a word is most likely about; the rest is folded away
    WordUse.ALLERGY: (DietPart.ALLERGEN, DietPart.SPECIAL, DietPart.EXCLUSION),
    WordUse.DIET: (DietPart.BASE, DietPart.SPECIAL, DietPart.TEXTURE, DietPart.EXCLUSION, DietPart.FASTING),
    WordUse.SUPPLEMENT: (DietPart.SUPPLEMENT, DietPart.AID),
    WordUse.PREFERENCE: (DietPart.EXCLUSION, DietPart.PORTION, DietPart.SPECIAL),
}


@allow(*diet_codes.READERS)
@never_cache
def codes(request: HttpRequest) -> HttpResponse:
    """Words without meaning, and meanings; a meaning is taken back here."""
    if request.method == "POST":
        if not diet_codes.may_map(request.user):
            raise PermissionDenied("wrong_role")
        try:
            n = meaning_end(meaning_id=number(request, "meaning"), actor=request.user, at=timezone.now())
            _say_changed(request, n)
        except RuleBroken as error:
            rule_say(request, error)
        return redirect("meals:codes")
    page = diet_codes.codes_page(actor=request.user)
    return render(request, "meals/codes.html", {"page": page, "maps": diet_codes.may_map(request.user)})


@allow(*MAPPERS)
@never_cache
def code(request: HttpRequest, word_id: int) -> HttpResponse:
    """One word: what it means, for the system that sent it or for all."""
    if not diet_codes.may_map(request.user):
        raise PermissionDenied("wrong_role")
    page = diet_codes.word_page(actor=request.user, word_id=word_id)
    if request.method == "POST":
        return _map(request, page)
    proposed = {f"{part}:{one}" for part, one in page.proposal.targets} if page.proposal else set()
    groups = [_group(part, str(name), options, proposed) for part, name, options in CHOICES]
    near = NEAR[page.line.use]
    far = [group for group in groups if group["part"] not in near]
    context = {
        "page": page,
        "near": [group for group in groups if group["part"] in near],
        "far": far,
        "opened": any(ticked for group in far for *_, ticked in group["options"]),
        "nothing": page.proposal is not None and not page.proposal.targets,
    }
    return render(request, "meals/code.html", context)


def _group(part: str, name: str, options: list[tuple[str, Any]], proposed: set[str]) -> dict[str, Any]:
    """The boxes of one part of a diet: value, id, text, ticked."""
    boxes = [
        (f"{part}:{one}", f"{part}-{one.replace('.', '-')}", text, f"{part}:{one}" in proposed) for one, text in options
    ]
    return {"part": part, "name": name, "options": boxes}


def _map(request: HttpRequest, page: diet_codes.WordPage) -> HttpResponse:
    chosen = [value.partition(":") for value in request.POST.getlist("target")]
    nothing = "nothing" in request.POST
    if nothing == bool(chosen):
        messages.error(request, pgettext("diet code", "Choose what the word means, or that it restricts nothing."))
        return redirect("meals:code", word_id=page.line.id)
    first = page.codings[0]
    try:
        made = meaning_set(
            source_name="" if request.POST.get("who") == "all" else page.line.source_name,
            use=page.line.use,
            system=first.system,
            code=first.code or first.text,
            targets=[(part, one) for part, _, one in chosen],
            actor=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        rule_say(request, error)
        return redirect("meals:code", word_id=page.line.id)
    _say_changed(request, made.n_changed)
    return redirect("meals:codes")


def _say_changed(request: HttpRequest, n: int) -> None:
    messages.success(
        request,
        npgettext(
            "diet code",
            "It is kept. The diet of %(n)d patient was changed.",
            "It is kept. The diets of %(n)d patients were changed.",
            n,
        )
        % {"n": n},
    )

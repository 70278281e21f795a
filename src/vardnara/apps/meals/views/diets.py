"""A patient's diet: what holds, who said it and why; what may be added or ended by whom."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.views.access import allow
from vardnara.apps.hospital.queries.stays import stay_in_reach
from vardnara.apps.meals.choices import DietPart
from vardnara.apps.meals.forms.orders import PART_CHOICES, DietEndForm, DietPartForm
from vardnara.apps.meals.queries.needs import diet_history, diet_lines, needs_of
from vardnara.apps.meals.services import diet as diets
from vardnara.apps.meals.templatetags.diet_words import ALLERGENS
from vardnara.apps.service.views.requests import act
from vardnara.parameters.diet_roles import diet_roles


@allow(Role.WARD_STAFF)
@never_cache
def diet(request: HttpRequest, stay_id: int) -> HttpResponse:
    """Read it, or add a part. What cannot be added stays in the form with the reason."""
    at = timezone.now()
    stay = stay_in_reach(actor=request.user, stay_id=stay_id)
    form = DietPartForm(request.POST or None)
    if request.method == "POST":
        done = act(
            request,
            form,
            lambda data: diets.restriction_add(stay_id=stay_id, words=diets.Words(**data), actor=request.user, at=at),
        )
        if done:
            messages.success(request, pgettext("diet", "Written. Meals that were ordered have been checked again."))
            return redirect("meals:diet", stay_id=stay_id)
    diets.diets_look(stays=[stay], actor=request.user, at=at, ward_code=stay.ward_code)
    rules = diet_roles()
    profession = request.user.profession
    parts = [
        (part, rules[part].may_add(profession), ALLERGENS.items() if part == DietPart.ALLERGEN else PART_CHOICES[part])
        for part in DietPart
    ]
    lines = diet_lines([stay], at=at)[stay.id]
    context = {
        "stay": stay,
        "form": form,
        "parts": parts,
        "lines": [(line, line.source == "patient" or rules[line.part].may_end(profession)) for line in lines],
        "needs": needs_of([stay], at=at)[stay.id],
        "history": diet_history(stay),
        "profession": profession,
    }
    return render(request, "meals/diet.html", context)


@allow(Role.WARD_STAFF)
@require_POST
def diet_end(request: HttpRequest, stay_id: int) -> HttpResponse:
    """End a part, with a reason."""
    at = timezone.now()
    done = act(
        request,
        DietEndForm(request.POST),
        lambda data: diets.restriction_end(
            restriction_id=data["restriction"], reason=data["reason"], actor=request.user, at=at
        ),
    )
    if done:
        messages.success(request, pgettext("diet", "Ended. Meals that were ordered have been checked again."))
    return redirect("meals:diet", stay_id=stay_id)

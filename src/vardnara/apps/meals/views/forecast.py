"""A kitchen's week ahead: portions of each dish, with the interval and what it rests on."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.views.access import allow
from vardnara.apps.meals.choices import MealKind
from vardnara.apps.meals.queries.forecast import DAYS, meals_expected
from vardnara.apps.meals.queries.offered import meal_windows
from vardnara.apps.meals.queries.waste import kitchen_reached
from vardnara.kernel.local_time import local_date

ROLES = (
    Role.KITCHEN,
    Role.SERVICE_HEAD,
    Role.ADMINISTRATOR,
    Role.COORDINATOR,
    Role.CONTROLLER,
    Role.AUDITOR,
)


@allow(*ROLES)
@never_cache
def forecast(request: HttpRequest, kitchen_id: int) -> HttpResponse:
    """The next seven days of one meal."""
    at = timezone.now()
    kitchen = kitchen_reached(actor=request.user, kitchen_id=kitchen_id)
    today = local_date(at)
    windows = meal_windows(kitchen_id=kitchen.pk, on=today)
    names = dict(MealKind.choices)
    asked = request.GET.get("maltid", "")
    served = [one.meal for one in windows]
    meal = asked if asked in served else MealKind.LUNCH if MealKind.LUNCH in served else (served or [""])[0]
    days = [today + timedelta(days=n) for n in range(DAYS)]
    found = meals_expected(kitchen_id=kitchen.pk, meal=meal, days=days, at=at) if meal else []
    context = {
        "kitchen": kitchen,
        "meal": meal,
        "meals": [(one, names[one]) for one in served],
        "days": found,
        "rests": next((one.found for one in found if one.found.n_days), None),
    }
    return render(request, "meals/forecast.html", context)

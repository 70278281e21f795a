"""Beside the meals of a ward: standing orders and extra trays, guests and staff, diets that do not agree."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.views.access import allow
from vardnara.apps.hospital.queries.place_page import ward_list
from vardnara.apps.hospital.queries.reach import ward_require
from vardnara.apps.hospital.queries.stays import stay_in_reach
from vardnara.apps.meals.choices import MealKind, OrderOrigin, Portion
from vardnara.apps.meals.forms.orders import ExtraForm, OtherMealForm, StandingForm
from vardnara.apps.meals.queries.diet_gaps import diet_gaps
from vardnara.apps.meals.queries.standing import other_meals, patient_more
from vardnara.apps.meals.services import diet, ordering, standing
from vardnara.apps.meals.services.ordering import Pick
from vardnara.apps.service.views.requests import act
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import local_date

ORDERERS = (Role.WARD_STAFF, Role.SERVICE_WORKER)
READERS = (*ORDERERS, Role.COORDINATOR)
DAYS_AHEAD = 7


@allow(*ORDERERS)
@never_cache
def patient(request: HttpRequest, stay_id: int) -> HttpResponse:
    """A patient's standing orders and extra trays; a look at the diet, which decides what can be chosen."""
    at = timezone.now()
    stay = stay_in_reach(actor=request.user, stay_id=stay_id)
    diet.diets_look(stays=[stay], actor=request.user, at=at, ward_code=stay.ward_code)
    context = {
        "stay": stay,
        "more": patient_more(stay=stay, on=local_date(at), at=at),
        "portions": Portion,
        "today": local_date(at),
        "command": uuid4(),
    }
    return render(request, "meals/patient_more.html", context)


def _standing(request: HttpRequest, stay_id: int) -> bool:
    return act(
        request,
        StandingForm(request.POST),
        lambda data: standing.standing_add(
            stay_id=stay_id, meal=data["meal"], dish_id=data["dish"], actor=request.user, at=timezone.now()
        ),
    )


def _standing_end(request: HttpRequest, stay_id: int) -> bool:
    number = request.POST.get("standing", "")
    if not number.isdecimal() or len(number) > 18:
        raise Http404("standing")
    standing.standing_end(stay_id=stay_id, standing_id=int(number), actor=request.user, at=timezone.now())
    return True


def _extra(request: HttpRequest, stay_id: int) -> bool:
    at = timezone.now()
    received_at = getattr(request, "received_at", None) or at

    def deed(data: dict[str, object]) -> None:
        stay = stay_in_reach(actor=request.user, stay_id=stay_id)
        day, _, meal = str(data["when"]).partition(" ")
        found = patient_more(stay=stay, on=local_date(at), at=at)
        window = next((one for on, one in found.windows if on.isoformat() == day and one.meal == meal), None)
        if window is None:
            raise RuleBroken("too_late_for_late_tray", meal)
        ordering.order_place(
            stay_id=stay_id,
            on=date.fromisoformat(day),
            meal=meal,
            picks=[Pick(int(str(data["dish"])))],
            portion=str(data["portion"]),
            command=data["command"],  # type: ignore[arg-type]
            at=at,
            received_at=received_at,
            late=received_at >= window.deadline_at,
            extra=True,
            origin=OrderOrigin.STAFF,
            actor=request.user,
        )

    return act(request, ExtraForm(request.POST), deed)


DEEDS = {"alltid": _standing, "avsluta": _standing_end, "extra": _extra}


@allow(*ORDERERS)
@require_POST
def patient_deed(request: HttpRequest, stay_id: int, deed: str) -> HttpResponse:
    """Add or end a standing order; order an extra tray."""
    stay_in_reach(actor=request.user, stay_id=stay_id)
    if deed not in DEEDS:
        raise Http404(deed)
    if DEEDS[deed](request, stay_id):
        messages.success(request, pgettext("page", "Saved."))
    return redirect("meals:patient_more", stay_id=stay_id)


def _ward_name(request: HttpRequest, ward_id: int) -> str:
    ward_require(request.user, ward_id)
    rows = [*ward_list(actor=request.user, confirmed=True, ward_id=ward_id)]
    return rows[0].name if rows else ""


@allow(*ORDERERS)
@never_cache
def others(request: HttpRequest, ward_id: int) -> HttpResponse:
    """Meals of a ward's guests and staff."""
    at = timezone.now()
    name = _ward_name(request, ward_id)
    if request.method == "POST":
        return _other_set(request, ward_id)
    try:
        on = date.fromisoformat(request.GET.get("dag", ""))
    except ValueError:
        on = local_date(at)
    today = local_date(at)
    context = {
        "ward_id": ward_id,
        "name": name,
        "on": on,
        "today": today,
        "days": [today + timedelta(days=n) for n in range(DAYS_AHEAD)],
        "meals": other_meals(ward_id=ward_id, on=on, meal=request.GET.get("maltid", ""), at=at),
        "kinds": MealKind,
    }
    return render(request, "meals/other_meals.html", context)


def _other_set(request: HttpRequest, ward_id: int) -> HttpResponse:
    received_at = getattr(request, "received_at", None) or timezone.now()
    done = act(
        request,
        OtherMealForm(request.POST),
        lambda data: standing.other_meal_set(
            ward_id=ward_id,
            on=data["on"],
            meal=data["meal"],
            who=data["who"],
            dish_id=data["dish"],
            portions=data["portions"],
            actor=request.user,
            received_at=received_at,
        ),
    )
    if done:
        messages.success(request, pgettext("page", "Saved."))
    on, meal = request.POST.get("on", ""), request.POST.get("meal", "")
    return redirect(f"{reverse('meals:other_meals', args=[ward_id])}?dag={on[:10]}&maltid={meal[:16]}")


@allow(*READERS)
@never_cache
def reconcile(request: HttpRequest, ward_id: int) -> HttpResponse:
    """What to ask about today: diets that are not known, do not agree, or are known in one place only (edge-20)."""
    at = timezone.now()
    name = _ward_name(request, ward_id)
    gaps = diet_gaps([ward_id], at)
    diet.diets_look(stays=[gap.stay for gap in gaps], actor=request.user, at=at, ward_code=name)
    return render(request, "meals/reconcile.html", {"ward_id": ward_id, "name": name, "gaps": gaps, "at": at})

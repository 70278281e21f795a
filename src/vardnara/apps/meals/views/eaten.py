"""What was eaten: one row a tray, five taps to choose from, and who has gone without food for too long."""

from __future__ import annotations

from datetime import date

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.views.access import allow
from vardnara.apps.hospital.queries.boards import board_ward
from vardnara.apps.meals.choices import MealKind, ScanStep, WasteCause
from vardnara.apps.meals.queries.eaten import ward_eaten
from vardnara.apps.meals.services.diet import diets_look
from vardnara.apps.meals.services.eating import intake_note, intake_undo
from vardnara.apps.meals.services.scanning import Scanned
from vardnara.apps.meals.services.serving import order_serve, ward_step
from vardnara.apps.service.views.requests import act, is_part
from vardnara.kernel.local_time import local_date

ROLES = (Role.WARD_STAFF, Role.SERVICE_WORKER, Role.COORDINATOR)
WRITERS = (Role.WARD_STAFF, Role.SERVICE_WORKER)
SHARES = ((0, "0"), (1, "25"), (2, "50"), (3, "75"), (4, "100"))


class EatenForm(forms.Form):
    """A tap on a tray's row, or on the whole ward."""

    deed = forms.ChoiceField(choices=[(one, one) for one in ("eaten", "untouched", "undo", "served", "all_served")])
    order = forms.IntegerField(required=False)
    quarters = forms.IntegerField(required=False, min_value=0, max_value=4)
    cause = forms.ChoiceField(choices=[("", ""), *WasteCause.choices], required=False)
    command = forms.UUIDField(required=False)


def _asked(request: HttpRequest) -> tuple[date, str]:
    try:
        on = date.fromisoformat(request.GET.get("dag", ""))
    except ValueError:
        on = local_date(timezone.now())
    meal = request.GET.get("maltid", "")
    return on, meal if meal in MealKind.values else ""


@allow(*ROLES)
@never_cache
def eaten(request: HttpRequest, ward_id: int) -> HttpResponse:
    """The ward's trays of a meal. Opening it is a look at what the patients eat (invariant 7)."""
    at = timezone.now()
    on, meal = _asked(request)
    stopped: list[Scanned] = []
    if request.method == "POST" and request.user.role in WRITERS:
        form = EatenForm(request.POST)
        done = act(request, form, lambda data: stopped.extend(_do(request, data, ward_id, on, meal)))
        if done and not stopped and not is_part(request):
            row = f"#bricka-{form.cleaned_data['order']}" if form.cleaned_data["order"] else ""
            return redirect(f"{reverse('meals:eaten', args=[ward_id])}?dag={on}&maltid={meal}{row}")
    board = ward_eaten(actor=request.user, ward_id=ward_id, on=on, meal=meal, at=at)
    ward = board_ward(actor=request.user, ward_id=ward_id)
    if not is_part(request):
        diets_look(stays=[row.stay for row in board.rows], actor=request.user, at=at, ward_code=ward.code)
    context = {
        "board": board,
        "ward": ward,
        "shares": SHARES,
        "causes": WasteCause.choices,
        "may_write": request.user.role in WRITERS,
        "stopped": stopped,
        "today": local_date(at),
    }
    return render(request, "meals/_eaten.html" if is_part(request) else "meals/eaten.html", context)


def _do(request: HttpRequest, data: dict[str, object], ward_id: int, on: date, meal: str) -> list[Scanned]:
    """One deed; what it answers are trays that were stopped."""
    who = {"actor": request.user, "at": timezone.now()}
    order_id = data["order"] or 0
    if data["deed"] == "all_served":
        return list(ward_step(ward_id=ward_id, on=on, meal=meal, step=ScanStep.HAND_OVER, **who).refused)
    if data["deed"] == "served":
        answer = order_serve(order_id=order_id, command=data["command"], **who)
        return [answer] if answer.code else []
    if data["deed"] == "undo":
        intake_undo(order_id=order_id, **who)
    elif data["deed"] == "untouched":
        intake_note(order_id=order_id, quarters=0, untouched=True, cause=data["cause"], command=data["command"], **who)
    else:
        share = data["quarters"]
        intake_note(
            order_id=order_id,
            quarters=share if share is not None else -1,
            cause=data["cause"],
            command=data["command"],
            **who,
        )
    return []

"""Ordering for a whole ward: one row a patient, one tap or key a meal."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import npgettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.views.access import allow
from vardnara.apps.accounts.views.answers import rule_say
from vardnara.apps.hospital.queries.place_page import NamedWard, ward_list
from vardnara.apps.meals.choices import MealKind, OrderOrigin, Portion
from vardnara.apps.meals.forms.orders import OrderForm, WardForm
from vardnara.apps.meals.queries.night_fast import ward_night
from vardnara.apps.meals.queries.ward_meals import ONE_MAIN, PatientMeal, WardMeal, ward_meal
from vardnara.apps.meals.services import access, diet, notices, ordering
from vardnara.apps.meals.services.ordering import Pick
from vardnara.apps.service.views.requests import act, is_part
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import local_date

ROLES = (Role.WARD_STAFF, Role.SERVICE_WORKER, Role.COORDINATOR)
ORDERERS = (Role.WARD_STAFF, Role.SERVICE_WORKER)
DAYS_AHEAD = 7


@allow(*ROLES)
@never_cache
def wards(request: HttpRequest) -> HttpResponse:
    """The wards that the reader orders for; one's own at once where there is only one."""
    rows = ward_list(actor=request.user, confirmed=True)
    if len(rows) == 1:
        return redirect("meals:ward", ward_id=rows[0].id)
    return render(request, "meals/wards.html", {"wards": rows})


def _asked(request: HttpRequest, at: datetime) -> tuple[date, str]:
    """The day and meal of the address, else today and what is chosen next."""
    try:
        on = date.fromisoformat(request.GET.get("dag", ""))
    except ValueError:
        on = local_date(at)
    meal = request.GET.get("maltid", "")
    return on, meal if meal in MealKind.values else ""


def _next_meal(board: WardMeal, at: datetime) -> str:
    """The meal that can be chosen and is served next, else the day's last."""
    choosable = [one.meal for one in board.windows if at < one.deadline_at]
    later = [one.meal for one in board.windows if at < one.serves_to_at]
    return (choosable or later or [one.meal for one in board.windows] or [MealKind.LUNCH])[0]


def _board(request: HttpRequest, ward_id: int, on: date, meal: str, at: datetime) -> WardMeal:
    board = ward_meal(actor=request.user, ward_id=ward_id, on=on, meal=meal or MealKind.LUNCH, at=at)
    chosen = meal or _next_meal(board, at)
    if board.window is None or board.window.meal != chosen:
        board = ward_meal(actor=request.user, ward_id=ward_id, on=on, meal=chosen, at=at)
    return board


def _named(request: HttpRequest, ward_id: int) -> NamedWard:
    """The ward by its name; raises ``unknown_ward``."""
    for confirmed in (True, False):
        for row in ward_list(actor=request.user, confirmed=confirmed, ward_id=ward_id):
            return row
    raise RuleBroken("unknown_ward", str(ward_id))


@allow(*ROLES)
@never_cache
def ward(request: HttpRequest, ward_id: int) -> HttpResponse:
    """The ward's meal; opening it is a look at the diets of all who lie there (invariant 7)."""
    at = timezone.now()
    on, meal = _asked(request, at)
    board = _board(request, ward_id, on, meal, at)
    named = _named(request, ward_id)
    if not is_part(request):
        diet.diets_look(stays=[row.stay for row in board.rows], actor=request.user, at=at, ward_code=named.code)
    today = local_date(at)
    context = {
        "board": board,
        "ward": named,
        "today": today,
        "days": [today + timedelta(days=n) for n in range(DAYS_AHEAD)],
        "portions": Portion,
        "may_order": request.user.role in ORDERERS,
        "night": None if is_part(request) else ward_night(actor=request.user, ward_id=ward_id, at=at),
        "at": at,
    }
    return render(request, "meals/_ward.html" if is_part(request) else "meals/ward.html", context)


@allow(*ORDERERS)
@require_POST
def ward_order(request: HttpRequest, ward_id: int, stay_id: int) -> HttpResponse:
    """One tap on a patient's row: a dish, as usual, another size, nothing."""
    at = timezone.now()
    form = OrderForm(request.POST)

    def deed(data: dict[str, object]) -> None:
        board = ward_meal(actor=request.user, ward_id=ward_id, on=data["on"], meal=data["meal"], at=at, stay_id=stay_id)
        if not board.rows:
            raise RuleBroken("unknown_stay", str(stay_id))
        _order(request, board, board.rows[0], form, at)

    act(request, form, deed)
    on, meal = request.POST.get("on", ""), request.POST.get("meal", "")
    if not is_part(request):
        return redirect(f"{reverse('meals:ward', args=[ward_id])}?dag={on}&maltid={meal}#rad-{stay_id}")
    if not form.is_valid():
        return HttpResponse(status=422)
    data = form.cleaned_data
    board = ward_meal(actor=request.user, ward_id=ward_id, on=data["on"], meal=data["meal"], at=at, stay_id=stay_id)
    context = {"board": board, "row": board.rows[0] if board.rows else None, "may_order": True, "portions": Portion}
    return render(request, "meals/_ward_answer.html", context)


def _order(request: HttpRequest, board: WardMeal, row: PatientMeal, form: OrderForm, at: datetime) -> None:
    data = form.cleaned_data
    received_at = getattr(request, "received_at", None) or at
    who = {"at": at, "received_at": received_at, "origin": OrderOrigin.STAFF, "actor": request.user}
    if data["deed"] == "cancel":
        if row.order is not None:
            ordering.order_cancel(order_id=row.order.id, reason="not_wanted", command=data["command"], **who)
        return
    picks = _picks(board, row, data["deed"], form.dishes())
    place(board, row, picks, portion=data["portion"], command=data["command"], who=who)


def _picks(board: WardMeal, row: PatientMeal, deed: str, dishes: list[int]) -> list[int]:
    """The dishes of the tray after a tap: at lunch and dinner a dish of the menu takes another's place."""
    chosen = [dish.dish_id for dish in row.dishes if dish.chosen]
    if deed == "usual":
        return [row.usual.dish_id] if row.usual is not None else []
    if deed == "portion":
        return chosen
    wanted = set(dishes)
    mains = {dish.dish_id for dish in row.dishes if dish.main}
    if board.window is not None and board.window.meal in ONE_MAIN and wanted & mains:
        return [*dishes, *(dish for dish in chosen if dish not in mains and dish not in wanted)]
    return [dish for dish in chosen if dish not in wanted] + [dish for dish in dishes if dish not in chosen]


def place(
    board: WardMeal,
    row: PatientMeal,
    dishes: list[int],
    *,
    portion: str,
    command: UUID | None,
    who: dict[str, object],
) -> None:
    """Order these dishes for a row; none of them is the same as taking the meal back."""
    if not dishes:
        if row.order is None:
            raise RuleBroken("nothing_picked")
        ordering.order_cancel(order_id=row.order.id, reason="not_wanted", command=command, **who)
        return
    assert board.window is not None
    ordering.order_place(
        stay_id=row.stay.id,
        on=board.on,
        meal=board.window.meal,
        picks=[Pick(dish) for dish in dishes],
        portion=portion or (row.order.portion if row.order is not None else ""),
        command=command,
        late=board.phase == "late",
        **who,
    )


@allow(*ORDERERS)
@require_POST
def ward_usual(request: HttpRequest, ward_id: int) -> HttpResponse:
    """As usual for everybody who has nothing ordered yet; each by itself, so that one who cannot holds up nobody."""
    at = timezone.now()
    form = WardForm(request.POST)
    if not form.is_valid():
        return redirect("meals:ward", ward_id=ward_id)
    data = form.cleaned_data
    board = ward_meal(actor=request.user, ward_id=ward_id, on=data["on"], meal=data["meal"], at=at)
    who = {
        "at": at,
        "received_at": getattr(request, "received_at", None) or at,
        "origin": OrderOrigin.STAFF,
        "actor": request.user,
    }
    made, left = 0, 0
    for row in board.rows:
        if row.order is not None or not row.can_change:
            continue
        try:
            place(board, row, [row.usual.dish_id] if row.usual is not None else [], portion="", command=None, who=who)
            made += 1
        except RuleBroken:
            left += 1
    messages.success(
        request,
        npgettext("meal order", "%(n)s meal ordered as usual.", "%(n)s meals ordered as usual.", made) % {"n": made},
    )
    if left:
        messages.warning(
            request, pgettext("meal order", "%(n)s must be chosen by hand: nothing usual is safe.") % {"n": left}
        )
    return redirect(f"{reverse('meals:ward', args=[ward_id])}?dag={data['on'].isoformat()}&maltid={data['meal']}")


@allow(*ROLES, Role.KITCHEN)
@require_POST
def notice_seen(request: HttpRequest, ward_id: int, notice_id: int) -> HttpResponse:
    """Somebody takes care of it."""
    at = timezone.now()
    try:
        notices.notice_seen(notice_id=notice_id, actor=request.user, at=at)
    except RuleBroken as error:
        rule_say(request, error)
    return redirect("meals:ward", ward_id=ward_id)


ACCESS = {"oppna": access.ordering_open, "stang": access.ordering_close, "hjalpt": access.help_answer}


@allow(*ORDERERS)
@require_POST
def ward_access(request: HttpRequest, ward_id: int, stay_id: int, deed: str) -> HttpResponse:
    """Let the patient order at the bed, close that again, or say that somebody has come to help."""
    form = WardForm(request.POST)
    act(request, form, lambda _: ACCESS[deed](stay_id=stay_id, actor=request.user, at=timezone.now()))
    on, meal = request.POST.get("on", ""), request.POST.get("meal", "")
    return redirect(f"{reverse('meals:ward', args=[ward_id])}?dag={on}&maltid={meal}#rad-{stay_id}")

"""Scanning trays: one field that a hand scanner types into, a camera where the browser has one, one loud answer."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.views.access import allow
from vardnara.apps.hospital.queries.stays import stays_by_id
from vardnara.apps.meals.choices import MealKind, ScanStep
from vardnara.apps.meals.queries.offered import MEAL_ORDER
from vardnara.apps.meals.queries.trays import Trolley, trolleys
from vardnara.apps.meals.services.diet import diets_look
from vardnara.apps.meals.services.scanning import Scanned, step_next, steps_of, tray_scan
from vardnara.apps.meals.services.serving import TOGETHER, Together, ward_step
from vardnara.apps.meals.views.deeds import number
from vardnara.apps.service.views.requests import is_part
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import local_date

ROLES = (Role.KITCHEN, Role.WARD_STAFF, Role.SERVICE_WORKER)
DAY = timedelta(days=1)
CELLS_MOST = 20


def _command(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("command", ""))
    except ValueError:
        return None


def _step(request: HttpRequest) -> str:
    """The step that is asked for, else the first of the reader's."""
    own = steps_of(request.user)
    asked = (request.POST if request.method == "POST" else request.GET).get("steg", "")
    return asked if asked in own else own[0]


@allow(*ROLES)
@never_cache
def scan(request: HttpRequest) -> HttpResponse:
    """Scan trays one after the other; send or receive a ward's trolley."""
    at, step = timezone.now(), _step(request)
    answer: Scanned | None = None
    together: Together | None = None
    if request.method == "POST" and request.POST.get("deed") == "ward":
        together = _ward(request, step, at)
    elif request.method == "POST":
        answer = _scanned(request, step, at)
        _look(request, answer, at)
    return _show(request, step, at, answer, together)


def _scanned(request: HttpRequest, step: str, at: datetime) -> Scanned:
    """A scan of a tray, of the bed after it, or what lies on a tray that is packed."""
    text, bed_text = request.POST.get("code", ""), request.POST.get("bed")
    packing = step == ScanStep.PACK
    cells = [int(one) for one in request.POST.getlist("cell")[:CELLS_MOST] if one.isdecimal() and len(one) < 18]
    return tray_scan(
        text=text,
        step=step,
        actor=request.user,
        at=at,
        command=_command(request),
        bed_text=bed_text,
        cells=cells if packing else None,
        look=packing and "packed" not in request.POST,
    )


def _ward(request: HttpRequest, step: str, at: datetime) -> Together:
    meal = request.POST.get("meal", "")
    try:
        on = date.fromisoformat(request.POST.get("on", ""))
    except ValueError:
        on = local_date(at)
    if meal not in MealKind.values:
        raise RuleBroken("no_such_meal", meal)
    return ward_step(ward_id=number(request, "ward"), on=on, meal=meal, step=step, actor=request.user, at=at)


@allow(*ROLES)
@never_cache
def tray(request: HttpRequest, code: str) -> HttpResponse:
    """The address on a ticket, as a phone's camera opens it: the tray, and what is done with it next."""
    at = timezone.now()
    step = _step(request) if "steg" in request.GET else step_next(code, request.user)
    answer = tray_scan(text=code, step=step, actor=request.user, at=at, look=True)
    _look(request, answer, at)
    if answer.looked and answer.step == ScanStep.HAND_OVER:
        answer = Scanned(answer.step, tray=answer.tray, bed_wanted=True)
    return _show(request, answer.step, at, answer, None)


def _look(request: HttpRequest, answer: Scanned, at: datetime) -> None:
    """A tray says what somebody may eat: whoever saw it is written down (invariant 7)."""
    if answer.tray is None:
        return
    stays = stays_by_id([answer.tray.stay_id]).values()
    diets_look(stays=stays, actor=request.user, at=at, ward_code=answer.tray.ward_code)


def _show(
    request: HttpRequest, step: str, at: datetime, answer: Scanned | None, together: Together | None
) -> HttpResponse:
    today = local_date(at)
    rows: list[Trolley] = []
    if step in TOGETHER:
        rows = trolleys(actor=request.user, at=at, around=[today - DAY, today, today + DAY])
        rows.sort(key=lambda row: (row.on, MEAL_ORDER.get(row.meal, 99), row.ward_name))
    context = {
        "step": step,
        "steps": steps_of(request.user),
        "answer": answer,
        "together": together,
        "trolleys": rows,
        "command": uuid4(),
        "today": today,
        "loud": answer is not None and bool(answer.code),
    }
    return render(request, "meals/_scan.html" if is_part(request) else "meals/scan.html", context)

"""Temperatures of food: the points of the day, one big number each, and the journal for the inspector."""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache

from vardnara.apps.accounts.views.access import HIDDEN, allow
from vardnara.apps.accounts.views.answers import rule_say
from vardnara.apps.meals.forms.temperatures import CourseForm, EndForm, PointForm, ReadingForm
from vardnara.apps.meals.queries import temperatures as queries
from vardnara.apps.meals.queries.temperatures import IN_COURSES, READERS
from vardnara.apps.meals.services import temperatures as services
from vardnara.apps.meals.services.temperatures import TAKERS, WRITERS, Action
from vardnara.apps.meals.views.deeds import NotValid, number, valid
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import local_date, local_to_utc

SHOWN_DAYS = 7


@allow(*READERS)
@never_cache
def temperatures(request: HttpRequest) -> HttpResponse:
    """Every point with its last reading, what is missing today first; a new point."""
    at, may_add = timezone.now(), request.user.role in WRITERS
    form = PointForm(places=queries.places(actor=request.user) if may_add else [])
    if request.method == "POST" and may_add:
        said = _try(request, lambda: _add(request, at))
        if said is not None:
            return said
        form = PointForm(request.POST, places=queries.places(actor=request.user))
    rows = queries.points(actor=request.user, at=at)
    context = {
        "rows": rows,
        "n_missing": sum(row.missing for row in rows),
        "form": form,
        "may_add": may_add,
        "may_read": request.user.role in TAKERS,
    }
    return render(request, "meals/temperatures.html", context)


def _try(request: HttpRequest, deed: Any) -> HttpResponse | None:
    """Do it and go on; None where the page must say what is wrong."""
    try:
        return deed()
    except NotValid:
        return None
    except RuleBroken as error:
        if error.code in HIDDEN:
            raise
        rule_say(request, error)
        return None


def _add(request: HttpRequest, at: datetime) -> HttpResponse:
    said = valid(request, PointForm(request.POST, places=queries.places(actor=request.user)))
    services.point_add(actor=request.user, at=at, **said)
    return redirect("meals:temperatures")


@allow(*READERS)
@never_cache
def point(request: HttpRequest, point_id: int) -> HttpResponse:
    """One point: the number, and food that is held hot or cooled there."""
    at = timezone.now()
    one = queries.point_one(actor=request.user, point_id=point_id)
    form, status = ReadingForm(initial={"command": uuid4()}), 200
    if request.method == "POST":
        said = _try(request, lambda: _deed(request, point_id, at))
        if said is not None:
            return said
        status = 422
        if request.POST.get("deed") == "read":
            form = ReadingForm(request.POST)
    low, high = queries.limits_of(one)
    context = {
        "point": one,
        "place": queries.place_of(one),
        "low": low,
        "high": high,
        "form": form,
        "asks_action": status == 422 and form.is_bound,
        "readings": queries.point_readings(point=one),
        "courses": queries.courses(point=one, at=at),
        "in_courses": one.kind in IN_COURSES,
        "course_form": CourseForm(),
        "end_form": EndForm(),
        "may_read": request.user.role in TAKERS and one.closed_at is None,
        "may_close": request.user.role in WRITERS and one.closed_at is None,
    }
    return render(request, "meals/temperature.html", context, status=status)


def _deed(request: HttpRequest, point_id: int, at: datetime) -> HttpResponse:
    deed = request.POST.get("deed", "")
    who: dict[str, Any] = {"actor": request.user, "at": at}
    if deed == "close":
        services.point_close(point_id=point_id, **who)
        return redirect("meals:temperatures")
    if deed == "begin":
        said = valid(request, CourseForm(request.POST))
        services.course_begin(point_id=point_id, what=said["what"], cooked_at=_cooked(said["cooked"], at), **who)
        return redirect("meals:temperature", point_id=point_id)
    if deed == "end":
        said = valid(request, EndForm(request.POST))
        action = Action(said["action"], said["action_text"])
        ended = services.course_end(course_id=number(request, "course"), action=action, **who)
        messages.success(request, f"{ended.what}: {ended.get_result_display()}")
        return redirect("meals:temperature", point_id=point_id)
    said = valid(request, ReadingForm(request.POST))
    course = number(request, "course") or None
    made = services.reading_add(
        point_id=point_id,
        celsius=said["celsius"],
        what=said["what"],
        action=Action(said["action"], said["action_text"]),
        course_id=course,
        command=said["command"],
        **who,
    )
    messages.success(request, pgettext("temperature", "%(celsius)s °C is kept.") % {"celsius": _shown(made.celsius)})
    return redirect("meals:temperature", point_id=point_id) if course else redirect("meals:temperatures")


def _cooked(clock: Any, at: datetime) -> datetime:
    """A time of day as the last instant at which the clock showed it."""
    if clock is None:
        return at
    found = local_to_utc(datetime.combine(local_date(at), clock))
    return found if found <= at else local_to_utc(datetime.combine(local_date(at) - timedelta(days=1), clock))


def _shown(celsius: Any) -> str:
    return f"{celsius:.1f}".replace(".", ",").replace("-", "−")


def _days(request: HttpRequest) -> tuple[date, date]:
    today = local_date(timezone.now())
    found = []
    for name, otherwise in (("fran", today - timedelta(days=SHOWN_DAYS - 1)), ("till", today)):
        try:
            found.append(date.fromisoformat(request.GET.get(name, "")))
        except ValueError:
            found.append(otherwise)
    return min(found), max(found)


@allow(*READERS)
@never_cache
def journal(request: HttpRequest) -> HttpResponse:
    """Every reading of some days, on a page that prints, or as CSV."""
    from_on, to_on = _days(request)
    rows = queries.journal(actor=request.user, from_on=from_on, to_on=to_on)
    if request.GET.get("som") != "csv":
        context = {"rows": rows, "from_on": from_on, "to_on": to_on, "full": len(rows) >= queries.JOURNAL_MOST}
        return render(request, "meals/temperature_journal.html", context)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="temperaturer-{from_on}-{to_on}.csv"'
    answer.write("\ufeff")
    writer = csv.writer(answer, delimiter=";")
    writer.writerow(
        ["place", "point", "kind", "at", "celsius", "low", "high", "outside", "what", "who", "action", "text"]
    )
    for row in rows:
        writer.writerow(
            [
                _safe(queries.place_of(row.point)),
                _safe(row.point.name),
                row.point.kind,
                timezone.localtime(row.at).isoformat(timespec="seconds"),
                *("" if one is None else f"{one:.1f}".replace(".", ",") for one in (row.celsius, row.low, row.high)),
                "1" if row.outside else "0",
                _safe(row.what or (row.course.what if row.course is not None else "")),
                _safe(row.by.get_full_name() or row.by.username),
                row.action,
                _safe(row.action_text),
            ]
        )
    return answer


def _safe(text: str) -> str:
    """Text that a spreadsheet does not read as a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text

"""The day plan: picture and lists, making and stopping one, what-if, and everybody's own day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.views.access import allow
from vardnara.apps.accounts.views.answers import rule_say
from vardnara.apps.hospital.queries.boards import hospitals_in_reach
from vardnara.apps.hospital.queries.organisation import divisions_in_reach
from vardnara.apps.staffing.choices import DAY_KEEPERS, DAY_PLANNERS, UNDER_WAY
from vardnara.apps.staffing.forms.day_plans import DayForm, IfForm
from vardnara.apps.staffing.queries.day_plan_if import OtherDay, day_as_chosen, day_choices
from vardnara.apps.staffing.queries.day_plan_part import DayPart, day_part, may_stop, options_in_part
from vardnara.apps.staffing.queries.day_plan_rows import DayOptions
from vardnara.apps.staffing.queries.day_plans import plan_held, plan_under_way
from vardnara.apps.staffing.services.day_plans import plan_ask, plan_choose, plan_stop
from vardnara.apps.staffing.views.day_plan_picture import held_view, picture_of, pictures_of
from vardnara.kernel.errors import RuleBroken

DAY = timedelta(days=1)


def _day(request: HttpRequest) -> date:
    form = DayForm({"dag": request.POST.get("dag") or request.GET.get("dag") or timezone.localdate()})
    return form.cleaned_data["dag"] if form.is_valid() else timezone.localdate()


def _to(name: str, on: date) -> HttpResponse:
    return redirect(f"{reverse(name)}?{urlencode({'dag': on.isoformat()})}")


def _context(request: HttpRequest) -> dict[str, Any]:
    on, at, today = _day(request), timezone.now(), timezone.localdate()
    part = day_part(actor=request.user)
    held, last = plan_held(hospital_id=part.hospital_id, on=on), plan_under_way(hospital_id=part.hospital_id, on=on)
    view = held_view(held, part) if held else None
    return {
        "part": part,
        "wards": [] if part.is_whole else divisions_in_reach(request.user),
        "at": at,
        "may_set": part.is_whole and request.user.role in DAY_KEEPERS,
        "may_stop": last is not None and may_stop(part, last),
        "on": on,
        "is_today": on == today,
        "is_over": on < today,
        "before": on - DAY,
        "after": on + DAY,
        "form": DayForm(initial={"dag": on}),
        "held": held,
        "view": view,
        "picture": picture_of(view, at if on == today else None) if view else None,
        "figures": held.plan.figures if held else None,
        "greedy": held.greedy if held else None,
        "under_way": last if last is not None and last.state in UNDER_WAY else None,
        "failed": last if last is not None and last.state not in UNDER_WAY else None,
    }


@allow(*DAY_PLANNERS)
@never_cache
def day_plan(request: HttpRequest) -> HttpResponse:
    """The plan that holds on a day; asked for anew by a post."""
    if request.method == "POST":
        on = _day(request)
        try:
            plan_ask(
                on=on,
                actor=request.user,
                at=timezone.now(),
                options=DayOptions() if request.POST.get("alla") else None,
            )
        except RuleBroken as error:
            rule_say(request, error)
        return _to("staffing:day_plan", on)
    return render(request, "staffing/day_plan.html", _context(request))


@allow(*DAY_PLANNERS)
@never_cache
def day_plan_parts(request: HttpRequest) -> HttpResponse:
    """The same again, for a page that heard of a change."""
    return render(request, "staffing/_day_plan.html", _context(request))


@allow(*DAY_PLANNERS)
@never_cache
def day_plan_print(request: HttpRequest) -> HttpResponse:
    """The plan that holds, for paper: what is left, the picture on sheets, everybody's list."""
    context = _context(request)
    view = context["view"]
    return render(request, "staffing/day_plan_print.html", context | {"pictures": pictures_of(view) if view else []})


@allow(*DAY_PLANNERS)
@require_POST
def day_plan_stop(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Stop a search; what it has found becomes the plan."""
    try:
        plan_stop(plan_id=plan_id, actor=request.user, at=timezone.now())
        messages.success(request, pgettext("day plan", "Stopped. What was found becomes the plan."))
    except RuleBroken as error:
        if error.code == "unknown_day_plan":
            raise
        rule_say(request, error)
    return _to("staffing:day_plan", _day(request))


@allow(*DAY_PLANNERS)
@never_cache
def day_plan_if(request: HttpRequest) -> HttpResponse:
    """What if somebody is ill, or somebody comes besides: beside the day as it is; a post lets it hold."""
    on, at = _day(request), timezone.now()
    part = day_part(actor=request.user)
    held = plan_held(hospital_id=part.hospital_id, on=on)
    if held is None or on < timezone.localdate():
        return _to("staffing:day_plan", on)
    workers, people, kinds = day_choices(actor=request.user, part=part, on=on, at=at, held=held)
    said = request.POST if request.method == "POST" else request.GET
    asked = any(said.get(name) for name in ("utan", "person", "visa"))
    form = IfForm(
        said if asked else None,
        workers=workers,
        people=people,
        kinds=kinds,
        initial={"utan": list(held.options.without)},
    )
    other = None
    if asked and form.is_valid():
        options = options_in_part(part, held.options, form.options(held.options))
        if request.method == "POST":
            try:
                plan_choose(on=on, options=options, actor=request.user, at=at)
                messages.success(request, pgettext("day plan", "The day goes on like that from now on."))
            except RuleBroken as error:
                rule_say(request, error)
            return _to("staffing:day_plan", on)
        other = day_as_chosen(part=part, on=on, at=at, options=options, held=held)
    context = {
        "on": on,
        "is_today": on == timezone.localdate(),
        "held": held,
        "form": form,
        "may_hand_out": request.user.role in (Role.COORDINATOR, Role.SERVICE_HEAD),
        "other": other,
        "pairs": _pairs(other) if other and part.is_whole else [],
        "rows": _rows(other, part) if other else None,
    }
    return render(request, "staffing/day_plan_if.html", context, status=422 if form.errors else 200)


def _pairs(other: OtherDay) -> list[tuple[str, int, int, int]]:
    """Figures before and after, with how much they change."""
    before, after = other.before.figures, other.plan.figures
    names = (
        ("walked", "walked_minutes"), ("washed", "washed_minutes"), ("late", "late_minutes"), ("n_late", "n_late"),
        ("n_left", "n_left"),
    )  # fmt: skip
    return [
        (code, getattr(before, name), getattr(after, name), getattr(after, name) - getattr(before, name))
        for code, name in names
    ]


def _rows(other: OtherDay, part: DayPart) -> dict[str, Any]:
    """What moves, what gets late, what is left, by name; of a part what is done there."""
    names = {code: who.name for code, who in {**other.now.workers, **other.rows.workers}.items()}
    tasks, found = other.rows.tasks, other.difference

    def here(code: str) -> bool:
        return part.has(tasks[code])

    rows: dict[str, Any] = {
        "moved": [
            (tasks[one.task], ", ".join(names[who] for who in one.before), ", ".join(names[who] for who in one.after))
            for one in found.moved
            if here(one.task)
        ],
        "later": [(tasks[one.task], one.before_minutes, one.after_minutes) for one in found.later if here(one.task)],
        "left": [(tasks[one.task], one.reason.value) for one in found.left if here(one.task)],
        "taken": [tasks[one] for one in found.taken if here(one)],
        "gone": sorted(who.name for code, who in other.now.workers.items() if code not in other.rows.workers),
        "come": sorted(who.name for code, who in other.rows.workers.items() if code not in other.now.workers),
    }
    return rows | {"is_none": not any(rows[name] for name in ("moved", "later", "left", "taken"))}


@allow(Role.SERVICE_WORKER)
@never_cache
def day_plan_own(request: HttpRequest) -> HttpResponse:
    """One's own day by the plan that holds today."""
    today = timezone.localdate()
    lines = []
    for hospital in hospitals_in_reach(actor=request.user):
        held = plan_held(hospital_id=hospital.pk, on=today)
        if held:
            whole = held_view(held, DayPart(hospital.pk))
            lines += [line for line in whole.lines if line.who.user_id == request.user.pk]
    return render(request, "staffing/day_plan_own.html", {"lines": lines, "at": timezone.now()})

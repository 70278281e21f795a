"""Worked time: one's own week, the weeks of those one plans with, what is said of a shift, and approval."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import npgettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.views.access import allow, allow_signed_in
from vardnara.apps.accounts.views.answers import rule_say, rule_text
from vardnara.apps.staffing.choices import APPROVERS, PLANNERS
from vardnara.apps.staffing.forms.posts import day_read
from vardnara.apps.staffing.forms.schedule import ExtraForm, WorkedForm, worked_initial
from vardnara.apps.staffing.queries import worked_time as queries
from vardnara.apps.staffing.services import worked_time as services
from vardnara.apps.staffing.views.schedule import nobody
from vardnara.apps.staffing.views.told import key_read
from vardnara.kernel.errors import RuleBroken

FIELD = {"absent_why": "reason", "extra_ordered": "ordered_by", "worked_times": "start", "worked_ahead": "end"}


def week_asked(request: HttpRequest) -> date:
    """The Monday of the week that is asked for, else of the last one that is over."""
    asked = day_read(request.GET.get("vecka"))
    return queries.monday_of(asked or timezone.localdate() - timedelta(weeks=1))


def _around(monday: date) -> dict[str, Any]:
    return {"monday": monday, "earlier": monday - timedelta(weeks=1), "later": monday + timedelta(weeks=1)}


@allow_signed_in
@never_cache
def own_time(request: HttpRequest) -> HttpResponse:
    """One's own week: what is proposed, what was said, what is approved; time without a shift."""
    monday = week_asked(request)
    try:
        week = queries.own_week(actor=request.user, day=monday, at=timezone.now())
    except RuleBroken as error:
        return nobody(request, error)
    return _week_page(request, week, own=True)


def _week_page(request: HttpRequest, week: queries.WorkedWeek, *, own: bool, **bound: Any) -> HttpResponse:
    contracts = queries.contract_names(person_id=week.person_id, day=week.monday)
    context = {
        "week": week,
        "own": own,
        "form": ExtraForm(contracts=contracts, auto_id="x_%s"),
        "may_approve": not own and queries.may_approve(actor=request.user) and not week.own,
        "tab": "worked",
        **_around(week.monday),
    }
    return render(request, "staffing/worked_week.html", context | bound, status=422 if bound else 200)


@allow(*PLANNERS)
@never_cache
def worked_weeks(request: HttpRequest) -> HttpResponse:
    """Everybody's week, those with something to see to first."""
    monday = week_asked(request)
    weeks = queries.weeks_in_reach(actor=request.user, day=monday, at=timezone.now())
    context = {
        "weeks": weeks,
        "may_approve": queries.may_approve(actor=request.user),
        "n_as_rostered": sum(
            one.as_rostered for week in weeks if not week.own and not week.beyond for one in week.waiting
        ),
        "n_waiting": sum(len(week.waiting) for week in weeks),
        **_around(monday),
    }
    return render(request, "staffing/worked_weeks.html", context)


@allow(*PLANNERS)
@never_cache
def worked_week(request: HttpRequest, person_id: int) -> HttpResponse:
    """One person's week."""
    return _week_page(request, _week(request, person_id, week_asked(request)), own=False)


def _week(request: HttpRequest, person_id: int, day: date) -> queries.WorkedWeek:
    """A week of oneself or of somebody whom one plans with."""
    at = timezone.now()
    try:
        own = queries.own_week(actor=request.user, day=day, at=at)
        if own.person_id == person_id:
            return own
    except RuleBroken as error:
        if error.code != "not_rostered":
            raise
    try:
        return queries.week_of(actor=request.user, person_id=person_id, day=day, at=at)
    except RuleBroken as error:
        if error.code in ("unknown_person", "wrong_role"):
            raise Http404 from error
        raise


def _back(request: HttpRequest, week: queries.WorkedWeek) -> str:
    mine = reverse("staffing:own_time")
    theirs = reverse("staffing:worked_week", args=[week.person_id])
    return f"{mine if week.own else theirs}?vecka={week.monday}"


@allow_signed_in
@never_cache
def worked_said(request: HttpRequest, person_id: int, on: str, roster_id: int) -> HttpResponse:
    """What was worked of a shift: shown as it is, and said anew."""
    day = day_read(on)
    if day is None:
        raise Http404
    week = _week(request, person_id, day)
    row = next((one for one in week.rows if one.slot == (person_id, day, roster_id or None)), None)
    if row is None:
        raise Http404
    contracts = queries.contract_names(person_id=person_id, day=day)
    form = WorkedForm(request.POST or None, contracts=contracts, initial=worked_initial(row))
    if request.method == "POST" and form.is_valid() and _say(request, week, form, day, roster_id or None):
        return redirect(_back(request, week))
    context = {"form": form, "row": row, "week": week, "back": _back(request, week), "tab": "worked", "own": week.own}
    return render(request, "staffing/worked_said.html", context, status=422 if form.errors else 200)


def _say(request: HttpRequest, week: queries.WorkedWeek, form: WorkedForm, day: date, roster_id: int | None) -> bool:
    try:
        services.worked_say(
            person_id=week.person_id, on=day, roster_id=roster_id, words=form.words(), actor=request.user,
            at=timezone.now(),
        )  # fmt: skip
    except RuleBroken as error:
        field = FIELD.get(error.code)
        form.add_error(field if field in form.fields else None, rule_text(error.code))
        return False
    messages.success(request, pgettext("worked", "Kept. It waits for approval."))
    return True


@allow_signed_in
@require_POST
def worked_extra(request: HttpRequest, person_id: int) -> HttpResponse:
    """Time worked without a shift."""
    week = _week(request, person_id, week_asked(request))
    contracts = queries.contract_names(person_id=person_id, day=week.monday)
    form = ExtraForm(request.POST, contracts=contracts, auto_id="x_%s")
    if form.is_valid():
        day = form.cleaned_data["on"]
        if _say(request, week, form, day, None):
            return redirect(_back(request, _week(request, person_id, day)))
    return _week_page(request, week, own=week.own, form=form)


@allow_signed_in
@require_POST
def worked_take_back(request: HttpRequest, person_id: int, worked_id: int) -> HttpResponse:
    """Take back what was said and is not approved."""
    week = _week(request, person_id, week_asked(request))
    try:
        services.worked_take_back(worked_id=worked_id, actor=request.user, at=timezone.now())
        messages.success(request, pgettext("worked", "Taken back."))
    except RuleBroken as error:
        if error.code in ("unknown_worked", "unknown_person"):
            raise Http404 from error
        rule_say(request, error)
    return redirect(_back(request, week))


@allow(*APPROVERS)
@require_POST
def worked_approve(request: HttpRequest) -> HttpResponse:
    """Approve a person's week, or everything of everybody's that is as rostered."""
    monday = week_asked(request)
    person_id = key_read(request.POST.get("person"))
    try:
        if person_id:
            n = services.week_approve(
                person_id=person_id, day=monday, seen=request.POST.get("seen") == "1", actor=request.user,
                at=timezone.now(),
            )  # fmt: skip
        else:
            n = services.as_rostered_approve(day=monday, actor=request.user, at=timezone.now())
        said = npgettext("worked", "%(n)s shift is approved.", "%(n)s shifts are approved.", n)
        messages.success(request, said % {"n": n})
    except RuleBroken as error:
        if error.code == "unknown_person":
            raise Http404 from error
        if error.code == "extra_beyond_cap":
            return redirect(f"{reverse('staffing:worked_week', args=[person_id])}?vecka={monday}")
        rule_say(request, error)
    return redirect(f"{reverse('staffing:worked_weeks')}?vecka={monday}")

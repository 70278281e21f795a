"""Groups that are rostered together, their kinds of shifts and standard needs."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.views.access import allow
from vardnara.apps.accounts.views.answers import rule_say, rule_text
from vardnara.apps.hospital.queries.organisation import divisions_in_reach
from vardnara.apps.staffing.choices import PLANNERS, NeedDay
from vardnara.apps.staffing.forms.rosters import (
    CurveForm,
    DraftForm,
    GroupForm,
    KindForm,
    NeedsTable,
    group_initial,
    next_monday,
)
from vardnara.apps.staffing.queries.allocations import curves_of_hospital
from vardnara.apps.staffing.queries.people import people_hospital, pools_named
from vardnara.apps.staffing.queries.roster_groups import GroupPage, group_one, groups_list, last_published_to
from vardnara.apps.staffing.services import roster_groups as services
from vardnara.apps.staffing.services.roster_from_curve import needs_from_curve
from vardnara.apps.staffing.services.rosters import roster_add
from vardnara.kernel.errors import RuleBroken


@allow(*PLANNERS)
@never_cache
def rosters(request: HttpRequest) -> HttpResponse:
    """The groups that one plans, with their rosters."""
    return render(request, "staffing/rosters.html", {"groups": groups_list(actor=request.user)})


def _form(request: HttpRequest, hospital_id: int, *args: Any, **kwargs: Any) -> GroupForm:
    pools = pools_named(actor=request.user, hospital_id=hospital_id)
    return GroupForm(*args, divisions=divisions_in_reach(request.user), pools=pools, **kwargs)


@allow(*PLANNERS)
@never_cache
def group_new(request: HttpRequest) -> HttpResponse:
    """A new group."""
    hospital_id = people_hospital(actor=request.user)
    form = _form(request, hospital_id, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            group = services.group_save(hospital_id=hospital_id, actor=request.user, at=timezone.now(), **form.words())
            messages.success(request, pgettext("roster", "Added. Now say which shifts there are."))
            return redirect("staffing:roster_group", group_id=group.pk)
        except RuleBroken as error:
            form.add_error(None, rule_text(error.code))
    return render(request, "staffing/roster_group_new.html", {"form": form}, status=422 if form.errors else 200)


def group_of(request: HttpRequest, group_id: int) -> GroupPage:
    """A group that the reader plans; 404 where there is none such."""
    try:
        return group_one(actor=request.user, group_id=group_id)
    except RuleBroken as error:
        if error.code == "unknown_group":
            raise Http404 from error
        raise


def _page(request: HttpRequest, group_id: int, **bound: Any) -> HttpResponse:
    group = group_of(request, group_id)
    divisions = divisions_in_reach(request.user)
    after = last_published_to(group_id=group_id) or timezone.localdate()
    curves = [
        (one.pk, f"{date_format(timezone.localtime(one.asked_at), 'j F Y H:i')}, {one.get_zoned_by_display()}")
        for one in curves_of_hospital(hospital_id=group.hospital_id)
    ]
    context = {
        "group": group,
        "form": _form(request, group.hospital_id, initial=group_initial(group)),
        "kind_form": KindForm(divisions=divisions, prefix="pass"),
        "needs": NeedsTable(kinds=group.kinds),
        "days": NeedDay.choices,
        "totals": [sum(kind.wanted.get(day, 0) for kind in group.kinds) for day in NeedDay.values],
        "draft": DraftForm(initial={"first_on": next_monday(after)}),
        "curve_form": CurveForm(curves=curves) if curves else None,
    }
    return render(request, "staffing/roster_group.html", context | bound, status=422 if bound else 200)


@allow(*PLANNERS)
@never_cache
def group(request: HttpRequest, group_id: int) -> HttpResponse:
    """A group: who, which shifts, how many are needed; and a form for a draft."""
    found = group_of(request, group_id)
    if request.method == "POST":
        form = _form(request, found.hospital_id, request.POST)
        if not form.is_valid():
            return _page(request, group_id, form=form)
        try:
            services.group_save(
                hospital_id=found.hospital_id, group_id=group_id, actor=request.user, at=timezone.now(), **form.words()
            )
            messages.success(request, pgettext("roster", "Kept."))
        except RuleBroken as error:
            rule_say(request, error)
        return redirect("staffing:roster_group", group_id=group_id)
    return _page(request, group_id)


@allow(*PLANNERS)
@require_POST
def kind_add(request: HttpRequest, group_id: int) -> HttpResponse:
    """A new kind of shift, or one that takes another's place."""
    group_of(request, group_id)
    form = KindForm(request.POST, divisions=divisions_in_reach(request.user), prefix="pass")
    if not form.is_valid():
        return _page(request, group_id, kind_form=form)
    try:
        kind = services.kind_add(group_id=group_id, words=form.words(), actor=request.user, at=timezone.now())
        messages.success(
            request, pgettext("roster", "%(code)s is there. Say how many are needed.") % {"code": kind.code}
        )
    except RuleBroken as error:
        form.add_error(None, rule_text(error.code))
        return _page(request, group_id, kind_form=form)
    return redirect("staffing:roster_group", group_id=group_id)


@allow(*PLANNERS)
@require_POST
def kind_end(request: HttpRequest, group_id: int, kind_id: int) -> HttpResponse:
    """A kind of shift is not planned with any more."""
    group_of(request, group_id)
    try:
        kind = services.kind_end(kind_id=kind_id, actor=request.user, at=timezone.now())
        said = pgettext("roster", "%(code)s is not planned with any more. Rosters that have it keep it.")
        messages.success(request, said % {"code": kind.code})
    except RuleBroken as error:
        rule_say(request, error)
    return redirect("staffing:roster_group", group_id=group_id)


@allow(*PLANNERS)
@require_POST
def standard_needs(request: HttpRequest, group_id: int) -> HttpResponse:
    """How many of each kind are needed on each kind of day."""
    table = NeedsTable(request.POST, kinds=group_of(request, group_id).kinds)
    if not table.is_valid():
        return _page(request, group_id, needs=table)
    try:
        services.standard_needs_set(group_id=group_id, wanted=table.wanted(), actor=request.user, at=timezone.now())
        messages.success(request, pgettext("roster", "Kept. New drafts begin with it."))
    except RuleBroken as error:
        rule_say(request, error)
    return redirect("staffing:roster_group", group_id=group_id)


@allow(*PLANNERS)
@require_POST
def from_curve(request: HttpRequest, group_id: int) -> HttpResponse:
    """Take shifts and needs from a point of a curve of posts."""
    found = group_of(request, group_id)
    curves = [(one.pk, str(one.pk)) for one in curves_of_hospital(hospital_id=found.hospital_id)]
    form = CurveForm(request.POST, curves=curves)
    if not form.is_valid():
        return _page(request, group_id, curve_form=form)
    try:
        n = needs_from_curve(
            group_id=group_id,
            allocation_id=int(form.cleaned_data["curve"]),
            n_posts=form.cleaned_data["n_posts"],
            competences=form.cleaned_data["competences"],
            actor=request.user,
            at=timezone.now(),
        )
        messages.success(request, pgettext("roster", "%(n)s shifts were taken from the curve.") % {"n": n})
    except RuleBroken as error:
        rule_say(request, error)
    return redirect("staffing:roster_group", group_id=group_id)


@allow(*PLANNERS)
@require_POST
def roster_new(request: HttpRequest, group_id: int) -> HttpResponse:
    """A draft."""
    group_of(request, group_id)
    form = DraftForm(request.POST)
    if not form.is_valid():
        return _page(request, group_id, draft=form)
    try:
        roster = roster_add(group_id=group_id, actor=request.user, at=timezone.now(), **form.cleaned_data)
    except RuleBroken as error:
        rule_say(request, error)
        return redirect("staffing:roster_group", group_id=group_id)
    return redirect("staffing:roster", roster_id=roster.pk)

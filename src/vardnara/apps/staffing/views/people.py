"""People by ward and pool, and one person: contracts, trainings, hours and days away."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.queries import users_by_name
from vardnara.apps.accounts.views.access import allow
from vardnara.apps.accounts.views.answers import rule_say, rule_text
from vardnara.apps.hospital.queries.organisation import divisions_in_reach
from vardnara.apps.staffing.choices import PLANNERS
from vardnara.apps.staffing.forms.people import (
    AvailabilityForms,
    ContractForms,
    LeaveForm,
    PeopleForm,
    PersonForm,
    TrainingsForm,
    availability_initial,
    availability_said,
    contracts_initial,
    contracts_said,
    person_initial,
    trainings_initial,
)
from vardnara.apps.staffing.queries.calendars import link_of
from vardnara.apps.staffing.queries.people import PersonPage, people_hospital, people_on, person_one
from vardnara.apps.staffing.queries.posts import post_numbers
from vardnara.apps.staffing.services import people as services
from vardnara.apps.staffing.services.calendar_links import link_revoke_of
from vardnara.apps.staffing.views.told import found
from vardnara.kernel.errors import RuleBroken

TAKEN = {"person_number_taken": "number", "person_user_taken": "user", "out_of_scope": "ward"}


@allow(*PLANNERS)
@never_cache
def people(request: HttpRequest) -> HttpResponse:
    """Everybody whom one plans with, by ward and pool, with what a planner should know."""
    form = PeopleForm({"dag": request.GET.get("dag") or timezone.localdate(), "kan": request.GET.get("kan", "")})
    said = form.cleaned_data if form.is_valid() else {}
    day = said.get("dag") or timezone.localdate()
    homes = people_on(actor=request.user, day=day, competence=said.get("kan", ""))
    context = {
        "form": form,
        "day": day,
        "homes": homes,
        "n": sum(len(home.rows) for home in homes),
        "share": sum(home.share for home in homes),
        "worried": sum(bool(row.worries) for home in homes for row in home.rows),
    }
    return render(request, "staffing/people.html", context, status=422 if form.errors else 200)


def _form(request: HttpRequest, *args: Any, **kwargs: Any) -> PersonForm:
    users = users_by_name(hospital_id=people_hospital(actor=request.user))
    names = [(pk, name) for name, pk in sorted(users.items())]
    return PersonForm(*args, divisions=divisions_in_reach(request.user), users=names, **kwargs)


@allow(*PLANNERS)
@never_cache
def person_new(request: HttpRequest) -> HttpResponse:
    """Add somebody."""
    form = _form(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        hospital_id = people_hospital(actor=request.user)
        try:
            added = services.person_add(
                hospital_id=hospital_id, words=form.words(), actor=request.user, at=timezone.now()
            )
        except RuleBroken as error:
            form.add_error(TAKEN.get(error.code), rule_text(error.code))
        else:
            messages.success(request, pgettext("people", "Added. Say what they are employed for."))
            return redirect("staffing:person", person_id=added.pk)
    return render(request, "staffing/person_new.html", {"form": form}, status=422 if form.errors else 200)


@allow(*PLANNERS)
@never_cache
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """One person."""
    return _page(request, person_id)


def _found(request: HttpRequest, person_id: int) -> PersonPage:
    try:
        return person_one(actor=request.user, person_id=person_id, day=timezone.localdate())
    except RuleBroken as error:
        if error.code == "unknown_person":
            raise Http404 from error
        raise


def _page(request: HttpRequest, person_id: int, **bound: Any) -> HttpResponse:
    page = _found(request, person_id)
    posts = post_numbers(hospital_id=people_hospital(actor=request.user))
    context = {
        "page": page,
        "row": page.row,
        "today": timezone.localdate(),
        "form": _form(request, initial=person_initial(page.row)),
        "contracts": ContractForms(initial=contracts_initial(page.row), prefix="k", form_kwargs={"posts": posts}),
        "trainings": TrainingsForm(initial=trainings_initial(page.row)),
        "leave": LeaveForm(),
        "link": link_of(person_id=person_id),
        "never": AvailabilityForms(initial=availability_initial(page), prefix="t"),
    }
    return render(request, "staffing/person.html", context | bound, status=422 if bound else 200)


def _done(request: HttpRequest, person_id: int, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect("staffing:person", person_id=person_id)


@allow(*PLANNERS)
@require_POST
def person_change(request: HttpRequest, person_id: int) -> HttpResponse:
    """Say anew who somebody is and where they belong."""
    _found(request, person_id)
    form = _form(request, request.POST)
    if not form.is_valid():
        return _page(request, person_id, form=form)
    try:
        services.person_change(person_id=person_id, words=form.words(), actor=request.user, at=timezone.now())
    except RuleBroken as error:
        form.add_error(TAKEN.get(error.code), rule_text(error.code))
        return _page(request, person_id, form=form)
    return _done(request, person_id, pgettext("people", "The change is kept."))


@allow(*PLANNERS)
@require_POST
def contracts(request: HttpRequest, person_id: int) -> HttpResponse:
    """Say anew what somebody is employed for."""
    _found(request, person_id)
    posts = post_numbers(hospital_id=people_hospital(actor=request.user))
    sent = ContractForms(request.POST, prefix="k", form_kwargs={"posts": posts})
    if not sent.is_valid():
        return _page(request, person_id, contracts=sent)
    try:
        services.contracts_set(
            person_id=person_id, contracts=contracts_said(sent), actor=request.user, at=timezone.now()
        )
    except RuleBroken as error:
        return _page(request, person_id, contracts=sent, contracts_wrong=rule_text(error.code))
    return _done(request, person_id, pgettext("people", "The contracts are kept."))


@allow(*PLANNERS)
@require_POST
def trainings(request: HttpRequest, person_id: int) -> HttpResponse:
    """Say anew what somebody is trained for."""
    _found(request, person_id)
    form = TrainingsForm(request.POST)
    if not form.is_valid():
        return _page(request, person_id, trainings=form)
    services.trainings_set(person_id=person_id, trainings=form.words(), actor=request.user, at=timezone.now())
    return _done(request, person_id, pgettext("people", "The trainings are kept."))


@allow(*PLANNERS)
@require_POST
def availability(request: HttpRequest, person_id: int) -> HttpResponse:
    """Say anew in which hours somebody can never work."""
    _found(request, person_id)
    sent = AvailabilityForms(request.POST, prefix="t")
    if not sent.is_valid():
        return _page(request, person_id, never=sent)
    services.availability_set(person_id=person_id, rows=availability_said(sent), actor=request.user, at=timezone.now())
    return _done(request, person_id, pgettext("people", "The hours are kept."))


@allow(*PLANNERS)
@require_POST
def leave_add(request: HttpRequest, person_id: int) -> HttpResponse:
    """Somebody is away for some days."""
    _found(request, person_id)
    form = LeaveForm(request.POST)
    if not form.is_valid():
        return _page(request, person_id, leave=form)
    said = form.cleaned_data
    to_on = said["last_on"] + timedelta(days=1)
    try:
        services.leave_add(
            person_id=person_id, kind=said["kind"], from_on=said["from_on"], to_on=to_on, actor=request.user,
            at=timezone.now(),
        )  # fmt: skip
    except RuleBroken as error:
        form.add_error("from_on", rule_text(error.code))
        return _page(request, person_id, leave=form)
    return _done(request, person_id, pgettext("people", "The days away are kept."))


@allow(*PLANNERS)
@require_POST
def leave_undo(request: HttpRequest, person_id: int, leave_id: int) -> HttpResponse:
    """Take days away back."""
    _found(request, person_id)
    try:
        services.leave_undo(leave_id=leave_id, actor=request.user, at=timezone.now())
        messages.success(request, pgettext("people", "Taken back."))
    except RuleBroken as error:
        rule_say(request, error)
    return redirect("staffing:person", person_id=person_id)


@allow(*PLANNERS)
@require_POST
def link_revoke(request: HttpRequest, person_id: int) -> HttpResponse:
    """End the address of somebody's calendar."""
    with found():
        ended = link_revoke_of(person_id=person_id, actor=request.user, at=timezone.now())
    said = pgettext("calendar", "The address holds no longer.")
    return _done(request, person_id, said if ended else pgettext("calendar", "There is no address."))

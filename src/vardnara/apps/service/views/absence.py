"""Somebody is absent: said in two taps, and what they left is handed out or taken back."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import npgettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.views.access import allow
from vardnara.apps.accounts.views.answers import rule_say
from vardnara.apps.service import services
from vardnara.apps.service.bridge.proposals import Candidate, Left, hand_out_propose
from vardnara.apps.service.forms import CommandForm
from vardnara.apps.service.forms.coordination import AbsentForm
from vardnara.apps.service.queries.absence import AbsencePage, absence_page
from vardnara.apps.service.queries.hand_out import PersonRow
from vardnara.apps.service.queries.tasks import TaskRow
from vardnara.apps.service.views.requests import act
from vardnara.kernel.errors import RuleBroken

ROLES = (Role.COORDINATOR, Role.SERVICE_HEAD)


@dataclass(frozen=True, slots=True)
class LeftRow:
    """A task that nobody has, and whom it could go to."""

    task: TaskRow
    proposal: PersonRow | None


def left_rows(page: AbsencePage) -> list[LeftRow]:
    """What was left with a proposal for each; near is a ward of somebody's shift, or of work in hand."""
    people = {person.id: person for person in page.people}
    candidates = [
        Candidate(one.id, one.status, one.ward_ids | {task.ward_id for task in one.tasks}, one.minutes)
        for one in page.people
    ]
    found = hand_out_propose([Left(task.id, task.ward_id, task.norm_minutes) for task in page.waiting], candidates)
    return [LeftRow(task, people[found[task.id]] if task.id in found else None) for task in page.waiting]


def _context(request: HttpRequest, absence_id: int) -> dict[str, object]:
    page = absence_page(actor=request.user, at=timezone.now(), absence_id=absence_id)
    rows = left_rows(page)
    return {"page": page, "left": rows, "proposals": [(row.task.id, row.proposal.id) for row in rows if row.proposal]}


@allow(*ROLES)
@require_POST
def absence_mark(request: HttpRequest) -> HttpResponse:
    """The person is not there; on to what they left."""
    form = AbsentForm(request.POST)
    try:
        if not form.is_valid():
            raise RuleBroken("bad_input")
        made = services.absence_mark(user_id=form.cleaned_data["user"], actor=request.user, at=timezone.now())
    except RuleBroken as error:
        rule_say(request, error)
        return redirect("service:hand_out")
    return redirect("service:absence", absence_id=made.pk)


@allow(*ROLES)
@never_cache
def absence(request: HttpRequest, absence_id: int) -> HttpResponse:
    """What was left, most urgent first, and who could take it."""
    return render(request, "service/absence.html", _context(request, absence_id))


@allow(*ROLES)
@never_cache
def absence_parts(request: HttpRequest, absence_id: int) -> HttpResponse:
    return render(request, "service/_absence.html", _context(request, absence_id))


@allow(*ROLES)
@require_POST
def absence_undo(request: HttpRequest, absence_id: int) -> HttpResponse:
    """They are there after all."""
    done: list[int] = []

    def undo(_: dict[str, object]) -> None:
        done.append(services.absence_undo(absence_id=absence_id, actor=request.user, at=timezone.now()))

    if act(request, CommandForm(request.POST), undo):
        n = done[0]
        words = npgettext("absence", "Undone. %(n)s task is theirs again.", "Undone. %(n)s tasks are theirs again.", n)
        messages.success(request, words % {"n": n} if n else pgettext("absence", "Undone."))
    return redirect("service:absence", absence_id=absence_id)

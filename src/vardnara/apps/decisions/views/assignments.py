"""Assignments, reminders, and a decision taken again."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import npgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.views.access import allow
from vardnara.apps.accounts.views.answers import rule_say, rule_text
from vardnara.apps.decisions import services
from vardnara.apps.decisions.forms.assignments import AssignmentForm, LapseForm, ReportForm
from vardnara.apps.decisions.queries.assignments import AssignmentLine, assignment_list, assignment_one, owners_of
from vardnara.apps.decisions.queries.cases import READERS
from vardnara.apps.decisions.queries.reminders import reminder_list
from vardnara.apps.decisions.services.recording import WRITERS
from vardnara.apps.decisions.views.cases import page_of
from vardnara.kernel.errors import RuleBroken

FIELD_OF = {"report_missing": "report", "reason_missing": "because", "unknown_user": "owner_id"}
SHOW = ("mina", "oppna", "alla")


def _try(form: forms.Form, act: Callable[[], object]) -> bool:
    try:
        act()
    except RuleBroken as error:
        if error.code in ("out_of_scope", "unknown_matter", "wrong_role"):
            raise
        field = FIELD_OF.get(error.code)
        form.add_error(field if field in form.fields else None, rule_text(error.code))
        return False
    return True


@allow(*READERS)
@never_cache
def assignments(request: HttpRequest) -> HttpResponse:
    """One's own assignments where one has any, else those that are open."""
    lines = assignment_list(actor=request.user, on=timezone.localdate())
    mine = [line for line in lines if line.is_mine]
    show = request.GET.get("visa", "")
    if show not in SHOW:
        show = "mina" if mine else "oppna"
    shown = {"mina": mine, "oppna": [line for line in lines if not line.is_closed], "alla": lines}
    context = {"lines": shown[show], "show": show, "counts": {name: len(rows) for name, rows in shown.items()}}
    return render(request, "decisions/assignments.html", context)


@allow(*WRITERS)
@never_cache
def assignment_new(request: HttpRequest, case_id: int) -> HttpResponse:
    """Give an assignment by hand."""
    page = page_of(request, case_id)
    form = AssignmentForm(request.POST or None, owners=owners_of(page.case.hospital_id))

    def add() -> None:
        words = services.AssignmentWords(**form.cleaned_data)
        services.assignment_add(case_id=case_id, words=words, actor=request.user, at=timezone.now())

    if request.method == "POST" and form.is_valid() and _try(form, add):
        return redirect("decisions:case", case_id=case_id)
    context = {"case": page.case, "form": form}
    return render(request, "decisions/assignment_new.html", context, status=422 if form.is_bound else 200)


@allow(*WRITERS)
@require_POST
def assignments_take(request: HttpRequest, case_id: int) -> HttpResponse:
    """Make an assignment of every point of the decision."""
    try:
        n = services.assignments_take(case_id=case_id, actor=request.user, at=timezone.now())
        said = npgettext("assignment", "%(n)s assignment made.", "%(n)s assignments made.", n) % {"n": n}
        messages.success(request, said)
    except RuleBroken as error:
        if error.code in ("out_of_scope", "unknown_matter"):
            raise
        rule_say(request, error)
    return redirect("decisions:case", case_id=case_id)


@allow(*READERS)
@never_cache
def assignment(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """One assignment with its history."""
    return _assignment(
        request, assignment_one(actor=request.user, assignment_id=assignment_id, on=timezone.localdate())
    )


def _assignment(request: HttpRequest, line: AssignmentLine, **bound: forms.Form) -> HttpResponse:
    row = line.row
    writes = request.user.role in WRITERS
    initial = {name: getattr(row, name) for name in AssignmentForm.base_fields}
    plain = {
        "change": AssignmentForm(initial=initial, owners=owners_of(row.case.hospital_id), prefix="change"),
        "report": ReportForm(initial={"report": row.report}),
        "lapse": LapseForm(prefix="lapse"),
    }
    context = {
        "line": line,
        "row": row,
        "writes": writes,
        "reports": (writes or line.is_mine) and not line.is_closed,
        **(plain | bound),
    }
    return render(request, "decisions/assignment.html", context, status=422 if bound else 200)


@allow(*READERS)
@require_POST
def assignment_act(request: HttpRequest, assignment_id: int, act: str) -> HttpResponse:
    """Report it (its owner or a writer); change it, close it, let it lapse, take it up again (a writer)."""
    line = assignment_one(actor=request.user, assignment_id=assignment_id, on=timezone.localdate())
    who = {"assignment_id": assignment_id, "actor": request.user, "at": timezone.now()}
    report, lapse = ReportForm(request.POST), LapseForm(request.POST, prefix="lapse")
    change = AssignmentForm(request.POST, owners=owners_of(line.row.case.hospital_id), prefix="change")
    made: dict[str, tuple[str, forms.Form, Callable[[], object]]] = {
        "redovisa": ("report", report, lambda: services.assignment_report(**report.cleaned_data, **who)),
        "forfall": ("lapse", lapse, lambda: services.assignment_lapse(**lapse.cleaned_data, **who)),
        "andra": (
            "change",
            change,
            lambda: services.assignment_set(words=services.AssignmentWords(**change.cleaned_data), **who),
        ),
    }
    if act in made:
        name, form, service = made[act]
        if not (form.is_valid() and _try(form, service)):
            return _assignment(request, line, **{name: form})
    elif act in ("klar", "ateruppta"):
        done = services.assignment_close if act == "klar" else services.assignment_reopen
        try:
            done(**who)
        except RuleBroken as error:
            if error.code == "wrong_role":
                raise
            rule_say(request, error)
    else:
        raise Http404
    return redirect("decisions:assignment", assignment_id=assignment_id)


@allow(*READERS)
@never_cache
def reminders(request: HttpRequest) -> HttpResponse:
    """Who was reminded of what, and by which ways."""
    return render(request, "decisions/reminders.html", {"rows": reminder_list(actor=request.user)})


@allow(*WRITERS)
@require_POST
def redecide(request: HttpRequest, case_id: int) -> HttpResponse:
    """Begin the case that takes a decision again."""
    try:
        made = services.case_redecide(
            case_id=case_id, step_id=request.POST.get("step", ""), actor=request.user, at=timezone.now()
        )
    except RuleBroken as error:
        if error.code in ("out_of_scope", "unknown_matter"):
            raise
        rule_say(request, error)
        return redirect("decisions:case", case_id=case_id)
    return redirect("decisions:case", case_id=made.pk)

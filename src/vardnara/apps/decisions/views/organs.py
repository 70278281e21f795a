"""Organisations with the forms of their registry numbers and their organs; the register of decisions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.queries import user_reach
from vardnara.apps.accounts.views.access import allow
from vardnara.apps.accounts.views.answers import rule_say, rule_text
from vardnara.apps.decisions import services
from vardnara.apps.decisions.forms.organs import OrganForm, OrganisationForm, PatternFormForm, RegisterForm
from vardnara.apps.decisions.queries.cases import READERS
from vardnara.apps.decisions.queries.organs import (
    Decided,
    decision_register,
    organisation_list,
    organisation_one,
)
from vardnara.apps.decisions.services.organs import EDITORS
from vardnara.gateways.tabular import OutTable, Sheet, table_csv_text, workbook_bytes
from vardnara.kernel.errors import RuleBroken
from vardnara.parameters.registry_patterns import registry_patterns

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FIELD_OF = {
    "pattern_unreadable": "text",
    "pattern_without_example": "examples",
    "example_not_in_form": "examples",
    "name_taken": "name",
}


def number_asked(text: str) -> int:
    """An id out of a form; 0 where it is none."""
    return int(text) if text.isdigit() and len(text) < 18 else 0


@allow(*READERS)
@never_cache
def organisations(request: HttpRequest) -> HttpResponse:
    """Every organisation with its forms and organs."""
    context = {
        "rows": organisation_list(actor=request.user),
        "edits": request.user.role in EDITORS,
        "form": OrganisationForm(),
    }
    return render(request, "decisions/organisations.html", context)


@allow(*EDITORS)
@require_POST
def organisation_new(request: HttpRequest) -> HttpResponse:
    """An organisation by name."""
    form = OrganisationForm(request.POST)
    hospitals = sorted(user_reach(request.user).hospital_ids)
    if form.is_valid():
        try:
            made = services.organisation_add(
                hospital_id=hospitals[0] if hospitals else 0,
                name=form.cleaned_data["name"],
                actor=request.user,
                at=timezone.now(),
            )
            return redirect("decisions:organisation", organisation_id=made.pk)
        except RuleBroken as error:
            if error.code in ("out_of_scope", "wrong_role"):
                raise
            form.add_error("name", rule_text(error.code))
    context = {"rows": organisation_list(actor=request.user), "edits": True, "form": form}
    return render(request, "decisions/organisations.html", context, status=422)


@allow(*READERS)
@never_cache
def organisation(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """One organisation."""
    return _organisation(request, organisation_id)


def _organisation(request: HttpRequest, organisation_id: int, **bound: forms.Form) -> HttpResponse:
    found = organisation_one(actor=request.user, organisation_id=organisation_id)
    plain = {
        "rename": OrganisationForm(initial={"name": found.name}, prefix="rename"),
        "pattern": PatternFormForm(prefix="pattern"),
        "organ": OrganForm(prefix="organ"),
    }
    context = {
        "organisation": found,
        "patterns": found.patterns.order_by("pk"),
        "organs": found.organs.order_by("name"),
        "edits": request.user.role in EDITORS,
        "shipped": registry_patterns(),
        **(plain | bound),
    }
    return render(request, "decisions/organisation.html", context, status=422 if bound else 200)


def _said(error: RuleBroken) -> str:
    """What was wrong, with the place or the number that it is about."""
    if error.code == "pattern_unreadable":
        place, wrong, expected = (*error.detail.split("|", 2), "", "")[:3]
        return pgettext(
            "organ", "The form cannot be read at character %(place)s: %(wrong)s. Expected %(expected)s."
        ) % {
            "place": place,
            "wrong": wrong,
            "expected": expected,
        }
    if error.code == "example_not_in_form":
        return pgettext("organ", "%(number)s is not in this form.") % {"number": error.detail}
    return rule_text(error.code)


@allow(*EDITORS)
@require_POST
def organisation_act(request: HttpRequest, organisation_id: int, act: str) -> HttpResponse:
    """Rename it; add or remove a form; begin from a shipped one; add an organ, retire it or take it up again."""
    who = {"organisation_id": organisation_id, "actor": request.user, "at": timezone.now()}
    made: dict[str, tuple[str, forms.Form, Callable[..., object]]] = {
        "namn": ("rename", OrganisationForm(request.POST, prefix="rename"), services.organisation_rename),
        "form": ("pattern", PatternFormForm(request.POST, prefix="pattern"), services.pattern_add),
        "organ": ("organ", OrganForm(request.POST, prefix="organ"), services.organ_add),
    }
    if act in made:
        name, form, service = made[act]
        if form.is_valid() and _try(form, lambda: service(**form.cleaned_data, **who)):
            return redirect("decisions:organisation", organisation_id=organisation_id)
        return _organisation(request, organisation_id, **{name: form})
    row = number_asked(request.POST.get("row", ""))
    plain: dict[str, Callable[[], object]] = {
        "form-bort": lambda: services.pattern_remove(pattern_id=row, **who),
        "organ-ur": lambda: services.organ_retire(organ_id=row, retired=True, **who),
        "organ-i": lambda: services.organ_retire(organ_id=row, retired=False, **who),
        "exempel": lambda: _shipped(row, who),
    }
    if act not in plain:
        raise Http404
    try:
        plain[act]()
    except RuleBroken as error:
        rule_say(request, error)
    return redirect("decisions:organisation", organisation_id=organisation_id)


def _shipped(number: int, who: dict[str, Any]) -> None:
    shipped = registry_patterns()
    if number >= len(shipped):
        raise RuleBroken("unknown_line", str(number))
    found = shipped[number]
    services.pattern_add(form="template", text=found.template, examples=found.examples, **who)


def _try(form: forms.Form, act: Callable[[], object]) -> bool:
    try:
        act()
    except RuleBroken as error:
        if error.code in ("out_of_scope", "unknown_matter", "wrong_role"):
            raise
        field = FIELD_OF.get(error.code)
        form.add_error(field if field in form.fields else None, _said(error))
        return False
    return True


@allow(*READERS)
@never_cache
def register(request: HttpRequest) -> HttpResponse:
    """Decisions by organ and year, from cases here and from what cases tell of."""
    every = decision_register(actor=request.user)
    form = RegisterForm(request.GET or None, organs=every.organs, years=every.years)
    asked = form.cleaned_data if form.is_valid() else {}
    found = decision_register(actor=request.user, organ_id=asked.get("organ"), year=asked.get("year"))
    context = {"rows": found.rows, "form": form, "asked": request.GET.urlencode()}
    return render(request, "decisions/register.html", context)


COLUMNS = ("organ", "on", "paragraph", "decision", "case", "note")


def _line(row: Decided) -> tuple[str, ...]:
    notes = []
    if not row.is_own:
        notes.append(pgettext("organ", "told of in the case"))
    if row.is_out_of_order:
        notes.append(pgettext("organ", "number and day out of order"))
    if row.differs:
        notes.append(pgettext("organ", "told of with another day too"))
    number = str(row.number) if row.number is not None else ""
    return row.organ, row.on.isoformat(), number, row.text, row.title, "; ".join(notes)


@allow(*READERS)
@never_cache
def register_export(request: HttpRequest, kind: str) -> HttpResponse:
    """The same as CSV or a workbook."""
    if kind not in ("csv", "xlsx"):
        raise Http404
    every = decision_register(actor=request.user)
    form = RegisterForm(request.GET or None, organs=every.organs, years=every.years)
    asked = form.cleaned_data if form.is_valid() else {}
    rows = decision_register(actor=request.user, organ_id=asked.get("organ"), year=asked.get("year")).rows
    name = pgettext("organ", "decisions")
    lines = [_line(row) for row in rows]
    if kind == "csv":
        text = table_csv_text(OutTable(name, COLUMNS, lines), delimiter=";", decimal_comma=True)
        answer = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    else:
        heads = [
            pgettext("organ", "Organ"),
            pgettext("organ", "Date"),
            "§",
            pgettext("organ", "Decision"),
            pgettext("organ", "Case"),
            pgettext("organ", "Note"),
        ]
        title = pgettext("organ", "Register of decisions")
        answer = HttpResponse(workbook_bytes([Sheet(title, title, "", heads, lines)]), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer

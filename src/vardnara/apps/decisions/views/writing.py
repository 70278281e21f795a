"""Writing a case: its head, and the rows of each section. Every change is a version, and any version can come back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.views.access import allow
from vardnara.apps.accounts.views.answers import rule_say, rule_text
from vardnara.apps.decisions import services
from vardnara.apps.decisions.bridge.fault_words import fault_text
from vardnara.apps.decisions.choices import Section
from vardnara.apps.decisions.forms import HeadForm
from vardnara.apps.decisions.forms.rows import FIELDS, RowForm, figures_of
from vardnara.apps.decisions.queries.cases import version_content
from vardnara.apps.decisions.services.recording import WRITERS
from vardnara.apps.decisions.templatetags.decision_numbers import plain
from vardnara.apps.decisions.views.cases import faults_say, page_of
from vardnara.gateways.case_file.content import Content, pointer_parts
from vardnara.kernel.errors import InputError, RuleBroken

SAID = ("somebody_changed_it", "case_is_decided", "register_argument", "register_empty")  # at a form
NAMES = (
    "label",
    "name",
    "title",
    "text",
    "task",
    "fact",
    "heading",
    "figure",
)  # what a row is known by, the first it has


def shown_rows(
    section: str, content: Content, rows: list[dict[str, Any]]
) -> list[tuple[int, str, list[tuple[str, str]]]]:
    """Each row with its number, the words that name it, and the others with their labels, in the order of the form."""
    fields = {name: make() for name, make in FIELDS[section].items()}
    figures = dict(figures_of(content))

    def said(key: str, value: Any) -> str:
        field = fields.get(key)
        if getattr(field, "among", "") == "figure":
            return figures.get(value, str(value))
        if isinstance(field, forms.ChoiceField) and not getattr(field, "among", ""):
            return str(dict(field.choices).get(value, value))
        if isinstance(field, forms.DateField):
            return date_format(date.fromisoformat(value), "j F Y")
        if isinstance(field, forms.DecimalField):
            return plain(value)
        return _said(value)

    told = []
    for number, row in enumerate(rows):
        key = next((key for key in NAMES if key in row), "")
        rest = [(str(fields[one].label), said(one, row[one])) for one in fields if one in row and one != key]
        told.append((number, said(key, row[key]) if key else "", rest))
    return told


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return pgettext("case", "yes") if value else pgettext("case", "no")
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)


@allow(*WRITERS)
@never_cache
def write(request: HttpRequest, case_id: int) -> HttpResponse:
    """What the case says, section by section, with its versions."""
    page = page_of(request, case_id)
    sections = [
        (section, section.label, shown_rows(section, page.content, page.content.get(section, [])))
        for section in Section
    ]
    context = {"page": page, "case": page.case, "told": page.examination.case, "sections": sections}
    return render(request, "decisions/write.html", context)


@allow(*WRITERS)
@never_cache
def head(request: HttpRequest, case_id: int) -> HttpResponse:
    """What the case says of itself as a whole."""
    page = page_of(request, case_id)
    initial = {name: page.content.get(name) for name in HeadForm.base_fields}
    form = HeadForm(request.POST or None, initial=initial, figures=figures_of(page.content))

    def save() -> None:
        services.head_set(
            case_id=case_id, values=form.cleaned_data, seen=seen(request), actor=request.user, at=timezone.now()
        )

    if saved(request, form, "", None, save):
        return redirect("decisions:write", case_id=case_id)
    context = {"page": page, "case": page.case, "form": form, "heading": pgettext("case", "The case as a whole")}
    return render(request, "decisions/row.html", context, status=422 if form.is_bound else 200)


@allow(*WRITERS)
@never_cache
def row(request: HttpRequest, case_id: int, section: str, number: int | None = None) -> HttpResponse:
    """A row of a section, new or changed."""
    if section not in Section.values:
        raise Http404
    page = page_of(request, case_id)
    rows = page.content.get(section, [])
    if number is not None and number >= len(rows):
        raise Http404
    old = rows[number] if number is not None else None
    form = RowForm(request.POST or None, section=section, content=page.content, row=old)

    def save() -> None:
        services.row_set(
            case_id=case_id,
            section=section,
            number=number,
            values=form.cleaned_row(),
            seen=seen(request),
            actor=request.user,
            at=timezone.now(),
        )

    if saved(request, form, section, len(rows) if number is None else number, save):
        if "more" in request.POST:
            return redirect("decisions:row_new", case_id=case_id, section=section)
        return redirect(f"{_write_url(case_id)}#{section}")
    context = {
        "page": page,
        "case": page.case,
        "form": form,
        "rows": form,
        "section": section,
        "heading": Section(section).label,
        "is_new": number is None,
    }
    return render(request, "decisions/row.html", context, status=422 if form.is_bound else 200)


def _write_url(case_id: int) -> str:
    return reverse("decisions:write", args=[case_id])


def seen(request: HttpRequest) -> int:
    """The version that the writer had in front of them."""
    text = request.POST.get("seen", "")
    return int(text) if text.isdigit() and len(text) < 10 else 0


def saved(request: HttpRequest, form: forms.Form, section: str, number: int | None, save: Callable[[], None]) -> bool:
    """Whether a form was sent and saved; what was wrong stands at its fields."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        save()
    except InputError as error:
        for fault in error.faults:
            where, at, field = pointer_parts(fault.place)
            own = where == section and at == number
            words = fault_text(fault)
            if not own and where in Section.values:
                words = f"{Section(where).label} {(at or 0) + 1}: {words}"
            form.add_error(field if own and field in form.fields else None, words)
        return False
    except RuleBroken as error:
        if error.code not in SAID:
            raise
        asked = error.detail if error.code == "register_argument" and error.detail in form.fields else None
        form.add_error(asked, rule_text(error.code))
        return False
    return True


@allow(*WRITERS)
@require_POST
def row_act(request: HttpRequest, case_id: int, section: str, number: int, act: str) -> HttpResponse:
    """Take a row away, or move it up or down."""
    words = {"case_id": case_id, "section": section, "number": number, "seen": seen(request)}
    who = {"actor": request.user, "at": timezone.now()}
    try:
        if act == "bort":
            services.row_remove(**words, **who)
        elif act in ("upp", "ned"):
            services.row_move(**words, up=act == "upp", **who)
        else:
            raise Http404
    except InputError as error:
        faults_say(request, error.faults)
    except RuleBroken as error:
        rule_say(request, error)
    return redirect(f"{_write_url(case_id)}#{section}")


@allow(*WRITERS)
@never_cache
def version(request: HttpRequest, case_id: int, number: int) -> HttpResponse:
    """What an earlier version said, beside what the newest says."""
    page = page_of(request, case_id)
    then = version_content(actor=request.user, case_id=case_id, number=number)
    changed = []
    for section in Section:
        old, new = then.get(section, []), page.content.get(section, [])
        gone = [one for one in old if one not in new]
        added = [one for one in new if one not in old]
        if gone or added:
            changed.append((section.label, shown_rows(section, then, gone), shown_rows(section, page.content, added)))
    context = {"page": page, "case": page.case, "number": number, "changed": changed}
    return render(request, "decisions/version.html", context)


@allow(*WRITERS)
@require_POST
def restore(request: HttpRequest, case_id: int, number: int) -> HttpResponse:
    """Say again what an earlier version said."""
    try:
        services.case_restore(case_id=case_id, number=number, seen=seen(request), actor=request.user, at=timezone.now())
    except RuleBroken as error:
        rule_say(request, error)
    return redirect("decisions:write", case_id=case_id)

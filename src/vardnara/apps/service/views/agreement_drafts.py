"""Writing a draft: its terms, its wards, the rows of one ward, and reading them from a table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import npgettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.views.access import allow
from vardnara.apps.accounts.views.answers import rule_say
from vardnara.apps.accounts.views.uploads import upload_kept
from vardnara.apps.service import services
from vardnara.apps.service.bridge.line_words import days_text, frequency_text, hours_text, kind_name
from vardnara.apps.service.choices import Party
from vardnara.apps.service.forms import LineForm, LineForms, TermsForm, UploadForm
from vardnara.apps.service.queries.agreements import (
    EDITORS,
    LineRow,
    VersionPage,
    WardName,
    agreement_one,
    kinds_by_id,
    line_rows,
    lines_mark,
    version_page,
    wards_of_hospital,
)
from vardnara.apps.service.views.agreements import attempt, form_fault, terms_of
from vardnara.gateways.tabular import tables_read
from vardnara.kernel.errors import InputError, RuleBroken
from vardnara.kernel.faults import Fault

LARGEST_MB = 5  # 20,000 lines are about 2 MB
FAULTS_SHOWN = 200
NEW_ROWS = 3


def _draft(request: HttpRequest, agreement_id: int) -> VersionPage:
    """The draft that the page is about; without one there is no such page."""
    on = timezone.localdate()
    row = agreement_one(actor=request.user, on=on, agreement_id=agreement_id)
    if row.draft is None:
        raise RuleBroken("unknown_agreement", f"{agreement_id} has no draft")
    return version_page(actor=request.user, on=on, agreement_id=agreement_id, number=row.draft.number)


def _terms(page: VersionPage) -> dict[str, object]:
    """The terms as the form shows them; whole kronor without decimals."""
    names = ("valid_from", "valid_to", "review_on", "price_sek", "compensation_sek", "price_year", "contact", "note")
    terms = {name: getattr(page.version, name) for name in names}
    for name in ("price_sek", "compensation_sek"):
        if terms[name] is not None and terms[name] % 1 == 0:
            terms[name] = int(terms[name])
    return terms


@allow(*EDITORS)
@never_cache
def agreement_draft(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """The terms of the draft, and its wards with what each leaves open."""
    page = _draft(request, agreement_id)
    form = TermsForm(request.POST or None, initial=_terms(page))
    if request.method == "POST" and form.is_valid():
        try:
            services.draft_set(
                version_id=page.version.id, terms=terms_of(form.cleaned_data), actor=request.user, at=timezone.now()
            )
            return redirect("service:agreement_draft", agreement_id=agreement_id)
        except RuleBroken as error:
            form_fault(form, error)
    return _draft_page(request, page, form=form)


def _draft_page(
    request: HttpRequest, page: VersionPage, *, form: TermsForm | None = None, faults: Sequence[Fault] = ()
) -> HttpResponse:
    form = form or TermsForm(initial=_terms(page))
    wards = wards_of_hospital(actor=request.user, hospital_id=page.agreement.hospital_id)
    check = services.version_check_of(version_id=page.version.id, ward_ids={ward.id for ward in wards})
    named = {ward.id for ward in page.wards}
    context = {
        "agreement": page.agreement,
        "version": page.version,
        "form": form,
        "upload": UploadForm(),
        "faults": [
            {"place": fault.place, "source": Path(fault.source).name, "wrong": fault.wrong, "expected": fault.expected}
            for fault in faults[:FAULTS_SHOWN]
        ],
        "n_faults": len(faults),
        "wards": [
            {
                "ward": ward,
                "n_lines": sum(1 for line in page.lines if line.ward_id == ward.id),
                "n_holes": sum(1 for hole in check.holes if hole.ward_id == ward.id),
                "n_overlaps": sum(1 for one in check.overlaps if one.ward_id == ward.id),
            }
            for ward in page.wards
        ],
        "others": [ward for ward in wards if ward.id not in named],
        "check": check,
    }
    bad = faults or (form.is_bound and not form.is_valid())
    return render(request, "service/agreement_draft.html", context, status=422 if bad else 200)


@allow(*EDITORS)
@require_POST
def agreement_draft_delete(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """Throw the draft away."""
    page = _draft(request, agreement_id)
    attempt(
        request,
        lambda: services.draft_delete(version_id=page.version.id, actor=request.user, at=timezone.now()),
        pgettext("agreement", "The draft is thrown away."),
    )
    return redirect("service:agreements")


@allow(*EDITORS)
@require_POST
def agreement_import(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """Read the draft's lines from a table: all of them, or every fault and none."""
    page = _draft(request, agreement_id)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        rule_say(request, RuleBroken("bad_input"))
        return redirect("service:agreement_draft", agreement_id=agreement_id)
    sent = form.cleaned_data["file"]
    try:
        with upload_kept(sent, largest_mb=LARGEST_MB, stem="lines") as (file, _):
            n = services.draft_lines_import(
                version_id=page.version.id, reading=tables_read(file), actor=request.user, at=timezone.now()
            )
    except InputError as error:
        name = Path(sent.name).name
        told = [Fault(name, one.place, one.wrong, one.expected) for one in error.faults]
        return _draft_page(request, page, faults=told)
    except RuleBroken as error:
        rule_say(request, error)
        return redirect("service:agreement_version", agreement_id=agreement_id, number=page.version.number)
    messages.success(
        request,
        npgettext("agreement", "%(n)d line is read in.", "%(n)d lines are read in.", n) % {"n": n},
    )
    return redirect("service:agreement_draft", agreement_id=agreement_id)


# ---- the rows of one ward ----


def _ward(request: HttpRequest, page: VersionPage, ward_id: int) -> WardName:
    for ward in wards_of_hospital(actor=request.user, hospital_id=page.agreement.hospital_id):
        if ward.id == ward_id:
            return ward
    raise RuleBroken("out_of_scope", f"ward {ward_id}")


def _tasks(lines: Sequence[LineRow]) -> list[tuple[int, str]]:
    """Kinds that may be chosen: those in use, and those that the lines name already."""
    used = {line.task_type_id for line in lines}
    return [(pk, kind_name(kind)) for pk, kind in kinds_by_id().items() if kind.retired_at is None or pk in used]


def _initial(line: LineRow) -> dict[str, object]:
    return {
        "id": line.id,
        "task": line.task_type_id,
        "party": line.party,
        "days": days_text(line.days),
        "window": hours_text(line.start_minutes, line.end_minutes),
        "frequency": frequency_text(line.rrule, line.days),
        "times": line.times,
        "quality": line.quality,
        "price": "" if line.price_sek is None else str(line.price_sek).replace(".", ","),
        "note": line.note,
    }


def _asked_for(request: HttpRequest) -> list[dict[str, object]]:
    """A new row for the hole whose link was followed, as who follows it most likely wants it."""
    if "uppgift" not in request.GET:
        return []
    task = request.GET["uppgift"]
    return [
        {
            "task": int(task) if task.isdecimal() else None,
            "party": Party.SERVICE,
            "days": request.GET.get("dagar", "")[:120],
            "window": request.GET.get("tid", "")[:40],
        }
    ]


@allow(*EDITORS)
@never_cache
def agreement_ward(request: HttpRequest, agreement_id: int, ward_id: int) -> HttpResponse:
    """The rows of one ward of the draft: written as in a table, saved at once."""
    page = _draft(request, agreement_id)
    ward = _ward(request, page, ward_id)
    lines = line_rows(version_id=page.version.id, ward_ids=[ward_id])
    words: dict[str, Any] = {"form_kwargs": {"tasks": _tasks(lines)}, "prefix": "row"}
    if request.method == "POST":
        if "more" in request.POST or "copy" in request.POST:
            return _ward_page(request, page, ward, LineForms(_with_rows(request.POST), **words), draft=True)
        rows = LineForms(request.POST, **words)
        if rows.is_valid() and _save(request, page, ward_id, rows):
            return redirect("service:agreement_ward", agreement_id=agreement_id, ward_id=ward_id)
        return _ward_page(request, page, ward, rows)
    asked = _asked_for(request)
    extra = [*asked, *[{"party": Party.SERVICE}] * NEW_ROWS]
    rows = LineForms(initial=[*(_initial(line) for line in lines), *extra], **words)
    return _ward_page(request, page, ward, rows, n_asked=len(asked), n_lines=len(lines))


def _with_rows(sent: QueryDict) -> QueryDict:
    """What was written, with three empty rows more, or one that repeats another."""
    data = sent.copy()
    total = int(data.get("row-TOTAL_FORMS", "0")) if data.get("row-TOTAL_FORMS", "").isdecimal() else 0
    if "copy" in data:
        source = data["copy"]
        for name in ("task", "party", "days", "window", "frequency", "times", "quality", "price", "note"):
            data[f"row-{total}-{name}"] = data.get(f"row-{source}-{name}", "")
        data["row-TOTAL_FORMS"] = str(total + 1)
    else:
        for number in range(NEW_ROWS):
            data[f"row-{total + number}-party"] = Party.SERVICE
        data["row-TOTAL_FORMS"] = str(total + NEW_ROWS)
    return data


def _save(request: HttpRequest, page: VersionPage, ward_id: int, rows: Any) -> bool:
    removed, lines = [], []
    for number, form in enumerate(rows.forms):
        data = form.cleaned_data
        if data.get("DELETE"):
            removed += [data["id"]] if data.get("id") else []
        elif not form.is_blank:
            lines.append(_line(form, ward_id, number))
    try:
        services.draft_lines_save(
            version_id=page.version.id,
            ward_id=ward_id,
            lines=lines,
            removed=removed,
            mark=request.POST.get("mark", ""),
            actor=request.user,
            at=timezone.now(),
        )
    except services.LinesWrong as error:
        columns = {"party": "party", "frequency": "frequency"}
        for fault in error.faults:
            if fault.row.isdecimal():
                rows.forms[int(fault.row) - 1].add_error(columns.get(fault.column, "window"), fault.wrong)
        return False
    except RuleBroken as error:
        if error.code == "out_of_scope":
            raise
        rule_say(request, error)
        return error.code == "draft_changed"
    messages.success(request, pgettext("agreement", "The rows are saved."))
    return True


def _line(form: LineForm, ward_id: int, number: int) -> services.LineInput:
    data = form.cleaned_data
    return services.LineInput(
        task_type_id=data["task"],
        ward_id=ward_id,
        party=data["party"],
        days=data["days"],
        window=data["window"],
        rrule=data["frequency"],
        times=data["times"],
        quality=data["quality"],
        price_sek=data["price"],
        note=data["note"],
        id=data.get("id"),
        row=str(number + 1),
    )


def _ward_page(
    request: HttpRequest,
    page: VersionPage,
    ward: WardName,
    rows: Any,
    *,
    draft: bool = False,
    n_asked: int = 0,
    n_lines: int = 0,
) -> HttpResponse:
    check = services.version_check_of(version_id=page.version.id, ward_ids={ward.id})
    stored = line_rows(version_id=page.version.id, ward_ids=[ward.id])
    wards = wards_of_hospital(actor=request.user, hospital_id=page.agreement.hospital_id)
    named = {line.ward_id for line in page.lines}
    bad = rows.is_bound and not draft
    context = {
        "agreement": page.agreement,
        "version": page.version,
        "ward": ward,
        "rows": rows,
        "show_faults": bad,
        "unsaved": rows.is_bound,
        "first_new": n_lines if n_asked else -1,
        "mark": request.POST.get("mark") or lines_mark(stored),
        "n_stored": len(stored),
        "check": check,
        "others": [other for other in wards if other.id != ward.id],
        "named": named,
    }
    return render(request, "service/agreement_ward.html", context, status=422 if bad else 200)


@allow(*EDITORS)
@require_POST
def agreement_ward_copy(request: HttpRequest, agreement_id: int, ward_id: int) -> HttpResponse:
    """Other wards get what this one has."""
    page = _draft(request, agreement_id)
    wanted = [int(text) for text in request.POST.getlist("ward") if text.isdecimal()]
    attempt(
        request,
        lambda: services.draft_ward_copy(
            version_id=page.version.id,
            from_ward_id=ward_id,
            to_ward_ids=wanted,
            actor=request.user,
            at=timezone.now(),
        ),
        pgettext("agreement", "The chosen wards now have the same rows."),
    )
    return redirect("service:agreement_ward", agreement_id=agreement_id, ward_id=ward_id)


@allow(*EDITORS)
@require_POST
def agreement_ward_remove(request: HttpRequest, agreement_id: int, ward_id: int) -> HttpResponse:
    """Take the ward out of the draft."""
    page = _draft(request, agreement_id)
    attempt(
        request,
        lambda: services.draft_ward_remove(
            version_id=page.version.id, ward_id=ward_id, actor=request.user, at=timezone.now()
        ),
        pgettext("agreement", "The ward is taken out of the draft."),
    )
    return redirect("service:agreement_draft", agreement_id=agreement_id)

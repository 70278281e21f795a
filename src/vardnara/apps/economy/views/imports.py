"""Reading files in: what has been read, what each changed, templates, and every fault by its line."""

from __future__ import annotations

from pathlib import Path

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import npgettext
from django.views.decorators.cache import never_cache

from vardnara.apps.accounts.views.access import allow
from vardnara.apps.accounts.views.answers import rule_say, rule_text
from vardnara.apps.accounts.views.uploads import upload_kept
from vardnara.apps.economy import services
from vardnara.apps.economy.bridge.fault_words import fault_words
from vardnara.apps.economy.choices import KEEPERS, READERS
from vardnara.apps.economy.forms import TABLES, ImportForm
from vardnara.apps.economy.queries.ledger import economy_hospital, import_list, import_one
from vardnara.kernel.errors import InputError, RuleBroken
from vardnara.kernel.faults import Fault

LARGEST_MB = 50  # some 400,000 lines: ten seconds; larger files come by the command
ENDINGS = (".se", ".si", ".sie", ".csv", ".xlsx")
FAULTS_SHOWN = 200
TEMPLATES = {
    "ledger": "unit;account;booked_on;amount;voucher;text\n310;5010;2026-01-25;123456,50;A 17;Löner januari\n",
    "budget": "unit;account;month;amount\n310;5010;2026-01;120000\n",
    "units": "code;name;side;ward\n310;Vårdnära service;service;\n",
    "frames": "unit;year;amount;decided_on;source\n310;2026;1250000;2025-11-25;Regionfullmäktige § 156\n",
    "indices": "index;published_on;year;number;source\nPåhittat index;2026-02-15;2025;103,2;var talen är publicerade\n",
    "accounts": "code;name;kind\n5010;Löner;cost\n3010;Ersättning;income\n",
}


@allow(*READERS)
@never_cache
def imports(request: HttpRequest) -> HttpResponse:
    """What has been read in, newest first; a controller reads in the next file."""
    if request.method == "POST" and request.user.role in KEEPERS:
        return _read(request)
    return _page(request, ImportForm())


def _page(request: HttpRequest, form: ImportForm, faults: tuple[Fault, ...] = (), status: int = 200) -> HttpResponse:
    hospital_id = economy_hospital(actor=request.user)
    context = {
        "rows": import_list(actor=request.user, hospital_id=hospital_id),
        "form": form,
        "faults": [fault_words(fault) for fault in faults[:FAULTS_SHOWN]],
        "n_faults": len(faults),
        "writes": request.user.role in KEEPERS,
        "templates": list(TEMPLATES),
    }
    return render(request, "economy/imports.html", context, status=status)


def _read(request: HttpRequest) -> HttpResponse:
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    sent = form.cleaned_data["file"]
    try:
        with upload_kept(sent, endings=ENDINGS, largest_mb=LARGEST_MB, kinds="SIE 4, CSV, xlsx", stem="ledger") as (
            file,
            name,
        ):
            if form.cleaned_data["kind"] in TABLES:
                return _table_read(request, form, file, name)
            found = services.ledger_import(
                hospital_id=economy_hospital(actor=request.user),
                path=file,
                file_name=name,
                kind=form.cleaned_data["kind"],
                encoding=form.cleaned_data["encoding"],
                late_reason=form.cleaned_data["late_reason"],
                actor=request.user,
                at=timezone.now(),
            )
    except InputError as error:
        return _page(request, form, error.faults, 422)
    except RuleBroken as error:
        if error.code == "year_is_closed":
            form.add_error("late_reason", rule_text(error.code))
            return _page(request, form, status=422)
        rule_say(request, error)
        return redirect("economy:imports")
    n = sum(one.n_lines for one in found)
    messages.success(request, npgettext("economy", "%(n)d line is read in.", "%(n)d lines are read in.", n) % {"n": n})
    return redirect("economy:import", import_id=found[0].id)


def _table_read(request: HttpRequest, form: ImportForm, file: Path, name: str) -> HttpResponse:
    """Units, accounts, frames or indices: a table, whole or not at all; raises ``InputError`` with every fault."""
    kind = form.cleaned_data["kind"]
    n = services.tables_import(
        hospital_id=economy_hospital(actor=request.user),
        path=file,
        file_name=name,
        kind=kind,
        encoding=form.cleaned_data["encoding"],
        actor=request.user,
        at=timezone.now(),
    )
    messages.success(request, npgettext("economy", "%(n)d line is read in.", "%(n)d lines are read in.", n) % {"n": n})
    return redirect("economy:indices" if kind == "indices" else "economy:imports")


@allow(*READERS)
@never_cache
def import_page(request: HttpRequest, import_id: int) -> HttpResponse:
    """One import: what the file was, who read it in, and what it changed."""
    try:
        row, changes = import_one(actor=request.user, import_id=import_id)
    except RuleBroken as error:
        raise Http404 from error
    return render(request, "economy/import.html", {"row": row, "changes": changes[:1000], "n_changes": len(changes)})


@allow(*READERS)
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """An empty table with one row as an example."""
    if kind not in TEMPLATES:
        raise Http404
    answer = HttpResponse("\ufeff" + TEMPLATES[kind], content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{kind}.csv"'
    return answer

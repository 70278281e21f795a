"""Files of the kitchen: sent, mapped, read in, looked through, and taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache

from vardnara.apps.accounts.views.access import allow
from vardnara.apps.accounts.views.answers import rule_say
from vardnara.apps.accounts.views.uploads import upload_kept
from vardnara.apps.meals.bridge.mapping import FIELDS, fields_of, mapping_propose
from vardnara.apps.meals.choices import ImportKind
from vardnara.apps.meals.forms import kitchen as forms
from vardnara.apps.meals.models import SentFile
from vardnara.apps.meals.queries import food_pages
from vardnara.apps.meals.queries.food_pages import READERS, WRITERS
from vardnara.apps.meals.services import food_import as services
from vardnara.apps.meals.templatetags.food_words import FIELDS as FIELD_WORDS
from vardnara.apps.meals.views.deeds import act
from vardnara.gateways.food_file import ENDINGS
from vardnara.gateways.tabular import Table
from vardnara.kernel.errors import InputError, RuleBroken
from vardnara.kernel.faults import Fault

LARGEST_MB = 30
SHOWN = 500


@allow(*READERS)
@never_cache
def imports(request: HttpRequest) -> HttpResponse:
    """Files that were read in, and a new one."""
    form = forms.SendForm(request.POST or None, request.FILES or None)
    faults: tuple[Fault, ...] = ()
    if request.method == "POST" and request.user.role in WRITERS and form.is_valid():
        try:
            with upload_kept(
                form.cleaned_data["file"], endings=ENDINGS, largest_mb=LARGEST_MB, kinds="CSV, xlsx, JSON, gz"
            ) as (path, name):
                sent = services.file_send(
                    hospital_id=food_pages.own_hospital(actor=request.user),
                    kind=form.cleaned_data["kind"],
                    path=path,
                    file_name=name,
                    encoding=form.cleaned_data["encoding"],
                    actor=request.user,
                    at=timezone.now(),
                )
            return redirect("meals:import_map", sent_id=sent.pk)
        except InputError as error:
            faults = error.faults
    context = {
        "form": form,
        "faults": faults[:SHOWN],
        "rows": food_pages.food_imports(actor=request.user),
        "writes": request.user.role in WRITERS,
    }
    return render(request, "meals/imports.html", context, status=422 if request.method == "POST" else 200)


@allow(*WRITERS)
@never_cache
def import_map(request: HttpRequest, sent_id: int) -> HttpResponse:
    """Which column is what: proposed by the names of columns, or as it was done before."""
    sent = food_pages.sent_file(actor=request.user, sent_id=sent_id)
    table = services.sent_table(sent)
    if request.method == "POST":
        mapping = {field: request.POST.get(f"m_{field}", "") for field in fields_of(sent.kind)}
        options = _options_form(request, sent, request.POST)
        if options is None or options.is_valid():
            try:
                made = services.food_import(
                    sent_id=sent_id,
                    mapping=mapping,
                    options=_options(options),
                    name=request.POST.get("mapping_name", ""),
                    actor=request.user,
                    at=timezone.now(),
                )
                messages.success(request, pgettext("food import", "The file is read in."))
                return redirect("meals:import_done", import_id=made.pk)
            except InputError as error:
                return _map_page(request, sent, table, mapping, options, error.faults)
            except RuleBroken as error:
                rule_say(request, error)
        return _map_page(request, sent, table, mapping, options)
    known = services.mapping_known(hospital_id=sent.hospital_id, kind=sent.kind, columns=list(table.columns))
    mapping = known or mapping_propose(sent.kind, table.columns)
    return _map_page(request, sent, table, mapping, _options_form(request, sent, None), remembered=known is not None)


def _options_form(request: HttpRequest, sent: SentFile, said: Any) -> forms.FoodsOptions | forms.MenusOptions | None:
    if sent.kind == ImportKind.FOODS:
        return forms.FoodsOptions(said, initial={"name": sent.file_name, "source": ""})
    if sent.kind == ImportKind.MENUS:
        kitchens = [(one.pk, one.name) for one in food_pages.kitchens(actor=request.user)]
        return forms.MenusOptions(said, kitchens=kitchens, initial={"name": sent.file_name})
    return None


def _options(form: forms.FoodsOptions | forms.MenusOptions | None) -> dict[str, Any]:
    if form is None:
        return {}
    said = dict(form.cleaned_data)
    last = said.pop("last_on", None)
    return said | ({"to_on": last + timedelta(days=1)} if last else {})


def _map_page(
    request: HttpRequest,
    sent: SentFile,
    table: Table,
    mapping: dict[str, str],
    options: Any,
    faults: tuple[Fault, ...] = (),
    *,
    remembered: bool = False,
) -> HttpResponse:
    own = {field.name: field.needed for field in FIELDS[sent.kind]}
    chosen = set(mapping.values())
    context = {
        "sent": sent,
        "options": options,
        "remembered": remembered,
        "fields": [(name, FIELD_WORDS[name], mapping.get(name, ""), needed) for name, needed in own.items()],
        "nutrients": [(name, name, mapping.get(name, "")) for name in fields_of(sent.kind) if name not in own],
        "columns": table.columns,
        "left": [column for column in table.columns if column not in chosen],
        "sample": [[row.get(column)[:80] for column in table.columns[:12]] for row in table.rows[:4]],
        "sample_columns": table.columns[:12],
        "n_rows": len(table.rows),
        "faults": faults[:SHOWN],
        "n_faults": len(faults),
    }
    return render(request, "meals/import_map.html", context, status=422 if request.method == "POST" else 200)


@allow(*READERS)
@never_cache
def import_done(request: HttpRequest, import_id: int) -> HttpResponse:
    """One file: how it was read, and what a person must look at, by row."""
    made = food_pages.food_import_one(actor=request.user, import_id=import_id)
    if request.method == "POST":
        deeds = {"undo": lambda: services.food_import_undo(import_id=import_id, actor=request.user, at=timezone.now())}
        return act(request, deeds, reverse("meals:import_done", args=[import_id]))
    context = {
        "made": made,
        "findings": made.findings[:SHOWN],
        "n_findings": len(made.findings),
        "counts": [(name, n) for name, n in sorted(made.counts.items())],
        "writes": request.user.role in WRITERS,
    }
    return render(request, "meals/import_done.html", context)

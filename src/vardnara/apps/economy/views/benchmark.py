"""Own cost of one beside others': the page, a reference table, and reading one in."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.views.access import allow
from vardnara.apps.accounts.views.answers import rule_say
from vardnara.apps.accounts.views.uploads import upload_kept
from vardnara.apps.economy import services
from vardnara.apps.economy.bridge.fault_words import fault_words, words_of
from vardnara.apps.economy.choices import KEEPERS, READERS
from vardnara.apps.economy.forms import QuantityForm, ReferenceForm
from vardnara.apps.economy.queries.ledger import economy_hospital
from vardnara.apps.economy.queries.reference import benchmark as benchmark_read
from vardnara.apps.economy.queries.reference import counted, reference_one
from vardnara.kernel.errors import InputError, RuleBroken
from vardnara.kernel.faults import Fault

LARGEST_MB = 20
ENDINGS = (".csv", ".csv.gz", ".xlsx")
FAULTS_SHOWN = 500
FAR = 10  # times the middle, or a part of it: is the figure right?


@allow(*READERS)
@never_cache
def benchmark(request: HttpRequest) -> HttpResponse:
    """Every measure: own years, and reference tables in their own currency and year."""
    year = timezone.localdate().year
    asked = request.GET.get("year", "")
    initial: dict[str, object] = {"year": int(asked) if asked.isdigit() and len(asked) == 4 else year - 1}
    for one in counted(hospital_id=economy_hospital(actor=request.user), year=year, on=timezone.localdate()):
        if one.measure == request.GET.get("measure"):
            initial |= {"measure": one.measure, "quantity": one.quantity, "source": one.source}
    return _page(request, QuantityForm(initial=initial))


def _page(request: HttpRequest, form: QuantityForm) -> HttpResponse:
    hospital_id = economy_hospital(actor=request.user)
    context = {
        "measures": benchmark_read(actor=request.user, hospital_id=hospital_id),
        "form": form,
        "counted": counted(hospital_id=hospital_id, year=timezone.localdate().year, on=timezone.localdate()),
        "year": timezone.localdate().year,
        "writes": request.user.role in KEEPERS,
    }
    return render(request, "economy/benchmark.html", context, status=422 if form.errors else 200)


@allow(*KEEPERS)
@require_POST
def quantity(request: HttpRequest) -> HttpResponse:
    """Say what a measure cost here in a year."""
    form = QuantityForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    try:
        services.quantity_set(
            hospital_id=economy_hospital(actor=request.user), **form.cleaned_data, actor=request.user, at=timezone.now()
        )
        messages.success(request, pgettext("benchmark", "The figure is kept."))
    except RuleBroken as error:
        rule_say(request, error)
    return redirect("economy:benchmark")


@allow(*READERS)
@never_cache
def reference(request: HttpRequest, table_id: int) -> HttpResponse:
    """A reference table: rows, and what was left out."""
    try:
        table, rows, left_out = reference_one(actor=request.user, table_id=table_id)
    except RuleBroken as error:
        raise Http404 from error
    for row in rows:
        row.far = not table.median / FAR < row.value < table.median * FAR
    said = [(place, words_of(wrong), words_of(expected)) for place, wrong, expected in left_out]
    context = {"table": table, "rows": rows, "left_out": said, "writes": request.user.role in KEEPERS}
    return render(request, "economy/reference.html", context)


@allow(*KEEPERS)
@require_POST
def reference_remove(request: HttpRequest, table_id: int) -> HttpResponse:
    """Throw a reference table away."""
    try:
        services.reference_remove(table_id=table_id, actor=request.user)
    except RuleBroken as error:
        raise Http404 from error
    messages.success(request, pgettext("benchmark", "The table is thrown away."))
    return redirect("economy:benchmark")


@allow(*KEEPERS)
@never_cache
def reference_new(request: HttpRequest) -> HttpResponse:
    """Read a reference table in, or show every fault by row."""
    form = ReferenceForm(request.POST or None, request.FILES or None)
    faults: tuple[Fault, ...] = ()
    if request.method == "POST" and form.is_valid():
        words = dict(form.cleaned_data)
        sent = words.pop("file")
        try:
            with upload_kept(
                sent, endings=ENDINGS, largest_mb=LARGEST_MB, kinds="CSV, .csv.gz, xlsx", stem="table"
            ) as (file, name):
                table = services.reference_import(
                    hospital_id=economy_hospital(actor=request.user),
                    path=file,
                    file_name=name,
                    words=services.ReferenceWords(**words),
                    actor=request.user,
                    at=timezone.now(),
                )
            messages.success(request, pgettext("benchmark", "The table is read in."))
            return redirect("economy:reference", table_id=table.pk)
        except InputError as error:
            faults = error.faults
        except RuleBroken as error:
            rule_say(request, error)
    context = {"form": form, "faults": [fault_words(fault) for fault in faults[:FAULTS_SHOWN]], "n_faults": len(faults)}
    return render(request, "economy/reference_new.html", context, status=422 if form.is_bound else 200)

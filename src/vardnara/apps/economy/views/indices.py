"""Price and wage indices: what is entered, and an amount of one year in another's kronor."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.views.access import allow
from vardnara.apps.accounts.views.answers import rule_say, rule_text
from vardnara.apps.economy import services
from vardnara.apps.economy.choices import KEEPERS, READERS
from vardnara.apps.economy.forms import MoveForm
from vardnara.apps.economy.queries.indices import amount_moved, index_list
from vardnara.apps.economy.queries.ledger import economy_hospital
from vardnara.kernel.errors import InputError, RuleBroken


@allow(*READERS)
@never_cache
def indices(request: HttpRequest) -> HttpResponse:
    """Every index with its years, and the amount that was asked for."""
    hospital_id = economy_hospital(actor=request.user)
    rows = index_list(hospital_id=hospital_id)
    names = list(dict.fromkeys(row.name for row in rows))
    form = MoveForm(request.GET if "amount_sek" in request.GET else None, names=names)
    found = None
    if names and form.is_bound and form.is_valid():
        try:
            found = amount_moved(hospital_id=hospital_id, **form.cleaned_data)
        except RuleBroken as error:
            form.add_error("prices_name", rule_text(error.code))
        except InputError as error:
            for fault in error.faults:
                words = pgettext("index", "%(index)s has no number of %(year)s.")
                field = "from_year" if fault.place == str(form.cleaned_data.get("from_year")) else "to_year"
                form.add_error(field, words % {"index": fault.source, "year": fault.place})
    context = {
        "rows": rows,
        "years": sorted({year for row in rows for year, _ in row.numbers}),
        "form": form,
        "found": found,
        "asked": form.cleaned_data if form.is_bound and form.is_valid() else None,
        "writes": request.user.role in KEEPERS,
    }
    return render(request, "economy/indices.html", context, status=422 if form.errors else 200)


@allow(*KEEPERS)
@require_POST
def index_withdraw(request: HttpRequest, index_id: int) -> HttpResponse:
    """Take a publication out of use."""
    try:
        services.index_withdraw(index_id=index_id, actor=request.user, at=timezone.now())
        messages.success(request, pgettext("index", "The publication is out of use."))
    except RuleBroken as error:
        rule_say(request, error)
    return redirect("economy:indices")

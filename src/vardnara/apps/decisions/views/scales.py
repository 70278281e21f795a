"""Scales of risk: those that there are, and writing one with its matrix beside it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache

from vardnara.apps.accounts.queries import user_reach
from vardnara.apps.accounts.views.access import allow
from vardnara.apps.accounts.views.answers import rule_text
from vardnara.apps.decisions import services
from vardnara.apps.decisions.forms.scales import ScaleForm
from vardnara.apps.decisions.queries.cases import READERS
from vardnara.apps.decisions.queries.scales import ScaleRow, scale_find, scale_levels, scale_list
from vardnara.apps.decisions.services.scales import EDITORS, scale_check
from vardnara.kernel.errors import RuleBroken
from vardnara.parameters.risk_templates import RiskTemplate


@allow(*READERS)
@never_cache
def scales(request: HttpRequest) -> HttpResponse:
    """Every scale with its matrix."""
    rows = [(one, scale_levels(one.row.template)) for one in scale_list(actor=request.user)]
    return render(request, "decisions/scales.html", {"rows": rows, "edits": request.user.role in EDITORS})


def _initial(row: ScaleRow) -> dict[str, Any]:
    told = asdict(row.template)
    told["name"] = row.name if row.scale else pgettext("risk", "Our %(name)s") % {"name": row.name}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in told.items()}


@allow(*EDITORS)
@never_cache
def scale_new(request: HttpRequest) -> HttpResponse:
    """Copy a scale, or write the next version of an own one; looked at before it is saved."""
    hospitals = user_reach(request.user).hospital_ids
    row = _asked(request, hospitals)
    of = row.scale if row.scale and request.GET.get("kopia") is None else None
    form = ScaleForm(request.POST or None, initial=_initial(row))
    shown: RiskTemplate | None = row.template
    if request.method == "POST" and form.is_valid():
        words = services.ScaleWords(**form.words())
        try:
            shown = scale_check(words, at=timezone.now())
            if "preview" not in request.POST:
                services.scale_add(
                    hospital_id=of.hospital_id if of else sorted(hospitals)[0],
                    words=words,
                    of_id=of.pk if of else None,
                    actor=request.user,
                    at=timezone.now(),
                )
                return redirect("decisions:scales")
        except RuleBroken as error:
            if error.code in ("out_of_scope", "wrong_role"):
                raise
            shown = None
            name, _, where = error.detail.partition("|")
            told = rule_text(error.code)
            form.add_error(name if name in form.fields else None, f"{told} ({where})" if where else told)
    elif form.is_bound:
        shown = None
    context = {
        "form": form,
        "row": row,
        "of": of,
        "levels": scale_levels(shown) if shown else [],
        "severities": range(1, shown.n_severity + 1) if shown else (),
    }
    return render(request, "decisions/scale_new.html", context, status=422 if form.errors else 200)


def _asked(request: HttpRequest, hospitals: frozenset[int]) -> ScaleRow:
    try:
        return scale_find(request.GET.get("fran", ""), hospitals)
    except RuleBroken:
        return scale_find("5x5", hospitals)

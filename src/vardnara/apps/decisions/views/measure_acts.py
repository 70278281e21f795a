"""What is done to a measure on its page: a status, a promise, an outcome, a gate, a reading."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.views.access import allow
from vardnara.apps.accounts.views.answers import rule_say
from vardnara.apps.decisions import services
from vardnara.apps.decisions.forms import OutcomeForm
from vardnara.apps.decisions.forms.measures import GateForm, MeasurePromiseForm, ReadingForm, StatusForm
from vardnara.apps.decisions.queries.measures import MeasurePage, measure_one
from vardnara.apps.decisions.services.recording import WRITERS
from vardnara.apps.decisions.views.measures import measure_render, reading_words, rule_try, who_now
from vardnara.kernel.errors import RuleBroken

type Words = dict[str, Any]
type Deed = tuple[forms.Form, Callable[[Words], object]]  # a form, and what is done with what it says


def _row(request: HttpRequest) -> int:
    number = request.POST.get("row", "")
    return int(number) if number.isdigit() and len(number) < 18 else 0


def _status(request: HttpRequest, page: MeasurePage, who: Words) -> Deed:
    form = StatusForm(request.POST, prefix="status")
    return form, lambda said: services.measure_status_set(**said, **who)


def _promise(request: HttpRequest, page: MeasurePage, who: Words) -> Deed:
    def add(said: Words) -> object:
        baseline_on = said.pop("baseline_on")
        return services.measure_promise_add(words=services.PromiseWords(**said), baseline_on=baseline_on, **who)

    return MeasurePromiseForm(request.POST, prefix="lofte"), add


def _outcome(request: HttpRequest, page: MeasurePage, who: Words) -> Deed:
    row = _row(request)
    form = OutcomeForm(request.POST, prefix=f"utfall{row}")
    return form, lambda said: services.measure_outcome_set(promise_id=row, **said, **who)


def _gate(request: HttpRequest, page: MeasurePage, who: Words) -> Deed:
    def add(said: Words) -> object:
        share = Decimal(said["per_cent"]) / 100
        return services.measure_gate_add(first_id=said["first_id"], share=share, **who)

    return GateForm(request.POST, prefix="villkor", others=page.others), add


def _reading(request: HttpRequest, page: MeasurePage, who: Words) -> Deed:
    code = request.POST.get("indicator", "")
    series = next((one for one in page.series if one.indicator.code == code), None)
    if series is None:
        raise Http404
    earlier = reading_words(series, timezone.localdate())["earlier"]

    def add(said: Words) -> object:
        corrects = said.pop("corrects")
        words = services.ReadingWords(indicator=code, **said)
        return services.measure_reading_add(words=words, corrects=corrects, **who)

    return ReadingForm(request.POST, prefix=f"varde-{code}", earlier=earlier), add


DEEDS: dict[str, Callable[[HttpRequest, MeasurePage, Words], Deed]] = {
    "status": _status,
    "lofte": _promise,
    "utfall": _outcome,
    "villkor": _gate,
    "varde": _reading,
}
UNDONE: dict[str, Callable[[int, Words], object]] = {
    "lofte-bort": lambda row, who: services.measure_promise_remove(promise_id=row, **who),
    "villkor-bort": lambda row, who: services.measure_gate_remove(first_id=row, **who),
}


@allow(*WRITERS)
@require_POST
def measure_act(request: HttpRequest, measure_id: int, act: str) -> HttpResponse:
    """One thing that is done to a measure; what was wrong stands at its field on the measure's page."""
    who = {"measure_id": measure_id} | who_now(request)
    if act in UNDONE:
        try:
            UNDONE[act](_row(request), who)
        except RuleBroken as error:
            rule_say(request, error)
        return redirect("decisions:measure", measure_id=measure_id)
    if act not in DEEDS:
        raise Http404
    page = measure_one(actor=request.user, measure_id=measure_id, on=timezone.localdate())
    form, run = DEEDS[act](request, page, who)
    if form.is_valid() and rule_try(form, lambda: run(dict(form.cleaned_data))):
        return redirect("decisions:measure", measure_id=measure_id)
    return measure_render(request, page, {str(form.prefix): form})

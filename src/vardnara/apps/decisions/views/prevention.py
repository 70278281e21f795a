"""What a preventive measure costs and averts in a mild and in a severe season (K-13 to K-16)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import pgettext, pgettext_lazy
from django.views.decorators.cache import never_cache

from vardnara.apps.accounts.views.access import allow
from vardnara.apps.decisions.queries.cases import READERS
from vardnara.engines.economy import (
    Prevention,
    Programme,
    icer_sek,
    net_monetary_benefit_sek,
    prevention_estimate,
)

HUNDRED = Decimal(100)


def _number(label: Any, *, most: int | None = None, required: bool = True, help_text: Any = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=0, max_value=most, max_digits=14, decimal_places=4, required=required,
        localize=True, help_text=help_text,
    )  # fmt: skip


class PreventionForm(forms.Form):
    """A programme's own numbers: none is shipped, since none can be right for every region and season."""

    born = _number(pgettext_lazy("prevention", "How many it is offered to"))
    coverage = _number(pgettext_lazy("prevention", "Of these take it, per cent"), most=100)
    dose_sek = _number(pgettext_lazy("prevention", "A dose, kronor"))
    giving_sek = _number(pgettext_lazy("prevention", "Giving it, kronor"))
    efficacy = _number(pgettext_lazy("prevention", "Admissions it averts, per cent"), most=100)
    risk_mild = _number(pgettext_lazy("prevention", "Admitted without it in a mild season, per cent"), most=100)
    risk_severe = _number(pgettext_lazy("prevention", "Admitted without it in a severe season, per cent"), most=100)
    ward_days = _number(pgettext_lazy("prevention", "Days of an admission"))
    ward_day_sek = _number(
        pgettext_lazy("prevention", "A day, kronor"),
        help_text=pgettext_lazy("prevention", "Where no bed is closed only food, linen and medicine are saved."),
    )
    intensive_share = _number(pgettext_lazy("prevention", "Come to intensive care, per cent"), most=100)
    intensive_sek = _number(pgettext_lazy("prevention", "A stay in intensive care, kronor"))
    qaly = _number(
        pgettext_lazy("prevention", "Quality-adjusted life years for each admission averted"), required=False
    )
    threshold_sek = _number(pgettext_lazy("prevention", "Kronor that one of them may cost"), required=False)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        mild, severe = found.get("risk_mild"), found.get("risk_severe")
        if mild is not None and severe is not None and severe < mild:
            self.add_error(
                "risk_severe", pgettext("prevention", "A severe season has at least the risk of a mild one.")
            )
        return found

    def programme(self, risk: str) -> Programme:
        """The programme in a season of one risk; per cent become shares."""
        said = self.cleaned_data
        plain = ("born", "dose_sek", "giving_sek", "ward_days", "ward_day_sek", "intensive_sek")
        shares = ("coverage", "efficacy", "intensive_share")
        return Programme(
            **{name: said[name] for name in plain},
            **{name: said[name] / HUNDRED for name in shares},
            risk=said[risk] / HUNDRED,
        )


@dataclass(frozen=True, slots=True)
class Season:
    """A season's outcome; kronor a quality-adjusted life year and the net benefit where these were said."""

    name: str
    found: Prevention
    icer_sek: Decimal | None
    benefit_sek: Decimal | None


def _season(name: str, form: PreventionForm, risk: str) -> Season:
    found = prevention_estimate(form.programme(risk))
    each, threshold = form.cleaned_data["qaly"], form.cleaned_data["threshold_sek"]
    gained = None if each is None else each * found.admissions_averted
    return Season(
        name,
        found,
        None if gained is None else icer_sek(found.net_cost_sek, gained),
        None
        if gained is None or threshold is None
        else net_monetary_benefit_sek(found.net_cost_sek, gained, threshold_sek=threshold),
    )


@allow(*READERS)
@never_cache
def prevention(request: HttpRequest) -> HttpResponse:
    """Ask for the numbers, and show both seasons beside each other."""
    form = PreventionForm(request.GET or None)
    seasons: list[Season] = []
    if form.is_bound and form.is_valid():
        seasons = [
            _season(pgettext("prevention", "Mild season"), form, "risk_mild"),
            _season(pgettext("prevention", "Severe season"), form, "risk_severe"),
        ]
    status = 422 if form.errors else 200
    return render(request, "decisions/prevention.html", {"form": form, "seasons": seasons}, status=status)

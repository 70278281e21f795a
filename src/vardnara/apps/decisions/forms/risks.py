"""Shape of what people write of risks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy

from vardnara.apps.decisions.choices import Indicator, RiskArea, RiskSide, RiskVoice
from vardnara.apps.decisions.forms import day_field
from vardnara.parameters.risk_templates import RiskTemplate


class AnalysisForm(forms.Form):
    """A first version of a side."""

    side = forms.ChoiceField(choices=RiskSide.choices, widget=forms.HiddenInput())
    template = forms.ChoiceField(label=pgettext_lazy("risk", "Scale"))
    what_changes = forms.CharField(
        label=pgettext_lazy("risk", "What changes, where, and for whom"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )

    def __init__(self, *args: Any, scales: Sequence[tuple[str, str]], **words: Any) -> None:
        super().__init__(*args, **words)
        self.fields["template"].choices = scales


def _language() -> str:
    return (get_language() or "sv")[:2]


def _scale(words: tuple[str, ...]) -> list[tuple[int, str]]:
    return [(number, f"{number} – {word}") for number, word in enumerate(words, start=1)]


class RiskForm(forms.Form):
    """A risk: what, why, how likely, how bad, what is done about it and by whom, and the figure that watches it."""

    area = forms.ChoiceField(label=pgettext_lazy("risk", "Area"), choices=RiskArea.choices)
    risk = forms.CharField(label=pgettext_lazy("risk", "Risk"), max_length=300)
    cause = forms.CharField(label=pgettext_lazy("risk", "Cause"), max_length=300, required=False)
    consequence = forms.CharField(label=pgettext_lazy("risk", "Consequence"), max_length=300, required=False)
    likelihood = forms.TypedChoiceField(label=pgettext_lazy("risk", "Likelihood"), coerce=int)
    severity = forms.TypedChoiceField(label=pgettext_lazy("risk", "Severity"), coerce=int)
    existing_action = forms.CharField(
        label=pgettext_lazy("risk", "What is done already"), max_length=300, required=False
    )
    new_action = forms.CharField(label=pgettext_lazy("risk", "What will be done"), max_length=300, required=False)
    responsible = forms.CharField(label=pgettext_lazy("risk", "By whom"), max_length=160, required=False)
    due_on = day_field(pgettext_lazy("risk", "Done by"))
    follow_up = forms.CharField(label=pgettext_lazy("risk", "How it is followed up"), max_length=300, required=False)
    indicator = forms.ChoiceField(
        label=pgettext_lazy("risk", "Live figure that watches it"),
        choices=[("", "–"), *Indicator.choices],
        required=False,
    )
    threshold = forms.DecimalField(
        label=pgettext_lazy("risk", "Assess again above"), max_digits=10, decimal_places=1, min_value=0, required=False,
        localize=True,
    )  # fmt: skip
    indicator_place = forms.ChoiceField(label=pgettext_lazy("risk", "Of which place"), required=False)

    def __init__(self, *args: Any, template: RiskTemplate, places: Sequence[tuple[str, str]], **words: Any) -> None:
        super().__init__(*args, **words)
        self.fields["indicator_place"].choices = [("", pgettext_lazy("risk", "the whole hospital")), *places]
        likelihood, severity = template.words(_language())
        self.fields["likelihood"].choices = _scale(likelihood)
        self.fields["severity"].choices = _scale(severity)

    def words(self) -> dict[str, Any]:
        """What was written, as a service takes it."""
        told = dict(self.cleaned_data)
        kind, _, number = told.pop("indicator_place").partition(":")
        if number and told["indicator"]:
            told[f"indicator_{kind}_id"] = int(number)
        return told


class FollowUpForm(forms.Form):
    """What came of an action, and the risk that is left."""

    done_on = day_field(pgettext_lazy("risk", "Done"))
    residual_likelihood = forms.TypedChoiceField(
        label=pgettext_lazy("risk", "Likelihood that is left"), coerce=int, empty_value=None, required=False
    )
    residual_severity = forms.TypedChoiceField(
        label=pgettext_lazy("risk", "Severity that is left"), coerce=int, empty_value=None, required=False
    )
    follow_up = forms.CharField(label=pgettext_lazy("risk", "How it went"), max_length=300, required=False)

    def __init__(self, *args: Any, template: RiskTemplate, **words: Any) -> None:
        super().__init__(*args, **words)
        likelihood, severity = template.words(_language())
        self.fields["residual_likelihood"].choices = [("", "–"), *_scale(likelihood)]
        self.fields["residual_severity"].choices = [("", "–"), *_scale(severity)]


class CommentForm(forms.Form):
    """What a party said."""

    voice = forms.ChoiceField(label=pgettext_lazy("risk", "For"), choices=RiskVoice.choices)
    who = forms.CharField(label=pgettext_lazy("risk", "Name or union"), max_length=160)
    disagrees = forms.BooleanField(label=pgettext_lazy("risk", "Does not agree"), required=False)
    text = forms.CharField(
        label=pgettext_lazy("risk", "What was said"), max_length=600, widget=forms.Textarea(attrs={"rows": 2})
    )

"""Shape of what safety representatives and unions say."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy

from vardnara.apps.decisions.choices import RiskArea, Stance
from vardnara.parameters.risk_templates import RiskTemplate


class StanceForm(forms.Form):
    """Where a party stands, and why."""

    stance = forms.ChoiceField(label=pgettext_lazy("party", "Where you stand"), choices=Stance.choices)
    text = forms.CharField(
        label=pgettext_lazy("party", "In your words"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class RiskOfForm(StanceForm):
    """The same, of a risk or of the whole analysis."""

    key = forms.TypedChoiceField(label=pgettext_lazy("party", "Of what"), required=False, empty_value=None)

    field_order = ("key", "stance", "text")

    def __init__(self, *args: Any, risks: list[tuple[str, str]], **words: Any) -> None:
        super().__init__(*args, **words)
        self.fields["key"].choices = [("", pgettext_lazy("party", "the whole analysis")), *risks]


class SuggestForm(forms.Form):
    """A risk that a party suggests."""

    area = forms.ChoiceField(label=pgettext_lazy("risk", "Area"), choices=RiskArea.choices)
    risk = forms.CharField(label=pgettext_lazy("risk", "Risk"), max_length=300)
    cause = forms.CharField(label=pgettext_lazy("risk", "Cause"), max_length=300, required=False)
    consequence = forms.CharField(label=pgettext_lazy("risk", "Consequence"), max_length=300, required=False)
    likelihood = forms.TypedChoiceField(label=pgettext_lazy("risk", "Likelihood"), coerce=int)
    severity = forms.TypedChoiceField(label=pgettext_lazy("risk", "Severity"), coerce=int)

    def __init__(self, *args: Any, template: RiskTemplate, **words: Any) -> None:
        super().__init__(*args, **words)
        told = template.words((get_language() or "sv")[:2])
        for name, steps in zip(("likelihood", "severity"), told, strict=True):
            self.fields[name].choices = [(n, f"{n} – {word}") for n, word in enumerate(steps, start=1)]


class AnswerForm(forms.Form):
    text = forms.CharField(label=pgettext_lazy("party", "Answer"), max_length=300, required=False)

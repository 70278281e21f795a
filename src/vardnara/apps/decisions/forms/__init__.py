"""Shape of what people send about a case."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import pgettext_lazy

from vardnara.apps.decisions.choices import CaseKind, ConsultationKind, ConsultationOutcome

DAY = {"type": "date"}


class DayInput(forms.DateInput):
    """The browser's own date field."""

    input_type = "date"

    def __init__(self, **words: Any) -> None:
        super().__init__(format="%Y-%m-%d", **words)


def day_field(label: Any, *, required: bool = False, help_text: Any = "") -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=DayInput(), help_text=help_text)


def lines_of(text: str) -> list[str]:
    """The lines of a text that are not blank."""
    return [line.strip() for line in text.splitlines() if line.strip()]


class LinesField(forms.CharField):
    """A text for every line."""

    def __init__(self, **words: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": words.pop("rows", 5)}), **words)

    def to_python(self, value: Any) -> Any:
        return lines_of(super().to_python(value) or "")

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value


class HeadForm(forms.Form):
    """What a case says of itself as a whole."""

    title = forms.CharField(label=pgettext_lazy("case", "Title"), max_length=200)
    kind = forms.ChoiceField(label=pgettext_lazy("case", "Form of the document"), choices=CaseKind.choices)
    organisation = forms.CharField(label=pgettext_lazy("case", "Organisation"), max_length=120, required=False)
    organ = forms.CharField(label=pgettext_lazy("case", "Who decides"), max_length=120, required=False)
    paragraph = forms.CharField(label=pgettext_lazy("case", "Paragraph (§)"), max_length=12, required=False)
    dated_on = day_field(pgettext_lazy("case", "Date of the document"))
    meeting_on = day_field(pgettext_lazy("case", "Date of the meeting"))
    budget_year = forms.IntegerField(
        label=pgettext_lazy("case", "Budget year"), min_value=1990, max_value=2199, required=False
    )
    summary = forms.CharField(
        label=pgettext_lazy("case", "Summary"), widget=forms.Textarea(attrs={"rows": 4}), required=False
    )
    decision_opening = forms.CharField(
        label=pgettext_lazy("case", "Words before the proposals"),
        max_length=200,
        required=False,
        help_text=pgettext_lazy("case", "Such as: Regionservice får i uppdrag att:"),
    )
    basis_documents = LinesField(
        label=pgettext_lazy("case", "Basis for the decision, one on each line"), required=False
    )
    recipients = LinesField(label=pgettext_lazy("case", "Extract to, one on each line"), required=False)
    receiver_hourly = forms.ChoiceField(
        label=pgettext_lazy("case", "What an hour costs those who get the work"), required=False
    )

    def __init__(self, *args: Any, figures: list[tuple[str, str]] = (), **words: Any) -> None:  # type: ignore[assignment]
        super().__init__(*args, **words)
        self.fields["receiver_hourly"].choices = [("", "–"), *figures]


class NewCaseForm(forms.Form):
    """A case from nothing, or from a file."""

    title = forms.CharField(label=pgettext_lazy("case", "Title"), max_length=200, required=False)
    kind = forms.ChoiceField(label=pgettext_lazy("case", "Form of the document"), choices=CaseKind.choices)
    organisation = forms.CharField(label=pgettext_lazy("case", "Organisation"), max_length=120, required=False)
    organ = forms.CharField(label=pgettext_lazy("case", "Who decides"), max_length=120, required=False)


class CaseFileForm(forms.Form):
    file = forms.FileField(
        label=pgettext_lazy("case", "Case file (TOML)"), widget=forms.FileInput(attrs={"accept": ".toml"})
    )


class RegistryForm(forms.Form):
    number = forms.CharField(label=pgettext_lazy("case", "Registry number"), max_length=60, required=False)


class ConsultationForm(forms.Form):
    """A consultation before it is closed."""

    kind = forms.ChoiceField(label=pgettext_lazy("case", "Kind"), choices=ConsultationKind.choices)
    organ = forms.CharField(label=pgettext_lazy("case", "Where"), max_length=160)
    parties = forms.CharField(label=pgettext_lazy("case", "Parties"), max_length=300, required=False)
    called_on = day_field(pgettext_lazy("case", "Called"))
    held_on = day_field(pgettext_lazy("case", "Held"))
    adjusted_on = day_field(pgettext_lazy("case", "Minutes adjusted"))
    text = forms.CharField(
        label=pgettext_lazy("case", "What was said"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )


class CloseForm(forms.Form):
    closed_on = day_field(pgettext_lazy("case", "Closed"), required=True)
    outcome = forms.ChoiceField(label=pgettext_lazy("case", "Outcome"), choices=ConsultationOutcome.choices)


class DecideForm(forms.Form):
    decided_on = day_field(pgettext_lazy("case", "Date of the decision"), required=True)
    despite = forms.CharField(
        label=pgettext_lazy("case", "Why it cannot wait for the consultation"), max_length=300, required=False
    )


class ExecuteForm(forms.Form):
    executed_on = day_field(pgettext_lazy("case", "Carried out"), required=True)


class ReasonForm(forms.Form):
    because = forms.CharField(label=pgettext_lazy("case", "Why"), max_length=300, required=False)


class PromiseForm(forms.Form):
    """A claimed effect."""

    label = forms.CharField(label=pgettext_lazy("case", "Promised effect"), max_length=200)
    metric = forms.CharField(label=pgettext_lazy("case", "How it is measured"), max_length=200)
    unit = forms.CharField(label=pgettext_lazy("case", "Unit"), max_length=40)
    baseline = forms.DecimalField(
        label=pgettext_lazy("case", "Before"), max_digits=18, decimal_places=4, required=False, localize=True
    )
    promised = forms.DecimalField(
        label=pgettext_lazy("case", "Promised"), max_digits=18, decimal_places=4, localize=True
    )
    check_on = day_field(pgettext_lazy("case", "Looked at on"), required=True)


class OutcomeForm(forms.Form):
    outcome = forms.DecimalField(label=pgettext_lazy("case", "Outcome"), max_digits=18, decimal_places=4, localize=True)
    outcome_on = day_field(pgettext_lazy("case", "Measured on"), required=True)
    note = forms.CharField(label=pgettext_lazy("case", "Note"), max_length=300, required=False)

"""Shape of what people write of assignments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import pgettext_lazy

from vardnara.apps.decisions.forms import day_field


class AssignmentForm(forms.Form):
    """What is to be done, by whom, who of the users answers for it, and by when."""

    text = forms.CharField(
        label=pgettext_lazy("assignment", "What is to be done"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    whom = forms.CharField(label=pgettext_lazy("assignment", "To whom"), max_length=160)
    owner_id = forms.TypedChoiceField(
        label=pgettext_lazy("assignment", "Who answers for it here"), coerce=int, empty_value=None, required=False
    )
    due_on = day_field(pgettext_lazy("assignment", "Reported by"))

    def __init__(self, *args: Any, owners: Sequence[Any], **words: Any) -> None:
        super().__init__(*args, **words)
        self.fields["owner_id"].choices = [("", "–"), *((one.id, one.name) for one in owners)]


class ReportForm(forms.Form):
    report = forms.CharField(
        label=pgettext_lazy("assignment", "What came of it"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )


class LapseForm(forms.Form):
    because = forms.CharField(label=pgettext_lazy("assignment", "Why nothing comes of it"), max_length=300)

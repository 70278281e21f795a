"""What people write about a ward's fridge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import pgettext_lazy

from vardnara.apps.meals.choices import ThrowReason
from vardnara.apps.meals.services.fridge import PACKS_MOST


class PutForm(forms.Form):
    """Packs of a dish that are put in."""

    cell = forms.TypedChoiceField(label=pgettext_lazy("fridge", "Dish"), coerce=int)
    n = forms.IntegerField(
        label=pgettext_lazy("fridge", "How many packs"), min_value=1, max_value=PACKS_MOST, initial=1
    )
    best_before = forms.DateField(
        label=pgettext_lazy("fridge", "Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    batch = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, cells: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cell"].choices = [("", pgettext_lazy("diet", "Choose")), *cells]  # type: ignore[attr-defined]


class TakeForm(forms.Form):
    """A pack for a patient: by its code, or the oldest of a dish."""

    stay = forms.IntegerField(min_value=1, max_value=2**31)
    code = forms.CharField(max_length=300, required=False)
    cell = forms.IntegerField(min_value=1, max_value=2**31, required=False)
    command = forms.UUIDField(required=False)


class ThrowForm(forms.Form):
    """A pack that is thrown away."""

    code = forms.CharField(max_length=300)
    reason = forms.ChoiceField(choices=ThrowReason.choices)
    text = forms.CharField(max_length=120, required=False)


class BatchForm(forms.Form):
    """Packs that were put in together."""

    batch = forms.UUIDField()

"""What people write about temperatures."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import pgettext_lazy

from vardnara.apps.meals.choices import TemperatureAction, TemperatureKind

MINUS = str.maketrans({"−": "-", "–": "-", ",": "."})
STEP = Decimal("0.1")
MOST = 999


class CelsiusField(forms.CharField):
    """Degrees Celsius as they are written in Sweden: decimal comma, any minus sign, one decimal."""

    widget = forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off"})

    def clean(self, value: Any) -> Decimal | None:  # type: ignore[override]
        text = super().clean(value).strip().removesuffix("C").removesuffix("°").replace(" ", "").translate(MINUS)
        if not text:
            return None
        try:
            found = Decimal(text)
        except InvalidOperation:
            found = Decimal("NaN")
        if not found.is_finite() or abs(found) > MOST or found != found.quantize(STEP):
            raise forms.ValidationError(
                pgettext_lazy("temperature", "Write a number with at most one decimal, such as 4,5 or −18."),
                code="invalid",
            )
        return found


class ReadingForm(forms.Form):
    """A temperature that was read."""

    celsius = CelsiusField(label=pgettext_lazy("temperature", "Temperature in °C"), max_length=10)
    what = forms.CharField(label=pgettext_lazy("temperature", "Of what (dish, goods)"), max_length=120, required=False)
    action = forms.ChoiceField(
        label=pgettext_lazy("temperature", "What was done"),
        choices=[("", "–"), *TemperatureAction.choices],
        required=False,
    )
    action_text = forms.CharField(label=pgettext_lazy("temperature", "More about it"), max_length=300, required=False)
    command = forms.UUIDField(required=False, widget=forms.HiddenInput)


class CourseForm(forms.Form):
    """Food that is held hot, or that cools."""

    what = forms.CharField(label=pgettext_lazy("temperature", "Which food"), max_length=120)
    cooked = forms.TimeField(
        label=pgettext_lazy("temperature", "Cooked at (empty is now)"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )


class EndForm(forms.Form):
    """What was done with food whose time is over."""

    action = forms.ChoiceField(
        label=pgettext_lazy("temperature", "What was done"),
        choices=[("", "–"), *TemperatureAction.choices],
        required=False,
    )
    action_text = forms.CharField(label=pgettext_lazy("temperature", "More about it"), max_length=300, required=False)


class PointForm(forms.Form):
    """A point where a temperature is read."""

    place = forms.ChoiceField(label=pgettext_lazy("temperature", "Where"))
    name = forms.CharField(label=pgettext_lazy("temperature", "Name of the point"), max_length=120)
    kind = forms.ChoiceField(label=pgettext_lazy("temperature", "Kind"), choices=TemperatureKind.choices)
    low = CelsiusField(label=pgettext_lazy("temperature", "Own lowest limit"), max_length=10, required=False)
    high = CelsiusField(label=pgettext_lazy("temperature", "Own highest limit"), max_length=10, required=False)
    daily = forms.BooleanField(label=pgettext_lazy("temperature", "Read every day"), required=False, initial=True)

    def __init__(self, *args: Any, places: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = list(places)  # type: ignore[attr-defined]

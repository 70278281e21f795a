"""What the pages of waste ask for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import pgettext_lazy

from vardnara.apps.meals.choices import MealKind


class Amount(forms.DecimalField):
    """A number with a decimal comma or point, whatever the page's language: 2,5 is never twenty-five."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> Any:
        """The number."""
        return super().to_python(value.replace(",", ".").strip() if isinstance(value, str) else value)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No step: it is a text field."""
        return {}


class WeighForm(forms.Form):
    """A weighing: what the scale showed, with the vessel."""

    category = forms.ChoiceField(label=pgettext_lazy("weigh", "What"))
    meal = forms.ChoiceField(label=pgettext_lazy("food field", "Meal"), choices=MealKind.choices)
    on = forms.DateField(
        label=pgettext_lazy("food field", "Date"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    gross = Amount(
        label=pgettext_lazy("weigh", "The scale shows"),
        min_value=0,
        max_value=2_000_000,
        max_digits=10,
        decimal_places=3,
    )
    unit = forms.ChoiceField(label=pgettext_lazy("weigh", "Unit"), choices=[("kg", "kg"), ("g", "g")])
    tare = Amount(
        label=pgettext_lazy("weigh", "Of that the vessel (same unit)"),
        min_value=0,
        max_value=2_000_000,
        max_digits=10,
        decimal_places=3,
        required=False,
    )
    people = forms.IntegerField(min_value=1, max_value=100_000, required=False)

    def __init__(self, *args: Any, categories: Iterable[tuple[str, Any]], people_label: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = list(categories)  # type: ignore[attr-defined]
        self.fields["people"].label = people_label


class CostForm(forms.Form):
    """What a portion costs, and who says so."""

    sek = Amount(label=pgettext_lazy("waste", "Kronor a portion"), min_value=0, max_digits=8, decimal_places=2)
    meal = forms.ChoiceField(
        label=pgettext_lazy("food field", "Meal"),
        choices=[("", pgettext_lazy("waste", "any meal")), *MealKind.choices],
        required=False,
    )
    from_on = forms.DateField(
        label=pgettext_lazy("posts", "First day"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    source = forms.CharField(label=pgettext_lazy("waste", "Where the figure comes from"), max_length=200)

"""What people say about their own schedule."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import pgettext_lazy

from vardnara.apps.staffing.forms.posts import day_field

WEIGHTS = (
    (1, pgettext_lazy("wish", "would be good")),
    (2, pgettext_lazy("wish", "important")),
    (3, pgettext_lazy("wish", "very important")),
)


class WishForm(forms.Form):
    """A wish for a day."""

    on = day_field(pgettext_lazy("wish", "Day"), required=True)
    wanted = forms.TypedChoiceField(
        label=pgettext_lazy("wish", "I would like"),
        choices=[(0, pgettext_lazy("wish", "not to work")), (1, pgettext_lazy("wish", "to work"))],
        coerce=lambda value: value == "1",
    )
    kind = forms.TypedChoiceField(
        label=pgettext_lazy("wish", "Which shift"), required=False, coerce=int, empty_value=None
    )
    weight = forms.TypedChoiceField(label=pgettext_lazy("wish", "How important"), choices=WEIGHTS, coerce=int)
    note = forms.CharField(label=pgettext_lazy("wish", "Note (optional)"), max_length=200, required=False)

    def __init__(self, *args: Any, kinds: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        any_shift: list[Any] = [("", pgettext_lazy("wish", "any")), *kinds]
        self.fields["kind"].choices = any_shift  # type: ignore[attr-defined]


class OfferForm(forms.Form):
    """To whom a shift is offered, and for what."""

    taker = forms.IntegerField()
    back_on = forms.DateField(required=False)
    note = forms.CharField(max_length=200, required=False)

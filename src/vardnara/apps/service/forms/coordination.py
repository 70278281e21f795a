"""Shape of what people send from the coordinator's pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import pgettext_lazy

from vardnara.apps.service.choices import DayState

ALL = pgettext_lazy("measured", "All")


class DayForm(forms.Form):
    """What of the day is asked for; nothing means all of it."""

    division_id = forms.TypedChoiceField(
        label=pgettext_lazy("coordination", "Division"), coerce=int, empty_value=0, required=False
    )
    ward_id = forms.TypedChoiceField(label=pgettext_lazy("measured", "Ward"), coerce=int, empty_value=0, required=False)
    kind = forms.ChoiceField(label=pgettext_lazy("measured", "Kind of task"), required=False)
    state = forms.ChoiceField(
        label=pgettext_lazy("coordination", "State"), choices=[("", ALL), *DayState.choices], required=False
    )

    def __init__(
        self,
        *args: Any,
        divisions: Sequence[tuple[int, str]],
        wards: Sequence[tuple[int, str]],
        kinds: Mapping[str, str],
        **words: Any,
    ) -> None:
        super().__init__(*args, **words)
        self.fields["division_id"].choices = [("", ALL), *divisions]
        self.fields["ward_id"].choices = [("", ALL), *wards]
        self.fields["kind"].choices = [("", ALL), *sorted(kinds.items(), key=lambda one: one[1])]

"""What is asked of a day plan: which day, without whom, with whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import pgettext_lazy

from vardnara.apps.staffing.choices import PolicyChoice
from vardnara.apps.staffing.queries.day_plan_rows import DayOptions


class DayForm(forms.Form):
    """The date that is looked at."""

    dag = forms.DateField(
        label=pgettext_lazy("day plan", "Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class IfForm(forms.Form):
    """Without whom, and with whom besides: who is there, and who could come with which shift."""

    utan = forms.MultipleChoiceField(
        label=pgettext_lazy("day plan", "Without"), required=False, widget=forms.CheckboxSelectMultiple
    )
    person = forms.ChoiceField(label=pgettext_lazy("day plan", "Somebody besides"), required=False)
    pass_ = forms.ChoiceField(label=pgettext_lazy("day plan", "Shift"), required=False)

    def __init__(
        self,
        *args: Any,
        workers: Sequence[tuple[str, str]],
        people: Sequence[tuple[int, str]],
        kinds: Sequence[tuple[int, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        nobody = pgettext_lazy("day plan", "nobody")
        self.fields["utan"].choices = list(workers)
        self.fields["person"].choices = [("", nobody), *((str(pk), name) for pk, name in people)]
        self.fields["pass_"].choices = [("", "–"), *((str(pk), name) for pk, name in kinds)]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if bool(said.get("person")) != bool(said.get("pass_")):
            self.add_error("pass_", pgettext_lazy("day plan", "Choose both a person and a shift."))
        return said

    def options(self, held: DayOptions) -> DayOptions:
        """What was chosen, with those who were added before."""
        said = self.cleaned_data
        more = ((int(said["person"]), int(said["pass_"])),) if said.get("person") else ()
        return DayOptions(tuple(said["utan"]), (*held.added, *more))


class PolicyForm(forms.Form):
    """Who decides what is done next, and where; empty: what holds above."""

    policy = forms.ChoiceField(choices=[("", ""), *PolicyChoice.choices], required=False)
    division_id = forms.IntegerField(required=False, min_value=1)
    ward_id = forms.IntegerField(required=False, min_value=1)

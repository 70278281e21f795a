"""Shape of what people send from the work's pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import pgettext_lazy

from vardnara.apps.hospital.choices import ContagionClass
from vardnara.apps.service.choices import (
    DelayReason,
    LeaveWork,
    PauseReason,
    Priority,
    SpilloverReason,
    TaskKind,
    Zones,
)

SEQ_LIMIT = 2_147_483_647


class CommandForm(forms.Form):
    """A command from a device: the pair makes it happen once, however often it is sent."""

    device = forms.CharField(max_length=40, required=False)
    device_seq = forms.IntegerField(min_value=1, max_value=SEQ_LIMIT, required=False)

    def once(self) -> dict[str, object]:
        """The device's own number of this command, for the service; empty without JavaScript."""
        device, seq = self.cleaned_data["device"], self.cleaned_data["device_seq"]
        return {"device": device, "device_seq": seq} if device and seq else {}


class PauseForm(CommandForm):
    reason = forms.ChoiceField(choices=PauseReason.choices)


class DelayForm(CommandForm):
    reason = forms.ChoiceField(choices=DelayReason.choices)


class HandBackForm(CommandForm):
    reason = forms.CharField(max_length=40, required=False)


class DismissForm(CommandForm):
    reason = forms.CharField(max_length=200)


class SignOnForm(CommandForm):
    zones = forms.ChoiceField(choices=Zones.choices)
    wards = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, *args: object, **words: object) -> None:
        super().__init__(*args, **words)
        sent = [value for value in self.data.getlist("wards") if value.isdecimal() and len(value) <= 18]
        self.fields["wards"].choices = [(value, value) for value in sent]


class SignOffForm(CommandForm):
    leave = forms.ChoiceField(choices=LeaveWork.choices, required=False)
    note = forms.CharField(max_length=300, required=False)


class InspectForm(CommandForm):
    approved = forms.TypedChoiceField(choices=[("1", "1"), ("0", "0")], coerce=lambda value: value == "1")
    note = forms.CharField(max_length=300, required=False)


class ReassignForm(CommandForm):
    owner_id = forms.IntegerField(min_value=1)


class ReprioritiseForm(CommandForm):
    priority = forms.TypedChoiceField(choices=Priority.choices, coerce=int)


class FoundForm(CommandForm):
    bed = forms.IntegerField(min_value=1)
    kind = forms.ChoiceField(choices=[(kind.value, kind.label) for kind in (TaskKind.FOUND_BED, TaskKind.SPILL)])
    note = forms.CharField(label=pgettext_lazy("found job", "Anything special?"), max_length=300, required=False)
    start = forms.BooleanField(required=False)


class RequestForm(CommandForm):
    note = forms.CharField(label=pgettext_lazy("request", "What do you need?"), max_length=300)
    priority = forms.TypedChoiceField(
        label=pgettext_lazy("request", "How soon?"), choices=Priority.choices, coerce=int, initial=Priority.NORMAL
    )


class DoneByCareForm(CommandForm):
    """Care staff did it: which task, and why. Minutes only where they want to state them."""

    task = forms.IntegerField(min_value=1)
    reason = forms.ChoiceField(choices=SpilloverReason.choices)
    minutes = forms.DecimalField(
        label=pgettext_lazy("spillover", "Minutes, if you know"),
        min_value=1,
        max_value=600,
        max_digits=4,
        decimal_places=1,
        required=False,
    )


class SpillUndoForm(forms.Form):
    spill = forms.IntegerField(min_value=1)


class BedReasonForm(forms.Form):
    reason = forms.CharField(max_length=200)


class StayForm(forms.Form):
    stay = forms.IntegerField(min_value=1)


class ContagionForm(StayForm):
    contagion_class = forms.ChoiceField(choices=ContagionClass.choices, required=False)


WEEKS = [
    ("4", pgettext_lazy("period", "The last 4 weeks")),
    ("12", pgettext_lazy("period", "The last 12 weeks")),
    ("26", pgettext_lazy("period", "The last half-year")),
    ("52", pgettext_lazy("period", "The last year")),
]
WEEKS_USUAL = 12


class MeasuredForm(forms.Form):
    """What measured times are asked for; without an answer the last 12 weeks, all wards, by kind of task."""

    weeks = forms.TypedChoiceField(
        label=pgettext_lazy("measured", "Period"), choices=WEEKS, coerce=int, empty_value=WEEKS_USUAL, required=False,
        initial=str(WEEKS_USUAL),
    )  # fmt: skip
    ward = forms.ChoiceField(label=pgettext_lazy("measured", "Ward"), required=False)
    kind = forms.ChoiceField(label=pgettext_lazy("measured", "Kind of task"), required=False)
    by = forms.ChoiceField(
        label=pgettext_lazy("measured", "Told apart by"),
        choices=[
            ("", pgettext_lazy("measured", "Kind of task")),
            ("ward", pgettext_lazy("measured", "Kind of task and ward")),
            ("weekday", pgettext_lazy("measured", "Kind of task and weekday")),
            ("hour", pgettext_lazy("measured", "Kind of task and hour")),
        ],
        required=False,
    )

    def __init__(self, *args: Any, wards: Mapping[str, str], kinds: Mapping[str, str], **words: Any) -> None:
        super().__init__(*args, **words)
        every = ("", pgettext_lazy("measured", "All"))
        self.fields["ward"].choices = [every, *wards.items()]
        self.fields["kind"].choices = [every, *sorted(kinds.items(), key=lambda one: one[1])]


class WorkloadForm(forms.Form):
    """Which ward's workload; all of them without an answer."""

    ward = forms.ChoiceField(label=pgettext_lazy("measured", "Ward"), required=False)

    def __init__(self, *args: Any, wards: Mapping[str, str], **words: Any) -> None:
        super().__init__(*args, **words)
        self.fields["ward"].choices = [("", pgettext_lazy("measured", "All")), *wards.items()]

"""Shape of what people send from the work's pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import pgettext, pgettext_lazy

from vardnara.apps.hospital.choices import ContagionClass
from vardnara.apps.service.bridge.line_words import (
    Unreadable,
    days_read,
    frequency_read,
    price_read,
    times_read,
    window_read,
)
from vardnara.apps.service.choices import (
    Activity,
    DelayReason,
    DeviationKind,
    LeaveWork,
    Party,
    PauseReason,
    Priority,
    SpilloverReason,
    TaskKind,
    Zones,
)
from vardnara.apps.service.queries.sampling import ShiftSamples
from vardnara.kernel.time_window import DAY_MINUTES, clock_text

SEQ_LIMIT = 2_147_483_647


class CommandForm(forms.Form):
    """A command from a device: the pair makes it happen once, however often it is sent."""

    device = forms.CharField(max_length=40, required=False)
    device_seq = forms.IntegerField(min_value=1, max_value=SEQ_LIMIT, required=False)

    def once(self) -> dict[str, object]:
        """The device's own number of this command, for the service; empty without JavaScript."""
        device, seq = self.cleaned_data["device"], self.cleaned_data["device_seq"]
        return {"device": device, "device_seq": seq} if device and seq else {}


class FinishForm(CommandForm):
    """``point`` is each point of the checklist that was ticked, by its place in it."""

    sure = forms.BooleanField(required=False)
    signed = forms.BooleanField(required=False)

    def ticked(self) -> list[int]:
        return [int(value) for value in self.data.getlist("point") if value.isdecimal() and len(value) < 4]


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


class DeviationForm(forms.Form):
    """A report of a phone. Without JavaScript it has no key and no time of its own, and is sent once."""

    key = forms.UUIDField(required=False)
    kind = forms.ChoiceField(choices=DeviationKind.choices)
    note = forms.CharField(max_length=500, required=False)
    task = forms.IntegerField(min_value=1, required=False)
    ward = forms.IntegerField(min_value=1, required=False)
    at = forms.CharField(max_length=40, required=False)
    picture = forms.FileField(required=False)

    def words(self, now: datetime) -> dict[str, Any]:
        """For the service; the time is the phone's where it tells one."""
        data = self.cleaned_data
        try:
            at = parse_datetime(data["at"]) if data["at"] else None
        except ValueError:
            at = None
        return {
            "key": data["key"] or uuid4(),
            "kind": data["kind"],
            "note": data["note"],
            "task_id": data["task"],
            "ward_id": data["ward"],
            "at": at if at is not None and at.tzinfo is not None else now,
            "picture": data["picture"].read() if data["picture"] else b"",
        }


class HandledForm(forms.Form):
    note = forms.CharField(max_length=300, required=False)


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


class DateInput(forms.DateInput):
    """The browser's own choice of a date; its value is written as the standard says, whatever the language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class TermsForm(forms.Form):
    """What a version of an agreement says beside its lines."""

    valid_from = forms.DateField(label=pgettext_lazy("agreement", "Valid from"), widget=DateInput())
    valid_to = forms.DateField(
        label=pgettext_lazy("agreement", "Until the day before (empty: until further notice)"),
        required=False,
        widget=DateInput(),
    )
    review_on = forms.DateField(
        label=pgettext_lazy("agreement", "To be reviewed by"), required=False, widget=DateInput()
    )
    price_sek = forms.DecimalField(
        label=pgettext_lazy("agreement", "Cost a year, kr"),
        required=False,
        min_value=0,
        max_digits=14,
        decimal_places=2,
    )
    compensation_sek = forms.DecimalField(
        label=pgettext_lazy("agreement", "Compensation a year, kr"),
        required=False,
        min_value=0,
        max_digits=14,
        decimal_places=2,
    )
    price_year = forms.IntegerField(
        label=pgettext_lazy("agreement", "Price year"), required=False, min_value=2005, max_value=2199
    )
    contact = forms.CharField(
        label=pgettext_lazy("agreement", "Whom to ask (stands on the function cards)"), required=False, max_length=200
    )
    note = forms.CharField(
        label=pgettext_lazy("agreement", "Note"), required=False, max_length=4000, widget=forms.Textarea({"rows": 3})
    )


class AgreementForm(TermsForm):
    """A new agreement with the terms of its first version."""

    field_order = ("title", "number", "hospital", "provider", "care_unit", "valid_from", "valid_to", "review_on")
    title = forms.CharField(label=pgettext_lazy("agreement", "What it is called"), max_length=160)
    number = forms.CharField(label=pgettext_lazy("agreement", "Number"), max_length=40)
    provider = forms.CharField(label=pgettext_lazy("agreement", "Who gives the service"), max_length=120)
    care_unit = forms.CharField(label=pgettext_lazy("agreement", "Care unit that gets it"), max_length=120)
    hospital = forms.TypedChoiceField(label=pgettext_lazy("agreement", "Hospital"), coerce=int)

    def __init__(self, *args: Any, hospitals: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hospital"].choices = hospitals
        if len(hospitals) == 1:
            self.fields["hospital"].initial = hospitals[0][0]
            self.fields["hospital"].widget = forms.HiddenInput()


class DayForm(forms.Form):
    on = forms.DateField(label=pgettext_lazy("agreement", "First day without it"), widget=DateInput())
    reason = forms.CharField(label=pgettext_lazy("agreement", "Why"), max_length=300)


class BeginForm(forms.Form):
    valid_from = forms.DateField(label=pgettext_lazy("agreement", "The new version is valid from"), widget=DateInput())


class SignForm(forms.Form):
    mark = forms.CharField(max_length=40)
    holes_reason = forms.CharField(
        label=pgettext_lazy("agreement", "Why is it signed all the same?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )


class UploadForm(forms.Form):
    file = forms.FileField(label=pgettext_lazy("agreement", "CSV or xlsx"))


class LineForm(forms.Form):
    """A line of a ward's draft, as people write it; nothing but the party: not a line yet."""

    id = forms.IntegerField(required=False, widget=forms.HiddenInput())
    task = forms.TypedChoiceField(label=pgettext_lazy("agreement line", "Task"), coerce=int, required=False)
    party = forms.ChoiceField(
        label=pgettext_lazy("agreement line", "Who"), choices=Party.choices, initial=Party.SERVICE
    )
    days = forms.CharField(label=pgettext_lazy("agreement line", "Days"), max_length=120, required=False)
    window = forms.CharField(label=pgettext_lazy("agreement line", "Hours"), max_length=40, required=False)
    frequency = forms.CharField(label=pgettext_lazy("agreement line", "How often"), max_length=200, required=False)
    times = forms.CharField(label=pgettext_lazy("agreement line", "Times"), max_length=4, required=False)
    quality = forms.CharField(label=pgettext_lazy("agreement line", "Quality"), max_length=200, required=False)
    price = forms.CharField(label=pgettext_lazy("agreement line", "Price, kr"), max_length=20, required=False)
    note = forms.CharField(label=pgettext_lazy("agreement line", "Note"), max_length=300, required=False)

    def __init__(self, *args: Any, tasks: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["task"].choices = [("", "–"), *tasks]
        self.fields["days"].widget.attrs["list"] = "days-words"
        self.fields["frequency"].widget.attrs["list"] = "frequency-words"
        for name in ("days", "window", "frequency", "times", "quality", "price", "note"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    @property
    def is_blank(self) -> bool:
        row = getattr(self, "cleaned_data", {})
        return not any(row.get(name) for name in ("id", "task", "days", "window", "frequency", "note", "quality"))

    def clean(self) -> dict[str, Any]:
        """Read each field as people write it; a fault says what was expected."""
        row = super().clean()
        if self.is_blank:
            return row
        if not row.get("task"):
            self.add_error("task", pgettext("agreement line", "Choose a task."))
        readers = (
            ("days", days_read), ("window", window_read), ("times", times_read), ("price", price_read),
        )  # fmt: skip
        for name, reader in readers:
            self._read(row, name, reader)
        if isinstance(row.get("days"), frozenset):
            self._read(row, "frequency", lambda text: frequency_read(text, row["days"]))
        return row

    def _read(self, row: dict[str, Any], name: str, reader: Callable[[str], object]) -> None:
        try:
            row[name] = reader(row.get(name, ""))
        except Unreadable as error:
            self.add_error(name, pgettext("agreement line", "Write %(what)s.") % {"what": error})


LINES_MAX = 300  # of one ward; a page of more would not be read
LineForms = forms.formset_factory(LineForm, extra=0, can_delete=True, max_num=LINES_MAX, absolute_max=LINES_MAX + 1)


def _clock_minutes(text: str, *, end: bool) -> int:
    found = re.fullmatch(r"(\d{1,2})[:.]?(\d\d)", text.strip())
    minutes = int(found[1]) * 60 + int(found[2]) if found and int(found[2]) < 60 else -1
    if not 0 <= minutes <= DAY_MINUTES or (minutes == DAY_MINUTES and not end):
        raise forms.ValidationError("bad_time")
    return (minutes or DAY_MINUTES) if end else minutes


class SamplingShiftForm(forms.Form):
    """A shift in which care staff may be asked what they are doing."""

    start = forms.CharField(label=pgettext_lazy("sampling", "From, such as 07:00"), max_length=5)
    end = forms.CharField(label=pgettext_lazy("sampling", "To, such as 16:00"), max_length=5)
    n_questions = forms.IntegerField(
        label=pgettext_lazy("sampling", "Questions a shift, at most"), min_value=1, max_value=6, initial=4
    )
    n_staff = forms.DecimalField(
        label=pgettext_lazy("sampling", "Care staff in the shift"), min_value=0, max_value=99, decimal_places=1,
        localize=True,
    )  # fmt: skip
    active = forms.BooleanField(label=pgettext_lazy("sampling", "Ask"), required=False, initial=True)

    def clean_start(self) -> int:
        return _clock_minutes(self.cleaned_data["start"], end=False)

    def clean_end(self) -> int:
        return _clock_minutes(self.cleaned_data["end"], end=True)

    @classmethod
    def of(cls, shift: ShiftSamples) -> SamplingShiftForm:
        """The form of a shift as it is set."""
        window = shift.window
        return cls(
            auto_id=f"shift{shift.id}_%s",
            initial={
                "start": clock_text(window.start_minutes),
                "end": clock_text(window.end_minutes),
                "n_questions": shift.n_questions,
                "n_staff": shift.n_staff,
                "active": shift.active,
            },
        )


class SamplingAnswerForm(forms.Form):
    prompt = forms.IntegerField(min_value=1)
    answer = forms.ChoiceField(choices=[("", ""), *Activity.choices], required=False)

"""What people say about their own schedule."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from datetime import time
from typing import Any

from django import forms
from django.utils.timezone import localtime
from django.utils.translation import pgettext, pgettext_lazy

from vardnara.apps.staffing.choices import AbsentReason, TimeSort
from vardnara.apps.staffing.forms.posts import day_field
from vardnara.apps.staffing.queries.worked_time import WorkedRow
from vardnara.apps.staffing.services.worked_time import WorkedWords

WEIGHTS = (
    (1, pgettext_lazy("wish", "would be good")),
    (2, pgettext_lazy("wish", "important")),
    (3, pgettext_lazy("wish", "very important")),
)


def _time() -> forms.TimeInput:
    return forms.TimeInput(format="%H:%M", attrs={"type": "time"})


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


class WorkedForm(forms.Form):
    """What was worked of a shift, or without one."""

    nothing = forms.BooleanField(label=pgettext_lazy("worked", "I did not work at all"), required=False)
    start = forms.TimeField(label=pgettext_lazy("worked", "Began"), required=False, widget=_time())
    end = forms.TimeField(label=pgettext_lazy("worked", "Ended"), required=False, widget=_time())
    breaks = forms.CharField(
        label=pgettext_lazy("worked", "Breaks, such as 11:00-11:30"), max_length=80, required=False
    )
    reason = forms.ChoiceField(
        label=pgettext_lazy("worked", "If you worked less: why"),
        required=False,
        choices=[("", pgettext_lazy("worked", "I did not work less")), *AbsentReason.choices],
    )
    ordered_by = forms.CharField(
        label=pgettext_lazy("worked", "If you worked more: who ordered it"), max_length=120, required=False
    )
    contract = forms.TypedChoiceField(
        label=pgettext_lazy("worked", "Counted on"), required=False, coerce=int, empty_value=None
    )
    note = forms.CharField(label=pgettext_lazy("wish", "Note (optional)"), max_length=300, required=False)

    def __init__(self, *args: Any, contracts: Iterable[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        several = list(contracts)
        if len(several) > 1:
            chosen: list[Any] = [("", pgettext_lazy("worked", "the usual one")), *several]
            self.fields["contract"].choices = chosen  # type: ignore[attr-defined]
        else:
            del self.fields["contract"]

    def clean_breaks(self) -> tuple[tuple[time, time], ...]:
        """Pairs of times, however they are separated."""
        said = self.cleaned_data["breaks"]
        times = re.findall(r"(\d{1,2})[:.](\d{2})", said)
        try:
            found = [time(int(hour), int(minute)) for hour, minute in times]
        except ValueError:
            found = [time()]
        if len(found) % 2 or (said.strip() and not found):
            raise forms.ValidationError(pgettext("worked", "Write from when to when, such as 11:00-11:30."))
        return tuple(zip(found[::2], found[1::2], strict=True))

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not said.get("nothing") and not (said.get("start") and said.get("end")):
            self.add_error("start", pgettext_lazy("worked", "Say from when to when, or that you did not work."))
        return said

    def words(self) -> WorkedWords:
        """What was said, of a form that is valid."""
        said = self.cleaned_data
        nothing = said["nothing"]
        return WorkedWords(
            start=None if nothing else said["start"],
            end=None if nothing else said["end"],
            breaks=() if nothing else said["breaks"],
            reason=said["reason"],
            ordered_by=said["ordered_by"],
            note=said["note"],
            contract_id=said.get("contract"),
        )


class ExtraForm(WorkedForm):
    """Time worked without a shift."""

    on = day_field(pgettext_lazy("wish", "Day"), required=True)
    field_order = ("on", "start", "end", "breaks", "ordered_by", "contract", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["nothing"], self.fields["reason"]
        self.fields["ordered_by"].label = pgettext_lazy("worked", "Who ordered it")

    def words(self) -> WorkedWords:
        said = self.cleaned_data
        return WorkedWords(
            start=said["start"],
            end=said["end"],
            breaks=said["breaks"],
            ordered_by=said["ordered_by"],
            note=said["note"],
            contract_id=said.get("contract"),
        )


def worked_initial(row: WorkedRow) -> dict[str, Any]:
    """A shift as the form shows it: as it was said, else as it is rostered."""
    done = [one for one in row.parts if one.sort != TimeSort.ABSENT]
    spans = [(one.start_at, one.end_at) for one in done]
    gaps = [(a[1], b[0]) for a, b in itertools.pairwise(spans) if a[1] < b[0]]
    return {
        "nothing": not done,
        "start": localtime(spans[0][0]).time() if spans else None,
        "end": localtime(spans[-1][1]).time() if spans else None,
        "breaks": ", ".join(f"{localtime(since):%H:%M}-{localtime(until):%H:%M}" for since, until in gaps),
        "reason": next((one.reason for one in row.parts if one.reason), ""),
        "ordered_by": row.ordered_by,
        "note": row.note,
    }

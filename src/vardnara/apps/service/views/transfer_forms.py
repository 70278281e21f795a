"""Shape of what people send from the pages of a transfer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import pgettext, pgettext_lazy

from vardnara.apps.service.bridge.line_words import Unreadable, days_read, hours_text, window_read
from vardnara.apps.service.choices import HomeHow, Party, StepKind
from vardnara.apps.service.forms import DateInput
from vardnara.kernel.time_window import TimeWindow

SIDES = [(Party.SERVICE, Party.SERVICE.label), (Party.CARE, Party.CARE.label)]
HOUR = 60
EVERY_DAY = pgettext_lazy("day, short", "every day")


def _read(form: forms.Form, name: str, reader: Callable[[str], object]) -> None:
    """Read a field as people write it; a fault says what was expected."""
    try:
        form.cleaned_data[name] = reader(form.cleaned_data.get(name, ""))
    except Unreadable as error:
        form.add_error(name, pgettext("agreement line", "Write %(what)s.") % {"what": error})


class TransferForm(forms.Form):
    """What a plan says of itself."""

    agreement = forms.TypedChoiceField(label=pgettext_lazy("transfer", "Agreement"), coerce=int)
    title = forms.CharField(label=pgettext_lazy("transfer", "What it is called"), max_length=160)
    from_party = forms.ChoiceField(
        label=pgettext_lazy("transfer", "From"), choices=Party.choices, initial=Party.SERVICE
    )
    to_party = forms.ChoiceField(label=pgettext_lazy("transfer", "To"), choices=Party.choices, initial=Party.CARE)
    switch_on = forms.DateField(label=pgettext_lazy("transfer", "Switches at the beginning of"), widget=DateInput())
    service_contact = forms.CharField(
        label=pgettext_lazy("transfer", "Whom to ask in the service"), max_length=200, required=False
    )
    care_contact = forms.CharField(
        label=pgettext_lazy("transfer", "Whom to ask in care"), max_length=200, required=False
    )
    why = forms.CharField(
        label=pgettext_lazy("transfer", "Why"),
        max_length=4000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, agreements: Sequence[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if agreements:
            self.fields["agreement"].choices = agreements
        else:
            del self.fields["agreement"]


class ContactsForm(forms.Form):
    """What may be changed when the rest stands still."""

    service_contact = forms.CharField(
        label=pgettext_lazy("transfer", "Whom to ask in the service"), max_length=200, required=False
    )
    care_contact = forms.CharField(
        label=pgettext_lazy("transfer", "Whom to ask in care"), max_length=200, required=False
    )


class MoveForm(forms.Form):
    """Kinds of task on wards that move."""

    kinds = forms.TypedMultipleChoiceField(
        label=pgettext_lazy("transfer", "Tasks"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    wards = forms.TypedMultipleChoiceField(
        label=pgettext_lazy("transfer", "Wards"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    days = forms.CharField(label=pgettext_lazy("transfer", "Days"), max_length=120, initial=EVERY_DAY)
    window = forms.CharField(
        label=pgettext_lazy("transfer", "Only rows that begin between (empty: all)"), max_length=40, required=False
    )

    def __init__(
        self, *args: Any, kinds: Sequence[tuple[int, str]], wards: Sequence[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kinds"].choices, self.fields["wards"].choices = kinds, wards

    def clean(self) -> dict[str, Any]:
        """Days and hours as people write them; hours may not run over midnight here."""
        data = super().clean()
        if data.get("days"):
            _read(self, "days", days_read)
        _read(self, "window", lambda text: _same_day(text) if text else TimeWindow())
        return data


def _same_day(text: str) -> TimeWindow:
    window = window_read(text)
    if window.crosses_midnight:
        raise Unreadable(pgettext("transfer", "hours of one day such as 07-16"))
    return window


class HomeForm(forms.Form):
    """What takes care of the hours of some of what moves."""

    items = forms.TypedMultipleChoiceField(
        label=pgettext_lazy("transfer", "Of what moves"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    how = forms.ChoiceField(label=pgettext_lazy("transfer", "How"), choices=HomeHow.choices)
    who = forms.CharField(label=pgettext_lazy("transfer", "Who, or what"), max_length=200)
    hours_per_week = forms.DecimalField(
        label=pgettext_lazy("transfer", "Hours a week, on each (empty: all that is left)"),
        required=False,
        min_value=Decimal("0.01"),
        max_value=1600,
        decimal_places=2,
        localize=True,
    )
    days = forms.CharField(label=pgettext_lazy("transfer", "Days"), max_length=120, initial=EVERY_DAY)
    window = forms.CharField(
        label=pgettext_lazy("transfer", "Whole hours (empty: all day)"), max_length=40, required=False
    )

    def __init__(self, *args: Any, items: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["items"].choices = items

    def clean(self) -> dict[str, Any]:
        """Days of the week and whole hours."""
        data = super().clean()
        if data.get("days"):
            _read(self, "days", lambda text: days_read(text) & frozenset(range(1, 8)))
            if data.get("days") == frozenset():
                self.add_error("days", pgettext("transfer", "Write days of the week: a holiday counts as its weekday."))
        _read(self, "window", lambda text: _whole_hours(text) if text else TimeWindow())
        return data


def _whole_hours(text: str) -> TimeWindow:
    window = _same_day(text)
    if window.start_minutes % HOUR or window.end_minutes % HOUR:
        expected = pgettext("transfer", "whole hours such as %(hours)s")
        raise Unreadable(expected % {"hours": hours_text(7 * HOUR, 16 * HOUR)})
    return window


class StepForm(forms.Form):
    """Something that one side has to do."""

    kind = forms.ChoiceField(label=pgettext_lazy("transfer", "Kind"), choices=StepKind.choices)
    side = forms.ChoiceField(label=pgettext_lazy("transfer", "Whose"), choices=SIDES, initial=Party.CARE)
    text = forms.CharField(label=pgettext_lazy("transfer", "What"), max_length=300)
    due_on = forms.DateField(label=pgettext_lazy("transfer", "By"), required=False, widget=DateInput())


class ConsultationForm(forms.Form):
    """That consultation is closed: reference and date."""

    reference = forms.CharField(label=pgettext_lazy("transfer", "Reference (minutes, register number)"), max_length=120)
    closed_on = forms.DateField(label=pgettext_lazy("transfer", "Closed on"), widget=DateInput())


class CancelForm(forms.Form):
    reason = forms.CharField(label=pgettext_lazy("transfer", "Why does nothing come of it?"), max_length=300)


class IdForm(forms.Form):
    """One item, home or step; ``done`` for a tick."""

    id = forms.IntegerField(min_value=1)
    done = forms.BooleanField(required=False)

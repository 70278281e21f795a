"""What is asked for about people. Days are last days here, and first days without it inside."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import pgettext_lazy

from vardnara.apps.hospital.queries.organisation import OwnDivision
from vardnara.apps.staffing.choices import Competence, LeaveKind, Measure
from vardnara.apps.staffing.forms.posts import day_field
from vardnara.apps.staffing.queries.people import PersonPage, PersonRow
from vardnara.apps.staffing.services.people_words import (
    AvailabilityWords,
    ContractWords,
    PersonWords,
    TrainingWords,
)

DAY = timedelta(days=1)


class PeopleForm(forms.Form):
    """Of which day the people are shown, and with which training."""

    dag = day_field(pgettext_lazy("posts", "As of"))
    kan = forms.ChoiceField(
        label=pgettext_lazy("people", "Trained for"),
        choices=[("", pgettext_lazy("people", "anything")), *Competence.choices],
        required=False,
    )


class PersonForm(forms.Form):
    """Who somebody is and where they belong."""

    number = forms.CharField(label=pgettext_lazy("people", "Staff number"), max_length=40)
    name = forms.CharField(label=pgettext_lazy("people", "Name"), max_length=120)
    ward = forms.ChoiceField(label=pgettext_lazy("people", "Ward"), required=False)
    pool = forms.CharField(label=pgettext_lazy("posts", "or a pool, by name"), max_length=120, required=False)
    user = forms.ChoiceField(label=pgettext_lazy("people", "Signs in as"), required=False)
    adult_on = day_field(pgettext_lazy("people", "18 years old on (only for somebody who is not yet)"))

    def __init__(
        self, *args: Any, divisions: Iterable[OwnDivision], users: Iterable[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        wards: list[Any] = [("", pgettext_lazy("people", "none: a pool"))]
        wards += [(one.name, [(ward.id, f"{ward.code} {ward.name}") for ward in one.wards]) for one in divisions]
        self.fields["ward"].choices = wards  # type: ignore[attr-defined]
        names: list[Any] = [("", pgettext_lazy("people", "does not sign in")), *users]
        self.fields["user"].choices = names  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if "ward" in said and "pool" in said and bool(said["ward"]) == bool(said["pool"]):
            self.add_error("ward", pgettext_lazy("people", "Choose a ward, or name a pool: one of them."))
        return said

    def words(self) -> PersonWords:
        """What was said, of a form that is valid."""
        said = self.cleaned_data
        return PersonWords(
            number=said["number"],
            name=said["name"],
            ward_id=int(said["ward"]) if said["ward"] else None,
            pool=said["pool"],
            user_id=int(said["user"]) if said["user"] else None,
            adult_on=said["adult_on"],
        )


def person_initial(row: PersonRow) -> dict[str, Any]:
    """A person as the form shows them."""
    names = ("number", "name", "pool", "adult_on")
    return {name: getattr(row, name) for name in names} | {"ward": row.ward_id or "", "user": row.user_id or ""}


class DatesForm(forms.Form):
    """A time from a day to a day."""

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("from_on") and said.get("last_on") and said["last_on"] < said["from_on"]:
            self.add_error("last_on", pgettext_lazy("posts", "The last day is before the first."))
        return said


class ContractForm(DatesForm):
    """A share of full time by a measure, from a day."""

    share = forms.DecimalField(
        label=pgettext_lazy("posts", "Share of full time (1 is full time)"),
        max_digits=5,
        decimal_places=4,
        min_value=0,
        max_value=1,
    )
    measure = forms.ChoiceField(label=pgettext_lazy("people", "Full time is"), choices=Measure.choices)
    from_on = day_field(pgettext_lazy("posts", "First day"), required=True)
    last_on = day_field(pgettext_lazy("posts", "Last day (empty: goes on)"))
    post = forms.ChoiceField(label=pgettext_lazy("people", "On the post"), required=False)

    def __init__(self, *args: Any, posts: Iterable[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].choices = [("", pgettext_lazy("people", "none")), *posts]  # type: ignore[attr-defined]


ContractForms = forms.formset_factory(ContractForm, extra=1, can_delete=True, max_num=20)


def contracts_initial(row: PersonRow) -> list[dict[str, Any]]:
    """The contracts as the forms show them."""
    return [
        {
            "share": one.share.normalize(),
            "measure": str(one.measure),
            "from_on": one.from_on,
            "last_on": one.last_on,
            "post": one.post_id or "",
        }
        for one in row.contracts
    ]


def contracts_said(sent: forms.BaseFormSet[ContractForm]) -> list[ContractWords]:
    """The contracts of forms that are valid, without those that are empty or crossed out."""
    return [
        ContractWords(
            said["share"],
            said["measure"],
            said["from_on"],
            said["last_on"] + DAY if said["last_on"] else None,
            int(said["post"]) if said["post"] else None,
        )
        for said in (one.cleaned_data for one in sent.forms)
        if said.get("from_on") and not said.get("DELETE")
    ]


class TrainingsForm(forms.Form):
    """Every training that there is, with its days."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        since = pgettext_lazy("people", "Trained on")
        last = pgettext_lazy("people", "Holds until (empty: for ever)")
        for code in Competence.values:
            self.fields[f"{code}_since"] = day_field(since)
            self.fields[f"{code}_last"] = day_field(last)

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields of each training under its name."""
        return [(str(one.label), [self[f"{one.value}_since"], self[f"{one.value}_last"]]) for one in Competence]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        for code in Competence.values:
            since, last = said.get(f"{code}_since"), said.get(f"{code}_last")
            if last and not since:
                self.add_error(f"{code}_since", pgettext_lazy("people", "Say since when."))
            elif last and since and last < since:
                self.add_error(f"{code}_last", pgettext_lazy("posts", "The last day is before the first."))
        return said

    def words(self) -> list[TrainingWords]:
        """What was said, of a form that is valid."""
        said = self.cleaned_data
        return [
            TrainingWords(code, said[f"{code}_since"], said[f"{code}_last"])
            for code in Competence.values
            if said[f"{code}_since"]
        ]


def trainings_initial(row: PersonRow) -> dict[str, Any]:
    """The trainings as the form shows them."""
    found: dict[str, Any] = {}
    for one in row.trainings:
        found |= {f"{one.competence}_since": one.since_on, f"{one.competence}_last": one.expires_on}
    return found


class LeaveForm(DatesForm):
    """Days away."""

    kind = forms.ChoiceField(label=pgettext_lazy("people", "What"), choices=LeaveKind.choices)
    from_on = day_field(pgettext_lazy("posts", "First day"), required=True)
    last_on = day_field(pgettext_lazy("people", "Last day"), required=True)


class AvailabilityForm(DatesForm):
    """Hours of a weekday in which somebody can never work."""

    weekday = forms.TypedChoiceField(
        label=pgettext_lazy("people", "Weekday"), choices=list(WEEKDAYS.items()), coerce=int, required=False
    )
    since = forms.TimeField(
        label=pgettext_lazy("people", "From (empty: the whole day)"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )
    until = forms.TimeField(
        label=pgettext_lazy("people", "To"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )
    from_on = day_field(pgettext_lazy("posts", "First day"))
    last_on = day_field(pgettext_lazy("posts", "Last day (empty: goes on)"))

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if (said.get("since") is None) != (said.get("until") is None) or (
            said.get("since") and said["since"] == said["until"]
        ):
            self.add_error("until", pgettext_lazy("people", "Say from when to when, or neither for the whole day."))
        return said


AvailabilityForms = forms.formset_factory(AvailabilityForm, extra=1, can_delete=True, max_num=40)


def availability_initial(page: PersonPage) -> list[dict[str, Any]]:
    """The hours as the forms show them."""
    names = ("weekday", "since", "until", "from_on", "last_on")
    return [{name: getattr(one, name) for name in names} for one in page.availabilities]


def availability_said(sent: forms.BaseFormSet[AvailabilityForm]) -> list[AvailabilityWords]:
    """The hours of forms that are valid, without those that are empty or crossed out."""
    return [
        AvailabilityWords(
            said["weekday"],
            said["from_on"],
            said["last_on"] + DAY if said["last_on"] else None,
            said["since"],
            said["until"],
        )
        for said in (one.cleaned_data for one in sent.forms)
        if said.get("from_on") and not said.get("DELETE")
    ]

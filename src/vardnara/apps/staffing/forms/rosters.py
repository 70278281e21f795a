"""What is asked for about rosters: groups, kinds of shifts, standard needs, drafts, publication."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import npgettext, pgettext, pgettext_lazy

from vardnara.apps.hospital.queries.organisation import OwnDivision
from vardnara.apps.staffing.choices import LONGEST_ROSTER_WEEKS, Competence, LeaveKind, NeedDay
from vardnara.apps.staffing.forms.posts import day_field
from vardnara.apps.staffing.queries.roster_groups import GroupPage, KindRow
from vardnara.apps.staffing.services.roster_groups import MOST_WANTED, HomeWords, KindWords

DAY_MINUTES = 1440
BREAK = re.compile(r"\s*(\d{1,2})[.:](\d{2})\s*[-–]\s*(\d{1,2})[.:](\d{2})\s*")
WEEKS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, LONGEST_ROSTER_WEEKS)
SECONDS = (5, 20, 60, 180, 300)


class TimeInput(forms.TimeInput):
    """The browser's own field for a time of the day."""

    input_type = "time"


class GroupForm(forms.Form):
    """Who are rostered together."""

    name = forms.CharField(label=pgettext_lazy("roster", "Name of the group"), max_length=80)
    wards = forms.MultipleChoiceField(
        label=pgettext_lazy("roster", "Wards"), required=False, widget=forms.SelectMultiple(attrs={"size": 8})
    )
    pools = forms.MultipleChoiceField(
        label=pgettext_lazy("roster", "Pools"), required=False, widget=forms.SelectMultiple(attrs={"size": 4})
    )
    day_break = forms.TimeField(
        label=pgettext_lazy("roster", "Day-break (empty: 20:00)"), required=False, widget=TimeInput(format="%H:%M")
    )

    def __init__(self, *args: Any, divisions: Iterable[OwnDivision], pools: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wards = [(one.name, [(ward.id, f"{ward.code} {ward.name}") for ward in one.wards]) for one in divisions]
        self.fields["wards"].choices = wards  # type: ignore[attr-defined]
        self.fields["pools"].choices = [(one, one) for one in pools]  # type: ignore[attr-defined]

    def words(self) -> dict[str, Any]:
        """What was said, of a form that is valid."""
        said = self.cleaned_data
        homes = [HomeWords(ward_id=int(one)) for one in said["wards"]] + [HomeWords(pool=one) for one in said["pools"]]
        at = said["day_break"]
        return {"name": said["name"], "homes": homes, "day_break": 60 * at.hour + at.minute if at else None}


def group_initial(group: GroupPage) -> dict[str, Any]:
    """A group as the form shows it."""
    minute = group.day_break
    return {
        "name": group.name,
        "wards": [str(one) for one in group.ward_ids],
        "pools": list(group.pools),
        "day_break": None if minute is None else f"{minute // 60:02}:{minute % 60:02}",
    }


class KindForm(forms.Form):
    """A kind of shift."""

    code = forms.CharField(label=pgettext_lazy("roster", "Code"), max_length=6)
    name = forms.CharField(label=pgettext_lazy("roster", "Name"), max_length=60)
    begins = forms.TimeField(label=pgettext_lazy("roster", "Begins"), widget=TimeInput(format="%H:%M"))
    ends = forms.TimeField(label=pgettext_lazy("roster", "Ends"), widget=TimeInput(format="%H:%M"))
    breaks = forms.CharField(
        label=pgettext_lazy("roster", "Breaks, such as 10:30–11:00, 15:00–15:30"), required=False, max_length=100
    )
    place = forms.ChoiceField(label=pgettext_lazy("roster", "Where"), required=False)
    competences = forms.MultipleChoiceField(
        label=pgettext_lazy("roster", "Takes training in"), required=False, choices=Competence.choices
    )

    def __init__(self, *args: Any, divisions: Iterable[OwnDivision], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places: list[Any] = [("", pgettext_lazy("roster", "where the group works"))]
        for one in divisions:
            places.append((f"d{one.id}", one.name))
            places += [(f"w{ward.id}", f"{ward.code} {ward.name}") for ward in one.wards]
        self.fields["place"].choices = places  # type: ignore[attr-defined]

    def clean_breaks(self) -> tuple[tuple[int, int], ...]:
        said = self.cleaned_data["breaks"]
        found = []
        for part in filter(None, (one.strip() for one in said.split(","))):
            times = BREAK.fullmatch(part)
            if times is None:
                raise forms.ValidationError(
                    pgettext_lazy("roster", "“%(part)s” is no break: write 10:30–11:00, more with commas between."),
                    params={"part": part},
                )
            a, b, c, d = (int(one) for one in times.groups())
            found.append((60 * a + b, 60 * c + d))
        return tuple(found)

    def words(self) -> KindWords:
        """What was said, of a form that is valid; what ends before it begins ends the next day."""
        said = self.cleaned_data
        start, end = (60 * at.hour + at.minute for at in (said["begins"], said["ends"]))
        end += DAY_MINUTES * (end <= start)
        breaks = tuple(
            (a + DAY_MINUTES * (a < start), b + DAY_MINUTES * (b <= start or b < a)) for a, b in said["breaks"]
        )
        place = said["place"]
        return KindWords(
            code=said["code"].strip().upper(),
            name=said["name"].strip(),
            start=start,
            end=end,
            breaks=breaks,
            competences=tuple(said["competences"]),
            ward_id=int(place[1:]) if place.startswith("w") else None,
            division_id=int(place[1:]) if place.startswith("d") else None,
        )


class NeedsTable(forms.Form):
    """How many of each kind are needed on each kind of day: a field for each."""

    def __init__(self, *args: Any, kinds: Sequence[KindRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = kinds
        for kind in kinds:
            for day, label in NeedDay.choices:
                self.fields[f"n{kind.id}_{day}"] = forms.IntegerField(
                    label=f"{kind.code} {label}",
                    required=False,
                    min_value=0,
                    max_value=MOST_WANTED,
                    initial=kind.wanted.get(day) or None,
                    widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "narrow-number"}),
                )

    def lines(self) -> list[tuple[KindRow, list[Any]]]:
        """The fields by kind."""
        return [(kind, [self[f"n{kind.id}_{day}"] for day in NeedDay.values]) for kind in self.kinds]

    def wanted(self) -> dict[tuple[int, str], int]:
        """What was said, of a form that is valid."""
        return {
            (kind.id, day): self.cleaned_data.get(f"n{kind.id}_{day}") or 0
            for kind in self.kinds
            for day in NeedDay.values
        }


class CurveForm(forms.Form):
    """Which point of a curve of posts shifts and needs are taken from."""

    curve = forms.ChoiceField(label=pgettext_lazy("roster", "Curve"))
    n_posts = forms.IntegerField(label=pgettext_lazy("roster", "Number of posts"), min_value=1)
    competences = forms.MultipleChoiceField(
        label=pgettext_lazy("roster", "Takes training in"), required=False, choices=Competence.choices
    )

    def __init__(self, *args: Any, curves: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["curve"].choices = list(curves)  # type: ignore[attr-defined]


def next_monday(after: date) -> date:
    """The first Monday from a day on."""
    return after + timedelta(days=-after.weekday() % 7)


class DraftForm(forms.Form):
    """Which weeks a draft is for."""

    first_on = day_field(pgettext_lazy("roster", "First day, a Monday"), required=True)
    weeks = forms.TypedChoiceField(
        label=pgettext_lazy("roster", "Weeks"), choices=[(n, str(n)) for n in WEEKS], coerce=int, initial=4
    )
    note = forms.CharField(label=pgettext_lazy("roster", "Note"), max_length=200, required=False)

    def clean_first_on(self) -> date:
        day: date = self.cleaned_data["first_on"]
        if day.weekday():
            raise forms.ValidationError(pgettext_lazy("roster", "A roster begins on a Monday."))
        return day


def _length(seconds: int) -> str:
    if seconds < 60:
        return pgettext("roster", "%(n)s seconds") % {"n": seconds}
    return npgettext("roster", "%(n)s minute", "%(n)s minutes", seconds // 60) % {"n": seconds // 60}


class SearchForm(forms.Form):
    """How long the search may go on."""

    seconds = forms.TypedChoiceField(
        label=pgettext_lazy("roster", "Search for"),
        coerce=int,
        initial=20,
        choices=lambda: [(n, _length(n)) for n in SECONDS],
    )


class PublishForm(forms.Form):
    """Why a roster is published late; empty where it is not."""

    reason = forms.CharField(
        label=pgettext_lazy("roster", "Why so late"), max_length=300, required=False, widget=forms.Textarea({"rows": 2})
    )


class AbsenceForm(forms.Form):
    """Who falls away, why as far as payroll needs it, and which days."""

    person = forms.IntegerField(widget=forms.HiddenInput())
    kind = forms.ChoiceField(label=pgettext_lazy("roster", "Absence"), choices=LeaveKind.choices)
    from_on = day_field(pgettext_lazy("posts", "First day"), required=True)
    last_on = day_field(pgettext_lazy("posts", "Last day"), required=True)

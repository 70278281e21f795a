"""What is asked for about posts. Days are last days here, and first days without it inside."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import pgettext_lazy

from vardnara.apps.hospital.queries.organisation import OwnDivision
from vardnara.apps.staffing.queries.posts import PostRow
from vardnara.apps.staffing.services import FundingWords, PostWords

DAY = timedelta(days=1)
FIRST_DAY, LAST_DAY = date(1950, 1, 1), date(2199, 12, 31)  # a day outside is one that was mistyped


def day_read(text: str | None) -> date | None:
    """A day as an address has it, None where it is none, or one that was mistyped."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None


class DayInput(forms.DateInput):
    """The browser's own date field."""

    input_type = "date"

    def __init__(self, **words: Any) -> None:
        super().__init__(format="%Y-%m-%d", **words)


def day_field(label: Any, *, required: bool = False) -> forms.DateField:
    """A day, with the browser's own field; one that the calendar's arithmetic can go on from."""
    within = [MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)]
    return forms.DateField(label=label, required=required, widget=DayInput(), validators=within)


def _sek(label: Any, digits: int) -> forms.DecimalField:
    return forms.DecimalField(label=label, max_digits=digits, decimal_places=2, min_value=0, required=False)


class DayForm(forms.Form):
    """Of which day the register is shown."""

    dag = day_field(pgettext_lazy("posts", "As of"))


class EndForm(forms.Form):
    """The last day of a post."""

    last_on = day_field(pgettext_lazy("posts", "Last day"), required=True)


class ImportForm(forms.Form):
    """A table of posts."""

    file = forms.FileField(label=pgettext_lazy("posts", "File: CSV or xlsx"))
    encoding = forms.ChoiceField(
        label=pgettext_lazy("economy", "How a CSV file was saved"),
        choices=[("utf-8", "UTF-8"), ("cp1252", "Windows-1252"), ("latin-1", "Latin-1")],
    )


class PostForm(forms.Form):
    """A post: where, how much, since when, and what full time on it is paid."""

    number = forms.CharField(label=pgettext_lazy("posts", "Number"), max_length=40)
    title = forms.CharField(label=pgettext_lazy("posts", "Title"), max_length=120)
    place = forms.ChoiceField(label=pgettext_lazy("posts", "Division or ward"), required=False)
    pool = forms.CharField(label=pgettext_lazy("posts", "or a pool, by name"), max_length=120, required=False)
    share = forms.DecimalField(
        label=pgettext_lazy("posts", "Share of full time (1 is full time)"),
        max_digits=5,
        decimal_places=4,
        min_value=0,
        max_value=1,
        initial=1,
    )
    from_on = day_field(pgettext_lazy("posts", "First day"), required=True)
    last_on = day_field(pgettext_lazy("posts", "Last day (empty: goes on)"))
    note = forms.CharField(label=pgettext_lazy("posts", "Note (never about a person)"), max_length=300, required=False)
    monthly_sek = _sek(pgettext_lazy("posts", "Monthly pay at full time, kronor"), 10)
    inconvenient_sek = _sek(pgettext_lazy("posts", "Pay for inconvenient hours a year, kronor"), 12)
    overhead_sek = _sek(pgettext_lazy("posts", "Overhead a year, kronor"), 12)
    pay_year = forms.IntegerField(
        label=pgettext_lazy("posts", "The year whose pay it is"), min_value=1990, max_value=2199, required=False
    )
    charges_share = forms.DecimalField(
        label=pgettext_lazy("posts", "Social charges as a share of pay (0.39 is 39 %)"),
        max_digits=6,
        decimal_places=5,
        min_value=0,
        max_value=1,
        required=False,
    )
    charges_basis = forms.CharField(
        label=pgettext_lazy("posts", "Which rate that is, and where it stands"), max_length=200, required=False
    )

    def __init__(self, *args: Any, divisions: Iterable[OwnDivision], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: list[Any] = [("", pgettext_lazy("posts", "neither: a pool"))]
        for one in divisions:
            wards = [(f"w{ward.id}", f"{ward.code} {ward.name}") for ward in one.wards]
            choices.append((one.name, [(f"d{one.id}", one.name), *wards]))
        self.fields["place"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if bool(said.get("place")) == bool(said.get("pool")) and "place" in said and "pool" in said:
            self.add_error("place", pgettext_lazy("posts", "Choose a division or a ward, or name a pool: one of them."))
        if said.get("share") == 0:
            self.add_error("share", pgettext_lazy("posts", "A post is more than 0 of full time."))
        if said.get("from_on") and said.get("last_on") and said["last_on"] < said["from_on"]:
            self.add_error("last_on", pgettext_lazy("posts", "The last day is before the first."))
        amounts = ("monthly_sek", "inconvenient_sek", "overhead_sek")
        if said.get("pay_year") is None and any(said.get(name) is not None for name in amounts):
            self.add_error("pay_year", pgettext_lazy("posts", "Say which year's pay it is."))
        if (said.get("charges_share") is None) != (not said.get("charges_basis")):
            self.add_error("charges_basis", pgettext_lazy("posts", "Social charges and their basis go together."))
        return said

    def words(self) -> PostWords:
        """What was said, of a form that is valid."""
        said = dict(self.cleaned_data)
        place, last_on = said.pop("place"), said.pop("last_on")
        return PostWords(
            **said,
            to_on=last_on + DAY if last_on else None,
            division_id=int(place[1:]) if place[:1] == "d" else None,
            ward_id=int(place[1:]) if place[:1] == "w" else None,
        )


def post_initial(row: PostRow) -> dict[str, Any]:
    """A post as the form shows it."""
    place = f"w{row.ward_id}" if row.ward_id else f"d{row.division_id}" if row.division_id else ""
    names = ("number", "title", "pool", "share", "from_on", "last_on", "note")
    return {name: getattr(row, name) for name in names} | row.pay | {"place": place}


class FundingForm(forms.Form):
    """Who pays for a while."""

    party = forms.CharField(label=pgettext_lazy("posts", "Who pays"), max_length=120)
    from_on = day_field(pgettext_lazy("posts", "First day"), required=True)
    last_on = day_field(pgettext_lazy("posts", "Last day (empty: goes on)"))
    in_frame = forms.BooleanField(label=pgettext_lazy("posts", "In the payer's frame"), required=False)
    is_stimulus = forms.BooleanField(label=pgettext_lazy("posts", "Stimulus money"), required=False)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("from_on") and said.get("last_on") and said["last_on"] < said["from_on"]:
            self.add_error("last_on", pgettext_lazy("posts", "The last day is before the first."))
        return said


FundingForms = forms.formset_factory(FundingForm, extra=1, can_delete=True, max_num=50)


def fundings_said(forms_sent: forms.BaseFormSet[FundingForm]) -> list[FundingWords]:
    """The payers of forms that are valid, without those that are empty or crossed out."""
    found = []
    for one in forms_sent.forms:
        said = one.cleaned_data
        if not said.get("party") or said.get("DELETE"):
            continue
        last_on = said["last_on"]
        to_on = last_on + DAY if last_on else None
        found.append(FundingWords(said["party"], said["from_on"], to_on, said["in_frame"], said["is_stimulus"]))
    return found

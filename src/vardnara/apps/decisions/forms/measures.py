"""Shape of what people write of measures, and of the steps behind posts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy

from vardnara.apps.decisions.choices import BenefitKind, GuideKind, MeasureKind
from vardnara.apps.decisions.forms import PromiseForm, day_field
from vardnara.apps.decisions.models import Measure
from vardnara.apps.decisions.queries.measures import GROUPS, Asked
from vardnara.apps.decisions.services import CheckWords, MeasureWords
from vardnara.apps.hospital.queries.organisation import OwnDivision
from vardnara.parameters.measures import measure_statuses

ALL = ("", pgettext_lazy("measure", "All"))
LONG = {"rows": 3}
GROUP_WORDS = {
    "status": pgettext_lazy("measure", "Status"),
    "kind": pgettext_lazy("measure", "Kind"),
    "payer": pgettext_lazy("measure", "Payer"),
    "benefit": pgettext_lazy("measure", "Benefit"),
    "place": pgettext_lazy("measure", "Where"),
}


def statuses() -> list[tuple[str, str]]:
    """Every status in the reader's language."""
    language = get_language() or "sv"
    return [(one.code, one.name(language)) for one in measure_statuses().values()]


def places(divisions: Iterable[OwnDivision]) -> list[Any]:
    """Divisions with their wards, to choose one among."""
    return [
        (one.name, [(f"d{one.id}", one.name), *((f"w{ward.id}", f"{ward.code} {ward.name}") for ward in one.wards)])
        for one in divisions
    ]


class NumberField(forms.DecimalField):
    """A number as people type it: blanks between thousands, and a minus that is a minus sign."""

    def __init__(self, **words: Any) -> None:
        super().__init__(localize=True, **words)

    def to_python(self, value: Any) -> Any:
        text = "".join(str(value).split()).replace("\u2212", "-") if isinstance(value, str) else value
        return super().to_python(text)


class FilterForm(forms.Form):
    """Which measures are shown, and what they are summed by."""

    status = forms.ChoiceField(label=GROUP_WORDS["status"], required=False)
    kind = forms.ChoiceField(label=GROUP_WORDS["kind"], choices=[ALL, *MeasureKind.choices], required=False)
    place = forms.ChoiceField(label=GROUP_WORDS["place"], required=False)
    owner = forms.ChoiceField(label=pgettext_lazy("measure", "Owner"), required=False)
    by = forms.ChoiceField(
        label=pgettext_lazy("measure", "Sums by"),
        choices=[(name, GROUP_WORDS[name]) for name in GROUPS],
        required=False,
    )
    late = forms.BooleanField(label=pgettext_lazy("measure", "Only late or without an owner"), required=False)

    def __init__(self, *args: Any, divisions: Iterable[OwnDivision], owners: Iterable[str], **words: Any) -> None:
        super().__init__(*args, **words)
        self.fields["status"].choices = [ALL, *statuses()]
        self.fields["place"].choices = [ALL, *places(divisions)]
        self.fields["owner"].choices = [ALL, *((one, one) for one in owners)]

    def asked(self) -> Asked:
        """What was asked for; what is not known asks for all."""
        self.is_valid()
        said = {name: value for name, value in self.cleaned_data.items() if value}
        return Asked(**said)


class MeasureForm(forms.Form):
    """A measure."""

    label = forms.CharField(label=pgettext_lazy("measure", "Measure"), max_length=200)
    kind = forms.ChoiceField(label=GROUP_WORDS["kind"], choices=MeasureKind.choices)
    owner = forms.CharField(label=pgettext_lazy("measure", "Owner (a function)"), max_length=160, required=False)
    place = forms.ChoiceField(label=GROUP_WORDS["place"], required=False)
    payer = forms.CharField(label=pgettext_lazy("measure", "Whose cost"), max_length=120, required=False)
    case_id = forms.TypedChoiceField(
        label=pgettext_lazy("measure", "Case"), coerce=int, empty_value=None, required=False
    )
    starts_on = day_field(pgettext_lazy("measure", "First day"))
    ends_on = day_field(pgettext_lazy("measure", "Last day"))
    short_sek = NumberField(
        label=pgettext_lazy("measure", "Kronor within a year"), max_digits=16, decimal_places=2, required=False,
         help_text=pgettext_lazy("measure", "Above 0 where cost falls, below 0 where it rises"),
    )  # fmt: skip
    short_year = forms.IntegerField(
        label=pgettext_lazy("measure", "The year"), min_value=1990, max_value=2199, required=False
    )
    long_sek = NumberField(
        label=pgettext_lazy("measure", "Kronor of a full year, in the long run"), max_digits=16, decimal_places=2,
        required=False,
    )  # fmt: skip
    benefit = forms.ChoiceField(label=GROUP_WORDS["benefit"], choices=BenefitKind.choices)
    goes_to = forms.CharField(
        label=pgettext_lazy("measure", "What it is used for instead"), max_length=200, required=False
    )
    requires = forms.CharField(label=pgettext_lazy("measure", "What it requires"), max_length=300, required=False)
    beds_change = forms.IntegerField(
        label=pgettext_lazy("measure", "Care places more or fewer"), min_value=-9999, max_value=9999, required=False,
        help_text=pgettext_lazy("measure", "Such as -4. Leave empty where no care places are touched."),
    )  # fmt: skip
    is_multi_year = forms.BooleanField(label=pgettext_lazy("measure", "Goes on over several years"), required=False)
    note = forms.CharField(
        label=pgettext_lazy("measure", "Note"), max_length=600, required=False, widget=forms.Textarea(attrs=LONG)
    )

    def __init__(
        self, *args: Any, divisions: Iterable[OwnDivision], cases: list[tuple[int, str]], **words: Any
    ) -> None:
        super().__init__(*args, **words)
        self.fields["place"].choices = [("", pgettext_lazy("measure", "The whole hospital")), *places(divisions)]
        self.fields["case_id"].choices = [("", "–"), *cases]

    def words(self) -> MeasureWords:
        """What was said, of a form that is valid."""
        said = dict(self.cleaned_data)
        place = said.pop("place")
        return MeasureWords(
            **said,
            division_id=int(place[1:]) if place[:1] == "d" else None,
            ward_id=int(place[1:]) if place[:1] == "w" else None,
        )


def measure_initial(measure: Measure) -> dict[str, Any]:
    """A measure as the form shows it."""
    place = f"w{measure.ward_id}" if measure.ward_id else f"d{measure.division_id}" if measure.division_id else ""
    return {name: getattr(measure, name) for name in MeasureForm.base_fields if name != "place"} | {"place": place}


class StatusForm(forms.Form):
    """How a measure stands."""

    status = forms.ChoiceField(label=GROUP_WORDS["status"])
    because = forms.CharField(
        label=pgettext_lazy("measure", "Why"), max_length=300, required=False,
        help_text=pgettext_lazy("measure", "Needed where it differs from what dates and outcomes say"),
    )  # fmt: skip

    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        self.fields["status"].choices = statuses()


class MeasurePromiseForm(PromiseForm):
    """A promised effect of a measure, with the day of its baseline."""

    baseline_on = day_field(pgettext_lazy("measure", "Measured before on"))
    field_order = ("label", "metric", "unit", "baseline", "baseline_on", "promised", "check_on")


class GateForm(forms.Form):
    """What a measure waits for."""

    first_id = forms.TypedChoiceField(label=pgettext_lazy("measure", "Waits for"), coerce=int)
    per_cent = forms.IntegerField(
        label=pgettext_lazy("measure", "Of what it promised, %"), min_value=1, max_value=100, initial=100
    )

    def __init__(self, *args: Any, others: Iterable[Measure] = (), **words: Any) -> None:
        super().__init__(*args, **words)
        self.fields["first_id"].choices = [(one.pk, f"{one.number}. {one.label}") for one in others]


class ReadingForm(forms.Form):
    """A value of an indicator."""

    on = day_field(pgettext_lazy("measure", "Of the day"), required=True)
    value = NumberField(label=pgettext_lazy("measure", "Value"), max_digits=18, decimal_places=4)
    source = forms.CharField(label=pgettext_lazy("measure", "Where from"), max_length=200)
    corrects = forms.TypedChoiceField(
        label=pgettext_lazy("measure", "Corrects"), coerce=int, empty_value=None, required=False
    )

    def __init__(self, *args: Any, earlier: Iterable[tuple[int, str]] = (), **words: Any) -> None:
        super().__init__(*args, **words)
        self.fields["corrects"].choices = [("", pgettext_lazy("measure", "none: a new value")), *earlier]


class PeriodForm(forms.Form):
    """Of which days occupancy is shown."""

    since = day_field(pgettext_lazy("measure", "From"))
    until = day_field(pgettext_lazy("measure", "Through"))


class GuideForm(forms.Form):
    """A guide value as its publisher has it."""

    kind = forms.ChoiceField(label=pgettext_lazy("measure", "Of what"), choices=GuideKind.choices)
    year = forms.IntegerField(label=pgettext_lazy("measure", "The year"), min_value=1990, max_value=2199)
    value = NumberField(label=pgettext_lazy("measure", "Value"), max_digits=8, decimal_places=2, min_value=0)
    source = forms.CharField(
        label=pgettext_lazy("measure", "Where it stands"), max_length=200,
        help_text=pgettext_lazy("measure", "Publication, page, and the day you read it"),
    )  # fmt: skip


class ListForm(forms.Form):
    """Which post a list is of, and its notice."""

    post_number = forms.CharField(
        label=pgettext_lazy("measure", "Number in the register of posts"), max_length=40, required=False
    )
    notice_months = forms.IntegerField(
        label=pgettext_lazy("measure", "Months of notice, as HR says"), min_value=0, max_value=36, required=False
    )


class CheckForm(forms.Form):
    """A step behind a post."""

    owner = forms.CharField(label=pgettext_lazy("measure", "Owner (a function)"), max_length=160, required=False)
    due_on = day_field(pgettext_lazy("measure", "Due"))
    done_on = day_field(pgettext_lazy("measure", "Done"))
    note = forms.CharField(
        label=pgettext_lazy("measure", "Note (never about a person)"), max_length=300, required=False
    )

    def words(self) -> CheckWords:
        return CheckWords(**self.cleaned_data)

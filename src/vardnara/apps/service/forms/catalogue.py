"""Shape of what people send from the catalogue's pages."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import pgettext, pgettext_lazy

from vardnara.apps.service.bridge.line_words import Unreadable
from vardnara.apps.service.bridge.usual_words import Usual, usual_read
from vardnara.apps.service.choices import DRIVER_WORDS, Area, Competence, Each, Priority
from vardnara.apps.service.services.catalogue import NormWords, TypeWords


class TypeForm(forms.Form):
    """What a hospital decides of a kind of task."""

    name = forms.CharField(label=pgettext_lazy("catalogue", "Name in Swedish"), max_length=120)
    name_en = forms.CharField(label=pgettext_lazy("catalogue", "Name in English"), max_length=120, required=False)
    area = forms.ChoiceField(label=pgettext_lazy("catalogue", "Area"), choices=Area.choices)
    priority = forms.TypedChoiceField(
        label=pgettext_lazy("catalogue", "Priority"), choices=Priority.choices, coerce=int, initial=Priority.NORMAL
    )
    competence = forms.ChoiceField(
        label=pgettext_lazy("catalogue", "Needs"),
        choices=[("", pgettext_lazy("catalogue", "nothing special")), *Competence.choices],
        required=False,
    )
    response_minutes = forms.IntegerField(
        label=pgettext_lazy("catalogue", "To be begun within, minutes"), min_value=1, max_value=1440, required=False
    )
    n_people = forms.IntegerField(
        label=pgettext_lazy("catalogue", "People at the same time"), min_value=1, max_value=9, initial=1
    )
    hygiene_order = forms.IntegerField(
        label=pgettext_lazy("catalogue", "Hygiene order: low is done clean, high is done last"),
        min_value=0,
        max_value=99,
        initial=50,
    )
    follows_id = forms.TypedChoiceField(
        label=pgettext_lazy("catalogue", "Appears by itself after"), coerce=int, empty_value=None, required=False
    )
    usual = forms.CharField(
        label=pgettext_lazy("catalogue", "Usual times, one a line: days, hours and, where it is not once, times"),
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": pgettext_lazy("catalogue", "Mon-Fri 07:30-09:00 x2")}),
        max_length=1000,
        required=False,
    )
    checklist = forms.CharField(
        label=pgettext_lazy("catalogue", "Checklist, one point a line"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=2500,
        required=False,
    )
    needs_signature = forms.BooleanField(label=pgettext_lazy("catalogue", "Is signed when it is done"), required=False)

    def __init__(self, *args: Any, follows: Sequence[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["follows_id"].choices = [("", pgettext("catalogue", "nothing")), *follows]

    def clean_usual(self) -> tuple[Usual, ...]:
        try:
            return usual_read(self.cleaned_data["usual"])
        except Unreadable as error:
            raise forms.ValidationError(str(error)) from None

    def words(self) -> TypeWords:
        """As the service takes them."""
        names = [field.name for field in dataclasses.fields(TypeWords) if field.name != "checklist"]
        said = {name: self.cleaned_data[name] for name in names}
        return TypeWords(**said, checklist=tuple(self.cleaned_data["checklist"].splitlines()))


class NewTypeForm(TypeForm):
    """A hospital's own kind of task, with what stays as it is for ever."""

    code = forms.SlugField(label=pgettext_lazy("catalogue", "Code, for ever"), max_length=40)
    driver = forms.ChoiceField(
        label=pgettext_lazy("catalogue", "There is more of it with more"), choices=DRIVER_WORDS.items()
    )
    each = forms.ChoiceField(label=pgettext_lazy("catalogue", "One task for"), choices=Each.choices)
    field_order = ("code", "name", "name_en", "area", "driver", "each")


class NormForm(forms.Form):
    """How long a kind of task takes, as somebody states it, and where that comes from."""

    ward_id = forms.TypedChoiceField(
        label=pgettext_lazy("catalogue", "For"), coerce=int, empty_value=None, required=False
    )
    fixed_low = forms.DecimalField()
    fixed_typical = forms.DecimalField()
    fixed_high = forms.DecimalField()
    unit_low = forms.DecimalField()
    unit_typical = forms.DecimalField()
    unit_high = forms.DecimalField()
    source = forms.CharField(label=pgettext_lazy("catalogue", "Source"), max_length=300)
    source_on = forms.DateField(
        label=pgettext_lazy("catalogue", "Date of the source"), widget=forms.DateInput(attrs={"type": "date"})
    )
    valid_from = forms.DateField(
        label=pgettext_lazy("catalogue", "Counts from"), widget=forms.DateInput(attrs={"type": "date"})
    )
    scope = forms.CharField(label=pgettext_lazy("catalogue", "What it covers"), max_length=200, required=False)
    PARTS = {
        "fixed": pgettext_lazy("catalogue", "Minutes each time"),
        "unit": pgettext_lazy("catalogue", "Minutes more for each unit"),
    }
    BOUNDS = {
        "low": pgettext_lazy("catalogue", "low"),
        "typical": pgettext_lazy("catalogue", "typical"),
        "high": pgettext_lazy("catalogue", "high"),
    }

    def __init__(self, *args: Any, wards: Sequence[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ward_id"].choices = [("", pgettext("catalogue", "every ward")), *wards]
        for part, of in self.PARTS.items():
            for bound, word in self.BOUNDS.items():
                field = forms.DecimalField(
                    label=f"{of}: {word}", min_value=0, max_value=9999, max_digits=6, decimal_places=2, initial=0
                )
                self.fields[f"{part}_{bound}"] = field

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for part, of in self.PARTS.items():
            bounds = [data.get(f"{part}_{bound}") for bound in self.BOUNDS]
            if None not in bounds and bounds != sorted(bounds):
                self.add_error(
                    f"{part}_typical",
                    pgettext("catalogue", "%(of)s: low is not above typical, nor typical above high.") % {"of": of},
                )
        return data

    def words(self) -> NormWords:
        """As the service takes them."""
        data = self.cleaned_data
        fixed, unit = (tuple(data[f"{part}_{bound}"] for bound in self.BOUNDS) for part in self.PARTS)
        return NormWords(
            fixed=fixed,
            unit=unit,
            source=data["source"],
            source_on=data["source_on"],
            valid_from=data["valid_from"],
            scope=data["scope"],
        )

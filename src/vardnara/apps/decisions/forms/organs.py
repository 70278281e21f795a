"""Shape of what people send about organisations, paragraphs and meetings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import pgettext, pgettext_lazy

from vardnara.apps.decisions.choices import OrganKind, PatternForm
from vardnara.apps.decisions.forms import LinesField, day_field


class OrganisationForm(forms.Form):
    name = forms.CharField(
        label=pgettext_lazy("organ", "Name"),
        max_length=120,
        help_text=pgettext_lazy("organ", "As cases call it, such as Region Halland"),
    )


class PatternFormForm(forms.Form):
    """A form of registry numbers with its examples."""

    form = forms.ChoiceField(label=pgettext_lazy("organ", "Written as"), choices=PatternForm.choices)
    text = forms.CharField(
        label=pgettext_lazy("organ", "Form"),
        max_length=120,
        help_text=pgettext_lazy(
            "organ", "{organ} capitals, {number} digits, {number:4} so many digits, {year} 2026, {yy} 26"
        ),
    )
    examples = LinesField(label=pgettext_lazy("organ", "Numbers in this form, one on each line"), rows=2)


class OrganForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("organ", "Name"), max_length=120)
    abbreviation = forms.CharField(label=pgettext_lazy("organ", "Abbreviation"), max_length=12)
    kind = forms.ChoiceField(label=pgettext_lazy("organ", "Kind"), choices=OrganKind.choices)


def organ_words(organ: Any, free: Mapping[int, int]) -> str:
    """An organ to choose, with its next free §."""
    if organ.pk not in free:
        return str(organ)
    return pgettext("organ", "%(organ)s, next § %(number)s") % {"organ": organ, "number": free[organ.pk]}


class ParagraphForm(forms.Form):
    """The § of a case in the minutes of an organ."""

    organ_id = forms.TypedChoiceField(label=pgettext_lazy("organ", "Organ"), coerce=int)
    on = day_field(pgettext_lazy("organ", "Date of the meeting"), required=True)
    number = forms.IntegerField(
        label=pgettext_lazy("organ", "Paragraph (§)"),
        min_value=1,
        max_value=99_999,
        required=False,
        help_text=pgettext_lazy("organ", "Empty: the next free number of that year"),
    )

    def __init__(self, *args: Any, organs: Sequence[Any], free: Mapping[int, int], **words: Any) -> None:
        super().__init__(*args, **words)
        self.fields["organ_id"].choices = [(organ.pk, organ_words(organ, free)) for organ in organs]


class MeetingForm(forms.Form):
    organ_id = forms.TypedChoiceField(label=pgettext_lazy("organ", "Organ"), coerce=int)
    on = day_field(pgettext_lazy("organ", "Date of the meeting"), required=True)
    place = forms.CharField(label=pgettext_lazy("organ", "Place"), max_length=120, required=False)

    def __init__(self, *args: Any, organs: Sequence[Any], **words: Any) -> None:
        super().__init__(*args, **words)
        self.fields["organ_id"].choices = [(organ.pk, str(organ)) for organ in organs]


class ItemForm(forms.Form):
    case_id = forms.TypedChoiceField(label=pgettext_lazy("organ", "Case"), coerce=int)

    def __init__(self, *args: Any, cases: Sequence[Any], **words: Any) -> None:
        super().__init__(*args, **words)
        self.fields["case_id"].choices = [(case.pk, f"{case.registry_number} {case.title}".strip()) for case in cases]


class RegisterForm(forms.Form):
    """What the register of decisions is narrowed to."""

    organ = forms.TypedChoiceField(label=pgettext_lazy("organ", "Organ"), coerce=int, required=False, empty_value=None)
    year = forms.TypedChoiceField(label=pgettext_lazy("organ", "Year"), coerce=int, required=False, empty_value=None)

    def __init__(self, *args: Any, organs: Sequence[Any], years: Sequence[int], **words: Any) -> None:
        super().__init__(*args, **words)
        every = pgettext("organ", "All")
        self.fields["organ"].choices = [("", every), *((organ.pk, str(organ)) for organ in organs)]
        self.fields["year"].choices = [("", every), *((year, str(year)) for year in years)]

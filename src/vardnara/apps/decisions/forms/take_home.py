"""Shape of what people write in the take-home ledger."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import pgettext_lazy

from vardnara.apps.decisions.choices import TakenTo
from vardnara.apps.decisions.forms import day_field
from vardnara.apps.decisions.queries.take_home import CaseHours
from vardnara.apps.decisions.services.take_home import BookingWords, FreedWords
from vardnara.apps.staffing.queries.costing import EndingPost

LEAST = Decimal("0.01")
HOURS: dict[str, Any] = {"max_digits": 10, "decimal_places": 2, "min_value": LEAST, "localize": True}


class FreedForm(forms.Form):
    """Hours that something freed; of a case with a balance they are the case's, and are not typed."""

    label = forms.CharField(label=pgettext_lazy("take home", "What freed them"), max_length=200)
    part = forms.ChoiceField(label=pgettext_lazy("take home", "Which hours of the case"), required=False)
    hours = forms.DecimalField(label=pgettext_lazy("take home", "Hours a year"), **HOURS)
    from_on = day_field(pgettext_lazy("take home", "Freed from"), required=True)
    basis = forms.CharField(label=pgettext_lazy("take home", "How it is known"), max_length=300)

    def __init__(self, *args: Any, known: tuple[CaseHours, ...], **more: Any) -> None:
        super().__init__(*args, **more)
        if not known:
            del self.fields["part"]
            return
        own = [(str(one.part), f"{one.part.label}: {one.hours}") for one in known]
        other = [("", pgettext_lazy("take home", "other hours, written below"))]
        self.fields["part"].choices = [*own, *other]  # type: ignore[attr-defined]
        self.fields["hours"].required = self.fields["basis"].required = False

    def freed_words(self, case_id: int | None) -> FreedWords:
        said = dict(self.cleaned_data)
        if said.get("part"):
            said["hours"] = None
        return FreedWords(**said, case_id=case_id)


class BookingForm(forms.Form):
    """What became of some hours."""

    destination = forms.ChoiceField(label=pgettext_lazy("take home", "What became of them"), choices=TakenTo.choices)
    hours = forms.DecimalField(label=pgettext_lazy("take home", "Hours a year"), **HOURS)
    post_id = forms.TypedChoiceField(
        label=pgettext_lazy("take home", "Post that went"), required=False, coerce=int, empty_value=None
    )
    to = forms.CharField(
        label=pgettext_lazy("take home", "Or: which agency hours went, or what the hours are used for"),
        max_length=200,
        required=False,
    )
    hourly_sek = forms.DecimalField(
        label=pgettext_lazy("take home", "What an hour cost, kronor"),
        help_text=pgettext_lazy("take home", "Only cash-released. Empty for a post whose cost the register knows."),
        max_digits=10,
        decimal_places=2,
        min_value=LEAST,
        required=False,
        localize=True,
    )
    text = forms.CharField(label=pgettext_lazy("take home", "Note"), max_length=300, required=False)

    def __init__(self, *args: Any, posts: list[EndingPost], **more: Any) -> None:
        super().__init__(*args, **more)
        rows = [(post.id, f"{post.number} {post.title}, {date_format(post.to_on, 'j F Y')}") for post in posts]
        self.fields["post_id"].choices = [("", "–"), *rows]  # type: ignore[attr-defined]

    def booking_words(self) -> BookingWords:
        return BookingWords(**self.cleaned_data)


class BecauseForm(forms.Form):
    because = forms.CharField(label=pgettext_lazy("case", "Why"), max_length=300)

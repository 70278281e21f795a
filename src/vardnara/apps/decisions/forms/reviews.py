"""Shape of what people write of special review."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import Person
from vardnara.apps.decisions.choices import ReviewInstead, ReviewKind, ReviewMeasure, ReviewState
from vardnara.apps.decisions.forms import day_field
from vardnara.apps.decisions.services.review_deciding import Limits
from vardnara.apps.decisions.services.review_orders import ACTORS, LevelWords, OrderWords
from vardnara.apps.decisions.services.review_requests import RequestWords
from vardnara.apps.hospital.queries.organisation import OwnDivision
from vardnara.parameters.special_review import words_of

LEVELS = 4
MONEY = {"max_digits": 12, "decimal_places": 2, "min_value": 0, "required": False, "localize": True}
OTHER_UNIT = "-"


def words(name: str) -> list[tuple[str, str]]:
    return words_of(name, get_language() or "sv")


def text_field(label: Any, *, rows: int = 2, required: bool = False, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=600,
        required=required,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class RequestForm(forms.Form):
    """A request, in the order in which a unit manager thinks of it."""

    kind = forms.ChoiceField(label=pgettext_lazy("review", "What you ask for"), choices=ReviewKind.choices)
    unit = forms.ChoiceField(label=pgettext_lazy("review", "Unit"))
    unit_name = forms.CharField(label=pgettext_lazy("review", "Another unit"), max_length=120, required=False)
    category = forms.ChoiceField(label=pgettext_lazy("review", "Category of staff"))
    reason = forms.ChoiceField(label=pgettext_lazy("review", "Reason"))
    need = text_field(pgettext_lazy("review", "The need, in your own words. No names."), rows=3, required=True)
    from_on = day_field(pgettext_lazy("review", "From"), required=True)
    through_on = day_field(
        pgettext_lazy("review", "Through"), help_text=pgettext_lazy("review", "A hire without an end: leave it empty.")
    )
    quantity = forms.DecimalField(
        label=pgettext_lazy("review", "How much"),
        max_digits=8,
        decimal_places=2,
        min_value=Decimal("0.01"),
        localize=True,
    )
    measure = forms.ChoiceField(label=pgettext_lazy("review", "Counted in"), choices=ReviewMeasure.choices)
    shift_hours = forms.DecimalField(
        label=pgettext_lazy("review", "Hours of a shift"),
        max_digits=4,
        decimal_places=2,
        min_value=Decimal("0.25"),
        max_value=24,
        required=False,
        localize=True,
        help_text=pgettext_lazy("review", "Only where you count in shifts."),
    )
    price_sek = forms.DecimalField(
        label=pgettext_lazy("review", "Price, kronor"),
        help_text=pgettext_lazy(
            "review", "Agency staff: an hour. A hire: a month of full time with social charges. Empty if not known."
        ),
        **MONEY,  # type: ignore[arg-type]
    )
    quoted_sek = forms.DecimalField(
        label=pgettext_lazy("review", "Or a price for all of it, kronor"),
        **MONEY,  # type: ignore[arg-type]
    )
    tried = forms.MultipleChoiceField(
        label=pgettext_lazy("review", "What you have tried instead"),
        required=False,
        widget=forms.CheckboxSelectMultiple(),
    )
    tried_words = text_field(pgettext_lazy("review", "More about that"))
    consequence = text_field(pgettext_lazy("review", "What happens if the answer is no"))

    def __init__(self, *args: Any, divisions: list[OwnDivision], may_other: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        units: list[tuple[str, Any]] = [
            (division.name, [(str(ward.id), ward.name) for ward in division.wards])
            for division in divisions
            if division.wards
        ]
        if may_other:
            units.append((OTHER_UNIT, pgettext_lazy("review", "Another unit, written below")))
        else:
            del self.fields["unit_name"]
        self.fields["unit"].choices = units  # type: ignore[attr-defined]
        self.fields["category"].choices = words("category")  # type: ignore[attr-defined]
        self.fields["reason"].choices = words("reason")  # type: ignore[attr-defined]
        self.fields["tried"].choices = words("alternative")  # type: ignore[attr-defined]

    def request_words(self) -> RequestWords:
        """What was written, as the service takes it."""
        said = dict(self.cleaned_data)
        unit = said.pop("unit")
        other = said.pop("unit_name", "")
        is_other = unit == OTHER_UNIT
        return RequestWords(
            **(said | {"tried": tuple(said["tried"])}),
            ward_id=None if is_other else int(unit),
            unit_name=other if is_other else "",
        )


class FilterForm(forms.Form):
    """What the list of requests is narrowed to."""

    state = forms.ChoiceField(label=pgettext_lazy("review", "State"), required=False)
    kind = forms.ChoiceField(label=pgettext_lazy("review", "Kind"), required=False)
    division_id = forms.TypedChoiceField(
        label=pgettext_lazy("review", "Division"), required=False, coerce=int, empty_value=None
    )
    category = forms.ChoiceField(label=pgettext_lazy("review", "Category of staff"), required=False)
    reason = forms.ChoiceField(label=pgettext_lazy("review", "Reason"), required=False)

    def __init__(self, *args: Any, divisions: list[OwnDivision], **more: Any) -> None:
        super().__init__(*args, **more)
        every = [("", pgettext_lazy("review", "all"))]
        states = [choice for choice in ReviewState.choices if choice[0] != ReviewState.DRAFT]
        for name, choices in (
            ("state", states),
            ("kind", ReviewKind.choices),
            ("division_id", [(division.id, division.name) for division in divisions]),
            ("category", words("category")),
            ("reason", words("reason")),
        ):
            self.fields[name].choices = [*every, *choices]  # type: ignore[attr-defined]


class DecideForm(forms.Form):
    """A decision of a level: the button says which, the limits say how far."""

    words = text_field(
        pgettext_lazy("review", "Your words"),
        help_text=pgettext_lazy("review", "Needed for limits and for a no. They are read by whoever asked."),
    )
    quantity = forms.DecimalField(
        label=pgettext_lazy("review", "At most, of what is asked"),
        max_digits=8,
        decimal_places=2,
        min_value=Decimal("0.01"),
        required=False,
        localize=True,
    )
    through_on = day_field(pgettext_lazy("review", "Through, at the latest"))
    price_sek = forms.DecimalField(
        label=pgettext_lazy("review", "Price, at most, kronor"),
        **MONEY,  # type: ignore[arg-type]
    )
    valid_through = day_field(pgettext_lazy("review", "To be agreed by"))

    def __init__(self, *args: Any, is_call_off: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        if is_call_off:
            del self.fields["valid_through"]

    def limits(self) -> Limits:
        said = self.cleaned_data
        return Limits(said["quantity"], said["through_on"], said["price_sek"], said.get("valid_through"))


class WordsForm(forms.Form):
    text = text_field(pgettext_lazy("review", "Your words"), required=True)


class WithdrawForm(forms.Form):
    because = forms.CharField(label=pgettext_lazy("case", "Why"), max_length=300, required=False)


class FollowUpForm(forms.Form):
    """What came of what was not granted."""

    instead = forms.ChoiceField(label=pgettext_lazy("review", "What happened instead"), choices=ReviewInstead.choices)
    cost_sek = forms.DecimalField(
        label=pgettext_lazy("review", "What that cost, kronor"),
        help_text=pgettext_lazy("review", "Empty if not known. It is taken off what was avoided."),
        **MONEY,  # type: ignore[arg-type]
    )
    words = text_field(pgettext_lazy("review", "In words"))


class OrderForm(forms.Form):
    """A decision on special review; its levels are forms of their own."""

    title = forms.CharField(label=pgettext_lazy("review", "What is decided"), max_length=200)
    organ = forms.CharField(label=pgettext_lazy("case", "Who decides"), max_length=160)
    decided_on = day_field(pgettext_lazy("case", "Date of the decision"), required=True)
    registry_number = forms.CharField(label=pgettext_lazy("case", "Registry number"), max_length=60, required=False)
    case_id = forms.TypedChoiceField(
        label=pgettext_lazy("review", "Case that it rests on"), required=False, coerce=int, empty_value=None
    )
    step = forms.CharField(
        label=pgettext_lazy("review", "Paragraph or step of the case"), max_length=300, required=False
    )
    valid_from = day_field(pgettext_lazy("review", "Valid from"), required=True)
    valid_through = day_field(pgettext_lazy("case", "Valid through"), required=True)
    covers_agency = forms.BooleanField(
        label=pgettext_lazy("review", "Call-offs of agency staff"), required=False, initial=True
    )
    covers_hires = forms.BooleanField(
        label=pgettext_lazy("review", "Hires, rehires and extensions"), required=False, initial=True
    )
    categories = forms.MultipleChoiceField(
        label=pgettext_lazy("review", "Only these categories; none ticked is all"),
        required=False,
        widget=forms.CheckboxSelectMultiple(),
    )
    ward_ids = forms.TypedMultipleChoiceField(
        label=pgettext_lazy("review", "Only these wards; none ticked is the whole hospital"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple(),
    )

    def __init__(self, *args: Any, divisions: list[OwnDivision], cases: list[tuple[int, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["categories"].choices = words("category")  # type: ignore[attr-defined]
        self.fields["ward_ids"].choices = [  # type: ignore[attr-defined]
            (ward.id, ward.name) for division in divisions for ward in division.wards
        ]
        self.fields["case_id"].choices = [("", "–"), *cases]  # type: ignore[attr-defined]

    def order_words(self, levels: tuple[LevelWords, ...]) -> OrderWords:
        said = self.cleaned_data
        lists = {name: tuple(said[name]) for name in ("categories", "ward_ids")}
        return OrderWords(**(said | lists), levels=levels)


class LevelForm(forms.Form):
    """A level; one without a name is not there."""

    label = forms.CharField(label=pgettext_lazy("review", "Level"), max_length=120, required=False)
    role = forms.ChoiceField(label=pgettext_lazy("review", "Role that decides"), required=False)
    user_ids = forms.TypedMultipleChoiceField(
        label=pgettext_lazy("review", "Or these people"), required=False, coerce=int
    )
    up_to_sek = forms.DecimalField(
        label=pgettext_lazy("review", "Decides up to, kronor"),
        max_digits=14,
        decimal_places=2,
        min_value=0,
        required=False,
        localize=True,
    )
    up_to_weeks = forms.IntegerField(
        label=pgettext_lazy("review", "and up to, weeks"), min_value=0, max_value=520, required=False
    )

    def __init__(self, *args: Any, people: list[Person], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["role"].choices = [("", "–"), *((role, Role(role).label) for role in ACTORS)]  # type: ignore[attr-defined]
        self.fields["user_ids"].choices = [(person.id, person.name) for person in people]  # type: ignore[attr-defined]
        self.fields["user_ids"].widget.attrs["size"] = "3"

    def level_words(self) -> LevelWords | None:
        said = self.cleaned_data
        if not said["label"] and not said["role"] and not said["user_ids"]:
            return None
        return LevelWords(**(said | {"user_ids": tuple(said["user_ids"])}))


class OrderEndForm(forms.Form):
    ended_on = day_field(pgettext_lazy("review", "Last day"), required=True)
    because = forms.CharField(label=pgettext_lazy("case", "Why"), max_length=300)


class PeriodForm(forms.Form):
    """Which decided requests are counted."""

    since = day_field(pgettext_lazy("review", "Decided from"))
    through = day_field(pgettext_lazy("review", "through"))

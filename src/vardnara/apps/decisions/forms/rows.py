"""A form for a row of each section of a case: the same keys as a case file has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import pgettext_lazy

from vardnara.apps.decisions.choices import Section
from vardnara.apps.decisions.forms import LinesField, day_field
from vardnara.gateways.case_file.content import Content

FUNDINGS = 4  # payers that posts may have one after the other on the page; a file may have more
NONE = ("", "–")


def _text(label: Any, *, required: bool = False, long: bool = False, help_text: Any = "") -> Callable[[], forms.Field]:
    def make() -> forms.Field:
        widget = forms.Textarea(attrs={"rows": 3}) if long else forms.TextInput()
        return forms.CharField(label=label, required=required, widget=widget, help_text=help_text)

    return make


def _day(label: Any, *, required: bool = False) -> Callable[[], forms.Field]:
    return lambda: day_field(label, required=required)


def _flag(label: Any, *, first: bool = True) -> Callable[[], forms.Field]:
    return lambda: forms.BooleanField(label=label, required=False, initial=first)


def _pick(label: Any, among: list[tuple[str, Any]], *, required: bool = True) -> Callable[[], forms.Field]:
    choices = among if required else [NONE, *among]
    return lambda: forms.ChoiceField(label=label, choices=choices, required=required)


def _of(kind: str, label: Any, *, required: bool = True) -> Callable[[], forms.Field]:
    """A choice among the case's own figures, sources or steps, filled in when the form is made."""

    def make() -> forms.Field:
        field = forms.ChoiceField(label=label, required=required)
        field.among = kind  # type: ignore[attr-defined]
        return field

    return make


UNITS: list[tuple[str, Any]] = [
    ("sek", pgettext_lazy("unit", "kronor")),
    ("sek_per_year", pgettext_lazy("unit", "kronor a year")),
    ("sek_per_post", pgettext_lazy("unit", "kronor a post")),
    ("sek_per_hour", pgettext_lazy("unit", "kronor an hour")),
    ("posts", pgettext_lazy("unit", "posts")),
    ("hours", pgettext_lazy("unit", "hours")),
    ("hours_per_year", pgettext_lazy("unit", "hours a year")),
    ("hours_per_post", pgettext_lazy("unit", "hours a post and year")),
    ("days", pgettext_lazy("unit", "days")),
    ("beds", pgettext_lazy("unit", "beds")),
    ("wards", pgettext_lazy("unit", "wards")),
    ("persons", pgettext_lazy("unit", "persons")),
    ("share", pgettext_lazy("unit", "share")),
    ("count", pgettext_lazy("unit", "count")),
]
CHANGES: list[tuple[str, Any]] = [
    ("removed", pgettext_lazy("posts", "are removed")),
    ("added", pgettext_lazy("posts", "are added")),
    ("reaimed", pgettext_lazy("posts", "are re-aimed")),
    ("kept", pgettext_lazy("posts", "stay")),
]
FLOWS: list[tuple[str, Any]] = [
    ("saving", pgettext_lazy("money", "saving")),
    ("added_cost", pgettext_lazy("money", "added cost")),
    ("transferred_cost", pgettext_lazy("money", "cost that moves to another")),
    ("reinvestment", pgettext_lazy("money", "saving used again")),
    ("one_off", pgettext_lazy("money", "one-off cost")),
]
STEPS: list[tuple[str, Any]] = [
    ("proposal", pgettext_lazy("step", "proposal")),
    ("analysis", pgettext_lazy("step", "analysis")),
    ("information", pgettext_lazy("step", "information")),
    ("direction", pgettext_lazy("step", "direction")),
    ("consultation", pgettext_lazy("step", "consultation")),
    ("decision", pgettext_lazy("step", "decision")),
    ("execution", pgettext_lazy("step", "execution")),
    ("evaluation", pgettext_lazy("step", "evaluation")),
]
QUOTE: dict[str, Callable[[], forms.Field]] = {
    "quote": _text(pgettext_lazy("case", "Words of the source"), long=True),
    "source": _of("source", pgettext_lazy("case", "Source"), required=False),
    "place": _text(pgettext_lazy("case", "Where in it")),
}
LABEL = pgettext_lazy("case", "What")
FIGURE = _of("figure", pgettext_lazy("case", "Figure"))
FROM, TO = pgettext_lazy("case", "From"), pgettext_lazy("case", "Until (first day without)")
PAYER = pgettext_lazy("case", "Payer")
FIELDS: Mapping[str, dict[str, Callable[[], forms.Field]]] = {
    "source": {
        "id": _text(pgettext_lazy("case", "Short name"), required=True),
        "title": _text(pgettext_lazy("case", "Title"), required=True),
        "organisation": _text(pgettext_lazy("case", "Organisation")),
        "dated_on": _day(pgettext_lazy("case", "Date of the document")),
        "registry_number": _text(pgettext_lazy("case", "Registry number")),
    },
    "figure": {
        "id": _text(
            pgettext_lazy("case", "Short name"),
            required=True,
            help_text=pgettext_lazy("case", "For formulas: small letters, digits and _"),
        ),
        "label": _text(LABEL, required=True),
        "value": lambda: forms.DecimalField(label=pgettext_lazy("case", "Value"), required=False, localize=True),
        "low": lambda: forms.DecimalField(
            label=pgettext_lazy("case", "At least, if it is not certain"), required=False, localize=True
        ),
        "high": lambda: forms.DecimalField(label=pgettext_lazy("case", "At most"), required=False, localize=True),
        "unit": _pick(pgettext_lazy("case", "Unit"), UNITS),
        "formula": _text(
            pgettext_lazy("case", "Formula"),
            help_text=pgettext_lazy("case", "Short names, numbers, + - * / and brackets"),
        ),
        **QUOTE,
        "note": _text(pgettext_lazy("case", "What a reader must know"), long=True),
    },
    "posts": {
        "figure": FIGURE,
        "label": _text(pgettext_lazy("case", "Where"), required=True),
        "change": _pick(pgettext_lazy("case", "What becomes of them"), CHANGES),
        "change_on": _day(pgettext_lazy("case", "First day of the change"), required=True),
        "exists_from": _day(pgettext_lazy("case", "There since")),
        "hours": _of("figure", pgettext_lazy("case", "Hours of a post and year"), required=False),
        "payer": _text(pgettext_lazy("case", "Payer, if one pays all the time")),
        "in_frame": _flag(pgettext_lazy("case", "In the payer's frame")),
    },
    "amount": {
        "figure": FIGURE,
        "payer": _text(PAYER, required=True),
        "kind": _pick(pgettext_lazy("case", "Kind"), FLOWS),
        "from_on": _day(FROM, required=True),
        "to_on": _day(TO),
        "notice_months": lambda: forms.IntegerField(
            label=pgettext_lazy("case", "Months of notice"), min_value=0, max_value=36, required=False
        ),
        "in_frame": _flag(pgettext_lazy("case", "In the payer's frame")),
    },
    "reallocation": {
        "figure": FIGURE,
        "giver": _text(pgettext_lazy("case", "Gives"), required=True),
        "receiver": _text(pgettext_lazy("case", "Receives"), required=True),
        "from_on": _day(FROM, required=True),
    },
    "home": {
        "label": _text(LABEL, required=True),
        "figure": FIGURE,
        "receives": _flag(pgettext_lazy("case", "Somebody does the work in that time")),
    },
    "task": {
        "task": _text(pgettext_lazy("case", "Task"), required=True),
        "giver": _text(FROM, required=True),
        "receiver": _text(pgettext_lazy("case", "To"), required=True),
        "by": _text(pgettext_lazy("case", "By which decision or project"), required=True),
        **QUOTE,
    },
    "scope": {
        "label": _text(LABEL, required=True),
        "responsible": _text(pgettext_lazy("case", "Who does it")),
        "agreed_in": _text(pgettext_lazy("case", "In which agreement it stands")),
        **QUOTE,
    },
    "step": {
        "id": _text(pgettext_lazy("case", "Short name"), required=True),
        "kind": _pick(pgettext_lazy("case", "Kind"), STEPS),
        "organ": _text(pgettext_lazy("case", "Who"), required=True),
        "text": _text(LABEL, required=True),
        "on": _day(pgettext_lazy("case", "Date")),
        "paragraph": _text(pgettext_lazy("case", "Paragraph (§)")),
        "is_decided": _flag(pgettext_lazy("case", "It has happened")),
        "valid_from": _day(pgettext_lazy("case", "Valid from")),
        "valid_through": _day(pgettext_lazy("case", "Valid through")),
        "review_by": _day(pgettext_lazy("case", "To be decided again by")),
        "follows": _of("step", pgettext_lazy("case", "Follows"), required=False),
        **QUOTE,
    },
    "account": {
        "fact": _text(pgettext_lazy("case", "Of what"), required=True),
        "says": _text(pgettext_lazy("case", "What it says"), required=True),
        **QUOTE,
    },
    "measure": {
        "label": _text(LABEL, required=True),
        "status": _text(pgettext_lazy("case", "State")),
        "effect": _of("figure", pgettext_lazy("case", "Effect"), required=False),
        "requires": _text(pgettext_lazy("case", "What must come first")),
        **QUOTE,
    },
    "section": {
        "heading": _text(pgettext_lazy("case", "Heading"), required=True),
        "paragraphs": lambda: LinesField(
            label=pgettext_lazy("case", "Text, a paragraph on each line"), rows=12, required=True
        ),
    },
    "proposal": {
        "text": _text(pgettext_lazy("case", "One sentence, one action"), required=True, long=True),
        "points": lambda: LinesField(label=pgettext_lazy("case", "Points a, b, c, one on each line"), required=False),
    },
    "signatory": {
        "name": _text(pgettext_lazy("case", "Name"), required=True),
        "title": _text(pgettext_lazy("case", "Title"), required=True),
    },
}
assert set(FIELDS) == set(Section.values)


def figures_of(content: Content) -> list[tuple[str, str]]:
    """The case's figures to choose among."""
    return [(row["id"], row.get("label", row["id"])) for row in content.get("figure", [])]


class RowForm(forms.Form):
    """A row of a section. ``cleaned_row`` is the row as a case file has it."""

    def __init__(self, *args: Any, section: str, content: Content, row: Mapping[str, Any] | None, **words: Any) -> None:
        initial = dict(row or {})
        for number, funding in enumerate(initial.pop("funding", [])):
            initial |= {f"funding_{number}_{key}": value for key, value in funding.items()}
        for number_field in ("value", "low", "high"):
            if isinstance(initial.get(number_field), str):
                initial[number_field] = Decimal(initial[number_field])
        super().__init__(*args, initial=initial, **words)
        self.section = section
        for name, make in FIELDS[section].items():
            self.fields[name] = make()
        if section == "posts":
            self._funding_fields()
        among = {
            "figure": figures_of(content),
            "source": [(one["id"], one.get("title", one["id"])) for one in content.get("source", [])],
            "step": [
                (one["id"], one.get("text", one["id"]))
                for one in content.get("step", [])
                if one["id"] != initial.get("id")
            ],
        }
        for field in self.fields.values():
            kind = getattr(field, "among", "")
            if kind:
                field.choices = [NONE, *among[kind]]  # type: ignore[attr-defined]

    def _funding_fields(self) -> None:
        for number in range(FUNDINGS):
            self.fields[f"funding_{number}_party"] = forms.CharField(label=PAYER, required=False)
            self.fields[f"funding_{number}_from_on"] = day_field(FROM)
            self.fields[f"funding_{number}_to_on"] = day_field(TO)
            frame = pgettext_lazy("case", "In the payer's frame")
            self.fields[f"funding_{number}_in_frame"] = forms.BooleanField(label=frame, required=False, initial=True)

    def cleaned_row(self) -> dict[str, Any]:
        answers = ("responsible", "agreed_in")  # nobody and nowhere are answers
        row = {
            name: value
            for name, value in self.cleaned_data.items()
            if not name.startswith("funding_") and (value != "" or name in answers)
        }
        fundings = []
        for number in range(FUNDINGS if self.section == "posts" else 0):
            party = self.cleaned_data.get(f"funding_{number}_party")
            if party:
                one = {"party": party}
                for key in ("from_on", "to_on", "in_frame"):
                    value = self.cleaned_data.get(f"funding_{number}_{key}")
                    if value is not None:
                        one[key] = value
                fundings.append(one)
        if fundings:
            row["funding"] = fundings
        if self.section == "posts" and not row.get("payer"):
            row.pop("in_frame", None)
        return row

    def fundings(self) -> list[list[forms.BoundField]]:
        """The fields of each payer."""
        if self.section != "posts":
            return []
        keys = ("party", "from_on", "to_on", "in_frame")
        return [[self[f"funding_{number}_{key}"] for key in keys] for number in range(FUNDINGS)]

    def plain(self) -> list[forms.BoundField]:
        """The fields that every row has."""
        return [self[name] for name in FIELDS[self.section]]

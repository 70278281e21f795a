"""What is asked for on the pages of the economy."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import pgettext, pgettext_lazy

from vardnara.apps.economy.choices import Ledger, Measure, Method


class YearForm(forms.Form):
    """Which year, by which method, booked through which month."""

    ar = forms.TypedChoiceField(label=pgettext_lazy("economy", "Year"), coerce=int)
    metod = forms.ChoiceField(label=pgettext_lazy("forecast", "Method"), choices=Method.choices)
    manad = forms.TypedChoiceField(label=pgettext_lazy("forecast", "Booked through"), coerce=int, required=False)

    def __init__(self, *args, years, through, **kwargs) -> None:  # type: ignore[no-untyped-def]
        super().__init__(*args, **kwargs)
        self.fields["ar"].choices = [(year, year) for year in years]
        self.fields["manad"].choices = [(month, MONTHS[month]) for month in range(through, 0, -1)]


TABLES = {
    "units": pgettext_lazy("economy", "Units"),
    "accounts": pgettext_lazy("economy", "Accounts"),
    "frames": pgettext_lazy("economy", "Frames"),
    "indices": pgettext_lazy("economy", "Indices"),
}


class ImportForm(forms.Form):
    """A file of the ledger or the budget."""

    file = forms.FileField(label=pgettext_lazy("economy", "File: SIE 4 (.se, .si), CSV or xlsx"))
    kind = forms.ChoiceField(
        label=pgettext_lazy("economy", "What a table holds (a SIE file says it itself)"),
        choices=[*Ledger.choices, *TABLES.items()],
    )
    encoding = forms.ChoiceField(
        label=pgettext_lazy("economy", "How a CSV file was saved"),
        choices=[("utf-8", "UTF-8"), ("cp1252", "Windows-1252"), ("latin-1", "Latin-1")],
    )
    late_reason = forms.CharField(
        label=pgettext_lazy("economy", "Why it comes late (only where the year is closed)"),
        max_length=300,
        required=False,
    )


class NoteForm(forms.Form):
    """A word on a forecast that is kept."""

    note = forms.CharField(label=pgettext_lazy("forecast", "A word on it"), max_length=300, required=False)


class AdjustForm(forms.Form):
    """Kronor on an account, with the reason."""

    account = forms.TypedChoiceField(label=pgettext_lazy("economy", "Account"), coerce=int)
    amount = forms.DecimalField(
        label=pgettext_lazy("forecast", "Kronor (a cost is plus, less cost is minus)"), max_digits=14, decimal_places=2
    )
    reason = forms.CharField(label=pgettext_lazy("forecast", "Why"), max_length=300)

    def __init__(self, *args, accounts, **kwargs) -> None:  # type: ignore[no-untyped-def]
        super().__init__(*args, **kwargs)
        self.fields["account"].choices = accounts


class FrameForm(forms.Form):
    """A decided step of a unit's frame."""

    amount = forms.DecimalField(
        label=pgettext_lazy("economy", "Kronor (minus where it is taken away)"), max_digits=14, decimal_places=2
    )
    decided_on = forms.DateField(
        label=pgettext_lazy("economy", "Decided on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    source = forms.CharField(label=pgettext_lazy("economy", "By whom and where it stands"), max_length=200)


class QuestionForm(forms.Form):
    """Figures from a document, each known or not."""

    cost = forms.DecimalField(
        label=pgettext_lazy("why", "Cost, kronor"), max_digits=14, decimal_places=2, required=False, min_value=0
    )
    compensation = forms.DecimalField(
        label=pgettext_lazy("why", "Compensation, kronor"), max_digits=14, decimal_places=2, required=False, min_value=0
    )
    agreed = forms.DecimalField(
        label=pgettext_lazy("why", "Hours agreed"), max_digits=10, decimal_places=2, required=False, min_value=0
    )
    done = forms.DecimalField(
        label=pgettext_lazy("why", "Hours done of what is agreed"),
        max_digits=10,
        decimal_places=2,
        required=False,
        min_value=0,
    )
    weekends = forms.DecimalField(
        label=pgettext_lazy("why", "Hours done on weekends outside the agreement"),
        max_digits=10,
        decimal_places=2,
        required=False,
        min_value=0,
    )
    final_cleans = forms.DecimalField(
        label=pgettext_lazy("why", "Hours of final cleans outside the agreement"),
        max_digits=10,
        decimal_places=2,
        required=False,
        min_value=0,
    )
    source = forms.CharField(label=pgettext_lazy("why", "Where the figures are from"), max_length=200, required=False)


class ReferenceForm(forms.Form):
    """A reference table: the file, what it is, and which of its columns are what."""

    file = forms.FileField(label=pgettext_lazy("benchmark", "File: CSV, CSV packed as .gz, or xlsx"))
    name = forms.CharField(label=pgettext_lazy("benchmark", "What it is called here"), max_length=160)
    source = forms.CharField(label=pgettext_lazy("benchmark", "Source: who published it, and where"), max_length=300)
    year = forms.IntegerField(label=pgettext_lazy("economy", "Year"), min_value=1990, max_value=2100)
    currency = forms.CharField(label=pgettext_lazy("benchmark", "Currency (SEK, GBP)"), min_length=3, max_length=3)
    measure = forms.ChoiceField(label=pgettext_lazy("benchmark", "Cost of one"), choices=Measure.choices)
    key_column = forms.CharField(label=pgettext_lazy("benchmark", "Column that names the row"), max_length=200)
    name_column = forms.CharField(
        label=pgettext_lazy("benchmark", "Column with its name (may be empty)"), max_length=200, required=False
    )
    cost_column = forms.CharField(label=pgettext_lazy("benchmark", "Column with the cost"), max_length=200)
    quantity_column = forms.CharField(
        label=pgettext_lazy("benchmark", "Column to divide by (empty: the cost is of one already)"),
        max_length=200,
        required=False,
    )
    decimal = forms.ChoiceField(
        label=pgettext_lazy("benchmark", "Decimals are written with"),
        choices=[
            ("comma", pgettext_lazy("benchmark", "comma (1 234,5)")),
            ("point", pgettext_lazy("benchmark", "point (1,234.5)")),
        ],
    )
    encoding = forms.ChoiceField(
        label=pgettext_lazy("economy", "How a CSV file was saved"),
        choices=[("utf-8", "UTF-8"), ("cp1252", "Windows-1252"), ("latin-1", "Latin-1")],
    )
    delimiter = forms.CharField(
        label=pgettext_lazy("benchmark", "Separator of a CSV file (empty: ; , or tab)"), max_length=1, required=False
    )
    header_row = forms.IntegerField(
        label=pgettext_lazy("benchmark", "Row with the column names"), min_value=1, max_value=50, initial=1
    )
    leave_out = forms.BooleanField(
        label=pgettext_lazy("benchmark", "Leave faulty rows out, and keep the list of them"), required=False
    )


class QuantityForm(forms.Form):
    """What a measure cost here, how much of it there was, and where that stands."""

    measure = forms.ChoiceField(label=pgettext_lazy("benchmark", "Cost of one"), choices=Measure.choices)
    year = forms.IntegerField(label=pgettext_lazy("economy", "Year"), min_value=1990, max_value=2100)
    cost_sek = forms.DecimalField(
        label=pgettext_lazy("benchmark", "Cost of the year, kronor"), max_digits=14, decimal_places=2, min_value=0
    )
    quantity = forms.DecimalField(
        label=pgettext_lazy("benchmark", "How many of them"), max_digits=14, decimal_places=2, min_value=1
    )
    source = forms.CharField(label=pgettext_lazy("benchmark", "Where cost and number stand"), max_length=300)


class MoveForm(forms.Form):
    """An amount of one price year, the year it is wanted in, and by which index."""

    amount_sek = forms.DecimalField(label=pgettext_lazy("index", "Kronor"), max_digits=14, decimal_places=2)
    from_year = forms.IntegerField(label=pgettext_lazy("index", "Price year"), min_value=1990, max_value=2199)
    to_year = forms.IntegerField(label=pgettext_lazy("index", "In the kronor of"), min_value=1990, max_value=2199)
    name = forms.ChoiceField(label=pgettext_lazy("index", "Index, of pay where two are mixed"))
    prices_name = forms.ChoiceField(label=pgettext_lazy("index", "Mixed with, of prices"), required=False)
    wage_share = forms.DecimalField(
        label=pgettext_lazy("index", "Share of pay in cost, 0 to 1"),
        min_value=0,
        max_value=1,
        max_digits=5,
        decimal_places=4,
        required=False,
    )

    def __init__(self, *args: Any, names: list[str], **words: Any) -> None:
        super().__init__(*args, **words)
        self.fields["name"].choices = [(one, one) for one in names]  # type: ignore[attr-defined]
        none = ("", pgettext_lazy("index", "nothing"))
        self.fields["prices_name"].choices = [none, *((one, one) for one in names)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if bool(found.get("prices_name")) != (found.get("wage_share") is not None):
            self.add_error("wage_share", pgettext("index", "A mix needs both: the second index and the share of pay."))
        return found

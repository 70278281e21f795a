"""A row of a ledger or a budget, whichever file it came from."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

ALIASES = {  # what Swedish systems call the columns
    "ansvar": "unit",
    "enhet": "unit",
    "konto": "account",
    "datum": "booked_on",
    "bokföringsdatum": "booked_on",
    "månad": "month",
    "period": "month",
    "belopp": "amount",
    "verifikation": "voucher",
    "verifikat": "voucher",
}
COLUMNS = ("unit", "account", "booked_on", "month", "amount", "voucher", "text")
NEEDED = ("unit", "account", "amount")


class Entry(NamedTuple):
    """One row.

    Parameters
    ----------
    line
        Row in the file; of a workbook the row of the sheet.
    voucher
        What it is called in the ledger; may be empty.
    booked_on
        Its day; the first of the month where only a month is given.
    unit, account
        Codes.
    amount
        SEK to the öre; a cost is plus, an income minus.
    text
        May be empty.
    """

    line: int
    voucher: str
    booked_on: date
    unit: str
    account: str
    amount: Decimal
    text: str

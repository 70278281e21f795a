"""What a SIE 4 file says, whichever program wrote it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

type Objects = tuple[tuple[int, str], ...]  # (dimension, object) in the order of the file

UNIT_DIMENSION = 1  # of the standard: cost centre or result unit (ansvar)
EMPLOYEE_DIMENSION = 7  # of the standard: a person; read, never kept
DIMENSIONS = {  # reserved by the standard, and so known without #DIM
    1: "Kostnadsställe",
    2: "Kostnadsbärare",
    6: "Projekt",
    7: "Anställd",
    8: "Kund",
    9: "Leverantör",
    10: "Faktura",
}
ASSET, DEBT, COST, INCOME = "T", "S", "K", "I"


class Transaction(NamedTuple):
    """One counted line of a verification.

    Parameters
    ----------
    line
        Line in the file.
    voucher
        Series and number of its verification, for example ``A 17``.
    booked_on
        Its own date, else that of the verification.
    account
        Code of the account.
    objects
        Its objects, by dimension.
    amount
        SEK to the öre; debit is positive.
    text
        Its own text, else that of the verification.
    """

    line: int
    voucher: str
    booked_on: date
    account: str
    objects: Objects
    amount: Decimal
    text: str


@dataclass(frozen=True, slots=True)
class Account:
    """An account; ``kind`` is ``T`` asset, ``S`` debt, ``K`` cost or ``I`` income."""

    code: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Balance:
    """``#IB``, ``#UB`` or ``#RES`` of an account: ``year`` 0 is this year, -1 the one before."""

    line: int
    label: str
    year: int
    account: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class PeriodSum:
    """``#PSALDO`` or ``#PBUDGET``: a month of an account, for all or for some objects."""

    line: int
    label: str
    year: int
    month: date
    account: str
    objects: Objects
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Verification:
    """A whole verification, as ``sie_write`` takes and ``sie_read`` gives it; ``rows`` balance to zero."""

    series: str
    number: str
    booked_on: date
    text: str
    rows: tuple[Transaction, ...]


@dataclass
class Book:
    """Everything of a file but its verifications; filled while the file is read.

    Parameters
    ----------
    years
        First and last day by number of year: 0 is the file's own, -1 the one before.
    objects
        Name by dimension and code.
    parents
        The dimension above, by ``#UNDERDIM``.
    balances, periods
        In the order of the file.
    """

    company: str = ""
    org_number: str = ""
    program: str = ""
    sie_type: str = ""
    currency: str = "SEK"
    generated_on: date | None = None
    years: dict[int, tuple[date, date]] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    dimensions: dict[int, str] = field(default_factory=lambda: dict(DIMENSIONS))
    parents: dict[int, int] = field(default_factory=dict)
    objects: dict[tuple[int, str], str] = field(default_factory=dict)
    balances: list[Balance] = field(default_factory=list)
    periods: list[PeriodSum] = field(default_factory=list)

"""A small SIE file of a year: two units, three accounts, a budget, and what each month costs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from vardnara.gateways.sie import Account, Book, PeriodSum, Transaction, Verification, sie_write

UNITS = {"310": "Vårdnära service", "320": "Städ och hygien"}
ACCOUNTS = (
    Account("1930", "Bank", "T"),
    Account("3010", "Ersättning", "I"),
    Account("4010", "Städmaterial", "K"),
    Account("5010", "Löner", "K"),
)


def sie_make(folder: Path, *, year: int = 2025, through: int = 12, step: int = 0, budget: bool = True) -> Path:
    """Month m of unit 310 costs 1,000 m + ``step`` in pay and brings 900; unit 320 buys for 100.25 a month."""
    book = Book(company="Region Påhitt", sie_type="4", years={0: (date(year, 1, 1), date(year, 12, 31))})
    book.accounts = {account.code: account for account in ACCOUNTS}
    book.objects = {(1, code): name for code, name in UNITS.items()}
    if budget:
        book.periods = [
            PeriodSum(0, "PBUDGET", 0, date(year, month, 1), "5010", ((1, "310"),), Decimal(6000))
            for month in range(1, 13)
        ]
    found = []
    for month in range(1, through + 1):
        day = date(year, month, 15)
        pay, bought, paid = Decimal(1000 * month + step), Decimal("100.25"), Decimal(-900)
        bank = -(pay + bought + paid)
        amounts = [("5010", "310", pay), ("4010", "320", bought), ("3010", "310", paid), ("1930", "", bank)]
        rows = [
            Transaction(0, f"A {month}", day, account, ((1, unit),) if unit else (), amount, "Månad")
            for account, unit, amount in amounts
        ]
        found.append(Verification("A", str(month), day, "Månad", tuple(rows)))
    return sie_write(folder / f"{year}-{through}-{step}.se", book, found)

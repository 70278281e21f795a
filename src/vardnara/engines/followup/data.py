"""What a forecast and an explanation are made from: frozen, in SEK to the öre."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from vardnara.kernel.errors import InputError
from vardnara.kernel.faults import Fault

MONTHS = 12
ORE = Decimal("0.01")
ZERO = Decimal(0)

type Key = tuple[int, int]  # unit, account
type Year = tuple[Decimal, ...]  # twelve months


class Method(StrEnum):
    """How the months that are left are forecast."""

    RUN_RATE = "run_rate"
    SEASONAL = "seasonal"
    BUDGET_REST = "budget_rest"


@dataclass(frozen=True, slots=True)
class Line:
    """A unit's account: twelve months of budget, of this year's ledger and of last year's.

    Parameters
    ----------
    key
        Unit and account.
    budget
        SEK by month; cost is plus, income minus.
    actual
        SEK by month; what stands in months after the last closed one is not used.
    last_year
        SEK by month of the year before, None where nobody has read it in.
    """

    key: Key
    budget: Year
    actual: Year
    last_year: Year | None = None

    def __post_init__(self) -> None:
        for name, year in (("budget", self.budget), ("actual", self.actual), ("last_year", self.last_year)):
            if year is not None and len(year) != MONTHS:
                raise InputError([Fault("forecast", f"{self.key}/{name}", f"{len(year)} months", "12")])
            if year is not None and not to_the_ore(year):
                raise InputError([Fault("forecast", f"{self.key}/{name}", "more than two decimals", "SEK to the öre")])


@dataclass(frozen=True, slots=True)
class Adjustment:
    """SEK that a person adds to the forecast of a unit's account, and why."""

    key: Key
    amount: Decimal
    reason: str

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise InputError([Fault("forecast", f"{self.key}/adjustment", "no reason", "why it is adjusted")])
        if not to_the_ore([self.amount]):
            raise InputError([Fault("forecast", f"{self.key}/adjustment", "more than two decimals", "SEK to the öre")])


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the work: what was agreed of it, and what was done.

    Parameters
    ----------
    name
        What it is called on the page.
    agreed
        Quantity that was agreed (hours, unless the page says otherwise), 0 for what no agreement speaks of.
    done
        Quantity that was done.
    in_scope
        Whether the agreement speaks of it at all.
    """

    name: str
    agreed: Decimal
    done: Decimal
    in_scope: bool = True

    def __post_init__(self) -> None:
        if self.agreed < 0 or self.done < 0:
            raise InputError([Fault("deviation", self.name, "a negative quantity", "0 or more")])
        if not self.in_scope and self.agreed:
            raise InputError([Fault("deviation", self.name, "agreed, and outside the agreement", "one of them")])


@dataclass(frozen=True, slots=True)
class Question:
    """Why does it cost that much against this? The whole is ``cost`` - ``compensation``; None is unknown.

    Parameters
    ----------
    cost
        SEK that the work cost.
    compensation
        SEK that was paid for it.
    parts
        The work by part, None where nobody has agreed or measured quantities.
    """

    cost: Decimal | None
    compensation: Decimal | None
    parts: tuple[Part, ...] | None

    def __post_init__(self) -> None:
        known = [amount for amount in (self.cost, self.compensation) if amount is not None]
        if not to_the_ore(known):
            raise InputError([Fault("deviation", "", "more than two decimals", "SEK to the öre")])


def to_the_ore(amounts: Iterable[Decimal]) -> bool:
    """Whether every amount is finite and has at most two decimals."""
    return all(amount.is_finite() and amount == amount.quantize(ORE) for amount in amounts)

"""What a call-off or a hire costs as asked and as granted, and what a special review avoided (DOMAIN 2.6).

"Avoided" is what was asked for less what was granted. It is no saving: it assumes that all that was asked for would
have been bought, and what came instead has a cost of its own, known only where somebody has entered it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from statistics import median

from vardnara.kernel.money import ZERO_SEK, sek

DAYS_A_WEEK = 7
DAYS_A_YEAR = 365  # a post without an end is reckoned for one year
MONTHS_A_YEAR = 12


class Basis(StrEnum):
    """How the quantity is priced."""

    AGENCY_FTE = "agency_fte"  # full-time equivalents of hired staff, by the hour
    AGENCY_SHIFTS = "agency_shifts"  # shifts of hired staff, by the hour
    HIRE = "hire"  # full-time equivalents of one's own, by the month


@dataclass(frozen=True, slots=True)
class CallOff:
    """What is asked for, or granted.

    Parameters
    ----------
    basis
        How it is priced.
    quantity
        Full-time equivalents or shifts, above 0.
    n_days
        Days of the period; None without an end, which is reckoned as a year.
    unit_sek
        An hour (agency) or a month of full time with social charges (hire); None where it is not known.
    hours_per_shift, weekly_hours
        Hours of a shift, and of a full-time week.
    quoted_sek
        A price for all of it, used where ``unit_sek`` is not known.
    """

    basis: Basis
    quantity: Decimal
    n_days: int | None
    unit_sek: Decimal | None = None
    hours_per_shift: Decimal = Decimal(0)
    weekly_hours: Decimal = Decimal(0)
    quoted_sek: Decimal | None = None

    def __post_init__(self) -> None:
        if not self.quantity.is_finite() or self.quantity <= 0:
            raise ValueError(f"quantity {self.quantity}, expected more than 0")
        if self.n_days is not None and self.n_days < 1:
            raise ValueError(f"n_days {self.n_days}, expected 1 or more")
        for name in ("unit_sek", "quoted_sek"):
            amount = getattr(self, name)
            if amount is not None and (not amount.is_finite() or amount < 0):
                raise ValueError(f"{name} {amount}, expected 0 or more")

    @property
    def days(self) -> int:
        return DAYS_A_YEAR if self.n_days is None else self.n_days


def call_off_cost(asked: CallOff) -> Decimal | None:
    """What it costs, in kronor; None where no price is known.

    A hire of more than a year costs all of it; one without an end is reckoned for a year.
    """
    if asked.unit_sek is None:
        return None if asked.quoted_sek is None else sek(asked.quoted_sek)
    amount = Fraction(asked.quantity) * Fraction(asked.unit_sek)
    if asked.basis is Basis.AGENCY_SHIFTS:
        return sek(amount * Fraction(asked.hours_per_shift))
    if asked.basis is Basis.AGENCY_FTE:
        return sek(amount * Fraction(asked.weekly_hours) * asked.days / DAYS_A_WEEK)
    return sek(amount * MONTHS_A_YEAR * asked.days / DAYS_A_YEAR)


def granted_cost(asked: CallOff, granted: CallOff) -> Decimal | None:
    """What is left of the cost when less is granted; never more than what was asked.

    Where only a price for all of it is known, it falls with the quantity and, but for shifts, with the days.
    """
    whole = call_off_cost(asked)
    if whole is None:
        return None
    if asked.unit_sek is not None:
        return min(whole, call_off_cost(granted) or ZERO_SEK)
    share = min(Fraction(1), Fraction(granted.quantity) / Fraction(asked.quantity))
    if asked.basis is not Basis.AGENCY_SHIFTS:
        share *= min(Fraction(1), Fraction(granted.days, asked.days))
    return sek(Fraction(whole) * share)


@dataclass(frozen=True, slots=True)
class Tried:
    """A request that was decided. Costs are None where they are not known.

    Parameters
    ----------
    groups
        What it is counted under, such as its division, category, reason and month.
    asked_sek, granted_sek
        Cost as asked, and as granted: 0 where it was refused.
    is_refused, is_limited
        The outcome; neither where it was granted as asked.
    instead_sek
        Cost of what came instead of what was not granted, as somebody entered it.
    waited_hours
        From asking to the final decision.
    """

    groups: tuple[str, ...]
    asked_sek: Decimal | None
    granted_sek: Decimal | None
    is_refused: bool
    is_limited: bool
    instead_sek: Decimal | None
    waited_hours: Decimal


@dataclass(frozen=True, slots=True)
class Avoided:
    """Sums over requests that were decided.

    ``asked_sek = granted_sek + avoided_sek`` over the requests whose cost is known; ``n_unknown`` have none.
    ``followed_sek`` is the part of what was avoided of which it is known what came instead, and ``net_sek`` is that
    less its cost. Of ``unfollowed_sek`` nothing is known.
    """

    n: int
    n_refused: int
    n_limited: int
    n_unknown: int
    asked_sek: Decimal
    granted_sek: Decimal
    followed_sek: Decimal
    instead_sek: Decimal
    median_hours: Decimal | None

    @property
    def avoided_sek(self) -> Decimal:
        return self.asked_sek - self.granted_sek

    @property
    def unfollowed_sek(self) -> Decimal:
        return self.avoided_sek - self.followed_sek

    @property
    def net_sek(self) -> Decimal:
        return self.followed_sek - self.instead_sek

    @property
    def refused_share(self) -> Decimal | None:
        return Decimal(self.n_refused) / self.n if self.n else None


def avoided(rows: Iterable[Tried]) -> Avoided:
    """The sums of some requests."""
    found = list(rows)
    known = [(one.asked_sek, one.granted_sek, one) for one in found]
    priced = [(asked, granted, one) for asked, granted, one in known if asked is not None and granted is not None]
    followed = [
        (asked - granted, one.instead_sek)
        for asked, granted, one in priced
        if one.instead_sek is not None and (one.is_refused or one.is_limited)
    ]
    return Avoided(
        n=len(found),
        n_refused=sum(one.is_refused for one in found),
        n_limited=sum(one.is_limited for one in found),
        n_unknown=len(found) - len(priced),
        asked_sek=sum((asked for asked, _, _ in priced), ZERO_SEK),
        granted_sek=sum((granted for _, granted, _ in priced), ZERO_SEK),
        followed_sek=sum((amount for amount, _ in followed), ZERO_SEK),
        instead_sek=sum((amount for _, amount in followed), ZERO_SEK),
        median_hours=median(one.waited_hours for one in found) if found else None,
    )


def avoided_by(rows: Iterable[Tried], key: Callable[[Tried], str]) -> dict[str, Avoided]:
    """The sums by group, in the order in which the groups come."""
    groups: dict[str, list[Tried]] = {}
    for one in rows:
        groups.setdefault(key(one), []).append(one)
    return {name: avoided(group) for name, group in groups.items()}

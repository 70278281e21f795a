"""What a post costs, and whether somebody pays for it all the time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from vardnara.engines.economy.data import Funding, PostGroup
from vardnara.kernel.money import sek


@dataclass(frozen=True, slots=True)
class Pay:
    """What a post is paid.

    Parameters
    ----------
    monthly_sek
        Monthly pay.
    vacation_days
        Paid days of holiday in a year.
    inconvenient_sek
        Pay for inconvenient hours (OB) in a year.
    overhead_sek
        Management, clothes, premises and the like in a year.
    pay_year
        The year whose pay it is; goes with every figure (E-08).
    """

    monthly_sek: Decimal
    vacation_days: Decimal
    inconvenient_sek: Decimal
    overhead_sek: Decimal
    pay_year: int

    def __post_init__(self) -> None:
        for name in ("monthly_sek", "vacation_days", "inconvenient_sek", "overhead_sek"):
            amount = getattr(self, name)
            if not amount.is_finite() or amount < 0:
                raise ValueError(f"{name} {amount}, expected 0 or more")


@dataclass(frozen=True, slots=True)
class PostCost:
    """The cost of a full-time post in a year, and of one productive hour, by one way to reckon social charges.

    ``charges_basis`` names that way: the flat rate of all employees, or the rate that a service worker's own pay gives.
    The two differ by some thirteen per cent of pay for a service worker (E-05), so every figure carries which it is.
    """

    pay_sek: Decimal
    charges_sek: Decimal
    overhead_sek: Decimal
    hourly_sek: Decimal
    charges_basis: str
    pay_year: int
    hours_basis: Decimal

    @property
    def total_sek(self) -> Decimal:
        return self.pay_sek + self.charges_sek + self.overhead_sek


def post_cost(
    pay: Pay, *, charges_share: Decimal, charges_basis: str, vacation_share_a_day: Decimal, net_hours: Decimal
) -> PostCost:
    """What a post costs (E-07).

    Parameters
    ----------
    pay
        What is paid.
    charges_share
        Social charges as a share of pay: 0.4615 is 46.15 %.
    charges_basis
        Which rate that is, in words.
    vacation_share_a_day
        Extra pay for a day of holiday as a share of monthly pay (W-61: 0.00605).
    net_hours
        Productive hours of a post in a year (W-66), above 0.

    Raises
    ------
    ValueError
        A share is negative, or no hour is worked.
    """
    if charges_share < 0 or vacation_share_a_day < 0 or net_hours <= 0:
        raise ValueError(f"{charges_share} {vacation_share_a_day} {net_hours}, expected shares of 0 or more, and hours")
    vacation = Fraction(pay.vacation_days) * Fraction(vacation_share_a_day) * Fraction(pay.monthly_sek)
    paid = sek(12 * Fraction(pay.monthly_sek) + vacation + Fraction(pay.inconvenient_sek))
    charges = sek(Fraction(paid) * Fraction(charges_share))
    total = paid + charges + pay.overhead_sek
    return PostCost(
        pay_sek=paid,
        charges_sek=charges,
        overhead_sek=sek(pay.overhead_sek),
        hourly_sek=sek(Fraction(total) / Fraction(net_hours)),
        charges_basis=charges_basis,
        pay_year=pay.pay_year,
        hours_basis=net_hours,
    )


def funding_gaps(group: PostGroup, *, since: date | None = None, until: date | None = None) -> tuple[Funding, ...]:
    """The periods in which posts are there and nobody pays.

    Parameters
    ----------
    group
        The posts; those whose funding is not stated at all have no gaps, since nothing is known.
    since, until
        First day that is looked at, and first that is not; where left out, from the day on which the posts came, or
        from the first funding, and without end.

    Returns
    -------
    tuple of Funding
        With an empty party; ``to_on`` is None where nobody pays any more.
    """
    if not group.fundings:
        return ()
    gaps: list[Funding] = []
    reached: date | None = since or group.exists_from or min(funding.from_on for funding in group.fundings)
    end = until or (group.change_on if group.change.value == "removed" else None)
    for funding in sorted(group.fundings, key=lambda funding: funding.from_on):
        if reached is None or (end is not None and reached >= end):
            break
        if funding.from_on > reached:
            stop = funding.from_on if end is None else min(funding.from_on, end)
            gaps.append(Funding("", reached, stop, in_frame=False))
        if funding.to_on is None or funding.to_on > reached:
            reached = funding.to_on
    if reached is not None and (end is None or reached < end):
        gaps.append(Funding("", reached, end, in_frame=False))
    return tuple(gaps)


def fundings_ending(group: PostGroup) -> tuple[Funding, ...]:
    """Funding that ends while the posts go on and nobody takes over on that day."""
    end = group.change_on if group.change.value == "removed" else None
    return tuple(
        funding
        for funding in group.fundings
        if funding.to_on is not None
        and (end is None or funding.to_on < end)
        and not any(other.covers(funding.to_on) for other in group.fundings)
    )

"""Cost-effectiveness, and what a preventive measure such as protection against RSV costs and averts (K-13 to K-16)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from vardnara.kernel.money import sek


def discounted(amounts: tuple[Decimal, ...], rate: Decimal) -> Decimal:
    """Present value of yearly amounts, the first of them today; TLV takes a rate of 0.03 for costs and effects."""
    if rate <= -1:
        raise ValueError(f"rate {rate}, expected above -1")
    factor = 1 / (1 + Fraction(rate))
    return sek(sum((Fraction(amount) * factor**year for year, amount in enumerate(amounts)), Fraction(0)))


def icer_sek(cost_sek: Decimal, qaly: Decimal) -> Decimal | None:
    """Kronor per quality-adjusted life year gained: None where none is gained, since a ratio then says nothing."""
    return sek(Fraction(cost_sek) / Fraction(qaly)) if qaly > 0 else None


def net_monetary_benefit_sek(cost_sek: Decimal, qaly: Decimal, *, threshold_sek: Decimal) -> Decimal:
    """Worth of the health gained, at so many kronor a QALY, less what it costs."""
    return sek(Fraction(threshold_sek) * Fraction(qaly) - Fraction(cost_sek))


@dataclass(frozen=True, slots=True)
class Programme:
    """A measure given to many so that few fall ill, in one season.

    Parameters
    ----------
    born
        Children whom it is offered to, 0 or more.
    coverage, efficacy
        Shares from 0 to 1: who take it, and how many of the admissions it averts.
    dose_sek, giving_sek
        A dose, and giving it.
    risk
        Share of children admitted in hospital without it.
    ward_days, ward_day_sek
        Days of an admission, and what a day costs. Where beds stay open only the marginal cost is saved (K-07).
    intensive_share, intensive_sek
        Share of admissions that come to intensive care, and the cost of such a stay.
    """

    born: Decimal
    coverage: Decimal
    efficacy: Decimal
    dose_sek: Decimal
    giving_sek: Decimal
    risk: Decimal
    ward_days: Decimal
    ward_day_sek: Decimal
    intensive_share: Decimal
    intensive_sek: Decimal

    def __post_init__(self) -> None:
        for name in ("coverage", "efficacy", "risk", "intensive_share"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} {getattr(self, name)}, expected 0 to 1")
        for name in ("born", "dose_sek", "giving_sek", "ward_days", "ward_day_sek", "intensive_sek"):
            if not getattr(self, name).is_finite() or getattr(self, name) < 0:
                raise ValueError(f"{name} {getattr(self, name)}, expected 0 or more")


@dataclass(frozen=True, slots=True)
class Prevention:
    """A season of a programme. ``needed_to_treat`` is how many must be given it to avert one admission."""

    given: Decimal
    cost_sek: Decimal
    admissions_averted: Decimal
    averted_sek: Decimal
    net_cost_sek: Decimal
    needed_to_treat: Decimal | None


def prevention_estimate(programme: Programme) -> Prevention:
    """Cost and averted cost of a season (K-16).

    One mild season is no effect of the programme: run it with the risk of mild and of severe seasons, and say both.
    """
    given = Fraction(programme.born) * Fraction(programme.coverage)
    cost = given * (Fraction(programme.dose_sek) + Fraction(programme.giving_sek))
    gain = Fraction(programme.risk) * Fraction(programme.efficacy)
    averted = given * gain
    stay = Fraction(programme.ward_days) * Fraction(programme.ward_day_sek)
    stay += Fraction(programme.intensive_share) * Fraction(programme.intensive_sek)
    return Prevention(
        given=_decimal(given),
        cost_sek=sek(cost),
        admissions_averted=_decimal(averted),
        averted_sek=sek(averted * stay),
        net_cost_sek=sek(cost) - sek(averted * stay),
        needed_to_treat=_decimal(1 / gain) if gain else None,
    )


def _decimal(exact: Fraction) -> Decimal:
    return Decimal(exact.numerator) / Decimal(exact.denominator)

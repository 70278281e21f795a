"""What is said of a post and of its funding, and what cannot be so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class PostWords:
    """A post. Exactly one of ``division_id``, ``ward_id`` and ``pool``; pay is that of full time and may be unknown."""

    number: str
    title: str
    share: Decimal
    from_on: date
    to_on: date | None = None
    division_id: int | None = None
    ward_id: int | None = None
    pool: str = ""
    note: str = ""
    monthly_sek: Decimal | None = None
    inconvenient_sek: Decimal | None = None
    overhead_sek: Decimal | None = None
    pay_year: int | None = None
    charges_share: Decimal | None = None
    charges_basis: str = ""


@dataclass(frozen=True, slots=True)
class FundingWords:
    """Who pays from a day, until the first day on which they do not."""

    party: str
    from_on: date
    to_on: date | None = None
    in_frame: bool = True
    is_stimulus: bool = False


def post_fault(words: PostWords) -> tuple[str, str] | None:
    """What cannot be so, as the field and the code of the rule."""
    amounts = [(name, getattr(words, name)) for name in ("monthly_sek", "inconvenient_sek", "overhead_sek")]
    checks = (
        ("number", "post_unnamed", not words.number),
        ("title", "post_unnamed", not words.title),
        ("share", "bad_share", not 0 < words.share <= 1),
        ("to_on", "bad_dates", words.to_on is not None and words.to_on <= words.from_on),
        ("ward", "post_place_one", sum(map(bool, (words.division_id, words.ward_id, words.pool))) != 1),
        *((name, "pay_negative", amount is not None and amount < 0) for name, amount in amounts),
        ("pay_year", "pay_without_year", words.pay_year is None and any(amount is not None for _, amount in amounts)),
        ("charges_share", "bad_charges", words.charges_share is not None and not 0 <= words.charges_share <= 1),
        (
            "charges_basis",
            "charges_without_basis",
            (words.charges_share is None) != (not words.charges_basis),
        ),
    )
    return next(((field, code) for field, code, wrong in checks if wrong), None)


def fundings_fault(fundings: Sequence[FundingWords]) -> tuple[FundingWords, str] | None:
    """What cannot be so, as the funding and the code of the rule."""
    for one in fundings:
        if not one.party:
            return one, "funding_without_party"
        if one.to_on is not None and one.to_on <= one.from_on:
            return one, "bad_dates"
    for one, other in pairwise(sorted(fundings, key=lambda row: row.from_on)):
        if one.to_on is None or one.to_on > other.from_on:
            return other, "funding_overlaps"
    return None

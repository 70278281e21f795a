"""Posts, money that changes, and frames that move; frozen and checked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class FlowKind(StrEnum):
    """What an amount is (K-02). The amount itself is never negative; the kind says which way it counts."""

    SAVING = "saving"  # cost that ends
    ADDED_COST = "added_cost"  # cost that begins, and is what the decision is about
    TRANSFERRED_COST = "transferred_cost"  # cost of work that moved to somebody else
    REINVESTMENT = "reinvestment"  # a saving that is used for something else at once
    ONE_OFF = "one_off"  # paid once, in no full-year effect

    @property
    def sign(self) -> int:
        return 1 if self is FlowKind.SAVING else -1


class PostChange(StrEnum):
    """What becomes of posts."""

    REMOVED = "removed"
    ADDED = "added"
    REAIMED = "reaimed"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Flow:
    """An amount of money that changes from a date on.

    Parameters
    ----------
    id
        Tells it from others.
    payer
        Whose cost it is, by the name in the document.
    kind
        What it is.
    amount_sek
        Kronor of a full year, or in all for ``one_off``; 0 or more.
    from_on
        First day of the change, notice aside.
    to_on
        First day on which it no longer holds; None: it stays.
    notice_months
        Whole months that go by before the change is felt, such as notice of dismissal.
    in_frame
        Whether a budget frame holds the money. A saving outside every frame lowers cost and frees no budget.
    """

    id: str
    payer: str
    kind: FlowKind
    amount_sek: Decimal
    from_on: date
    to_on: date | None = None
    notice_months: int = 0
    in_frame: bool = True

    def __post_init__(self) -> None:
        if not self.amount_sek.is_finite() or self.amount_sek < 0:
            raise ValueError(f"amount_sek {self.amount_sek}, expected 0 or more")
        if self.amount_sek.as_tuple().exponent < -2:  # type: ignore[operator]  # finite, so a number
            raise ValueError(f"amount_sek {self.amount_sek}, expected whole öre")
        if self.to_on is not None and self.to_on <= self.from_on:
            raise ValueError(f"to_on {self.to_on}, expected after {self.from_on}")
        if self.notice_months < 0:
            raise ValueError(f"notice_months {self.notice_months}, expected 0 or more")


@dataclass(frozen=True, slots=True)
class Funding:
    """Who pays for posts, and when.

    Parameters
    ----------
    party
        Who.
    from_on, to_on
        First day, and first day without; None: it goes on.
    in_frame
        Whether the money is in the party's budget frame; stimulus money and overspending are not.
    """

    party: str
    from_on: date
    to_on: date | None = None
    in_frame: bool = True

    def __post_init__(self) -> None:
        if self.to_on is not None and self.to_on <= self.from_on:
            raise ValueError(f"to_on {self.to_on}, expected after {self.from_on}")

    def covers(self, day: date) -> bool:
        return self.from_on <= day and (self.to_on is None or day < self.to_on)


@dataclass(frozen=True, slots=True)
class PostGroup:
    """Posts (tjänster) of one kind that share a fate.

    Parameters
    ----------
    id, label
        Which, and how a reader knows them.
    n_posts
        Full-time posts, above 0.
    change
        What becomes of them.
    change_on
        First day of the change.
    exists_from
        First day on which they were there; None: always.
    fundings
        Who has paid and will pay.
    hours_per_post
        Productive hours of one in a year (W-66).
    """

    id: str
    label: str
    n_posts: Decimal
    change: PostChange
    change_on: date
    exists_from: date | None = None
    fundings: tuple[Funding, ...] = ()
    hours_per_post: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        if not self.n_posts.is_finite() or self.n_posts <= 0:
            raise ValueError(f"n_posts {self.n_posts}, expected more than 0")
        if not self.hours_per_post.is_finite() or self.hours_per_post < 0:
            raise ValueError(f"hours_per_post {self.hours_per_post}, expected 0 or more")

    @property
    def funding_then(self) -> Funding | None:
        """Who pays on the last day before a removal, or on the first day of any other change."""
        removed = self.change is PostChange.REMOVED
        for funding in self.fundings:
            before_end = funding.to_on is None or funding.to_on >= self.change_on
            if (funding.from_on < self.change_on and before_end) if removed else funding.covers(self.change_on):
                return funding
        return None

    @property
    def is_in_frame(self) -> bool:
        return self.funding_then is not None and self.funding_then.in_frame

    @property
    def hours(self) -> Decimal:
        """Productive hours of them all in a year."""
        return self.n_posts * self.hours_per_post


@dataclass(frozen=True, slots=True)
class Reallocation:
    """Money of a full year that moves from one frame to another (omdisponering)."""

    giver: str
    receiver: str
    amount_sek: Decimal
    from_on: date

    def __post_init__(self) -> None:
        if not self.amount_sek.is_finite() or self.amount_sek < 0:
            raise ValueError(f"amount_sek {self.amount_sek}, expected 0 or more")
        if self.giver == self.receiver:
            raise ValueError(f"{self.giver} gives to itself, expected two parties")


@dataclass(frozen=True, slots=True)
class Ledger:
    """What a service costs its provider beside what the buyer pays for it; kronor of a year."""

    provider: str
    buyer: str
    cost_sek: Decimal
    compensation_sek: Decimal

    @property
    def deviation_sek(self) -> Decimal:
        return self.compensation_sek - self.cost_sek


@dataclass(frozen=True, slots=True)
class EconomyCase:
    """Everything that an effect is estimated from.

    Parameters
    ----------
    flows, reallocations
        Money that changes, and frames that move.
    budget_year
        The calendar year whose part of the effect is asked for.
    """

    flows: tuple[Flow, ...]
    reallocations: tuple[Reallocation, ...] = ()
    budget_year: int | None = None

    def __post_init__(self) -> None:
        _once("flow", [flow.id for flow in self.flows])


def _once(name: str, found: Iterable[str]) -> None:
    listed = list(found)
    if len(set(listed)) < len(listed):
        raise ValueError(f"{name} twice among {listed}, expected each once")

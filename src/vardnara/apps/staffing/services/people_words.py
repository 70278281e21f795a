"""What is said of a person, their contracts and trainings, and what cannot be so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

from vardnara.apps.staffing.choices import Competence, Measure


@dataclass(frozen=True, slots=True)
class PersonWords:
    """A person. Exactly one of ``ward_id`` and ``pool``; ``user_id`` where they sign in."""

    number: str
    name: str
    ward_id: int | None = None
    pool: str = ""
    user_id: int | None = None
    adult_on: date | None = None


@dataclass(frozen=True, slots=True)
class ContractWords:
    """A share of full time by a measure from a day, until the first day without it."""

    share: Decimal
    measure: str
    from_on: date
    to_on: date | None = None
    post_id: int | None = None


@dataclass(frozen=True, slots=True)
class TrainingWords:
    """What somebody is trained for since a day; ``expires_on`` is the last day on which it holds."""

    competence: str
    since_on: date
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class AvailabilityWords:
    """Hours of a weekday (0 is Monday) in which somebody can never work; no times are the whole day."""

    weekday: int
    from_on: date
    to_on: date | None = None
    since: time | None = None
    until: time | None = None


def person_fault(words: PersonWords) -> tuple[str, str] | None:
    """What cannot be so, as the field and the code of the rule."""
    if not words.number or not words.name:
        return ("number" if not words.number else "name"), "person_unnamed"
    if (words.ward_id is None) == (not words.pool):
        return "ward", "person_home_one"
    return None


def contracts_fault(contracts: Sequence[ContractWords]) -> tuple[ContractWords, str] | None:
    """What cannot be so, as the contract and the rule's code. Several at once are in order; one post twice is not."""
    for one in contracts:
        if not 0 < one.share <= 1:
            return one, "bad_share"
        if one.measure not in Measure.values:
            return one, "unknown_measure"
        if one.to_on is not None and one.to_on <= one.from_on:
            return one, "bad_dates"
    for n, one in enumerate(contracts):
        for other in contracts[:n]:
            if one.post_id is not None and one.post_id == other.post_id and _overlap(one, other):
                return one, "contract_post_twice"
    return None


def _overlap(one: ContractWords, other: ContractWords) -> bool:
    return (one.to_on is None or other.from_on < one.to_on) and (other.to_on is None or one.from_on < other.to_on)


def trainings_fault(trainings: Sequence[TrainingWords]) -> tuple[TrainingWords, str] | None:
    """What cannot be so, as the training and the code of the rule."""
    seen: set[str] = set()
    for one in trainings:
        if one.competence not in Competence.values:
            return one, "unknown_competence"
        if one.expires_on is not None and one.expires_on < one.since_on:
            return one, "bad_dates"
        if one.competence in seen:
            return one, "training_twice"
        seen.add(one.competence)
    return None


def availability_fault(rows: Iterable[AvailabilityWords]) -> tuple[AvailabilityWords, str] | None:
    """What cannot be so, as the row and the code of the rule."""
    for one in rows:
        if (
            not 0 <= one.weekday <= 6
            or (one.since is None) != (one.until is None)
            or (one.since is not None and one.since == one.until)
        ):
            return one, "bad_availability"
        if one.to_on is not None and one.to_on <= one.from_on:
            return one, "bad_dates"
    return None

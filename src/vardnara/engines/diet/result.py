"""The answer for one dish and one patient."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from vardnara.engines.diet.codes import REASONS

VERSION = "1"
_RANK = {code: rank for rank, code in enumerate(REASONS)}


class Status(StrEnum):
    """What may happen to a dish."""

    ALLOWED = "allowed"
    AFTER_CHANGE = "after_change"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a dish is not allowed as it is.

    Parameters
    ----------
    code
        One of ``codes.REASONS``.
    detail
        What was not met: the dish's own allergen code or flag, else what the patient needs; of something that the dish
        says nothing about, what the patient avoids.
    """

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Status, the change that makes the dish safe (``after_change`` only), and every reason against it unchanged."""

    status: Status
    change: str | None = None
    reasons: tuple[Reason, ...] = ()


def reasons_in_order(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Each reason once, in the order of codes, then by the text of the detail."""
    return tuple(sorted(set(reasons), key=lambda reason: (_RANK[reason.code], reason.detail)))

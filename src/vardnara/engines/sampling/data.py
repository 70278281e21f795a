"""What is asked, when it may be, and what was answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from vardnara.engines.sampling.params import SamplingParams


class Category(StrEnum):
    """The fixed list of categories (STANDARDS V-41)."""

    DIRECT_CARE = "direct_care"
    INDIRECT_CARE = "indirect_care"
    SERVICE = "service"
    ADMIN = "admin"
    WALKING = "walking"
    BREAK = "break"


@dataclass(frozen=True, slots=True)
class DrawOrder:
    """A shift ``[start_at, end_at)`` (aware) and how many questions it may have."""

    start_at: datetime
    end_at: datetime
    n: int
    params: SamplingParams = field(default_factory=SamplingParams)

    def __post_init__(self) -> None:
        if self.start_at >= self.end_at:
            raise ValueError(f"a shift from {self.start_at} to {self.end_at}")
        if not 0 <= self.n <= self.params.most_a_shift:
            raise ValueError(f"{self.n} questions, expected 0 to {self.params.most_a_shift}")


@dataclass(frozen=True, slots=True)
class SampleOrder:
    """Answers of one kind of shift.

    Parameters
    ----------
    answers
        Number by category.
    n_declined, n_missed
        Questions that got "not now", and none at all.
    shift_minutes
        Length of the shift.
    n_staff
        Care staff on the ward in it, as somebody entered it: taken as exact.
    """

    answers: Mapping[Category, int]
    n_declined: int
    n_missed: int
    shift_minutes: float
    n_staff: float
    params: SamplingParams = field(default_factory=SamplingParams)

    def __post_init__(self) -> None:
        if min([self.n_declined, self.n_missed, *self.answers.values()], default=0) < 0:
            raise ValueError("fewer than no answers")
        if not self.shift_minutes > 0 or not self.n_staff >= 0:
            raise ValueError(f"{self.shift_minutes} minutes, {self.n_staff} staff")

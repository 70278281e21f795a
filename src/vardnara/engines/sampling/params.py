"""How often may be asked, and when answers are enough."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SamplingParams:
    """Choices of ours (design, 2026).

    Parameters
    ----------
    gap_minutes
        Least time between two questions of a shift: nobody is asked twice about the same thing.
    open_minutes
        How long a question stands. What is answered later is answered from memory.
    most_a_shift
        Questions in a shift at most; more would be work of its own.
    answers_least
        Answers without which no share is told. At 30 an interval is still up to 35 percentage points wide.
    confidence_share
        Of the intervals.
    """

    gap_minutes: float = 20.0
    open_minutes: float = 10.0
    most_a_shift: int = 6
    answers_least: int = 30
    confidence_share: float = 0.95

    def __post_init__(self) -> None:
        if self.gap_minutes < self.open_minutes or self.open_minutes <= 0:
            raise ValueError(f"gap {self.gap_minutes}, open {self.open_minutes}: expected 0 < open <= gap")
        if self.most_a_shift < 1 or self.answers_least < 1 or not 0 < self.confidence_share < 1:
            raise ValueError("expected at least one question, one answer, and a confidence between 0 and 1")

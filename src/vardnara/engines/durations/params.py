"""What is taken for nonsense, what is too few, and why."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DurationParams:
    """Bounds of the rules. Every one is a choice of ours (design, 2026), none is published; the page names them.

    Parameters
    ----------
    norm_factor, norm_extra_minutes
        A spell is far beyond its norm when it is longer than the norm times the factor and than the norm plus the
        minutes. Both are wide: a norm that is merely wrong must not throw out the truth that would mend it.
    longest_minutes
        The same where the task has no norm: no service task is worked on for four hours without a pause.
    midnight_minutes
        A spell over local midnight is taken for one that was left running when it is longer than this. The night staff
        do work over midnight; their tasks are short.
    shift_grace_minutes
        How long after the end of the worker's shift a spell may go on: people finish what they are at.
    batch_least, batch_gap_seconds, batch_work_seconds
        So many tasks of one worker, finished each within the gap of the one before and each worked on no longer than
        the last bound, were ticked off afterwards. Three, as two short tasks on one place do follow upon each other.
    shortest_seconds
        Work that lasts less was no work but a tap: walking to a bed alone takes longer.
    overlap_seconds
        Two spells of one person may overlap by this much: phones' clocks differ, and so do thumbs.
    cell_least, workers_least
        Observations, and people behind them, that a figure needs to be shown at all.
    confidence_share
        Of the intervals.
    norm_least
        Clean observations that a norm needs. The interval of a 10th or 90th percentile exists from 36 on at 95 %.
    removed_most_share
        Where the rules take more than this share of the observations, what is left is not trusted with a norm.
    """

    norm_factor: float = 5.0
    norm_extra_minutes: float = 30.0
    longest_minutes: float = 240.0
    midnight_minutes: float = 60.0
    shift_grace_minutes: float = 30.0
    batch_least: int = 3
    batch_gap_seconds: float = 60.0
    batch_work_seconds: float = 60.0
    shortest_seconds: float = 20.0
    overlap_seconds: float = 60.0
    cell_least: int = 5
    workers_least: int = 3
    confidence_share: float = 0.95
    norm_least: int = 36
    removed_most_share: float = 0.3

    def __post_init__(self) -> None:
        if not 0 < self.confidence_share < 1 or not 0 <= self.removed_most_share <= 1:
            raise ValueError(f"shares {self.confidence_share}, {self.removed_most_share}: expected between 0 and 1")
        if self.norm_factor < 1 or self.batch_least < 2 or self.cell_least < 5 or self.workers_least < 3:
            raise ValueError("expected norm_factor from 1, batch_least from 2, cell_least from 5, workers_least from 3")
        for name in ("norm_extra_minutes", "longest_minutes", "midnight_minutes", "shift_grace_minutes"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} {getattr(self, name)}, expected 0 or more")

"""Bounds of a ladder."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EscalationParams:
    """What a ladder may ask for.

    Parameters
    ----------
    levels_most, retries_most
        More of either is noise that nobody answers.
    minutes_most
        Of a wait or an interval: a day.
    look_days
        How far ahead an opening of hours is looked for. Hours come every day, but for hours that lie wholly in the one
        that is missing in March.
    """

    levels_most: int = 8
    retries_most: int = 10
    minutes_most: int = 1440
    look_days: int = 3

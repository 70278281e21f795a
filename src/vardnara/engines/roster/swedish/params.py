"""What a Swedish roster weighs, in points. A missing person on a full day's shift is a thousand."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RosterWeights:
    """Points for each thing that is not as wished (W-82); all are choices, none is published.

    Parameters
    ----------
    short
        A person missing for eight hours; by the shift's length.
    surplus
        A person more than needed for eight hours.
    undertime
        A minute of the contract that is not rostered.
    overtime_band
        Minutes that a roster may go above the contract over the period; beyond is forbidden.
    weekend, evening
        One more or less than the fair part.
    in_a_row, days_in_a_row
        A day worked beyond so many in a row.
    single_day_off
        A day off by itself.
    wish
        A refused wish of the least weight.
    change
        A shift that is not as published.
    """

    short: int = 1000
    surplus: int = 150
    undertime: int = 1
    overtime_band: int = 240
    weekend: int = 120
    evening: int = 30
    in_a_row: int = 150
    days_in_a_row: int = 5
    single_day_off: int = 25
    wish: int = 40
    change: int = 300


REPAIR_WEIGHTS = RosterWeights(short=10_000, change=3_000, overtime_band=720)
"""For a roster that others know already: a person missing is worth three changes, and all else decides between equals.

The band is one long shift above that of planning: who is asked to come in may be above the contract.
"""


@dataclass(frozen=True, slots=True)
class RelaxationPrices:
    """What makes one way out dearer than another, in minutes of a contract; all are choices but the first two.

    Parameters
    ----------
    post_minute
        A minute of a new post.
    overtime_minute
        A minute above the contract: simple overtime is paid by 180 % (W-49).
    leave_day
        A day of leave that is moved.
    training
        A person who learns a competence: two days.
    need_minute
        A minute of need that is given up.
    """

    post_minute: float = 1.0
    overtime_minute: float = 1.8
    leave_day: float = 480.0
    training: float = 960.0
    need_minute: float = 3.0

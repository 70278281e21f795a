"""How many patients there will be: today's number, drawn to its weekday's usual, and what is booked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]


def usual_by_weekday(days: Floats, census: Floats, today: float, half_life: float) -> Floats:
    """The usual number on each weekday, Monday first; the past fades by its half life in days.

    Parameters
    ----------
    days, census
        Ordinals of days and patients on them, shape (n,).
    today
        The ordinal from which the past is seen.
    half_life
        In days.
    """
    weight = 0.5 ** ((today - days) / half_life)
    level = float(np.average(census, weights=weight))
    weekday = (days.astype(int) + 6) % 7  # ordinal 1 is a Monday
    usual = np.empty(7)
    for one in range(7):
        here = weekday == one
        usual[one] = (np.sum(weight[here] * census[here]) + level) / (np.sum(weight[here]) + 1.0)
    return usual


def census_ahead(
    days: Floats, census: Floats, aheads: Sequence[date], booked: Sequence[float], *, half_life: float, ridge: float
) -> Floats:
    """Patients on each day ahead, shape (m,).

    Notes
    -----
    After h days the number is today's, with the usual change from today's weekday to that one, and drawn to the usual
    level by a share that the past tells: ``now + (usual_then - usual_now) + pull_h (usual_now - now)`` with
    ``pull_h = 1 - stay^h``, ``stay`` the least-squares share of a day's deviation that is there the day after, drawn
    to 1 by a ridge. Half of what is booked beyond the usual change counts: what leaves and comes unbooked fills up.
    """
    today = float(days[-1])
    usual = usual_by_weekday(days, census, today, half_life)
    weekday = (days.astype(int) + 6) % 7
    off = census - usual[weekday]
    pairs = np.diff(days) == 1
    before, after = off[:-1][pairs], off[1:][pairs]
    spread = float(np.var(off)) if len(off) else 0.0
    top, bottom = float(np.sum(before * after)) + ridge * spread, float(np.sum(before**2)) + ridge * spread
    stay = min(1.0, max(0.0, top / bottom)) if bottom > 0 else 1.0
    now = float(census[-1])
    found = np.empty(len(aheads))
    for number, (on, net) in enumerate(zip(aheads, booked, strict=True)):
        horizon = on.toordinal() - int(today)
        change = usual[on.weekday()] - usual[weekday[-1]]
        pull = (1 - stay**horizon) * -off[-1]
        drift = change + pull
        found[number] = max(0.0, now + drift + 0.5 * (net - drift if net else 0.0))
    return found

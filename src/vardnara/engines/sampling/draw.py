"""Draws the times of questions."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from vardnara.engines.sampling.data import DrawOrder


def prompts_draw(order: DrawOrder, draw: Random) -> tuple[datetime, ...]:
    """When to ask in a shift.

    Parameters
    ----------
    order
        The shift. Where it is too short for so many questions, fewer are asked.
    draw
        Where the chance comes from; the same gives the same times.

    Returns
    -------
    tuple of datetime
        Whole seconds, in order. Every set of times that keeps the gap, and lets the last question stand to its end
        within the shift, is as likely as any other: times drawn in a shift that is shorter by the gaps, then spread.
    """
    gap, stands = order.params.gap_minutes * 60, order.params.open_minutes * 60
    room = (order.end_at - order.start_at).total_seconds() - stands
    n = min(order.n, int(room // gap) + 1) if room >= 0 else 0
    slack = room - (n - 1) * gap
    spots = sorted(draw.uniform(0, slack) for _ in range(n))
    return tuple(order.start_at + timedelta(seconds=int(spot + number * gap)) for number, spot in enumerate(spots))

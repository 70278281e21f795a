"""Readings of an indicator as a small line; the table beside it has the figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from vardnara.apps.decisions.models import MeasureReading

WIDTH, HEIGHT = 480, 120  # of the drawing, in its own units


@dataclass(frozen=True, slots=True)
class Chart:
    """A line through readings by their days: its points, a dot for each, and the values that it lies between."""

    width: int
    height: int
    points: str
    dots: tuple[tuple[str, str], ...]
    low: Decimal
    high: Decimal


def chart_of(readings: Sequence[MeasureReading]) -> Chart | None:
    """The line of at least two readings, the oldest first; None for fewer."""
    if len(readings) < 2:
        return None
    first, last = readings[0].on.toordinal(), readings[-1].on.toordinal()
    values = [one.value for one in readings]
    low, high = min(values), max(values)
    span = (high - low) or Decimal(1)
    days = (last - first) or 1
    dots = tuple(
        (
            f"{(one.on.toordinal() - first) * WIDTH / days:.1f}",
            f"{float((high - one.value) / span) * HEIGHT:.1f}",
        )
        for one in readings
    )
    return Chart(WIDTH, HEIGHT, " ".join(f"{x},{y}" for x, y in dots), dots, low, high)

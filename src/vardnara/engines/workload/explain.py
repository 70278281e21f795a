"""What a figure is made of, in plain English; pages build their own sentences from rows and codes."""

from __future__ import annotations

from collections.abc import Iterable

from vardnara.engines.workload.result import Notice, WorkRow
from vardnara.parameters.task_norms import MinuteRange

WEEKDAY_WORDS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NOTICES = {
    "UNVERIFIED_NORMS": "no measurement stands behind these norms: {tasks}",
    "NEEDS_YEAR": "{tasks} depends on holidays or eves, which a plain average week does not have: give a year",
    "RULE_ENDS": "{tasks} ends on a date and is counted as if it went on: give a year",
    "UNITS_WITHOUT_WORK": "ward {ward}, {weekdays}: what causes {tasks} happens and the work is not planned",
    "NOTHING_COUNTED": "ward {ward}: nothing to count for {tasks}, so it takes no time",
}


def notice_text(notice: Notice) -> str:
    """One sentence."""
    return NOTICES[notice.code].format(
        tasks=", ".join(notice.tasks),
        ward=notice.ward,
        weekdays=", ".join(WEEKDAY_WORDS[weekday] for weekday in notice.weekdays),
    )


def _minutes(part: MinuteRange) -> str:
    return f"{part.typical:g} ({part.low:g}-{part.high:g})"


def row_text(row: WorkRow) -> str:
    """Where a row's minutes come from, with the norm's source.

    ``breakfast, ward K31: 7 a week x (25 (15-35) + 2.5 (1.5-3.5) x 18 meal) = 490 minutes (294-686); unverified: ...``
    """
    norm, spread = row.norm, row.minutes
    often = sum(row.occurrences)
    total = sum(count * units for count, units in zip(row.occurrences, row.units, strict=True))
    mean_units = total / often if often else 0
    parts = []
    if norm.fixed.high:
        parts.append(_minutes(norm.fixed))
    if norm.per_unit.high:
        parts.append(f"{_minutes(norm.per_unit)} x {mean_units:.4g} {norm.driver}")
    people = f" x {row.n_people} people" if row.n_people > 1 else ""
    return (
        f"{row.task}, ward {row.ward}: {often:.4g} a week x ({' + '.join(parts) or '0'}){people} = "
        f"{spread.typical:,.0f} minutes ({spread.low:,.0f}-{spread.high:,.0f}); "
        f"{norm.evidence.confidence}: {norm.evidence.source} ({norm.evidence.date})"
    )


def rows_text(rows: Iterable[WorkRow]) -> tuple[str, ...]:
    """The rows that take time, longest first."""
    working = [row for row in rows if row.minutes.high > 0]
    return tuple(row_text(row) for row in sorted(working, key=lambda row: -row.minutes.typical))

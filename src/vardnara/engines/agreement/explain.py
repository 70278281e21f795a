"""Findings in plain English; pages build their own sentences from the codes."""

from __future__ import annotations

from collections.abc import Iterable

from vardnara.engines.agreement.result import Hole, Overlap, Remark
from vardnara.kernel.time_window import clock_text

DAY_WORDS = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
    "public holiday",
    "eve",
)
REMARKS = {
    "frequency_never": "the frequency {frequency} never falls on a day of this rule while it holds",
    "rule_without_demand": "nothing says that this can arise, so the rule covers nothing",
}


def days_text(days: Iterable[int]) -> str:
    """Days in words, neighbours of the week joined: ``Monday to Friday, public holiday``."""
    runs: list[list[int]] = []
    for day in sorted(set(days)):
        if runs and day == runs[-1][-1] + 1 and day <= 7:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(
        " to ".join(DAY_WORDS[day - 1] for day in (run[0], run[-1]))
        if len(run) > 2
        else ", ".join(DAY_WORDS[day - 1] for day in run)
        for run in runs
    )


def _validity(found: Hole | Overlap) -> str:
    since = f" from {found.valid_from}" if found.valid_from else ""
    until = f" until midnight before {found.valid_to}" if found.valid_to else ""
    after = f" after {days_text(found.after)}" if found.after else ""
    return after + since + until


def _where(found: Hole | Overlap, wards: Iterable[str], days: Iterable[int]) -> str:
    hours = f"{clock_text(found.start_minutes)}-{clock_text(found.end_minutes)}"
    names = list(wards)
    ward = f"ward{'s' if len(names) > 1 else ''} {', '.join(names)}"
    return f"{found.task}, {ward}, {days_text(days)} {hours}{_validity(found)}"


def hole_text(hole: Hole) -> str:
    """One hole: ``contagion_clean, ward K31, Saturday 16:00-24:00: nobody``."""
    return f"{_where(hole, [hole.ward], [hole.day])}: nobody"


def holes_text(holes: Iterable[Hole]) -> tuple[str, ...]:
    """All holes, one sentence for the days and the wards that have the same."""
    by_ward: dict[tuple[object, ...], list[Hole]] = {}
    for hole in holes:
        times = hole.start_minutes, hole.end_minutes, hole.valid_from, hole.valid_to, hole.after
        by_ward.setdefault((hole.task, *times, hole.ward), []).append(hole)
    together: dict[tuple[object, ...], list[Hole]] = {}
    for (*same, _), its_holes in by_ward.items():
        days = tuple(sorted(hole.day for hole in its_holes))
        together.setdefault((*same, days), []).append(its_holes[0])
    return tuple(
        f"{_where(group[0], [hole.ward for hole in group], key[-1])}: nobody"  # type: ignore[arg-type]
        for key, group in together.items()
    )


def overlap_text(overlap: Overlap) -> str:
    """One overlap: ``..., Saturday 16:00-24:00: care and service``."""
    return f"{_where(overlap, [overlap.ward], [overlap.day])}: {' and '.join(overlap.parties)}"


def remark_text(remark: Remark) -> str:
    """What is odd about a rule."""
    rule = remark.rule
    what = REMARKS[remark.code].format(frequency=rule.frequency.rrule if rule.frequency else "")
    return f"{rule.task}, ward {rule.ward}, {days_text(rule.days)} {rule.window}, {rule.party}: {what}"

"""Judges a coverage by brute force: every date, every minute, straight from the rules. Knows nothing of the engine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from vardnara.engines.agreement.data import Demand, Rule
from vardnara.engines.agreement.result import Coverage, Hole, Overlap
from vardnara.kernel.calendar import day_kind
from vardnara.kernel.time_window import DAY_MINUTES, TimeWindow, clock_text


def coverage_faults(
    coverage: Coverage, rules: Iterable[Rule], demands: Iterable[Demand], start: date, stop: date
) -> tuple[str, ...]:
    """Every minute in ``[start, stop)`` of which the coverage says something else than the rules do.

    Parameters
    ----------
    coverage
        What was found.
    rules, demands
        From which.
    start, stop
        Dates to walk through, within those that the coverage looked at.

    Returns
    -------
    tuple of str
        Empty when all is well; also names holes and overlaps that should have been one, and odd order.
    """
    rules, demands = tuple(rules), tuple(demands)
    keys = {(rule.task, rule.ward) for rule in rules} | {(demand.task, demand.ward) for demand in demands}
    told: list[Hole | Overlap] = [*coverage.holes, *coverage.overlaps]
    wrong = [f"{one}: of nothing known" for one in told if (one.task, one.ward) not in keys]
    for task, ward in sorted(keys):
        its_rules = [rule for rule in rules if (rule.task, rule.ward) == (task, ward)]
        its_demands = [demand for demand in demands if (demand.task, demand.ward) == (task, ward)]
        holes = [hole for hole in coverage.holes if (hole.task, hole.ward) == (task, ward)]
        overlaps = [overlap for overlap in coverage.overlaps if (overlap.task, overlap.ward) == (task, ward)]
        wrong += _apart(holes) + _apart(overlaps)
        today = start
        while today < stop:
            wrong += _day_faults(today, its_rules, its_demands, holes, overlaps)
            today += timedelta(days=1)
    return tuple(wrong)


def _in(window: TimeWindow, days: frozenset[int], today: int, before: int, minute: int) -> bool:
    if window.start_minutes < window.end_minutes:
        return today in days and window.start_minutes <= minute < window.end_minutes
    return (today in days and minute >= window.start_minutes) or (before in days and minute < window.end_minutes)


def _day_faults(
    day: date, rules: Sequence[Rule], demands: Sequence[Demand], holes: Sequence[Hole], overlaps: Sequence[Overlap]
) -> list[str]:
    today, before = day_kind(day).day_number, day_kind(day - timedelta(days=1)).day_number
    valid = [
        rule
        for rule in rules
        if (rule.valid_from is None or rule.valid_from <= day) and (rule.valid_to is None or day < rule.valid_to)
    ]
    told_holes = [hole for hole in holes if _speaks(hole, day, today, before)]
    told_overlaps = [overlap for overlap in overlaps if _speaks(overlap, day, today, before)]
    wrong = []
    for minute in range(DAY_MINUTES):
        parties = sorted({rule.party for rule in valid if _in(rule.window, rule.days, today, before, minute)})
        arises = any(_in(demand.window, demand.days, today, before, minute) for demand in demands)
        hole = [one for one in told_holes if one.start_minutes <= minute < one.end_minutes]
        overlap = [one for one in told_overlaps if one.start_minutes <= minute < one.end_minutes]
        if len(hole) != int(arises and not parties):
            wrong.append(f"{day} {clock_text(minute)}: {len(hole)} holes, parties {parties}, arises {arises}")
        if [list(one.parties) for one in overlap] != ([parties] if len(parties) > 1 else []):
            wrong.append(f"{day} {clock_text(minute)}: overlaps {overlap}, parties {parties}")
    return wrong


def _speaks(one: Hole | Overlap, day: date, today: int, before: int) -> bool:
    if one.day != today or (one.after and before not in one.after):
        return False
    return (one.valid_from is None or one.valid_from <= day) and (one.valid_to is None or day < one.valid_to)


def _apart(found: Sequence[Hole] | Sequence[Overlap]) -> list[str]:
    """Findings of the same days and dates that touch: they should have been one."""
    wrong = []
    for one in found:
        for other in found:
            same = (one.day, one.after, one.valid_from, one.valid_to) == (
                other.day, other.after, other.valid_from, other.valid_to,
            )  # fmt: skip
            if isinstance(one, Overlap) and isinstance(other, Overlap):
                same = same and one.parties == other.parties
            if same and one.end_minutes == other.start_minutes:
                wrong.append(f"{one} and {other} are one")
    return wrong

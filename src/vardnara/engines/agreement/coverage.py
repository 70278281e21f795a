"""Finds what an agreement leaves open.

A day is looked at as one of nine kinds, its hours between the bounds that any rule or demand names, its dates between
those on which any rule begins or ends; within such a cell nothing changes. Where a window runs over midnight it matters
which kind of day was before, so the cell is looked at for each kind that can come before it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from vardnara.engines.agreement.data import EVERY_DAY, Demand, Rule
from vardnara.engines.agreement.result import Coverage, Hole, Overlap, Remark
from vardnara.kernel.calendar import FIRST_YEAR, day_kind, days_between
from vardnara.kernel.recurrence import NEVER_YEARS

OPEN_START, OPEN_END = date(FIRST_YEAR, 1, 2), date(2200, 1, 1)
SHORT_DAYS = 800  # a stretch of dates up to this length is looked through; a longer one has every kind of day
ALL_NIGHTS = OPEN_START, date(2061, 1, 1)  # dates in which every pair of days that follow each other is met
ANY = 0  # stands for the day before where nothing runs over midnight


class Piece(NamedTuple):
    """Part of a window within one day: on these days, or on those that come after them."""

    start: int
    end: int
    days: frozenset[int]
    after: bool
    party: str  # empty for a demand

    def holds(self, before: int, day: int) -> bool:
        return (before if self.after else day) in self.days


class Cell(NamedTuple):
    """Hours of a kind of day with one finding; no parties: a hole."""

    day: int
    start: int
    end: int
    parties: tuple[str, ...]
    after: tuple[int, ...]


def coverage_check(
    rules: Iterable[Rule],
    demands: Iterable[Demand],
    *,
    since: date | None = None,
    until: date | None = None,
) -> Coverage:
    """Every hole, every overlap, and what is odd about single rules.

    Parameters
    ----------
    rules
        The agreement, in any order.
    demands
        When each task can arise on each ward. A task without demand has no holes.
    since, until
        Dates ``[since, until)`` to look at. By default from the day on which the first rule begins to hold, without
        end.

    Returns
    -------
    Coverage
        Holes and overlaps for each task, ward and kind of day, merged to the longest intervals, with the dates between
        which they are there.

    Notes
    -----
    An overlap is two parties at the same time; one party twice is none. Overlaps count whether or not the task can
    arise then. Time: proportional to tasks x wards x dates of change x 9 days.
    """
    rules, demands = tuple(rules), tuple(demands)
    if since is None and rules and all(rule.valid_from for rule in rules):
        since = min(rule.valid_from for rule in rules if rule.valid_from)
    first, last = since or OPEN_START, until or OPEN_END
    by_key: dict[tuple[str, str], tuple[list[Rule], list[Demand]]] = defaultdict(lambda: ([], []))
    for rule in rules:
        by_key[rule.task, rule.ward][0].append(rule)
    for demand in demands:
        by_key[demand.task, demand.ward][1].append(demand)
    holes: list[Hole] = []
    overlaps: list[Overlap] = []
    for (task, ward), (its_rules, its_demands) in by_key.items():
        for cell, start, stop in _findings(its_rules, its_demands, first, last):
            valid_from, valid_to = (None if start == first else start), (None if stop == last else stop)
            if cell.parties:
                overlaps.append(Overlap(task, ward, *cell[:4], valid_from, valid_to, cell.after))
            else:
                holes.append(Hole(task, ward, *cell[:3], valid_from, valid_to, cell.after))
    return Coverage(
        tuple(sorted(holes, key=_order)),
        tuple(sorted(overlaps, key=_order)),
        _remarks(rules, {(demand.task, demand.ward) for demand in demands}),
        since,
        until,
    )


def _order(found: Hole | Overlap) -> tuple[object, ...]:
    start = found.valid_from or date.min
    parties = found.parties if isinstance(found, Overlap) else ()
    return found.task, found.ward, found.day, found.start_minutes, start, found.end_minutes, found.after, parties


def _findings(
    rules: Sequence[Rule], demands: Sequence[Demand], first: date, last: date
) -> Iterable[tuple[Cell, date, date]]:
    """Cells with the dates of each, equal ones of stretches that touch made one."""
    bounds = {bound for rule in rules for bound in (rule.valid_from, rule.valid_to) if bound}
    dates = [first, *sorted(bound for bound in bounds if first < bound < last), last]
    wanted = [piece for demand in demands for piece in _pieces(demand.days, demand, "")]
    open_cells: dict[Cell, date] = {}
    for start, stop in pairwise(dates):
        standing = [
            piece
            for rule in rules
            if (rule.valid_from or first) <= start and (rule.valid_to or last) >= stop
            for piece in _pieces(rule.days, rule, rule.party)
        ]
        cells = set(_cells(standing, wanted, start, stop))
        for cell in [cell for cell in open_cells if cell not in cells]:
            yield cell, open_cells.pop(cell), start
        for cell in cells:
            open_cells.setdefault(cell, start)
    for cell, start in open_cells.items():
        yield cell, start, last


def _pieces(days: frozenset[int], of: Rule | Demand, party: str) -> list[Piece]:
    return [Piece(start, end, days, offset == 1, party) for offset, start, end in of.window.pieces()]


def _cells(standing: Sequence[Piece], wanted: Sequence[Piece], start: date, stop: date) -> Iterable[Cell]:
    """Holes and overlaps of each kind of day that lies in ``[start, stop)``."""
    everything = [*standing, *wanted]
    befores = _befores(start, stop) if any(piece.after for piece in everything) else _days_within(start, stop)
    bounds = sorted({bound for piece in everything for bound in (piece.start, piece.end)})
    for day, days_before in befores.items():
        spans: dict[tuple[tuple[str, ...], tuple[int, ...]], list[list[int]]] = defaultdict(list)
        for begins, ends in pairwise(bounds):
            here = [piece for piece in everything if piece.start <= begins and piece.end >= ends]
            states: dict[tuple[str, ...], list[int]] = defaultdict(list)
            for before in days_before:
                holding = [piece.party for piece in here if piece.holds(before, day)]
                parties = tuple(sorted({party for party in holding if party}))
                if len(parties) > 1 or (not parties and "" in holding):
                    states[parties].append(before)
            for parties, those in states.items():
                after = () if len(those) == len(days_before) else tuple(those)
                run = spans[parties, after]
                if run and run[-1][1] == begins:
                    run[-1][1] = ends
                else:
                    run.append([begins, ends])
        for (parties, after), runs in spans.items():
            for begins, ends in runs:
                yield Cell(day, begins, ends, parties, after)


def _is_long(start: date, stop: date) -> bool:
    return (stop - start).days > SHORT_DAYS or start < OPEN_START


@lru_cache(maxsize=256)
def _days_within(start: date, stop: date) -> dict[int, tuple[int, ...]]:
    """The kinds of day in ``[start, stop)``, where the day before does not matter."""
    if (stop - start).days > SHORT_DAYS:
        return dict.fromkeys(sorted(EVERY_DAY), (ANY,))
    return dict.fromkeys(sorted({day_kind(one).day_number for one in days_between(start, stop)}), (ANY,))


@lru_cache(maxsize=256)
def _befores(start: date, stop: date) -> dict[int, tuple[int, ...]]:
    """The kinds of day in ``[start, stop)``, each with those that can be the day before."""
    if _is_long(start, stop):
        start, stop = ALL_NIGHTS
    found: dict[int, set[int]] = defaultdict(set)
    before = day_kind(start - timedelta(days=1)).day_number
    for one in days_between(start, stop):
        day = day_kind(one).day_number
        found[day].add(before)
        before = day
    return {day: tuple(sorted(those)) for day, those in sorted(found.items())}


def _remarks(rules: Sequence[Rule], demanded: set[tuple[str, str]]) -> tuple[Remark, ...]:
    found = [Remark("frequency_never", rule) for rule in rules if _never(rule)]
    found += [Remark("rule_without_demand", rule) for rule in rules if (rule.task, rule.ward) not in demanded]
    return tuple(sorted(found, key=lambda one: (one.code, _rule_order(one.rule))))


def _rule_order(rule: Rule) -> tuple[object, ...]:
    start, stop = rule.valid_from or date.min, rule.valid_to or date.max
    frequency = rule.frequency.rrule if rule.frequency else ""
    return rule.task, rule.ward, sorted(rule.days), rule.window, rule.party, start, stop, frequency


def _never(rule: Rule) -> bool:
    """Whether the frequency names none of the rule's days while it holds, ten years at most."""
    if rule.frequency is None:
        return False
    start = max(rule.valid_from or rule.frequency.anchor, rule.frequency.anchor)
    stop = min(rule.valid_to or OPEN_END, date(min(start.year + NEVER_YEARS, date.max.year), 12, 31))
    return not any(day_kind(day).day_number in rule.days for day in rule.frequency.dates(start, stop))

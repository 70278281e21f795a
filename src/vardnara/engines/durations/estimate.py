"""Measures durations and waits by group; small groups are not told."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

from vardnara.engines.durations.cleaning import works_clean
from vardnara.engines.durations.data import Dimension, DurationOrder, Wait, WaitOrder, Work
from vardnara.engines.durations.params import DurationParams
from vardnara.engines.durations.quantiles import distribution_of, survival_of
from vardnara.engines.durations.result import Cell, Durations, Rule, WaitCell, Waits
from vardnara.kernel.local_time import STOCKHOLM

type Key = tuple[str | int, ...]
NOTHING: Mapping[Rule, int] = MappingProxyType({})


def durations_estimate(order: DurationOrder) -> Durations:
    """How long work takes.

    Parameters
    ----------
    order
        Finished tasks, what to tell them apart by, and the bounds of the rules.

    Returns
    -------
    Durations
        One cell for each group that has a task. A cell with fewer clean observations, or people behind them, than the
        parameters ask for tells nothing but that it is there.

    Notes
    -----
    A task belongs to the weekday and hour of the local clock at which it was begun. Rules look at all tasks together,
    before they are grouped: a worker's overlap between two wards is an overlap.
    """
    rules = works_clean(order.works, order.params).removed
    told = order.told()
    groups: dict[Key, list[Work]] = defaultdict(list)
    for work in told:
        groups[_key(work, order.by)].append(work)
    cells = [_cell(key, groups[key], rules, order.params) for key in sorted(groups, key=_sorting)]
    removed = _counted(rules[work.key] for work in told if work.key in rules)
    return Durations(
        tuple(cells), len(told), len(told) - sum(removed.values()), removed, order.params, enough(told, order.params)
    )


def _cell(key: Key, works: Sequence[Work], rules: Mapping[int, Rule], params: DurationParams) -> Cell:
    kept = [work for work in works if work.key not in rules]
    if not enough(kept, params):
        return Cell(key, None, NOTHING, None)
    spread = distribution_of((work.minutes for work in kept), params.confidence_share)
    removed = _counted(rules[work.key] for work in works if work.key in rules)
    return Cell(key, spread, removed, len(works))


def enough(works: Sequence[Work], params: DurationParams) -> bool:
    """Whether so many tasks by so many people may be shown."""
    people = {spell.worker for work in works for spell in work.spells}
    return len(works) >= params.cell_least and len(people) >= params.workers_least


def _counted(rules: Iterable[Rule]) -> Mapping[Rule, int]:
    """How many each rule took, in the order of the rules."""
    counts = Counter(rules)
    return MappingProxyType({rule: counts[rule] for rule in Rule if counts[rule]})


def _key(work: Work, by: Iterable[Dimension]) -> Key:
    begun = (work.spells[0].start_at if work.spells else work.finished_at).astimezone(STOCKHOLM)
    values: dict[Dimension, Callable[[], str | int]] = {
        Dimension.KIND: lambda: work.kind,
        Dimension.UNIT: lambda: work.unit,
        Dimension.WEEKDAY: begun.weekday,
        Dimension.HOUR: lambda: begun.hour,
    }
    return tuple(values[dimension]() for dimension in by)


def _sorting(key: Key) -> tuple[tuple[bool, str | int], ...]:
    return tuple((isinstance(part, str), part) for part in key)


def waits_estimate(order: WaitOrder) -> Waits:
    """How long it takes until work is begun, and until it is finished, from when it was asked for.

    Parameters
    ----------
    order
        Tasks that were asked for, whatever became of them: leaving out those that still wait would make a service look
        quicker the more it leaves undone.

    Returns
    -------
    Waits
        A task that was withdrawn counts as waited for until then. One begun before it was asked for is left out.
    """
    groups: dict[Key, list[Wait]] = defaultdict(list)
    n_backwards = 0
    for wait in order.waits:
        if any(at is not None and at < wait.asked_at for at in (wait.begun_at, wait.finished_at, wait.seen_to)):
            n_backwards += 1
            continue
        key = tuple(wait.kind if dimension is Dimension.KIND else wait.unit for dimension in order.by)
        groups[key].append(wait)
    cells = [_wait_cell(key, groups[key], order.params) for key in sorted(groups, key=_sorting)]
    return Waits(tuple(cells), len(order.waits), n_backwards, order.params)


def _wait_cell(key: Key, waits: Sequence[Wait], params: DurationParams) -> WaitCell:
    begun = [wait for wait in waits if wait.begun_at is not None]
    people = {wait.worker for wait in begun if wait.worker is not None}
    if len(begun) < params.cell_least or len(people) < params.workers_least:
        return WaitCell(key, None, None)
    response, turnaround = (
        survival_of([_time(wait, name) for wait in waits], params.confidence_share)
        for name in ("begun_at", "finished_at")
    )
    return WaitCell(key, response, turnaround)


def _time(wait: Wait, name: str) -> tuple[float, bool]:
    """(minutes from when it was asked for, whether it happened)."""
    happened = wait.begun_at if name == "begun_at" else wait.finished_at
    return ((happened or wait.seen_to) - wait.asked_at).total_seconds() / 60, happened is not None

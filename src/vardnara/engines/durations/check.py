"""Judges measured durations by counting anew, pair by pair. Knows nothing of the engine but its results."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from itertools import combinations
from math import comb, isclose
from statistics import quantiles
from zoneinfo import ZoneInfo

from vardnara.engines.durations.data import Dimension, DurationOrder, Work
from vardnara.engines.durations.params import DurationParams
from vardnara.engines.durations.result import Durations, Rule

EXACT_UP_TO = 150  # observations whose intervals are judged in whole fractions
LOCAL = ZoneInfo("Europe/Stockholm")


def duration_faults(durations: Durations, order: DurationOrder) -> tuple[str, ...]:
    """Every figure that counting gives differently, and every cell that should not be shown.

    Parameters
    ----------
    durations
        What was measured.
    order
        From which.

    Returns
    -------
    tuple of str
        Empty when all is well.
    """
    params = order.params
    rules = _rules(order.works, params)
    told = [
        work
        for work in order.works
        if work.kind in (order.kinds or {work.kind}) and work.unit in (order.units or {work.unit})
    ]
    faults = []
    for rule in Rule:
        counted = sum(rules.get(work.key) is rule for work in told)
        if counted != durations.removed.get(rule, 0):
            faults.append(f"{rule}: {durations.removed.get(rule, 0)}, counted {counted}")
    if durations.n_kept + sum(durations.removed.values()) != len(told):
        faults.append("observations vanish")
    people = {spell.worker for work in told for spell in work.spells}
    if durations.enough != (len(told) >= params.cell_least and len(people) >= params.workers_least):
        faults.append(f"{len(told)} tasks of {len(people)} people are {'' if durations.enough else 'not '}enough")
    seen = set()
    for cell in durations.cells:
        seen.add(cell.key)
        own = [work for work in told if _key(work, order.by) == cell.key]
        kept = [work for work in own if work.key not in rules]
        people = {spell.worker for work in kept for spell in work.spells}
        small = len(kept) < params.cell_least or len(people) < params.workers_least
        if small != (cell.spread is None) or (small and (cell.removed or cell.n_seen is not None)):
            faults.append(f"{cell.key}: {len(kept)} of {len(people)} people")
        if cell.spread is not None and not small:
            if cell.n_seen != len(own) or cell.spread.n != len(kept):
                faults.append(f"{cell.key}: {cell.spread.n} of {cell.n_seen}, counted {len(kept)} of {len(own)}")
            faults += [f"{cell.key}: {fault}" for fault in _spread_faults(cell.spread, kept, params)]
    if seen != {_key(work, order.by) for work in told}:
        faults.append("cells are missing")
    return tuple(faults)


def _spread_faults(spread: object, kept: list[Work], params: DurationParams) -> list[str]:
    minutes = sorted(sum((s.stop_at - s.start_at).total_seconds() for s in work.spells) / 60 for work in kept)
    parts = quantiles(minutes, n=20, method="inclusive")
    wanted = {"p10": parts[1], "q25": parts[4], "median": parts[9], "q75": parts[14], "p90": parts[17]}
    faults = []
    for name, value in wanted.items():
        told = getattr(spread, name)
        figure = getattr(told, "value", told)
        if not isclose(figure, value, rel_tol=1e-9, abs_tol=1e-9):
            faults.append(f"{name} {figure}, counted {value}")
    if len(minutes) <= EXACT_UP_TO:
        for name, share in (("p10", Fraction(1, 10)), ("median", Fraction(1, 2)), ("p90", Fraction(9, 10))):
            told = getattr(spread, name)
            bounds = _bounds(minutes, share, params.confidence_share)
            if (told.low, told.high) != bounds:
                faults.append(f"{name} between {told.low} and {told.high}, counted {bounds}")
    return faults


def _bounds(minutes: list[float], share: Fraction, confidence: float) -> tuple[float | None, float | None]:
    n = len(minutes)
    chances = [comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(n + 1)]
    tail = (1 - confidence) / 2
    lows = [rank for rank in range(1, n + 1) if sum(chances[:rank]) <= tail]
    highs = [rank for rank in range(1, n + 1) if sum(chances[:rank]) >= 1 - tail]
    return minutes[lows[-1] - 1] if lows else None, minutes[highs[0] - 1] if highs else None


def _key(work: Work, by: tuple[Dimension, ...]) -> tuple[str | int, ...]:
    begun = (work.spells[0].start_at if work.spells else work.finished_at).astimezone(LOCAL)
    known: dict[str, str | int] = {
        "kind": work.kind, "unit": work.unit, "weekday": begun.isoweekday() - 1, "hour": begun.hour,
    }  # fmt: skip
    return tuple(known[dimension] for dimension in by)


def _rules(works: tuple[Work, ...], params: DurationParams) -> dict[int, Rule]:
    found: dict[int, Rule] = {}
    for work in works:
        lengths = [(spell.stop_at - spell.start_at) / timedelta(minutes=1) for spell in work.spells]
        if not lengths:
            found[work.key] = Rule.NO_SPELL
        elif min(lengths) < 0:
            found[work.key] = Rule.BACKWARDS
        elif _too_long(work, max(lengths), params):
            found[work.key] = Rule.FAR_BEYOND_NORM
        elif any(
            spell.shift_ends_at is not None
            and spell.start_at < spell.shift_ends_at
            and spell.stop_at > spell.shift_ends_at + timedelta(minutes=params.shift_grace_minutes)
            for spell in work.spells
        ):
            found[work.key] = Rule.OVER_SHIFT_END
        elif any(
            length > params.midnight_minutes
            and spell.start_at.astimezone(LOCAL).toordinal() < spell.stop_at.astimezone(LOCAL).toordinal()
            for spell, length in zip(work.spells, lengths, strict=True)
        ):
            found[work.key] = Rule.OVER_MIDNIGHT
    found |= _batches([work for work in works if work.key not in found], params)
    for work in works:
        if work.key not in found and work.minutes * 60 < params.shortest_seconds:
            found[work.key] = Rule.TOO_SHORT
    left = [work for work in works if work.key not in found]
    both: set[int] = set()
    for one, other in combinations(left, 2):
        for a in one.spells:
            for b in other.spells:
                shared = (min(a.stop_at, b.stop_at) - max(a.start_at, b.start_at)).total_seconds()
                if a.worker == b.worker and shared > params.overlap_seconds:
                    both |= {one.key, other.key}
    return found | dict.fromkeys(both, Rule.OVERLAPPING)


def _too_long(work: Work, longest: float, params: DurationParams) -> bool:
    norm = work.norm_minutes
    if not norm:
        return longest > params.longest_minutes
    return longest > norm * params.norm_factor and longest > norm + params.norm_extra_minutes


def _batches(works: list[Work], params: DurationParams) -> dict[int, Rule]:
    """Quick finishes that a chain of near ones ties together, as many as make a batch."""
    quick = [work for work in works if work.minutes * 60 <= params.batch_work_seconds]
    found: dict[int, Rule] = {}
    for work in quick:
        chain, grew = {work.key}, True
        while grew:
            grew = False
            for other in quick:
                if other.key in chain or other.spells[-1].worker != work.spells[-1].worker:
                    continue
                ends = [one.finished_at for one in quick if one.key in chain]
                if any(abs((other.finished_at - end).total_seconds()) <= params.batch_gap_seconds for end in ends):
                    chain.add(other.key)
                    grew = True
        if len(chain) >= params.batch_least:
            found[work.key] = Rule.FINISHED_IN_BATCH
    return found

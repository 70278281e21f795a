"""Takes nonsense out of the history of tasks, rule by rule, and says which rule took what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter

from vardnara.engines.durations.data import Spell, Work
from vardnara.engines.durations.params import DurationParams
from vardnara.engines.durations.result import Rule
from vardnara.kernel.local_time import local_date


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What is left, in the order given, and the rule that took each of the others, by key."""

    kept: tuple[Work, ...]
    removed: dict[int, Rule]


def works_clean(works: Sequence[Work], params: DurationParams) -> Cleaned:
    """Leave out what cannot be true.

    Rules that look at one task come first: a spell left running for a day would else overlap, and take with it, the
    true work of that day. Overlap is then looked for among what is left.
    """
    removed: dict[int, Rule] = {}
    kept = list(works)
    for judge in (_alone, _batches, _short, _overlaps):
        removed |= judge(kept, params)
        kept = [work for work in kept if work.key not in removed]
    return Cleaned(tuple(kept), removed)


def _alone(works: Iterable[Work], params: DurationParams) -> dict[int, Rule]:
    """No spell at all, time that runs backwards, spells that were left running."""
    found: dict[int, Rule] = {}
    for work in works:
        rule = _left_running(work, params) if work.spells else Rule.NO_SPELL
        if any(spell.stop_at < spell.start_at for spell in work.spells):
            rule = Rule.BACKWARDS
        if rule is not None:
            found[work.key] = rule
    return found


def _left_running(work: Work, params: DurationParams) -> Rule | None:
    norm = work.norm_minutes
    longest = max(norm * params.norm_factor, norm + params.norm_extra_minutes) if norm else params.longest_minutes
    judges: tuple[tuple[Rule, Callable[[Spell], bool]], ...] = (
        (Rule.FAR_BEYOND_NORM, lambda spell: spell.seconds > longest * 60),
        (Rule.OVER_SHIFT_END, lambda spell: _over_shift(spell, params)),
        (Rule.OVER_MIDNIGHT, lambda spell: _over_midnight(spell, params)),
    )
    return next((rule for rule, judge in judges if any(judge(spell) for spell in work.spells)), None)


def _over_shift(spell: Spell, params: DurationParams) -> bool:
    """Began within the shift and ended long after it."""
    ends = spell.shift_ends_at
    if ends is None or spell.start_at >= ends:
        return False
    return (spell.stop_at - ends).total_seconds() > params.shift_grace_minutes * 60


def _over_midnight(spell: Spell, params: DurationParams) -> bool:
    over = local_date(spell.start_at) != local_date(spell.stop_at)
    return over and spell.seconds > params.midnight_minutes * 60


def _batches(works: Iterable[Work], params: DurationParams) -> dict[int, Rule]:
    """Runs of finishes by one worker, each close upon the one before and hardly worked on."""
    by_worker: dict[int, list[Work]] = defaultdict(list)
    for work in works:
        if work.minutes * 60 <= params.batch_work_seconds:
            by_worker[work.spells[-1].worker].append(work)
    runs: list[list[Work]] = []
    for quick in by_worker.values():
        runs.append([])
        for work in sorted(quick, key=attrgetter("finished_at")):
            if runs[-1] and _gap(runs[-1][-1], work) > params.batch_gap_seconds:
                runs.append([])
            runs[-1].append(work)
    return {work.key: Rule.FINISHED_IN_BATCH for run in runs if len(run) >= params.batch_least for work in run}


def _gap(first: Work, second: Work) -> float:
    return (second.finished_at - first.finished_at).total_seconds()


def _short(works: Iterable[Work], params: DurationParams) -> dict[int, Rule]:
    return {work.key: Rule.TOO_SHORT for work in works if work.minutes * 60 < params.shortest_seconds}


def _overlaps(works: Iterable[Work], params: DurationParams) -> dict[int, Rule]:
    """Nobody does two things at once: which of two is true cannot be told, so both go."""
    by_worker: dict[int, list[tuple[Spell, int]]] = defaultdict(list)
    for work in works:
        for spell in work.spells:
            by_worker[spell.worker].append((spell, work.key))
    found: dict[int, Rule] = {}
    for spells in by_worker.values():
        spells.sort(key=lambda one: (one[0].start_at, one[0].stop_at))
        open_ones: list[tuple[Spell, int]] = []  # spells that have not ended yet
        for spell, key in spells:
            open_ones = [one for one in open_ones if one[0].stop_at > spell.start_at]
            for other, other_key in open_ones:
                both = (min(other.stop_at, spell.stop_at) - spell.start_at).total_seconds()
                if other_key != key and both > params.overlap_seconds:
                    found[key] = found[other_key] = Rule.OVERLAPPING
            open_ones.append((spell, key))
    return found

"""What a norm would be if it followed what was measured."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from vardnara.engines.durations.cleaning import works_clean
from vardnara.engines.durations.data import Work
from vardnara.engines.durations.estimate import enough
from vardnara.engines.durations.params import DurationParams
from vardnara.engines.durations.quantiles import quantile
from vardnara.engines.durations.result import Proposal, Rule

LOW, TYPICAL, HIGH = 0.1, 0.5, 0.9


def norms_propose(
    works: Sequence[Work],
    *,
    by_share: Collection[str] = (),
    since: Mapping[tuple[str, str], datetime] | None = None,
    params: DurationParams | None = None,
) -> dict[tuple[str, str], Proposal]:
    """Low, typical and high minutes of each kind of task on each ward: 10th percentile, median, 90th percentile.

    Parameters
    ----------
    works
        All that was worked in the period: the rules look at a person's whole day.
    by_share
        Kinds of which one task is for many units (all patients' breakfast): the result is a share of the norm that the
        task had, by which the norm is to be multiplied, and tasks without norm are not looked at.
    since
        By (kind, unit): only tasks begun from then on count, as a norm was decided then.
    params
        Bounds.

    Returns
    -------
    dict
        By (kind, unit); ``ready`` with minutes (or shares), else why not.
    """
    params = params or DurationParams()
    after = since or {}
    rules = works_clean(works, params).removed
    groups: dict[tuple[str, str], list[Work]] = defaultdict(list)
    for work in works:
        key = work.kind, work.unit
        begun = work.spells[0].start_at if work.spells else work.finished_at
        if (work.norm_minutes or work.kind not in by_share) and (key not in after or begun >= after[key]):
            groups[key].append(work)
    return {key: _propose(groups[key], rules, key[0] in by_share, params) for key in sorted(groups)}


def _propose(works: Sequence[Work], rules: Mapping[int, Rule], as_share: bool, params: DurationParams) -> Proposal:
    kept = [work for work in works if work.key not in rules]
    counts = Counter(rules[work.key] for work in works if work.key in rules)
    removed = MappingProxyType({rule: counts[rule] for rule in Rule if counts[rule]})
    if len(kept) < params.norm_least or not enough(kept, params):
        return Proposal("few", len(kept), len(works), removed)
    if len(kept) < len(works) * (1 - params.removed_most_share):
        return Proposal("doubtful", len(kept), len(works), removed)
    ordered = sorted(work.minutes / (work.norm_minutes or 1) if as_share else work.minutes for work in kept)
    ends = sorted(work.finished_at for work in kept)
    low, typical, high = (quantile(ordered, share) for share in (LOW, TYPICAL, HIGH))
    return Proposal("ready", len(kept), len(works), removed, low, typical, high, ends[0], ends[-1])

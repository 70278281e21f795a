"""The rules in plain English; pages build their own sentences from the codes."""

from __future__ import annotations

from collections.abc import Mapping

from vardnara.engines.durations.params import DurationParams
from vardnara.engines.durations.result import Rule


def rule_text(rule: Rule, params: DurationParams) -> str:
    """Why a rule leaves an observation out, with its bounds."""
    texts = {
        Rule.NO_SPELL: "finished without ever being started",
        Rule.BACKWARDS: "ended before it began, by the phone's clock",
        Rule.FAR_BEYOND_NORM: f"left running: more than {params.norm_factor:g} times the norm and "
        f"{params.norm_extra_minutes:g} minutes beyond it, or {params.longest_minutes:g} minutes without a norm",
        Rule.OVER_SHIFT_END: f"left running: more than {params.shift_grace_minutes:g} minutes past the shift's end",
        Rule.OVER_MIDNIGHT: f"left running: over midnight and longer than {params.midnight_minutes:g} minutes",
        Rule.FINISHED_IN_BATCH: f"ticked off afterwards: {params.batch_least} or more within "
        f"{params.batch_gap_seconds:g} seconds of each other, each begun just before",
        Rule.TOO_SHORT: f"begun and finished within {params.shortest_seconds:g} seconds",
        Rule.OVERLAPPING: f"overlaps other work of the same person by more than {params.overlap_seconds:g} seconds",
    }
    return texts[rule]


def removed_text(removed: Mapping[Rule, int]) -> str:
    """``left out 7: 4 too_short, 3 overlapping``, for the source of a norm."""
    if not removed:
        return "left out none"
    return f"left out {sum(removed.values())}: " + ", ".join(f"{n} {rule}" for rule, n in removed.items())

"""Measures (åtgärder): how one stands, what must come first, what they sum to, beds after a change, and notice."""

from vardnara.engines.measures.beds import Beds, beds_after
from vardnara.engines.measures.data import Benefit, Effect, Facts, Gate, Promised, Standing
from vardnara.engines.measures.gate import gates_missing
from vardnara.engines.measures.notice import effect_too_early, last_day, months_later
from vardnara.engines.measures.standing import standing_propose
from vardnara.engines.measures.sums import EffectRow, EffectSums, effects_sum

__all__ = [
    "Beds",
    "Benefit",
    "Effect",
    "EffectRow",
    "EffectSums",
    "Facts",
    "Gate",
    "Promised",
    "Standing",
    "beds_after",
    "effect_too_early",
    "effects_sum",
    "gates_missing",
    "last_day",
    "months_later",
    "standing_propose",
]

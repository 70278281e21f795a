"""Rosters under Swedish rules: a period in the engine's words, and a judge on instants (docs/roster.md).

What searches is imported by itself, since its kernels are compiled then: ``swedish.repair`` and ``swedish.explain``.
"""

from vardnara.engines.roster.swedish.candidates import Candidate, ShiftCandidates, Standing, shift_candidates
from vardnara.engines.roster.swedish.data import ExtraBasis, Need, Never, RosteredPerson, RosterPeriod, ShiftKind, Wish
from vardnara.engines.roster.swedish.judge import Broken, Short, SwedishJudgement, rules_worse, swedish_check
from vardnara.engines.roster.swedish.params import REPAIR_WEIGHTS, RelaxationPrices, RosterWeights
from vardnara.engines.roster.swedish.problem import roster_problem
from vardnara.engines.roster.swedish.result import (
    Change,
    CompetenceBalance,
    Explanation,
    Headline,
    Relaxation,
    Repair,
    WeekBalance,
    WhyShort,
)
from vardnara.engines.roster.swedish.wishes import WishOutcome, wishes_explain

__all__ = [
    "REPAIR_WEIGHTS",
    "Broken",
    "Candidate",
    "Change",
    "CompetenceBalance",
    "Explanation",
    "ExtraBasis",
    "Headline",
    "Need",
    "Never",
    "Relaxation",
    "RelaxationPrices",
    "Repair",
    "RosterPeriod",
    "RosterWeights",
    "RosteredPerson",
    "ShiftCandidates",
    "ShiftKind",
    "Short",
    "Standing",
    "SwedishJudgement",
    "WeekBalance",
    "WhyShort",
    "Wish",
    "WishOutcome",
    "roster_problem",
    "rules_worse",
    "shift_candidates",
    "swedish_check",
    "wishes_explain",
]

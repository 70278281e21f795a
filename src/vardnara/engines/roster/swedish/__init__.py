"""Rosters under Swedish rules: a period in the engine's words, and a judge on instants (docs/roster.md)."""

from vardnara.engines.roster.swedish.candidates import Candidate, ShiftCandidates, Standing, shift_candidates
from vardnara.engines.roster.swedish.data import Need, Never, RosteredPerson, RosterPeriod, ShiftKind, Wish
from vardnara.engines.roster.swedish.judge import Broken, Short, SwedishJudgement, swedish_check
from vardnara.engines.roster.swedish.params import REPAIR_WEIGHTS, RosterWeights
from vardnara.engines.roster.swedish.problem import roster_problem
from vardnara.engines.roster.swedish.repair import Change, Repair, roster_repair

__all__ = [
    "REPAIR_WEIGHTS",
    "Broken",
    "Candidate",
    "Change",
    "Need",
    "Never",
    "Repair",
    "RosterPeriod",
    "RosterWeights",
    "RosteredPerson",
    "ShiftCandidates",
    "ShiftKind",
    "Short",
    "Standing",
    "SwedishJudgement",
    "Wish",
    "roster_problem",
    "roster_repair",
    "shift_candidates",
    "swedish_check",
]

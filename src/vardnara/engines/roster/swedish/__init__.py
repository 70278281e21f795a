"""Rosters under Swedish rules: a period in the engine's words, and a judge on instants (docs/roster.md)."""

from vardnara.engines.roster.swedish.data import Need, Never, RosteredPerson, RosterPeriod, ShiftKind, Wish
from vardnara.engines.roster.swedish.judge import Broken, Short, SwedishJudgement, swedish_check
from vardnara.engines.roster.swedish.params import RosterWeights
from vardnara.engines.roster.swedish.problem import roster_problem

__all__ = [
    "Broken",
    "Need",
    "Never",
    "RosterPeriod",
    "RosterWeights",
    "RosteredPerson",
    "ShiftKind",
    "Short",
    "SwedishJudgement",
    "Wish",
    "roster_problem",
    "swedish_check",
]

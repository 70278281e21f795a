"""Who works which shift: a general roster problem, its independent judge, and the search (docs/roster.md)."""

from vardnara.engines.roster.budget import Budget
from vardnara.engines.roster.check import Judgement, Violation, roster_check
from vardnara.engines.roster.data import (
    FREE,
    HARD,
    Assignment,
    Automaton,
    Bounds,
    Cover,
    Duty,
    Employee,
    History,
    Request,
    RosterProblem,
    SequenceRules,
    Shift,
    Tally,
)
from vardnara.engines.roster.params import RosterParams
from vardnara.engines.roster.result import RosterResult, Status

__all__ = [
    "FREE",
    "HARD",
    "Assignment",
    "Automaton",
    "Bounds",
    "Budget",
    "Cover",
    "Duty",
    "Employee",
    "History",
    "Judgement",
    "Request",
    "RosterParams",
    "RosterProblem",
    "RosterResult",
    "SequenceRules",
    "Shift",
    "Status",
    "Tally",
    "Violation",
    "roster_check",
]

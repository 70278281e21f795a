"""How long work takes and how long it is waited for, from the history of tasks; never by person."""

from vardnara.engines.durations.data import Dimension, DurationOrder, Spell, Wait, WaitOrder, Work
from vardnara.engines.durations.estimate import durations_estimate, waits_estimate
from vardnara.engines.durations.params import DurationParams
from vardnara.engines.durations.propose import norms_propose
from vardnara.engines.durations.result import (
    Cell,
    Distribution,
    Durations,
    Estimate,
    Proposal,
    Rule,
    Survival,
    WaitCell,
    Waits,
)

__all__ = [
    "Cell",
    "Dimension",
    "Distribution",
    "DurationOrder",
    "DurationParams",
    "Durations",
    "Estimate",
    "Proposal",
    "Rule",
    "Spell",
    "Survival",
    "Wait",
    "WaitCell",
    "WaitOrder",
    "Waits",
    "Work",
    "durations_estimate",
    "norms_propose",
    "waits_estimate",
]

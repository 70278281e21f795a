"""Says in a sentence why somebody has no lawful line of days."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from vardnara.engines.roster.data import ANY, Employee, RosterProblem, SequenceRules
from vardnara.engines.roster.lines import Stretch
from vardnara.engines.roster.people import people_build


def line_missing(problem: RosterProblem, one: Employee) -> str:
    """Name the single rule without which a person would have a lawful line; or say that no single one is enough.

    Parameters
    ----------
    problem
        Shifts and calendar.
    one
        Someone who has no lawful line.
    """
    eased: list[tuple[str, Employee]] = [
        (f"the sum {tally.rule}", replace(one, tallies=tuple(other for other in one.tallies if other is not tally)))
        for tally in one.tallies
        if tally.bounds.is_hard
    ]
    eased += [
        ("the limit of weekends", replace(one, weekends=ANY)),
        ("shifts in a row", replace(one, sequence=replace(one.sequence, work_run=ANY))),
        ("days off in a row", replace(one, sequence=replace(one.sequence, off_run=ANY))),
        ("the days off", replace(one, days_off=frozenset())),
        ("the days that are fixed", replace(one, fixed={})),
        ("all rules of sequence", replace(one, sequence=SequenceRules(), automata=())),
    ]
    for name, person in eased:
        if line_exists(problem, person):
            return f"{one.id} has no lawful line of days; without {name} there is one"
    return f"{one.id} has no lawful line of days; no single rule is the reason"


def line_exists(problem: RosterProblem, one: Employee) -> bool:
    """Whether a person alone has a lawful line."""
    alone = replace(problem, employees=(one,))
    (person,) = people_build(alone)
    stretch = Stretch(person, np.zeros(problem.n_days, np.int32), 0, problem.n_days)
    return bool(stretch.price(np.zeros((problem.n_days, len(problem.duties))), 1).lines)

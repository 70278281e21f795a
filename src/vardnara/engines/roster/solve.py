"""The verb: a roster from a problem, within a budget."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from math import ceil

from vardnara.engines.roster.budget import Budget
from vardnara.engines.roster.check import roster_check
from vardnara.engines.roster.data import RosterProblem
from vardnara.engines.roster.explain import clash_find, reasons_told, short_find
from vardnara.engines.roster.params import RosterParams
from vardnara.engines.roster.result import VERSION, RosterResult, Status
from vardnara.engines.roster.search import Search

NEAR = 1e-6


def roster_solve(
    problem: RosterProblem,
    budget: Budget,
    *,
    seed: int = 1,
    params: RosterParams | None = None,
    tell: Callable[[float, float], None] = lambda cost, bound: None,
) -> RosterResult:
    """Find a cheap lawful roster.

    Parameters
    ----------
    problem
        What holds.
    budget
        When to stop. By work alone the same roster comes again, whatever the machine is busy with.
    seed
        Of the random choices.
    params
        Of the search.
    tell
        Called with cost and bound whenever the roster is better than before.

    Returns
    -------
    RosterResult
        Of every person whose own hard rules are kept; see :class:`Status` for what is proved.

    Notes
    -----
    Column generation with dynamic programming for each person, dives, and blocks of people decided by MIP over lines;
    docs/roster.md has the method and what it was measured to reach.
    """
    params = params or RosterParams()
    search = Search(problem, budget, params, seed, tell)
    search.run()
    digest = hashlib.sha256(repr(params).encode()).hexdigest()[:12]
    came_from = (round(budget.used), seed, VERSION, digest)
    bound = max(ceil(search.bound - NEAR), 0)
    if not search.lawful.all():
        missing = [one for one, ok in zip(problem.employees, search.lawful, strict=True) if not ok]
        if search.first_ended:
            reasons = reasons_told(clash_find(problem, one).text for one in missing)
            return RosterResult((), None, bound, Status.INFEASIBLE, reasons, *came_from)
        return RosterResult((), None, bound, Status.UNKNOWN, (f"{len(missing)} people have no line yet",), *came_from)
    assignments = problem.assignments(search.rows.tolist())
    cost = roster_check(problem, assignments).cost
    if search.cover.short(search.there):
        reasons = reasons_told(short.text for short in short_find(problem, assignments))
        return RosterResult(assignments, cost, bound, Status.SHORT, reasons, *came_from)
    status = Status.OPTIMAL if cost <= bound or not problem.employees else Status.FEASIBLE
    return RosterResult(assignments, cost, min(bound, cost), status, (), *came_from)

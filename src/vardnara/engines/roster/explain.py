"""Says why somebody has no lawful line of days, and why a shift has too few."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from vardnara.engines.roster.check import roster_check
from vardnara.engines.roster.data import ANY, Assignment, Cover, Employee, RosterProblem
from vardnara.engines.roster.explained import Clash, TooFew
from vardnara.engines.roster.lines import Stretch
from vardnara.engines.roster.people import people_build

MOST_SENTENCES = 20


def clash_find(problem: RosterProblem, one: Employee) -> Clash:
    """Name rules that clash, as few as there can be: each is taken out, and stays out where there is no line even so.

    Parameters
    ----------
    problem
        Shifts and calendar.
    one
        Someone who has no lawful line.

    Returns
    -------
    Clash
        ``give_up`` in the order in which rules are easier to give up: single days first, law last.
    """
    every = _rules(problem, one)
    kept = list(every)
    for rule in reversed(every):  # law is taken out first, so that what is left names what somebody decided
        fewer = [other for other in kept if other is not rule]
        if not _exists_without(problem, one, [other for other in every if other not in fewer]):
            kept = fewer
    alone = tuple(rule[0] for rule in kept if _exists_without(problem, one, [rule]))
    return Clash(one.id, tuple(rule[0] for rule in kept), alone)


Rule = tuple[str, str, object]  # its words; which field of a person; what of it


def _rules(problem: RosterProblem, one: Employee) -> list[Rule]:
    """Every hard rule of a person, from what is easily given up to law."""
    rules: list[Rule] = [
        (f"what stands on day {day} ({name or 'free'})", "fixed", day) for day, name in sorted(one.fixed.items())
    ]
    rules += [(f"day {day} off", "days_off", day) for day in sorted(one.days_off)]
    if one.closed:
        rules.append(("the shifts that are closed", "closed", None))
    if one.shifts is not None:
        rules.append(("the shifts that may be worked", "shifts", None))
    if one.weekends.is_hard and one.weekends != ANY:
        rules.append(("the limit of weekends", "weekends", None))
    rules += [
        (f"the sum {tally.rule}", "tallies", number) for number, tally in enumerate(one.tallies) if tally.bounds.is_hard
    ]
    for name, field in (("shifts in a row", "work_run"), ("days off in a row", "off_run")):
        bounds = getattr(one.sequence, field)
        if bounds.is_hard and bounds != ANY:
            rules.append((name, field, None))
    if one.sequence.whole_weekend is not None and one.sequence.whole_weekend < 0:
        rules.append(("whole weekends", "whole_weekend", None))
    if any(shift.run.is_hard and shift.run != ANY for shift in problem.shifts):
        rules.append(("the same shift in a row", "run", None))
    if any(shift.not_next for shift in problem.shifts):
        rules.append(("which shift may follow which", "not_next", None))
    rules += [(f"the rule {automaton.rule}", "automata", number) for number, automaton in enumerate(one.automata)]
    return rules


def _exists_without(problem: RosterProblem, one: Employee, out: list[Rule]) -> bool:
    """Whether there is a line without some rules."""
    gone: dict[str, set[object]] = {}
    for _, field, what in out:
        gone.setdefault(field, set()).add(what)
    for field in gone:
        if field == "work_run":
            one = replace(one, sequence=replace(one.sequence, work_run=ANY))
        elif field == "off_run":
            one = replace(one, sequence=replace(one.sequence, off_run=ANY))
        elif field == "whole_weekend":
            one = replace(one, sequence=replace(one.sequence, whole_weekend=None))
        elif field == "fixed":
            one = replace(one, fixed={day: name for day, name in one.fixed.items() if day not in gone[field]})
        elif field == "run":
            problem = replace(problem, shifts=tuple(replace(shift, run=ANY) for shift in problem.shifts))
        elif field == "not_next":
            problem = replace(problem, shifts=tuple(replace(shift, not_next=frozenset()) for shift in problem.shifts))
    one = replace(
        one,
        days_off=frozenset(day for day in one.days_off if day not in gone.get("days_off", ())),
        closed=frozenset() if "closed" in gone else one.closed,
        shifts=None if "shifts" in gone else one.shifts,
        weekends=ANY if "weekends" in gone else one.weekends,
        tallies=tuple(tally for n, tally in enumerate(one.tallies) if n not in gone.get("tallies", ())),
        automata=tuple(rule for n, rule in enumerate(one.automata) if n not in gone.get("automata", ())),
    )
    return line_exists(problem, one)


def line_exists(problem: RosterProblem, one: Employee) -> bool:
    """Whether a person alone has a lawful line."""
    alone = replace(problem, employees=(one,))
    (person,) = people_build(alone)
    stretch = Stretch(person, np.zeros(problem.n_days, np.int32), 0, problem.n_days)
    return bool(stretch.price(np.zeros((problem.n_days, len(problem.duties))), 1).lines)


def short_find(problem: RosterProblem, assignments: Iterable[Assignment]) -> list[TooFew]:
    """For each hard least of cover that is not met, why nobody else can take it, people by people."""
    lines = list(assignments)
    there = Counter((line.day, line.shift, line.skill) for line in lines)
    rows: dict[str, list[Assignment]] = {one.id: [] for one in problem.employees}
    for line in lines:
        rows[line.employee].append(line)
    found = []
    for need in problem.cover:
        n = there[need.day, need.shift, need.skill]
        if n < need.least:
            reasons = Counter(_in_the_way(problem, one, rows[one.id], need) for one in problem.employees)
            found.append(TooFew(need, n, dict(reasons.most_common())))
    return found


def _in_the_way(problem: RosterProblem, one: Employee, row: list[Assignment], need: Cover) -> str:
    """The first reason for which a person cannot come too."""
    if need.skill is not None and need.skill not in one.skills:
        return "without the skill"
    if not one.may_work(need.day, need.shift):
        return "away or not allowed"
    for line in row:
        if line.day == need.day:
            same = (line.shift, line.skill) == (need.shift, need.skill)
            return "there" if same else f"on {line.shift}"
    alone = replace(problem, employees=(one,), cover=())
    now = {(v.rule, v.day) for v in roster_check(alone, row).violations}
    more = [*row, Assignment(one.id, need.day, need.shift, need.skill)]
    for violation in roster_check(alone, more).violations:
        if (violation.rule, violation.day) not in now:
            return f"against {violation.rule}"
    return "free to come"


def reasons_told(sentences: Iterator[str]) -> tuple[str, ...]:
    """So many sentences as somebody reads, and how many more there are."""
    found = list(sentences)
    more = len(found) - MOST_SENTENCES
    return (*found[:MOST_SENTENCES], *([f"and {more} more"] if more > 0 else ()))

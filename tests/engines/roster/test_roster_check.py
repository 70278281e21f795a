"""The judge: a lawful roster, and each rule broken once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from vardnara.engines.roster import (
    HARD,
    Assignment,
    Automaton,
    Bounds,
    Cover,
    Employee,
    History,
    Request,
    RosterProblem,
    SequenceRules,
    Shift,
    Tally,
    roster_check,
)

EARLY, LATE = Shift("E", 480, frozenset()), Shift("L", 480, frozenset({"E"}))
ANN = Employee("Ann")
ODD = Automaton("odd_days", (0, 1) * 7, (((0, 0, 0),), ((0, -1, 0),)))  # no early shift on an odd day


def problem(one: Employee = ANN, **changes: Any) -> RosterProblem:
    """Two weeks of one person from a Monday, early and late."""
    return RosterProblem(**{"n_days": 14, "shifts": (EARLY, LATE), "employees": (one,), "cover": ()} | changes)


def roster(row: str, who: str = "Ann") -> list[Assignment]:
    """A row as letters, a dot for a free day."""
    return [Assignment(who, day, letter) for day, letter in enumerate(row) if letter != "."]


BROKEN = [
    ("succession", "LE............", ANN, 1),
    ("succession", "E.............", replace(ANN, history=History("L", 1, 1, 0)), 0),
    ("shift_allowed", "E.............", replace(ANN, shifts=frozenset("L")), 0),
    ("day_off", "....E.........", replace(ANN, days_off=frozenset({4})), 4),
    ("closed", "....E.........", replace(ANN, closed=frozenset({(4, "E")})), 4),
    ("fixed", "..............", replace(ANN, fixed={4: "E"}), 4),
    ("max_consecutive_shifts", ".EEE..........", replace(ANN, sequence=SequenceRules(Bounds(0, 2))), 3),
    ("min_consecutive_shifts", ".E............", replace(ANN, sequence=SequenceRules(Bounds(2))), 1),
    ("max_consecutive_days_off", "E...E.E.E.E.E.E", replace(ANN, sequence=SequenceRules(off_run=Bounds(0, 2))), 3),
    ("min_consecutive_days_off", "EE.EE.........", replace(ANN, sequence=SequenceRules(off_run=Bounds(2))), 2),
    ("whole_weekend", ".....E........", replace(ANN, sequence=SequenceRules(whole_weekend=HARD)), 6),
    ("weekends", ".....E......E.", replace(ANN, weekends=Bounds(0, 1)), None),
    ("minutes", "EE............", replace(ANN, tallies=(Tally("minutes", {"E": 480}, Bounds(0, 900)),)), None),
    ("minutes", "E.............", replace(ANN, tallies=(Tally("minutes", {"E": 480}, Bounds(900)),)), None),
    ("free_days", "EEEEEEE.......", replace(ANN, tallies=(Tally("free_days", {"": 1}, Bounds(1), last=6),)), None),
    ("odd_days", ".E............", replace(ANN, automata=(ODD,)), 1),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "row", "one", "day"), BROKEN, ids=[f"{rule} {row}" for rule, row, *_ in BROKEN])
def test_a_broken_rule_is_named_alone(rule: str, row: str, one: Employee, day: int | None) -> None:
    """Who, what and when; the same row without the rule is lawful."""
    judged = roster_check(problem(one), roster(row[:14]))
    assert [(found.rule, found.employee, found.day) for found in judged.violations] == [(rule, "Ann", day)]
    assert judged.violations[0].text and not judged.feasible
    if rule != "succession":
        assert roster_check(problem(), roster(row[:14])).feasible


def test_each_soft_rule_costs_what_it_says() -> None:
    """Weights per unit outside, wishes, prices and cover."""
    one = replace(
        ANN,
        sequence=SequenceRules(Bounds(2, 3, 5), Bounds(2, None, 7), 11),
        tallies=(Tally("shifts", {"E": 1, "L": 1}, Bounds(0, 4, 13), before=1),),
        weekends=Bounds(0, 0, 17),
        requests=(Request(0, "E", 19, True), Request(1, None, 23, False), Request(2, "L", 29, False)),
        prices=((1, "E", 31),),
    )
    cover = (Cover(1, "E", 3, under=37), Cover(2, "E", 0, over=41))
    judged = roster_check(problem(one, cover=cover), roster(".EEEE.E......."))
    assert judged.feasible and judged.costs == {
        "requests": 19 + 23,
        "prices": 31,
        "max_consecutive_shifts": 5,
        "min_consecutive_shifts": 5,
        "min_consecutive_days_off": 7,
        "whole_weekend": 11,
        "shifts": 2 * 13,
        "weekends": 17,
        "under_cover": 2 * 37,
        "over_cover": 41,
    }
    assert judged.cost == sum(judged.costs.values())


def test_what_history_and_the_borders_do_to_runs() -> None:
    """A known past counts; an unknown one has no least; the end has none."""
    one = replace(ANN, sequence=SequenceRules(Bounds(3, 4), Bounds(2)))
    assert roster_check(problem(one), roster("E..........EE."[:13] + "E")).feasible
    for history, row, rules in (
        (History("E", 2, 2, 0), "..............", ["min_consecutive_shifts"]),
        (History("E", 2, 2, 0), "EE............", []),
        (History("E", 2, 2, 0), "EEE...........", ["max_consecutive_shifts"]),
        (History("", 0, 0, 1), "EEE...........", ["min_consecutive_days_off"]),
        (History("", 0, 0, 2), "EEE...........", []),
    ):
        judged = roster_check(problem(replace(one, history=history)), roster(row))
        assert [found.rule for found in judged.violations] == rules


def test_skills_and_least_cover() -> None:
    """A skill that one does not have, none at all, and too few on a hard least."""
    one = replace(ANN, skills=frozenset({"cook"}))
    asked = problem(one, skills=("cook", "clean"), cover=(Cover(3, "E", 2, 30, 0, 1, "cook"),))
    assert [found.rule for found in roster_check(asked, []).violations] == ["cover"]
    assert roster_check(asked, [Assignment("Ann", 3, "E", "cook")]).cost == 30
    for skill in ("clean", None):
        judged = roster_check(asked, [Assignment("Ann", 3, "E", skill)])
        assert [found.rule for found in judged.violations] == ["skill", "cover"]


def test_lines_that_cannot_be() -> None:
    """A second shift on a day, and names and days that are not there."""
    lines = [*roster("E............."), Assignment("Ann", 0, "L"), Assignment("Bo", 0, "E")]
    lines += [Assignment("Ann", 1, "X"), Assignment("Ann", 14, "E")]
    judged = roster_check(problem(), lines)
    assert [found.rule for found in judged.violations] == ["one_shift_a_day", "unknown", "unknown", "unknown"]


@pytest.mark.parametrize(
    "make",
    [
        lambda: Bounds(-1),
        lambda: Bounds(0, 1, -2),
        lambda: Shift("", 1),
        lambda: Cover(0, "E", 1, least=2),
        lambda: History("E"),
        lambda: problem(n_days=0),
        lambda: problem(employees=(ANN, ANN)),
        lambda: problem(cover=(Cover(14, "E", 1),)),
        lambda: problem(cover=(Cover(0, "E", 1, skill="cook"),)),
        lambda: problem(replace(ANN, shifts=frozenset("X"))),
        lambda: problem(replace(ANN, prices=((0, "E", -1),))),
        lambda: problem(replace(ANN, requests=(Request(99, "E", 1, True),))),
        lambda: problem(replace(ANN, fixed={99: "E"})),
        lambda: problem(replace(ANN, automata=(Automaton("x", (0,), (((0, 0, 0),),)),))),
        lambda: Tally("x", {"E": -1}, Bounds()),
    ],
)
def test_a_problem_that_contradicts_itself_is_refused(make: Any) -> None:
    """Data are valid once they are there."""
    with pytest.raises(ValueError, match=r"."):
        make()

"""The search: lawful whatever comes, as cheap as trying everything, and the same again."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vardnara.engines.roster import (
    HARD,
    Assignment,
    Automaton,
    Bounds,
    Budget,
    Cover,
    Employee,
    History,
    Request,
    RosterProblem,
    SequenceRules,
    Shift,
    Status,
    Tally,
    roster_check,
)
from vardnara.engines.roster.explain import clash_find, short_find
from vardnara.engines.roster.explained import Clash
from vardnara.engines.roster.lines import Stretch, row_cost
from vardnara.engines.roster.people import people_build
from vardnara.engines.roster.solve import roster_solve

E, L = Shift("E", 480), Shift("L", 300, frozenset({"E"}))
WORK = 15


@st.composite
def bounds(draw: st.DrawFn, top: int, weights: tuple[int, ...] = (HARD, 3)) -> Bounds:
    least = draw(st.integers(0, 2))
    return Bounds(least, draw(st.none() | st.integers(max(least, 1), top)), draw(st.sampled_from(weights)))


@st.composite
def employees(draw: st.DrawFn, name: str, n_days: int) -> Employee:
    whole = draw(st.sampled_from([None, HARD, 4]))
    sequence = SequenceRules(draw(bounds(4)), draw(bounds(4)), whole)
    minutes = {"E": 480, "L": 300}
    tallies = [Tally("minutes", minutes, Bounds(draw(st.sampled_from([0, 600])), draw(st.sampled_from([None, 2400]))))]
    tallies += [Tally("late", {"L": 1}, Bounds(0, draw(st.integers(0, 3)), draw(st.sampled_from([HARD, 2]))))]
    tallies += [Tally("free", {"": 1}, Bounds(1, None, 5), first=1, last=3)]
    days = st.integers(0, n_days - 1)
    wish = st.builds(Request, days, st.sampled_from(["E", "L", None]), st.integers(1, 9), st.booleans())
    return Employee(
        name,
        sequence,
        tuple(tallies),
        weekends=draw(bounds(2)),
        days_off=frozenset(draw(st.lists(days, max_size=1))),
        requests=tuple(draw(st.lists(wish, max_size=2))),
        prices=tuple(draw(st.lists(st.tuples(days, st.sampled_from("EL"), st.integers(0, 5)), max_size=2))),
        history=draw(st.sampled_from([None, History("L", 1, 2, 0), History("", 0, 0, 1)])),
    )


@st.composite
def problems(draw: st.DrawFn, n_days: int = 9, n_people: int = 3) -> RosterProblem:
    people = [draw(employees(f"P{number}", n_days)) for number in range(draw(st.integers(0, n_people)))]
    shifts = (E, replace(L, run=draw(bounds(3))))
    cover = [
        Cover(day, shift, draw(st.integers(0, 2)), draw(st.integers(0, 20)), draw(st.integers(0, 3)))
        for day in range(n_days)
        for shift in "EL"
    ]
    return RosterProblem(n_days, shifts, tuple(people), tuple(cover), first_weekday=draw(st.sampled_from([0, 4])))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(problems())
def test_what_is_found_is_lawful_and_costs_what_is_told(problem: RosterProblem) -> None:
    """The judge, which knows nothing of the search, agrees; where there is nothing, somebody is named."""
    result = roster_solve(problem, Budget(work=WORK))
    if result.status is Status.INFEASIBLE:
        assert result.reasons and not result.assignments and result.cost is None
        return
    judged = roster_check(problem, result.assignments)
    assert judged.feasible and judged.cost == result.cost >= result.bound
    assert result.status in (Status.OPTIMAL, Status.FEASIBLE)


def everything(problem: RosterProblem) -> int | None:
    """The least cost by trying every roster."""
    names = [None, *(shift.id for shift in problem.shifts)]
    cells = [(one.id, day) for one in problem.employees for day in range(problem.n_days)]
    costs = []
    for choice in itertools.product(names, repeat=len(cells)):
        lines = [Assignment(*cell, name) for cell, name in zip(cells, choice, strict=True) if name]
        judged = roster_check(problem, lines)
        if judged.feasible:
            costs.append(judged.cost)
    return min(costs, default=None)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(problems(n_days=4, n_people=1))
def test_nothing_is_cheaper_for_one_person(problem: RosterProblem) -> None:
    """One person's line is exact: the least of all lines, and proved to be."""
    result = roster_solve(problem, Budget(work=WORK))
    assert result.cost == everything(problem)


def test_two_people_as_cheap_as_trying_everything() -> None:
    """Cover that two share, with a wish against it."""
    two = [Employee(name, SequenceRules(Bounds(2, 3), Bounds(1))) for name in "AB"]
    two[0] = replace(two[0], requests=(Request(1, "E", 4, False),))
    cover = tuple(Cover(day, "E", 1, 10, 3) for day in range(5))
    problem = RosterProblem(5, (E,), tuple(two), cover)
    assert roster_solve(problem, Budget(work=WORK)).cost == everything(problem)


ROW_RULES = {  # a second reading of the rules of one person, by patterns over a row of letters
    "max_consecutive_shifts": lambda row: bool(re.search(r"[EL]{4}", row)),
    "min_consecutive_shifts": lambda row: bool(re.search(r"(?<=\.)[EL](?=\.)", row)),
    "min_consecutive_days_off": lambda row: bool(re.search(r"(?<=[EL])\.(?=[EL])", row)),
    "succession": lambda row: "LE" in row,
    "minutes": lambda row: not 900 <= 480 * row.count("E") + 300 * row.count("L") <= 2000,
    "weekends": lambda row: row[5:7] != ".." and row[12:14] != "..",
}


@settings(max_examples=150, deadline=None)
@given(st.text("EL..", min_size=14, max_size=14))
def test_the_judge_agrees_with_patterns(row: str) -> None:
    """Two readings of the rules that share no code find the same rules broken."""
    one = Employee(
        "Ann",
        SequenceRules(Bounds(2, 3), Bounds(2)),
        (Tally("minutes", {"E": 480, "L": 300}, Bounds(900, 2000)),),
        Bounds(0, 1),
    )
    lines = [Assignment("Ann", day, letter) for day, letter in enumerate(row) if letter != "."]
    judged = roster_check(RosterProblem(14, (E, L), (one,), ()), lines)
    assert {found.rule for found in judged.violations} == {rule for rule, broken in ROW_RULES.items() if broken(row)}


def crew(n_people: int, n_days: int = 14) -> RosterProblem:
    """A small ward: everyone alike, three early and two late wanted."""
    minutes = Tally("minutes", {"E": 480, "L": 300}, Bounds(2000, 4000))
    rules = SequenceRules(Bounds(2, 5), Bounds(2))
    people = tuple(
        Employee(f"P{n}", rules, (minutes,), Bounds(0, 1), requests=(Request(n % n_days, "E", 2, True),))
        for n in range(n_people)
    )
    cover = tuple(Cover(day, name, n, 100, 1) for day in range(n_days) for name, n in (("E", 3), ("L", 2)))
    return RosterProblem(n_days, (E, L), people, cover)


def test_work_and_seed_repeat_exactly() -> None:
    """The same units of work give the same roster; another seed may give another."""
    first, again = (roster_solve(crew(8), Budget(work=40), seed=7) for _ in range(2))
    assert first == again and first.work >= 1


def test_a_long_roster_is_lawful_and_repeats() -> None:
    """Twelve weeks are built piece by piece, polished and moved by chains; sums hold over the whole."""
    problem = crew(5, 84)
    minutes = Tally("minutes", {"E": 480, "L": 300}, Bounds(15_000, 22_000))
    late = Tally("late", {"L": 1}, Bounds(0, 20))
    people = tuple(replace(one, tallies=(minutes, late), weekends=Bounds(0, 6)) for one in problem.employees)
    problem = replace(problem, employees=people)
    first, again = (roster_solve(problem, Budget(work=60), seed=3) for _ in range(2))
    judged = roster_check(problem, first.assignments)
    assert first == again and judged.feasible and judged.cost == first.cost


@pytest.mark.parametrize("n_people", [0, 1])
def test_a_ward_of_nobody_and_of_one(n_people: int) -> None:
    """Too few people is a dear roster, not an error."""
    result = roster_solve(crew(n_people), Budget(work=WORK))
    assert result.status in (Status.OPTIMAL, Status.FEASIBLE) and result.cost is not None
    assert result.cost >= 14 * 500 - n_people * 14 * 100


def test_stopped_at_once_there_is_nothing_or_it_is_lawful() -> None:
    """A search that is stopped before everyone has a line says so, and claims nothing else."""
    result = roster_solve(crew(3), Budget(work=WORK, stopped=lambda: True))
    assert result.status is Status.UNKNOWN and result.cost is None


def no_line(one: Employee, n_days: int = 14) -> Clash:
    problem = RosterProblem(n_days, (E, L), (one,), ())
    result = roster_solve(problem, Budget(work=WORK))
    clash = clash_find(problem, one)
    assert result.status is Status.INFEASIBLE and result.reasons == (clash.text,)
    return clash


def test_the_reasons_are_named_where_somebody_has_no_line() -> None:
    """The rules that clash, none of them to spare, and which one given up is enough."""
    shifts = Tally("shifts", {"E": 1, "L": 1}, Bounds(0, 9))
    minutes = Tally("minutes", {"E": 480}, Bounds(5000))
    late = Tally("late", {"L": 1}, Bounds(0, 3))
    clash = no_line(Employee("Ann", tallies=(minutes, late, shifts), weekends=Bounds(0, 2)))
    assert clash.rules == ("the sum minutes", "the sum shifts") == clash.give_up
    assert clash.text == (
        "Ann has no lawful line of days: the sum minutes and the sum shifts cannot be kept together; "
        "without the sum minutes there is one"
    )
    never = no_line(Employee("Bo", tallies=(Tally("minutes", {"E": 480}, Bounds(9600)),)))
    assert never.rules == never.give_up == ("the sum minutes",)
    fixed = no_line(Employee("Cim", days_off=frozenset({5, 9}), fixed={3: "L", 4: "E", 9: ""}))
    assert fixed.rules == ("what stands on day 3 (L)", "what stands on day 4 (E)", "which shift may follow which")
    twice = no_line(Employee("Dag", tallies=(minutes, replace(minutes, rule="more"), shifts)))
    assert set(twice.give_up) == {"the sum shifts"} and len(twice.rules) == 2
    both = no_line(Employee("Eve", fixed={3: "L", 4: "E"}, tallies=(Tally("late", {"L": 1}, Bounds(15)),)))
    assert both.give_up == () and both.text.endswith("it is not the only clash")


def test_an_automaton_and_fixed_days_are_kept() -> None:
    """A rule that the engine never heard of: after a late shift, free until the next even day."""
    automaton = Automaton("even", (0, 1) * 7, ((((0, 0, 1)), (0, 0, 1)), ((0, 0, 1), (1, -1, -1))), start=0)
    one = Employee("Ann", automata=(automaton,), fixed={0: "L", 4: ""})
    problem = RosterProblem(14, (E, L), (one,), tuple(Cover(day, "L", 1, 10) for day in range(14)))
    result = roster_solve(problem, Budget(work=WORK))
    assert roster_check(problem, result.assignments).feasible and result.status is Status.OPTIMAL


def test_too_few_for_a_hard_least_is_told() -> None:
    """Under-staffed shifts are reported, not hidden."""
    problem = RosterProblem(3, (E,), (Employee("Ann"),), (Cover(1, "E", 2, 30, 0, 2),))
    result = roster_solve(problem, Budget(work=WORK))
    assert result.status is Status.SHORT and len(result.assignments) >= 1
    assert result.reasons == ("day 1, E: 1 of at least 2; 1 there",)


def test_for_each_shift_that_has_too_few_the_reasons_are_counted() -> None:
    """Each person once: no skill, not allowed, at work elsewhere, against a rule."""
    own = {
        "Ann": {"skills": frozenset({"clean"})},
        "Bo": {"days_off": frozenset({4})},
        "Cim": {"fixed": {4: "L"}, "shifts": None},
        "Dag": {"sequence": SequenceRules(Bounds(0, 1)), "fixed": {3: "E"}},
    }
    people = tuple(Employee(who, **{"skills": frozenset({"cook"})} | said) for who, said in own.items())  # type: ignore[arg-type]
    problem = RosterProblem(7, (E, L), people, (Cover(4, "E", 3, 30, 0, 3, "cook"),), ("cook", "clean"))
    lines = [Assignment("Cim", 4, "L", "cook"), Assignment("Dag", 3, "E", "cook")]
    (short,) = short_find(problem, lines)
    assert short.there == 0 and short.reasons == {
        "without the skill": 1,
        "away or not allowed": 2,
        "against max_consecutive_shifts": 1,
    }
    assert short.text.startswith("day 4, E as cook: 0 of at least 3; 2 away or not allowed, 1 ")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(problems(n_days=21, n_people=1), st.sampled_from([(0, 7), (7, 14), (7, 21), (3, 14)]), st.integers(0, 2**32))
def test_a_piece_of_a_line_costs_what_it_changes(problem: RosterProblem, piece: tuple[int, int], seed: int) -> None:
    """A line that is priced over some days, the others standing, makes the whole row dearer or cheaper by just as much:
    sums that reach beyond the piece are settled at its end.
    """
    random = np.random.default_rng(seed)
    problem = replace(problem, first_weekday=0)
    for person in people_build(problem):
        whole = Stretch(person, np.zeros(21, np.int32), 0, 21).price(random.integers(-9, 9, (21, 2)).astype(float), 1)
        for row in [line.duties for _, line in whole.lines]:
            stretch = Stretch(person, row, *piece)
            priced = stretch.price(random.integers(-9, 9, (piece[1] - piece[0], 2)).astype(float), 3)
            own = stretch.standing(row[slice(*piece)]).cost
            assert priced.lines
            for _, line in priced.lines:
                changed = row.copy()
                changed[slice(*piece)] = line.duties
                assert stretch.standing(line.duties).cost == line.cost
                assert row_cost(person, changed) - row_cost(person, row) == line.cost - own

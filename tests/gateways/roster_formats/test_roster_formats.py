"""Public rostering formats: what they say, and every fault with its line."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from vardnara.engines.roster import FREE, Assignment, History, Request, roster_check
from vardnara.gateways.roster_formats import inrc2_solution_read, instance_read, roster_read, roster_text
from vardnara.kernel.errors import InputError

SMALL = """\
# comment
SECTION_HORIZON
7
SECTION_SHIFTS
E,480,
L,540,E
SECTION_STAFF
A,E=7|L=3,2400,960,5,2,2,1
B,E=0|L=7,2400,960,5,2,2,1
SECTION_DAYS_OFF
A,0,3
SECTION_SHIFT_ON_REQUESTS
A,1,E,2
SECTION_SHIFT_OFF_REQUESTS
B,2,L,3
SECTION_COVER
0,E,1,100,1
1,L,2,100,1
"""


def written(folder: Path, text: str, name: str = "x.txt") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def faults(path: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        instance_read(path)
    return [f"{fault.place}: {fault.wrong}" for fault in caught.value.faults]


def test_a_small_instance_is_read(tmp_path: Path) -> None:
    """Limits, days off, wishes and cover are where they belong."""
    problem = instance_read(written(tmp_path, SMALL))
    ann, bo = problem.employees
    assert (problem.n_days, [shift.minutes for shift in problem.shifts]) == (7, [480, 540])
    assert problem.shifts[1].not_next == {"E"} and ann.days_off == {0, 3} and bo.shifts == {"L"}
    assert [(tally.rule, tally.bounds.least, tally.bounds.most) for tally in ann.tallies] == [
        ("minutes", 960, 2400),
        ("max_L", 0, 3),
    ]
    assert ann.requests == (Request(1, "E", 2, True),) and bo.requests == (Request(2, "L", 3, False),)
    assert (ann.sequence.work_run.most, ann.sequence.off_run.least, ann.weekends.most) == (5, 2, 1)
    assert [(need.day, need.wanted, need.under, need.over) for need in problem.cover] == [
        (0, 1, 100, 1),
        (1, 2, 100, 1),
    ]


def test_every_fault_of_an_instance_has_its_line(tmp_path: Path) -> None:
    """All of them, not only the first."""
    text = SMALL.replace("L,540,E", "L,540,X").replace("A,0,3", "A,0,7").replace("B,2,L,3", "C,2,L,three")
    text = text.replace("1,L,2,100,1", "0,E,2,100,1\n1,L,2,100").replace("A,E=7|L=3", "A,E=7|N=3")
    assert faults(written(tmp_path, text)) == [
        "6: shift X",
        "8: shift N",
        "11: employee A",
        "11: employee A",
        "11: day 7",
        "13: employee A",
        "15: employee C",
        "15: weight 'three'",
        "18: cover of day 0, E stands twice",
        "19: 4 fields",
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "1: no SECTION_HORIZON"),
        ("7\n", "1: '7' before any section"),
        ("SECTION_X\n", "1: section SECTION_X"),
        ("SECTION_HORIZON\nmany\nSECTION_SHIFTS\n", "2: days 'many'"),
        ("SECTION_HORIZON\nSECTION_SHIFTS\n", "2: horizon"),
        ("SECTION_HORIZON\n7\nSECTION_HORIZON\n", "3: SECTION_HORIZON stands twice"),
        ("SECTION_HORIZON\n7\nSECTION_SHIFTS\nE,480,\nE,480,\n", "5: shift E stands twice"),
        (SMALL.replace("2400,960", "960,2400", 1), "8: least 2400 above most"),
    ],
)
def test_what_is_no_instance(tmp_path: Path, text: str, fault: str) -> None:
    """Broken sections and numbers."""
    assert fault in faults(written(tmp_path, text))


def test_a_file_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    """A name that is no file is taken for an instance of INRC-II, and refused if it is none."""
    assert faults(tmp_path / "nothing.txt") == [": no instance"]
    (tmp_path / "x.txt").write_bytes(b"\xff\xfe\x00")
    assert faults(tmp_path / "x.txt") == ["1: not text in UTF-8"]
    assert len(faults(tmp_path / "n005w4_1_6-2-9-1")) == 6


SCENARIO = """\
SCENARIO = n001w1

WEEKS = 1

SKILLS = 1
Nurse

SHIFT_TYPES = 2
Early (2,5)
Late (2,3)

FORBIDDEN_SHIFT_TYPES_SUCCESSIONS
Early 0
Late 1 Early

CONTRACTS = 1
Full (3,5) (2,4) (2,3) 1 1

NURSES = 2
Ann Full 1 Nurse
Bo Full 1 Nurse
"""
PAST = "HISTORY\n0 n001w1\n\nNURSE_HISTORY\nAnn 4 1 Late 1 2 0\nBo 0 0 None 0 0 3\n"
WEEK = """\
WEEK_DATA
n001w1

REQUIREMENTS
Early Nurse (0,1) (0,1) (0,1) (0,1) (0,1) (0,0) (0,0)
Late Nurse (1,2) (0,1) (0,1) (0,1) (0,1) (0,0) (0,0)

SHIFT_OFF_REQUESTS = 1
Bo Any Tue
"""


def folder_of(folder: Path, scenario: str = SCENARIO, past: str = PAST, week: str = WEEK) -> Path:
    for name, text in (("Sc-n001w1", scenario), ("H0-n001w1-0", past), ("WD-n001w1-3", week)):
        written(folder, text, f"{name}.txt")
    return folder / "n001w1_0_3"


def test_a_small_inrc2_instance_is_read(tmp_path: Path) -> None:
    """Scenario, history and week come together."""
    problem = instance_read(folder_of(tmp_path))
    ann, bo = problem.employees
    assert problem.n_days == 7 and problem.skills == ("Nurse",) and len(problem.cover) == 14
    assert ann.history == History("Late", 1, 2, 0) and ann.tallies[0].before == 4 and ann.weekends_before == 1
    assert bo.history == History(FREE, 0, 0, 3) and bo.requests == (Request(1, None, 10, False),)
    assert (problem.cover[7].least, problem.cover[7].wanted, problem.cover[7].under) == (1, 2, 30)


def test_every_fault_of_an_inrc2_instance_has_its_file_and_line(tmp_path: Path) -> None:
    """First the scenario, then what rests on it."""
    broken = SCENARIO.replace("Late (2,3)", "Late 2,3").replace("Full (3,5)", "Full (5,3)")
    assert faults(folder_of(tmp_path, broken)) == [
        "10: Late 2,3",
        "14: Late 1 Early",
        "17: (5,3): least above most",
        "20: Ann Full 1 Nurse",
        "21: Bo Full 1 Nurse",
    ]
    path = folder_of(tmp_path, past=PAST.replace("Bo 0", "Cy 0"), week=WEEK.replace("Any Tue", "Any Noday"))
    assert faults(path) == ["6: Cy 0 0 None 0 0 3", "6: no history of Bo", "9: Bo Any Noday"]
    path = folder_of(tmp_path, week=WEEK.replace("(1,2)", "(2,1)", 1).replace("Early Nurse", "Early Cook"))
    assert faults(path) == [
        "5: Early Cook (0,1) (0,1) (0,1) (0,1) (0,1) (0,0) (0,0)",
        "6: day 0, Late: least 2 of 1 wanted",
    ]
    assert faults(tmp_path / "n001w1_0_3-3")[0] == ": 2 weeks"


def test_a_roster_is_written_and_read_back(tmp_path: Path) -> None:
    """With and without skills."""
    for path, skill in ((written(tmp_path, SMALL), None), (folder_of(tmp_path), "Nurse")):
        problem = instance_read(path)
        lines = (Assignment(problem.employees[0].id, 1, problem.shifts[0].id, skill),)
        there = written(tmp_path, roster_text(problem, lines), "r.csv")
        assert roster_read(there, problem) == lines


def test_every_fault_of_a_roster_has_its_line(tmp_path: Path) -> None:
    """Names, days and the number of fields."""
    problem = instance_read(written(tmp_path, SMALL))
    path = written(tmp_path, "employee,day,shift\nA,1,E\nX,1,E\nA,7,E\nA,1,N\nA,one,E\nA,1\n", "r.csv")
    with pytest.raises(InputError) as caught:
        roster_read(path, problem)
    assert [fault.place for fault in caught.value.faults] == ["3", "4", "5", "6", "7"]
    with pytest.raises(InputError, match="employee,day,shift"):
        roster_read(written(tmp_path, "who,when\n", "r.csv"), problem)


@pytest.mark.shared_data
def test_the_official_costs_of_the_competition(shared_data: Path) -> None:
    """Every stored solution of INRC-II costs what the organisers' validator says, and is lawful."""
    folder = shared_data / "inrc2"
    with (folder / "reference_costs.csv").open(newline="") as handle:
        known = {row["instance"]: int(row["verified_upper_bound"]) for row in csv.DictReader(handle)}
    assert len(known) == 15
    for name, cost in known.items():
        problem = instance_read(folder / name)
        lines = inrc2_solution_read(folder / "reference_solutions" / name, problem)
        judged = roster_check(problem, [Assignment(*line) for line in lines])
        assert (judged.cost, judged.violations) == (cost, ()), name

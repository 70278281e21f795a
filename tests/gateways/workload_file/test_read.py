"""Workload files: what they say, and every fault with its line."""

from __future__ import annotations

import copy
import datetime
import json
import tomllib
from collections.abc import Callable, Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vardnara.engines.agreement import EVERY_DAY, coverage_check
from vardnara.engines.workload import workload_estimate
from vardnara.gateways import workload_file
from vardnara.gateways.toml_files import TomlFile
from vardnara.gateways.toml_files.lines import lines_of
from vardnara.gateways.workload_file import WorkloadCase, workload_case_read, workload_file_read
from vardnara.gateways.workload_file import read as read_module
from vardnara.gateways.workload_file.read import days_of
from vardnara.kernel.errors import InputError
from vardnara.kernel.evidence import CONFIDENCES
from vardnara.kernel.recurrence import ON_SPECIAL_DAY, OnSpecialDay, Recurrence
from vardnara.parameters.task_norms import Driver

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = sorted(
    path
    for path in (ROOT / "examples").rglob("*.toml")
    if path.parent.name != "decisions" and path.name != "posts.toml"
)
SCHEMA = json.loads(resources.files(workload_file.__name__).joinpath("schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)

FULL = """\
title = "Everything that a file can say"
year = 2026
net_hours_per_fte = 1600

[[ward]]
code = "K31"
name = "Kirurgen"
staffed_beds = 20
patients = [18, 18, 18, 18, 17.5, 15, 16]
discharges = 4
discharge_hours = [0, 0, 0, 0, 0, 0, 0, 1, 2, 5, 12, 15, 14, 14, 12, 8, 5, 4, 3, 2, 1, 0, 0, 0]
contagion_share = 0.07
square_metres = 900
events = { spill = 2.5 }
shares = { discharge_clean_single = 0.4 }

[[ward]]
code = "K32"

[[norm]]
code = "spill"
driver = "event"
per_unit = { low = 5, typical = 8, high = 15 }
[norm.evidence]
unit = "minutes"
valid_from = 2026-01-01
source = "our own time study"
date = 2026-02-01
confidence = "measured"
scope = "surgical wards"

[[task]]
code = "spill"
wards = ["K31"]

[[task]]
code = "discharge_clean_single"
window = "07:00-21:00"

[[task]]
code = "floor"
norm = "kitchen"
people = 2
times = 0.5
rrule = "FREQ=DAILY;INTERVAL=3"
anchor = 2026-01-05
holidays = "none"
eves = "as_saturday"
window = "22:00-06:00"
hours = [1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2]

[[demand]]
task = "discharge_clean_single"
days = ["mon-fri", "sat", "holiday"]
window = "08:00-20:00"

[[rule]]
task = "discharge_clean_single"
wards = ["K31"]
days = ["weekdays", "eve"]
window = "07:00-16:00"
party = "service"
rrule = "FREQ=DAILY"
valid_from = 2026-01-01
valid_to = 2026-12-01
"""


def read(text: str) -> WorkloadCase:
    return workload_case_read(TomlFile("x.toml", tomllib.loads(text), lines_of(text)))


def faults(text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(text)
    return [str(fault) for fault in caught.value.faults]


def plain(value: Any) -> Any:
    """As JSON has it: dates as text."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, datetime.date | datetime.time) else value


def test_everything_that_a_file_can_say_is_read() -> None:
    case = read(FULL)
    surgical, other = case.order.wards
    spill, single, floor = case.order.tasks
    assert (case.order.year, case.order.params.net_hours_per_fte) == (2026, 1600)
    assert surgical.patients[4] == 17.5 and surgical.discharges == (4,) * 7 and other.patients == (0,) * 7
    assert surgical.events["spill"] == (2.5,) * 7 and surgical.shares["discharge_clean_single"] == 0.4
    assert spill.norm.per_unit.high == 15 and spill.wards == {"K31"} and single.norm.per_unit.typical == 35
    assert (floor.norm.code, floor.n_people, floor.times, str(floor.recurrence.window)) == (
        "kitchen", 2, 0.5, "22:00-06:00",
    )  # fmt: skip
    (rule,) = case.rules
    assert (rule.ward, rule.days, rule.valid_to) == ("K31", {1, 2, 3, 4, 5, 9}, datetime.date(2026, 12, 1))
    told = {(demand.task, demand.ward): demand for demand in case.demands}
    assert told.keys() == {
        ("discharge_clean_single", "K31"), ("discharge_clean_single", "K32"), ("spill", "K31"), ("floor", "K31"),
        ("floor", "K32"),
    }  # fmt: skip
    assert told["discharge_clean_single", "K31"].days == {1, 2, 3, 4, 5, 6, 8}
    assert told["floor", "K31"].days == {1, 2, 3, 4, 5, 6, 7, 9}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_example_fits_schema_and_reader(path: Path) -> None:
    VALIDATOR.validate(plain(tomllib.loads(path.read_text())))
    assert workload_file_read(path).order.wards


def test_the_schema_is_one_and_knows_the_full_file() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    VALIDATOR.validate(plain(tomllib.loads(FULL)))


def test_the_schema_knows_the_words_that_the_reader_knows() -> None:
    """Keys of every table, drivers, confidences, what happens on special days: a new one comes in both places."""
    tables = SCHEMA["$defs"]
    assert tuple(SCHEMA["properties"]) == read_module.TOP
    for name in ("ward", "norm", "task", "demand", "rule"):
        assert set(tables[name]["properties"]) == set(getattr(read_module, name.upper()))
    evidence = tables["norm"]["properties"]["evidence"]["properties"]
    assert tuple(evidence) == read_module.PARTS["evidence"]
    assert tuple(evidence["confidence"]["enum"]) == CONFIDENCES
    assert tables["norm"]["properties"]["driver"]["enum"] == list(Driver)
    assert tuple(tables["on_special_day"]["enum"]) == ON_SPECIAL_DAY


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('source = "our own time study"\n', "", "24: source: missing or empty, expected text"),
        ('confidence = "measured"', 'confidence = "sure"', "29: confidence: 'sure', expected one of measured"),
        ("low = 5,", "low = 9,", "23: per_unit: low 9, typical 8, high 15, expected 0 <= low <= typical <= high"),
        ("low = 5,", 'low = "5",', "23: per_unit: {'low': '5', 'typical': 8, 'high': 15}, expected numbers low"),
        ('driver = "event"', 'driver = "moon"', "22: driver: 'moon', expected one of bed"),
        ("[norm.evidence]\n", "[norm.evidence]\nurl = 'x'\n", "25: url: unknown key, expected one of unit"),
        ('code = "K32"', 'code = "K31"', "18: code: 'K31' stands twice, expected each code once"),
        ('code = "K32"', "", "17: code: missing, expected text"),
        ("staffed_beds = 20", "staffed_beds = -1", "8: staffed_beds: -1, expected a number from 0 to 1e+09"),
        ("staffed_beds = 20", "staffed_beds = true", "8: staffed_beds: true, expected a number"),
        ("staffed_beds = 20", "beds = 20", "8: beds: unknown key, expected one of code"),
        ("17.5, 15, 16]", "17.5]", "9: patients: [18, 18, 18, 18, 17.5], expected a number of 0 or more, or seven"),
        ("2, 1, 0, 0, 0]", "2]", "11: discharge_hours: [0, 0, 0, 0, 0, 0, 0, 1, 2, 5, 12, 15, 14, 14, 12"),
        ("share = 0.07", "share = 7", "12: contagion_share: 7, expected a number from 0 to 1"),
        ("spill = 2.5", "spill = 'two'", "14: spill: 'two', expected a number of 0 or more"),
        ("spill = 2.5", "split = 2.5", "14: split: no such task, expected the code of a [[task]]"),
        ("single = 0.4", "single = 4", "15: discharge_clean_single: 4, expected a share from 0 to 1"),
        ('wards = ["K31"]\n\n[[task]]\ncode = "d', 'wards = ["K9"]\n\n[[task]]\ncode = "d', "34: wards: no ward 'K9'"),
        ('norm = "kitchen"', 'norm = "none"', "42: norm: no norm 'none', expected a [[norm]] of this file or one of"),
        ('code = "floor"\nnorm = "kitchen"', 'code = "floor"', "41: code: no norm 'floor', expected a [[norm]]"),
        ("people = 2", "people = 1.5", "43: people: 1.5, expected a whole number from 1 to 99"),
        ("times = 0.5", "times = 0", "44: times: 0, expected a number above 0"),
        ('rrule = "FREQ=DAILY;INTERVAL=3"', 'rrule = "FREQ=HOURLY"', "45: rrule: FREQ=HOURLY is finer than a day"),
        ("anchor = 2026-01-05\n", "", "40: anchor: missing, expected the first date"),
        ("INTERVAL=3", "INTERVAL=3;UNTIL=20251231", "45: rrule: FREQ=DAILY;INTERVAL=3;UNTIL=20251231 from 2026-01-05"),
        ("anchor = 2026-01-05", "anchor = 2026-01-05T00:00:00", "46: anchor: 2026-01-05 00:00:00, expected a date"),
        ('holidays = "none"', 'holidays = "never"', "47: holidays: 'never', expected one of same"),
        ('window = "22:00-06:00"', 'window = "22-06"', "49: window: '22-06', expected a window such as"),
        ('days = ["mon-fri", ', 'days = ["monday", ', "54: days: 'monday', expected days such as mon"),
        ("days = [\"weekdays\", \"eve\"]", "days = []", "60: days: [], expected a list of texts, at least one"),
        ('days = ["weekdays", "eve"]\n', "", "57: days: missing, expected a list of texts"),
        ('party = "service"\n', "", "57: party: missing, expected text"),
        ("valid_to = 2026-12-01", "valid_to = 2025-12-01", "65: valid_to: valid from 2026-01-01 to 2025-12-01"),
        ("year = 2026", "year = 1999", "2: year: 1999, expected a whole number from 2005 to 2199"),
        ("year = 2026", 'year = "2026"', "2: year: '2026', expected a whole number"),
        ("= 1600", "= 0", "3: net_hours_per_fte: 0, expected a number above 0"),
        ("year = 2026", "yaer = 2026", "2: yaer: unknown key, expected one of title"),
    ],
)  # fmt: skip
def test_a_fault_has_its_line_and_what_was_expected(old: str, new: str, expected: str) -> None:
    """One fault, one line, the key by name."""
    assert FULL.count(old) >= 1
    (fault,) = faults(FULL.replace(old, new, 1))
    assert fault.startswith(f"x.toml:{expected}")


def test_every_fault_is_told_in_order_of_lines() -> None:
    text = FULL.replace("staffed_beds = 20", "staffed_beds = -1").replace('party = "service"\n', "")
    text = text.replace("people = 2", "people = 0").replace('source = "our own time study"\n', "")
    assert [fault.split(":")[1] for fault in faults(text)] == ["8", "24", "42", "56"]


def test_a_file_needs_a_ward_and_tables_must_be_tables() -> None:
    assert faults("title = 'x'") == ["x.toml:1: ward: missing, expected at least one [[ward]]"]
    assert faults("ward = 3\ntask = [4]")[:2] == [
        "x.toml:1: ward: 3, expected an array of tables, [[ward]]",
        "x.toml:2: task: 4, expected a table",
    ]


@pytest.mark.parametrize(
    ("holidays", "eves", "expected"),
    [
        ("same", "same", {1, 2, 3, 4, 5, 8, 9}),
        ("none", "same", {1, 2, 3, 4, 5, 9}),
        ("as_saturday", "none", {1, 2, 3, 4, 5}),
        ("only", "same", {8}),
        ("only", "only", {8, 9}),
    ],
)
def test_when_a_planned_task_can_arise(holidays: OnSpecialDay, eves: OnSpecialDay, expected: set[int]) -> None:
    """What the plan says about holidays and eves, as days of an agreement."""
    rule = Recurrence("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", datetime.date(2026, 1, 1), holidays, eves)
    assert days_of(rule) == expected
    assert days_of(Recurrence("FREQ=DAILY", datetime.date(2026, 1, 1))) == EVERY_DAY


# ---- schema and reader agree ----


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if path:
        yield path
    for key, one in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(one, (*path, key))


JUNK: list[Any] = [True, -1, 0, 0.5, 1e12, 10**400, float("nan"), float("inf"), "", " ", "x", [], {}]
JUNK += [[1], ["x"], [[]], {"x": 1}, {"low": 1}, "2026-01-01", "07:00-16:00", [1] * 7, [-1] * 24]
JUNK += [datetime.date(2026, 1, 1), datetime.datetime(2026, 1, 1)]
DOCUMENT = tomllib.loads(FULL)
PLACES = list(places(DOCUMENT))


def changed(path: tuple[str | int, ...], change: Callable[[Any, Any], None]) -> dict[str, Any]:
    document = copy.deepcopy(DOCUMENT)
    holder: Any = document
    for part in path[:-1]:
        holder = holder[part]
    change(holder, path[-1])
    return document


def seen_by_reader(document: dict[str, Any]) -> bool:
    """Whether the reader names a fault; what it accepts can be estimated and checked."""
    try:
        case = workload_case_read(TomlFile("x.toml", document))
    except InputError:
        return True
    workload_estimate(case.order)
    coverage_check(case.rules, case.demands)
    return False


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(PLACES), st.sampled_from(JUNK), st.sampled_from(["replace", "remove", "add"]))
def test_what_the_schema_refuses_the_reader_names(path: tuple[str | int, ...], junk: Any, how: str) -> None:
    """Anything anywhere: replaced by junk, taken away, or with a key too many."""

    def change(holder: Any, key: Any) -> None:
        if how == "remove":
            del holder[key]
        elif how == "add" and isinstance(holder, dict):
            holder["surplus"] = junk
        else:
            holder[key] = junk

    document = changed(path, change)
    assert seen_by_reader(document) or VALIDATOR.is_valid(plain(document))

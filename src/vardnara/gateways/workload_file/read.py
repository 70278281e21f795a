"""Reads a workload file; finds every fault, not only the first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import cast

from vardnara.engines.agreement import EVERY_DAY, Demand, Rule, days_parse
from vardnara.engines.workload import TaskType, WardFacts, WorkloadOrder, WorkloadParams
from vardnara.gateways.toml_files import TomlFile, faults_in_order, toml_read
from vardnara.gateways.toml_files.table import Table, share_of, week_of
from vardnara.gateways.workload_file.data import WorkloadCase
from vardnara.kernel.calendar import EVE_NUMBER, FIRST_YEAR, HOLIDAY_NUMBER, SATURDAY, SUNDAY
from vardnara.kernel.errors import InputError
from vardnara.kernel.faults import Fault
from vardnara.kernel.recurrence import ON_SPECIAL_DAY, OnSpecialDay, Recurrence
from vardnara.kernel.rrule import rule_read
from vardnara.kernel.time_window import TimeWindow
from vardnara.parameters.task_norms import TaskNorm, task_norm_read, task_norms

LAST_YEAR = 2199
TOP = ("title", "year", "net_hours_per_fte", "ward", "norm", "task", "demand", "rule")
WARD = (
    "code", "name", "staffed_beds", "patients", "discharges", "discharge_hours", "contagion_share", "square_metres",
    "events", "shares",
)  # fmt: skip
NORM = ("code", "driver", "fixed", "per_unit", "evidence")
WHEN = ("rrule", "anchor", "holidays", "eves", "window")
TASK = ("code", "norm", "wards", "people", "times", "hours", *WHEN)
DEMAND = ("task", "wards", "days", "window")
RULE = ("task", "wards", "days", "window", "party", "rrule", "anchor", "valid_from", "valid_to")
PARTS = {
    "fixed": ("low", "typical", "high"),
    "per_unit": ("low", "typical", "high"),
    "evidence": ("unit", "valid_from", "source", "date", "confidence", "scope"),
}
BEGINNING = date(FIRST_YEAR, 1, 1)  # where the first date of a rule does not matter


def workload_file_read(path: Path) -> WorkloadCase:
    """Read a file; see :func:`workload_case_read`."""
    return workload_case_read(toml_read(path))


def workload_case_read(file: TomlFile) -> WorkloadCase:
    """What a file says.

    Parameters
    ----------
    file
        As read; ``schema.json`` and ``docs/workload.md`` describe what may stand in it.

    Returns
    -------
    WorkloadCase
        Ready to be estimated and checked.

    Raises
    ------
    InputError
        Every fault, in the order of lines: a norm without source, a task without norm, a ward that is not there, a rule
        that cannot be read or never occurs, numbers out of range, unknown keys.
    """
    faults: list[Fault] = []
    top = Table(file, (), faults, TOP)
    title = top.text("title")
    year = int(top.number("year", low=FIRST_YEAR, high=LAST_YEAR, whole=True)) if "year" in top else None
    params = WorkloadParams()
    if "net_hours_per_fte" in top:
        hours = top.number("net_hours_per_fte", params.net_hours_per_fte, high=8784, above_low=True)
        params = WorkloadParams(hours, params.days_per_year)
    wards = [_ward(table) for table in top.tables("ward", WARD, required=True)]
    codes = _once(top, "ward", [ward.code for ward in wards])
    own, broken = _norms(top)
    norms: dict[str, TaskNorm | None] = {**task_norms(), **dict.fromkeys(broken), **own}
    tasks = [_task(table, norms, codes) for table in top.tables("task", TASK)]
    _once(top, "task", [task.code if task else "" for task in tasks])
    done = tuple(task for task in tasks if task is not None)
    known_tasks = {str(row.get("code")) for row in _rows(top, "task")} | {
        str(row.get("task")) for row in [*_rows(top, "demand"), *_rows(top, "rule")]
    }
    for table, ward in zip(top.tables("ward", WARD) if not faults else [], wards, strict=False):
        for key, of in (("events", ward.events), ("shares", ward.shares)):
            for code in set(of) - known_tasks:
                faults.append(file.fault((*table.path, key, code), "no such task", "the code of a [[task]]"))
    demands = [demand for table in top.tables("demand", DEMAND) for demand in _demands(table, codes)]
    rules = [rule for table in top.tables("rule", RULE) for rule in _rules(table, codes)]
    if faults:
        raise InputError(faults_in_order(faults))
    told = {demand.task for demand in demands}
    demands += [
        Demand(task.code, ward, days_of(task.recurrence), task.recurrence.window)
        for task in done
        if task.code not in told
        for ward in codes
        if task.is_done_on(ward)
    ]
    return WorkloadCase(title, WorkloadOrder(done, tuple(wards), year, params), tuple(rules), tuple(demands))


def days_of(recurrence: Recurrence) -> frozenset[int]:
    """The kinds of day on which something that recurs so can arise: 1 Monday to 7 Sunday, 8 holiday, 9 eve."""
    names = set(_weekdays_named(recurrence))
    only = "only" in (recurrence.holidays, recurrence.eves)
    found = set() if only else {weekday + 1 for weekday in names}
    for policy, number in ((recurrence.holidays, HOLIDAY_NUMBER), (recurrence.eves, EVE_NUMBER)):
        arises = {
            "same": bool(names) and not only,
            "only": bool(names),
            "none": False,
            "as_saturday": SATURDAY in names,
            "as_sunday": SUNDAY in names,
        }
        if arises[policy]:
            found.add(number)
    return frozenset(found) or EVERY_DAY


def _weekdays_named(recurrence: Recurrence) -> list[int]:
    plain = Recurrence(recurrence.rrule, recurrence.anchor)
    return [weekday for weekday, rate in enumerate(plain.rate_by_weekday()) if rate]


def _rows(top: Table, key: str) -> list[Mapping[str, object]]:
    rows = top.values.get(key, [])
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _once(top: Table, key: str, codes: list[str]) -> tuple[str, ...]:
    """The codes; one that stands twice is a fault at its second place."""
    for number, code in enumerate(codes):
        if code and code in codes[:number]:
            top.faults.append(top.file.fault((key, number, "code"), f"{code!r} stands twice", "each code once"))
    return tuple(dict.fromkeys(code for code in codes if code))


def _ward(table: Table) -> WardFacts:
    table.text("name")
    return WardFacts(
        code=table.text("code", required=True),
        staffed_beds=table.number("staffed_beds"),
        patients=table.week("patients"),
        discharges=table.week("discharges"),
        discharge_hours=table.hours("discharge_hours"),
        contagion_share=table.number("contagion_share", high=1),
        square_metres=table.number("square_metres"),
        events=table.mapping("events", week_of, "a number of 0 or more, or seven from Monday to Sunday"),
        shares=table.mapping("shares", share_of, "a share from 0 to 1"),
    )


def _norms(top: Table) -> tuple[dict[str, TaskNorm], list[str]]:
    """The file's own norms, the same code replacing a shipped one; and the codes of those that cannot be used."""
    found: dict[str, TaskNorm] = {}
    codes = []
    for number, table in enumerate(top.tables("norm", NORM)):
        codes.append(str(table.values.get("code", "")))
        for key, known in PARTS.items():
            if isinstance(table.values.get(key), dict):
                Table(top.file, (*table.path, key), top.faults, known)
        try:
            norm = task_norm_read(table.values, file=top.file.source, place=f"/norm/{number}")
        except InputError as error:
            top.faults += [top.file.moved(fault) for fault in error.faults]
            continue
        found[norm.code] = norm
    _once(top, "norm", codes)
    return found, [code for code in codes if code not in found]


def _wards(table: Table, codes: tuple[str, ...]) -> tuple[str, ...]:
    named = table.texts("wards", codes)
    for ward in named:
        if ward not in codes:
            table.fault("wards", f"no ward {ward!r}", "codes of [[ward]]" + (": " + ", ".join(codes) if codes else ""))
    return named


def _window(table: Table, *, required: bool = False) -> TimeWindow:
    text = table.text("window", "00:00-24:00", required=required)
    return table.made("window", lambda: TimeWindow.parse(text)) or TimeWindow()


def _recurrence(table: Table, rrule: str, window: TimeWindow) -> Recurrence | None:
    anchor = table.day("anchor")
    special = [
        table.text(key, "same", among=ON_SPECIAL_DAY) if key in table else "same" for key in ("holidays", "eves")
    ]
    parts = table.made("rrule", lambda: rule_read(rrule))
    if parts is None:
        return None
    if parts.needs_anchor and "anchor" not in table:
        table.fault("anchor", "missing", f"the first date: {rrule} counts from it")
        return None
    holidays, eves = cast(tuple[OnSpecialDay, OnSpecialDay], tuple(special))
    return table.made("rrule", lambda: Recurrence(rrule, anchor or BEGINNING, holidays, eves, window))


def _task(table: Table, norms: Mapping[str, TaskNorm | None], wards: tuple[str, ...]) -> TaskType | None:
    code = table.text("code", required=True)
    name = table.text("norm", code)
    if name and name not in norms:
        where = "norm" if "norm" in table else "code"
        table.fault(where, f"no norm {name!r}", "a [[norm]] of this file or one of " + ", ".join(norms))
    window = _window(table)
    recurrence = _recurrence(table, table.text("rrule", "FREQ=DAILY"), window)
    people = int(table.number("people", 1, low=1, high=99, whole=True))
    times = table.number("times", 1, high=1000, above_low=True)
    hours = table.hours("hours")
    named = _wards(table, wards)
    norm = norms.get(name)
    if recurrence is None or norm is None:
        return None
    only = frozenset(named) if "wards" in table else None
    return TaskType(code, norm, recurrence, times, people, only, hours)


def _days(table: Table, *, required: bool) -> frozenset[int]:
    words = table.texts("days", ("every_day",), required=required)
    return table.made("days", lambda: days_parse(words)) or EVERY_DAY


def _demands(table: Table, wards: tuple[str, ...]) -> list[Demand]:
    task, days, window = table.text("task", required=True), _days(table, required=False), _window(table)
    return [Demand(task, ward, days, window) for ward in _wards(table, wards)]


def _rules(table: Table, wards: tuple[str, ...]) -> list[Rule]:
    task, party = table.text("task", required=True), table.text("party", required=True)
    days, window = _days(table, required=True), _window(table, required=True)
    frequency = _recurrence(table, table.text("rrule"), window) if "rrule" in table else None
    valid_from, valid_to = table.day("valid_from"), table.day("valid_to")
    named = _wards(table, wards)

    def make() -> list[Rule]:
        return [Rule(task, ward, days, window, party, frequency, valid_from, valid_to) for ward in named]

    return table.made("valid_to", make) or []

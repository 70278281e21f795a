"""When service tasks usually are done: for the checker of agreements, and for days that no agreement speaks of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from vardnara.kernel.calendar import DAY_CODES
from vardnara.kernel.errors import InputError
from vardnara.kernel.evidence import Evidence, evidence_read
from vardnara.kernel.faults import Fault
from vardnara.kernel.time_window import TimeWindow
from vardnara.parameters.loading import table_read

FILE = "usual_times.toml"
TIMES_MAX = 96


@dataclass(frozen=True, slots=True)
class UsualTime:
    """A window in which a kind of task usually is done.

    Parameters
    ----------
    task
        Code of the kind of task.
    days
        1 Monday to 7 Sunday, 8 holiday, 9 eve; a holiday is never also its weekday.
    window
        Local time.
    times
        How often within the window.
    evidence
        Where it comes from.
    """

    task: str
    days: frozenset[int]
    window: TimeWindow
    times: int
    evidence: Evidence


def usual_time_read(row: Mapping[str, Any], *, file: str, place: str) -> UsualTime:
    """Read one row: ``task``, ``days`` (codes of days), ``window`` (``07:30-09:00``), ``times`` and ``evidence``.

    Raises
    ------
    InputError
        One fault for each part that is missing or wrong.
    """
    faults: list[Fault] = []
    task, days, times = row.get("task"), row.get("days"), row.get("times", 1)
    if not isinstance(task, str) or not task.strip():
        faults.append(Fault(file, f"{place}/task", "missing or empty", "the code of a kind of task"))
    if not isinstance(days, list) or not days or not set(days) <= set(DAY_CODES):
        faults.append(Fault(file, f"{place}/days", repr(days), "some of " + ", ".join(DAY_CODES)))
    if isinstance(times, bool) or not isinstance(times, int) or not 1 <= times <= TIMES_MAX:
        faults.append(Fault(file, f"{place}/times", repr(times), f"a whole number from 1 to {TIMES_MAX}"))
    window, evidence = TimeWindow(), None
    try:
        window = TimeWindow.parse(str(row.get("window", "")))
    except InputError as error:
        faults += [Fault(file, f"{place}/window", fault.wrong, fault.expected) for fault in error.faults]
    try:
        evidence = evidence_read(row.get("evidence"), file=file, place=f"{place}/evidence")
    except InputError as error:
        faults += error.faults
    if faults or evidence is None:
        raise InputError(faults)
    numbers = frozenset(DAY_CODES.index(day) + 1 for day in days or ())
    return UsualTime(str(task), numbers, window, times, evidence)


@cache
def usual_times() -> Mapping[str, tuple[UsualTime, ...]]:
    """The shipped usual times by code of the kind of task: templates, until a ward has agreed on its own."""
    found: dict[str, list[UsualTime]] = {}
    for index, row in enumerate(table_read(FILE, "usual")):
        one = usual_time_read(row, file=FILE, place=f"/usual/{index}")
        found.setdefault(one.task, []).append(one)
    return MappingProxyType({task: tuple(rows) for task, rows in found.items()})

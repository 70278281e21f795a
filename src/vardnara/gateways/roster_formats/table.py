"""Rosters as CSV: ``employee,day,shift``, with ``skill`` where cover asks for skills; free days are absent."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from vardnara.engines.roster import Assignment, RosterProblem
from vardnara.gateways.roster_formats.text import TextFile, refuse
from vardnara.kernel.faults import Fault

COLUMNS = ("employee", "day", "shift")
SKILL = "skill"


def roster_read(path: Path, problem: RosterProblem) -> tuple[Assignment, ...]:
    """Read a roster.

    Names that the problem does not know, and days outside it, are faults; two shifts on one day are not: that is for
    the judge to tell.

    Raises
    ------
    InputError
        Every fault with its line.
    """
    faults: list[Fault] = []
    file = TextFile(path, faults)
    refuse(faults)
    columns = (*COLUMNS, SKILL) if problem.skills else COLUMNS
    rows = csv.reader(io.StringIO("\n".join(file.lines)))
    header = next(rows, [])
    if tuple(name.strip() for name in header) != columns:
        file.fault(1, f"columns {','.join(header)[:60] or 'none'}", ",".join(columns))
        refuse(faults)
    people = {one.id for one in problem.employees}
    shifts = {shift.id for shift in problem.shifts}
    found = []
    for row in rows:
        line = rows.line_num
        if not row:
            continue
        if len(row) != len(columns):
            file.fault(line, f"{len(row)} fields", f"{len(columns)}: {','.join(columns)}")
            continue
        values = [value.strip() for value in row]
        day = file.whole(line, values[1], "day")
        if day is not None and day >= problem.n_days:
            file.fault(line, f"day {day}", f"0 to {problem.n_days - 1}")
        if values[0] not in people:
            file.fault(line, f"employee {values[0]!r}", "one of the instance")
        if values[2] not in shifts:
            file.fault(line, f"shift {values[2]!r}", "one of the instance")
        if problem.skills and values[3] not in problem.skills:
            file.fault(line, f"skill {values[3]!r}", f"one of {', '.join(problem.skills)}")
        if day is not None:
            found.append(Assignment(values[0], day, values[2], values[3] if problem.skills else None))
    refuse(faults)
    return tuple(found)


def roster_text(problem: RosterProblem, assignments: Iterable[Assignment]) -> str:
    """A roster as the text of such a file."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow((*COLUMNS, SKILL) if problem.skills else COLUMNS)
    for line in assignments:
        own = (line.employee, line.day, line.shift)
        writer.writerow((*own, line.skill) if problem.skills else own)
    return out.getvalue()

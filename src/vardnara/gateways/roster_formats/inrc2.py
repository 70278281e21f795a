"""Reads instances of the second nurse rostering competition, a whole horizon at once.

An instance is named as in the literature: ``FOLDER/n030w4_1_6-2-9-1`` is data set n030w4, history 1, weeks 6, 2, 9, 1.
The files are those of the folder itself, or of its folder ``n030w4``.

References
----------
S. Ceschia, N. Dang, P. De Causmaecker, S. Haspeslagh, A. Schaerf: The second international nurse rostering competition.
arXiv:1501.04177, 2015.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from vardnara.engines.roster import (
    FREE,
    Bounds,
    Cover,
    Employee,
    History,
    Request,
    RosterProblem,
    SequenceRules,
    Shift,
    Tally,
)
from vardnara.gateways.roster_formats.text import TextFile, refuse
from vardnara.kernel.errors import InputError
from vardnara.kernel.faults import Fault

NAME = re.compile(r"(?P<set>[A-Za-z0-9]+)_(?P<history>\d+)_(?P<weeks>\d+(-\d+)*)")
UNDER, SHIFT_RUN, WORK_RUN, OFF_RUN, WISH, WEEKEND, TOTAL, WEEKENDS = 30, 15, 30, 30, 10, 30, 20, 30
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
NO_SHIFT, ANY_SHIFT = "None", "Any"
PAIR = re.compile(r"\(\s*(\d+)\s*,\s*(\d+)\s*\)")


@dataclass(frozen=True, slots=True)
class _Contract:
    total: Bounds
    sequence: SequenceRules
    weekends: Bounds


@dataclass(slots=True)
class _Scenario:
    weeks: int = 0
    skills: tuple[str, ...] = ()
    shifts: dict[str, Shift] = field(default_factory=dict)
    contracts: dict[str, _Contract] = field(default_factory=dict)
    nurses: dict[str, Employee] = field(default_factory=dict)


def inrc2_read(path: Path) -> RosterProblem:
    """Read an instance.

    Parameters
    ----------
    path
        ``FOLDER/SET_HISTORY_WEEK-WEEK-...``; no such file need exist.

    Raises
    ------
    InputError
        Every fault of every file with its line.
    """
    match = NAME.fullmatch(path.name)
    if match is None:
        raise InputError([Fault(str(path), "", "no instance", "FOLDER/n030w4_1_6-2-9-1, or a text file")])
    name, history, weeks = match["set"], match["history"], match["weeks"].split("-")
    folder = path.parent / name if (path.parent / name).is_dir() else path.parent
    faults: list[Fault] = []
    scenario = _Reader(TextFile(folder / f"Sc-{name}.txt", faults)).scenario()
    if len(weeks) != scenario.weeks and not faults:
        faults.append(Fault(str(path), "", f"{len(weeks)} weeks", f"{scenario.weeks}, as the scenario says"))
    past = TextFile(folder / f"H0-{name}-{history}.txt", faults)
    files = {week: TextFile(folder / f"WD-{name}-{week}.txt", faults) for week in sorted(set(weeks))}
    refuse(faults)
    _history(_Reader(past), scenario)
    cover: list[Cover] = []
    for number, week in enumerate(weeks):
        once: list[Fault] = []  # a week that is used twice is not told of twice
        file = files[week]
        file.faults = once
        cover += _week(_Reader(file), scenario, number)
        faults += [fault for fault in once if fault not in faults]
    refuse(faults)
    return RosterProblem(
        7 * len(weeks), tuple(scenario.shifts.values()), tuple(scenario.nurses.values()), tuple(cover), scenario.skills
    )


class _Reader:
    """Walks through the lines of a file."""

    def __init__(self, file: TextFile) -> None:
        self.file = file
        self.rows = list(file.content())
        self.at = 0

    @property
    def line(self) -> int:
        return self.rows[self.at][0] if self.at < len(self.rows) else max(len(self.file.lines), 1)

    def take(self) -> tuple[int, str] | None:
        if self.at >= len(self.rows):
            return None
        self.at += 1
        return self.rows[self.at - 1]

    def heading(self, name: str) -> bool:
        """Whether the next line is the heading; a fault if not."""
        row = self.take()
        if row is None or row[1] != name:
            self.file.fault(row[0] if row else self.line, "end of file" if row is None else row[1][:40], name)
            return False
        return True

    def number(self, name: str) -> int | None:
        """Of a line ``NAME = number``."""
        row = self.take()
        key, _, text = row[1].partition("=") if row else ("", "", "")
        if row is None or key.strip() != name:
            self.file.fault(
                row[0] if row else self.line, "end of file" if row is None else row[1][:40], f"{name} = number"
            )
            return None
        return self.file.whole(row[0], text, name)

    def many(self, name: str) -> list[tuple[int, str]]:
        """The lines that a line ``NAME = number`` announces."""
        count = self.number(name) or 0
        found = []
        for _ in range(count):
            row = self.take()
            if row is None:
                self.file.fault(self.line, f"end of file within {name}", f"{count} lines")
                break
            found.append(row)
        return found

    def scenario(self) -> _Scenario:
        found = _Scenario()
        if not self.file.lines:
            return found
        row = self.take()
        if row is None or not row[1].startswith("SCENARIO"):
            self.file.fault(self.line, row[1][:40] if row else "empty", "SCENARIO = name")
            return found
        found.weeks = self.number("WEEKS") or 0
        found.skills = tuple(text for _, text in self.many("SKILLS"))
        shift_lines = self.many("SHIFT_TYPES")
        for line, text in shift_lines:
            pairs = PAIR.findall(text)
            if len(pairs) != 1:
                self.file.fault(line, text[:40], "SHIFT (least,most)")
                continue
            name = text.split("(")[0].strip()
            made = self.file.guarded(line, partial(_shift, name, pairs[0]))
            if made is not None:
                found.shifts[name] = made
        self.heading("FORBIDDEN_SHIFT_TYPES_SUCCESSIONS")
        for _ in shift_lines:
            row = self.take()
            if row is None:
                self.file.fault(self.line, "end of file", "a line of successions for each shift")
                break
            self._succession(*row, found)
        for line, text in self.many("CONTRACTS"):
            self._contract(line, text, found)
        for line, text in self.many("NURSES"):
            self._nurse(line, text, found)
        return found

    def _succession(self, line: int, text: str, found: _Scenario) -> None:
        name, *rest = text.split()
        count = self.file.whole(line, rest[0], "number of shifts") if rest else None
        unknown = [one for one in [name, *rest[1:]] if one not in found.shifts]
        if unknown or count is None or count != len(rest) - 1:
            self.file.fault(line, text[:60], "SHIFT NUMBER SHIFT..., each of SHIFT_TYPES")
            return
        found.shifts[name] = replace(found.shifts[name], not_next=frozenset(rest[1:]))

    def _contract(self, line: int, text: str, found: _Scenario) -> None:
        pairs = PAIR.findall(text)
        tail = text.rpartition(")")[2].split()
        if len(pairs) != 3 or len(tail) != 2 or not all(part.isdigit() for part in tail):
            self.file.fault(line, text[:60], "NAME (least,most) (least,most) (least,most) WEEKENDS 0|1")
            return

        def make() -> _Contract:
            whole = WEEKEND if tail[1] == "1" else None
            runs = SequenceRules(_bounds(pairs[1], WORK_RUN), _bounds(pairs[2], OFF_RUN), whole)
            return _Contract(_bounds(pairs[0], TOTAL), runs, Bounds(0, int(tail[0]), WEEKENDS))

        made = self.file.guarded(line, make)
        if made is not None:
            found.contracts[text.split()[0]] = made

    def _nurse(self, line: int, text: str, found: _Scenario) -> None:
        name, *rest = text.split()
        skills = rest[2:]
        wrong = len(rest) < 2 or rest[0] not in found.contracts or not set(skills) <= set(found.skills)
        if wrong or rest[1] != str(len(skills)) or name in found.nurses:
            self.file.fault(line, text[:60], "NURSE CONTRACT NUMBER SKILL..., each nurse once")
            return
        contract = found.contracts[rest[0]]
        total = Tally("assignments", dict.fromkeys(found.shifts, 1), contract.total)
        found.nurses[name] = Employee(
            name, sequence=contract.sequence, tallies=(total,), weekends=contract.weekends, skills=frozenset(skills)
        )


def _shift(name: str, pair: tuple[str, str]) -> Shift:
    return Shift(name, 0, run=_bounds(pair, SHIFT_RUN))


def _bounds(pair: tuple[str, str], weight: int) -> Bounds:
    least, most = int(pair[0]), int(pair[1])
    if least > most:
        raise ValueError(f"({least},{most}): least above most")
    return Bounds(least, most, weight)


def _history(reader: _Reader, scenario: _Scenario) -> None:
    file = reader.file
    if not reader.heading("HISTORY"):
        return
    reader.take()
    if not reader.heading("NURSE_HISTORY"):
        return
    told = set()
    while (row := reader.take()) is not None:
        line, text = row
        parts = text.split()
        if len(parts) != 7 or parts[0] not in scenario.nurses or parts[0] in told:
            file.fault(line, text[:60], "NURSE TOTAL WEEKENDS SHIFT SAME WORKED OFF, each nurse once")
            continue
        told.add(parts[0])
        total, weekends, same, work, off = (
            file.whole(line, parts[place], what)
            for place, what in ((1, "total"), (2, "weekends"), (4, "same"), (5, "worked"), (6, "off"))
        )
        last = FREE if parts[3] == NO_SHIFT else parts[3]
        if last and last not in scenario.shifts:
            file.fault(line, f"shift {last}", "one of the scenario, or None")
        elif None not in (total, weekends, same, work, off):
            past = file.guarded(line, partial(History, last, same or 0, work or 0, off or 0))
            one = scenario.nurses[parts[0]]
            tallies = tuple(replace(tally, before=total or 0) for tally in one.tallies)
            scenario.nurses[one.id] = replace(one, tallies=tallies, weekends_before=weekends or 0, history=past)
    for name in scenario.nurses.keys() - told:
        file.fault(max(len(file.lines), 1), f"no history of {name}", "a line for each nurse")


def _week(reader: _Reader, scenario: _Scenario, number: int) -> list[Cover]:
    file = reader.file
    found: list[Cover] = []
    if not reader.heading("WEEK_DATA"):
        return found
    reader.take()
    if not reader.heading("REQUIREMENTS"):
        return found
    told = set()
    while reader.at < len(reader.rows) and not reader.rows[reader.at][1].startswith("SHIFT_OFF_REQUESTS"):
        row = reader.take()
        assert row is not None
        names, pairs = row[1].split("(")[0].split(), PAIR.findall(row[1])
        known = len(names) == 2 and names[0] in scenario.shifts and names[1] in scenario.skills
        if not known or len(pairs) != 7 or tuple(names) in told:
            file.fault(row[0], row[1][:60], "SHIFT SKILL and seven (least,wanted), each once")
            continue
        told.add(tuple(names))
        for weekday, (least, wanted) in enumerate(pairs):
            day = 7 * number + weekday
            need = file.guarded(row[0], partial(Cover, day, names[0], int(wanted), UNDER, 0, int(least), names[1]))
            if need is not None:
                found.append(need)
    for line, text in reader.many("SHIFT_OFF_REQUESTS"):
        parts = text.split()
        if (
            len(parts) != 3 or parts[0] not in scenario.nurses or parts[2] not in WEEKDAYS
            or parts[1] not in {ANY_SHIFT, *scenario.shifts}
        ):  # fmt: skip
            file.fault(line, text[:60], "NURSE SHIFT|Any Mon..Sun")
            continue
        one = scenario.nurses[parts[0]]
        shift = None if parts[1] == ANY_SHIFT else parts[1]
        wish = Request(7 * number + WEEKDAYS.index(parts[2]), shift, WISH, False)
        scenario.nurses[one.id] = replace(one, requests=(*one.requests, wish))
    return found


def inrc2_solution_read(folder: Path, problem: RosterProblem) -> tuple[tuple[str, int, str, str], ...]:
    """The competition's own solution files of a folder (``sol-weekI.txt``, or as many ``Sol-*`` in the order of weeks).

    Returns
    -------
    tuple of (nurse, day, shift, skill)
    """
    files = sorted(folder.glob("sol-week*.txt"))
    found = []
    for number, path in enumerate(files):
        for line in path.read_text().splitlines():
            parts = line.split()
            if len(parts) == 4 and parts[1] in WEEKDAYS:
                found.append((parts[0], 7 * number + WEEKDAYS.index(parts[1]), parts[2], parts[3]))
    return tuple(found)

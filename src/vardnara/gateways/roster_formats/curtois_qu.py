"""Reads instances of the shift scheduling benchmark (Curtois & Qu 2014), the text format.

References
----------
T. Curtois, R. Qu: Computational results on new staff scheduling benchmark instances. University of Nottingham, 2014.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from vardnara.engines.roster import HARD, Bounds, Cover, Employee, Request, RosterProblem, SequenceRules, Shift, Tally
from vardnara.gateways.roster_formats.text import TextFile, refuse
from vardnara.kernel.faults import Fault

SECTIONS = (
    "SECTION_HORIZON", "SECTION_SHIFTS", "SECTION_STAFF", "SECTION_DAYS_OFF", "SECTION_SHIFT_ON_REQUESTS",
    "SECTION_SHIFT_OFF_REQUESTS", "SECTION_COVER",
)  # fmt: skip
NEEDED = ("SECTION_HORIZON", "SECTION_SHIFTS")
COMMENT = "#"


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    fields: list[str]


def curtois_qu_read(path: Path) -> RosterProblem:
    """Read an instance.

    Parameters
    ----------
    path
        The text file.

    Returns
    -------
    RosterProblem
        Cover is soft; the rules of staff are hard; runs at both borders may go on outside.

    Raises
    ------
    InputError
        Every fault with its line.
    """
    faults: list[Fault] = []
    reader = _Reader(TextFile(path, faults))
    refuse(faults)
    problem = reader.problem()
    refuse(faults)
    assert problem is not None
    return problem


class _Reader:
    def __init__(self, file: TextFile) -> None:
        self.file = file
        self.rows: dict[str, list[_Row]] = {}
        self.shifts: dict[str, Shift] = {}
        self.staff: dict[str, Employee] = {}
        self.n_days = 0
        self._split()

    def _split(self) -> None:
        section = None
        for number, said in self.file.content(COMMENT):
            if said.startswith("SECTION_"):
                section = said
                if said not in SECTIONS:
                    self.file.fault(number, f"section {said}", f"one of {', '.join(SECTIONS)}")
                elif said in self.rows:
                    self.file.fault(number, f"{said} stands twice", "each section once")
                self.rows.setdefault(said, [])
            elif section is None:
                self.file.fault(number, f"{said[:40]!r} before any section", "SECTION_HORIZON")
            else:
                self.rows[section].append(_Row(number, [part.strip() for part in said.split(",")]))
        for section in NEEDED:
            if section not in self.rows and not self.file.faults:
                self.file.fault(max(len(self.file.lines), 1), f"no {section}", "one")

    def problem(self) -> RosterProblem | None:
        horizon = self.rows["SECTION_HORIZON"]
        if len(horizon) != 1 or len(horizon[0].fields) != 1:
            line = horizon[0].line if horizon else max(len(self.file.lines), 1)
            self.file.fault(line, "horizon", "one line with the number of days")
            return None
        days = self.file.whole(horizon[0].line, horizon[0].fields[0], "days", 1)
        if days is None:
            return None
        self.n_days = days
        self._each("SECTION_SHIFTS", 3, self._shift)
        self._successions()
        self._each("SECTION_STAFF", 8, self._person)
        self._days_off()
        self._each("SECTION_SHIFT_ON_REQUESTS", 4, lambda row: self._request(row, True))
        self._each("SECTION_SHIFT_OFF_REQUESTS", 4, lambda row: self._request(row, False))
        cover: dict[tuple[int, str], Cover] = {}
        self._each("SECTION_COVER", 5, lambda row: self._cover(row, cover))
        if self.file.faults:
            return None
        return RosterProblem(days, tuple(self.shifts.values()), tuple(self.staff.values()), tuple(cover.values()))

    def _each(self, section: str, n_fields: int, read: Callable[[_Row], None]) -> None:
        for row in self.rows.get(section, []):
            if len(row.fields) != n_fields:
                self.file.fault(row.line, f"{len(row.fields)} fields", f"{n_fields} in {section}")
            else:
                read(row)

    def _shift(self, row: _Row) -> None:
        name, length, _ = row.fields
        minutes = self.file.whole(row.line, length, "minutes")
        if name in self.shifts:
            self.file.fault(row.line, f"shift {name} stands twice", "each once")
        elif minutes is not None:
            made = self.file.guarded(row.line, lambda: Shift(name, minutes))
            if made is not None:
                self.shifts[name] = made

    def _successions(self) -> None:
        for row in self.rows.get("SECTION_SHIFTS", []):
            if len(row.fields) != 3 or row.fields[0] not in self.shifts:
                continue
            names = frozenset(name.strip() for name in row.fields[2].split("|") if name.strip())
            for name in sorted(names - self.shifts.keys()):
                self.file.fault(row.line, f"shift {name}", "a shift of SECTION_SHIFTS")
            self.shifts[row.fields[0]] = replace(self.shifts[row.fields[0]], not_next=names)

    def _person(self, row: _Row) -> None:
        name = row.fields[0]
        if name in self.staff or not name:
            self.file.fault(row.line, f"employee {name!r} stands twice or has no name", "each once")
            return
        names = ("most minutes", "least minutes", "most shifts in a row", "least shifts in a row",
                 "least days off in a row", "most weekends")  # fmt: skip
        numbers = [self.file.whole(row.line, text, what) for text, what in zip(row.fields[2:], names, strict=True)]
        most = self._most(row)
        if None in numbers or most is None:
            return
        top, low, run_most, run_least, off_least, weekends = (number or 0 for number in numbers)
        if low > top or run_least > run_most:
            self.file.fault(row.line, f"least {max(low, run_least)} above most", "least below most")
            return
        tallies = [Tally("minutes", {one.id: one.minutes for one in self.shifts.values()}, Bounds(low, top))]
        tallies += [Tally(f"max_{shift}", {shift: 1}, Bounds(0, n)) for shift, n in most.items() if 0 < n < self.n_days]
        unnamed = self.shifts.keys() - most.keys()
        self.staff[name] = Employee(
            name,
            sequence=SequenceRules(Bounds(run_least, run_most), Bounds(off_least), None),
            tallies=tuple(tallies),
            weekends=Bounds(0, weekends, HARD),
            shifts=frozenset([shift for shift, n in most.items() if n > 0]) | unnamed,
        )

    def _most(self, row: _Row) -> dict[str, int] | None:
        found: dict[str, int] = {}
        for part in filter(None, (part.strip() for part in row.fields[1].split("|"))):
            shift, _, text = part.partition("=")
            if shift not in self.shifts:
                self.file.fault(row.line, f"shift {shift}", "SHIFT=NUMBER with a shift of SECTION_SHIFTS")
                return None
            number = self.file.whole(row.line, text, f"most of {shift}")
            if number is None:
                return None
            found[shift] = number
        return found

    def _known(self, row: _Row, who: str | None, day: str, shift: str | None) -> int | None:
        """The day, if person, day and shift are known."""
        n_before = len(self.file.faults)
        if who is not None and who not in self.staff:
            self.file.fault(row.line, f"employee {who}", "one of SECTION_STAFF")
        if shift is not None and shift not in self.shifts:
            self.file.fault(row.line, f"shift {shift}", "a shift of SECTION_SHIFTS")
        number = self.file.whole(row.line, day, "day")
        if number is not None and number >= self.n_days:
            self.file.fault(row.line, f"day {number}", f"0 to {self.n_days - 1}")
        return number if len(self.file.faults) == n_before else None

    def _days_off(self) -> None:
        for row in self.rows.get("SECTION_DAYS_OFF", []):
            days = [self._known(row, row.fields[0], text, None) for text in row.fields[1:]]
            if None not in days:
                one = self.staff[row.fields[0]]
                new = frozenset(day for day in days if day is not None)
                self.staff[one.id] = replace(one, days_off=one.days_off | new)

    def _request(self, row: _Row, wanted: bool) -> None:
        who, when, shift, text = row.fields
        day = self._known(row, who, when, shift)
        weight = self.file.whole(row.line, text, "weight")
        if day is not None and weight is not None:
            one = self.staff[who]
            self.staff[who] = replace(one, requests=(*one.requests, Request(day, shift, weight, wanted)))

    def _cover(self, row: _Row, cover: dict[tuple[int, str], Cover]) -> None:
        when, shift, *texts = row.fields
        day = self._known(row, None, when, shift)
        numbers = [
            self.file.whole(row.line, text, what)
            for text, what in zip(texts, ("requirement", "weight under", "weight over"), strict=True)
        ]
        if day is None or None in numbers:
            return
        wanted, under, over = (number or 0 for number in numbers)
        if (day, shift) in cover:
            self.file.fault(row.line, f"cover of day {day}, {shift} stands twice", "each once")
        else:
            cover[day, shift] = Cover(day, shift, wanted, under, over)

"""A ward's agreement as a table of tasks and kinds of day, with the holes in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from vardnara.apps.service.bridge.agreement import Finding
from vardnara.apps.service.bridge.line_words import DAY_SHORT, frequency_text, hours_short
from vardnara.apps.service.choices import Party
from vardnara.kernel.calendar import DAY_CODES


class Line(Protocol):
    """What a line of an agreement has, whichever row it came from."""

    id: int
    task_type_id: int
    ward_id: int
    party: str
    days: Collection[int]
    start_minutes: int
    end_minutes: int
    rrule: str
    times: int


@dataclass(frozen=True, slots=True)
class Segment:
    """Hours of one party; no party: a hole. ``clash``: somebody else is named for some of them too."""

    start_minutes: int
    end_minutes: int
    party: str
    often: str = ""
    clash: bool = False
    finding: Finding | None = None

    @property
    def hours(self) -> str:
        return hours_short(self.start_minutes, self.end_minutes)

    @property
    def word(self) -> str:
        return str(Party(self.party).label) if self.party else ""


@dataclass(frozen=True, slots=True)
class Cell:
    """Neighbouring days that have the same."""

    days: tuple[int, ...]
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A kind of task through the nine kinds of day."""

    task_type_id: int
    task: str
    cells: tuple[Cell, ...]


def day_heads() -> list[str]:
    """The words above the columns."""
    return [str(word) for word in DAY_SHORT]


def matrix_of(
    ward_id: int,
    lines: Iterable[Line],
    holes: Iterable[Finding],
    overlaps: Iterable[Finding],
    names: Mapping[int, str],
) -> tuple[MatrixRow, ...]:
    """The rows of one ward, in the order of ``names``.

    A window over midnight stands on the day on which it begins; a hole that comes only after some days stands on the
    day that it is on.
    """
    segments: dict[tuple[int, int], list[Segment]] = {}
    clashes = [finding for finding in overlaps if finding.ward_id == ward_id]
    for line in lines:
        if line.ward_id != ward_id:
            continue
        often = " · ".join(
            text
            for text in (frequency_text(line.rrule, line.days), f"{line.times} ×" if line.times > 1 else "")
            if text
        )
        for day in line.days:
            clash = any(_meets(finding, line, day) for finding in clashes)
            segments.setdefault((line.task_type_id, day), []).append(
                Segment(line.start_minutes, line.end_minutes, line.party, often, clash)
            )
    for finding in holes:
        if finding.ward_id == ward_id:
            for day in finding.days:
                segments.setdefault((finding.task_type_id, day), []).append(
                    Segment(finding.start_minutes, finding.end_minutes, "", finding=finding)
                )
    tasks = {task for task, _ in segments}
    return tuple(MatrixRow(task, names[task], tuple(_cells(task, segments))) for task in names if task in tasks)


def _meets(finding: Finding, line: Line, day: int) -> bool:
    if finding.task_type_id != line.task_type_id or day not in finding.days or line.party not in finding.parties:
        return False
    end = line.end_minutes if line.end_minutes > line.start_minutes else 1440
    return finding.start_minutes < end and line.start_minutes < finding.end_minutes


def _cells(task: int, segments: Mapping[tuple[int, int], Sequence[Segment]]) -> Iterable[Cell]:
    run: list[int] = []
    last: tuple[Segment, ...] = ()
    for day in range(1, len(DAY_CODES) + 1):
        here = tuple(
            sorted(segments.get((task, day), ()), key=lambda one: (one.start_minutes, one.end_minutes, one.party))
        )
        if run and here == last:
            run.append(day)
            continue
        if run:
            yield Cell(tuple(run), last)
        run, last = [day], here
    yield Cell(tuple(run), last)


# ---- what changed ----


@dataclass(frozen=True, slots=True)
class Said:
    """What one version says of a task on a day of a ward: who, when, how often; compared whole."""

    party: str
    start_minutes: int
    end_minutes: int
    rrule: str
    times: int


@dataclass(frozen=True, slots=True)
class Change:
    """Days of a task on a ward that another version speaks of otherwise."""

    task_type_id: int
    ward_id: int
    days: tuple[int, ...]
    before: tuple[Said, ...]
    after: tuple[Said, ...]
    since: date

    @property
    def only_party(self) -> bool:
        """Whether the hours stay and only the party is another."""
        return [_hours(one) for one in self.before] == [_hours(one) for one in self.after] != []


def _hours(said: Said) -> tuple[object, ...]:
    return said.start_minutes, said.end_minutes, said.rrule, said.times


def changes_between(before: Iterable[Line], after: Iterable[Line], since: date) -> tuple[Change, ...]:
    """Every task, ward and day of which two versions say different things, days with the same change made one."""
    old, new = _by_day(before), _by_day(after)
    days: dict[tuple[int, int, tuple[Said, ...], tuple[Said, ...]], list[int]] = {}
    for task, ward, day in sorted(old.keys() | new.keys()):
        was, is_now = old.get((task, ward, day), ()), new.get((task, ward, day), ())
        if was != is_now:
            days.setdefault((task, ward, was, is_now), []).append(day)
    return tuple(
        Change(task, ward, tuple(its_days), was, is_now, since) for (task, ward, was, is_now), its_days in days.items()
    )


def _by_day(lines: Iterable[Line]) -> dict[tuple[int, int, int], tuple[Said, ...]]:
    found: dict[tuple[int, int, int], list[Said]] = {}
    for line in lines:
        said = Said(line.party, line.start_minutes, line.end_minutes, line.rrule, line.times)
        for day in line.days:
            found.setdefault((line.task_type_id, line.ward_id, day), []).append(said)
    return {
        key: tuple(sorted(said, key=lambda one: (one.start_minutes, one.end_minutes, one.party, one.rrule, one.times)))
        for key, said in found.items()
    }

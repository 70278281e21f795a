"""Lines of a draft: written by hand ward by ward, copied, or read from a table; all of them or none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import pgettext

from vardnara.apps.service.bridge.line_words import (
    Unreadable,
    days_read,
    days_text,
    frequency_read,
    frequency_text,
    hours_text,
    party_read,
    price_read,
    times_read,
    window_read,
)
from vardnara.apps.service.models import AgreementLine, AgreementVersion, TaskType
from vardnara.apps.service.queries.agreements import line_row, lines_mark, wards_of_hospital
from vardnara.apps.service.services.agreements import draft_lock
from vardnara.engines.agreement import Rule, coverage_check
from vardnara.gateways.tabular import OutTable, Reading, Row, Table
from vardnara.kernel.calendar import day_kind, days_between
from vardnara.kernel.errors import InputError, RuleBroken
from vardnara.kernel.faults import Fault
from vardnara.kernel.recurrence import NEVER_YEARS, Recurrence
from vardnara.kernel.time_window import TimeWindow

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

COLUMNS = ("task", "ward", "party", "days", "window", "frequency", "times", "quality", "price", "note")
NEEDED = ("task", "ward", "party", "days", "window")
QUALITY_MAX, NOTE_MAX, LINES_MAX = 200, 300, 20_000
SAME_DAYS_LOOKED = 800  # two frequencies that have no day in common for so long never will, or it is rare enough


@dataclass(frozen=True, slots=True)
class LineInput:
    """A line as it is to be. ``id`` is that of a line that it changes; ``row`` where its faults are told."""

    task_type_id: int
    ward_id: int
    party: str
    days: frozenset[int]
    window: TimeWindow
    rrule: str = ""
    times: int = 1
    quality: str = ""
    price_sek: Decimal | None = None
    note: str = ""
    id: int | None = None
    anchor: date | None = None
    row: str = ""


@dataclass(frozen=True, slots=True)
class LineFault:
    """What is wrong with a line: ``row`` as its input said, ``column`` of the table."""

    row: str
    column: str
    wrong: str
    expected: str = ""


# ---- what makes lines wrong ----


def lines_faults(lines: Sequence[LineInput], *, valid_from: date, two_parties: bool) -> list[LineFault]:
    """Frequencies that never come, and lines of one task and ward at the same time.

    Two lines of one party are always a fault; two parties only where ``two_parties`` says so: a draft may hold them
    until it is signed, and the checker names them.
    """
    faults = [
        LineFault(
            line.row,
            "frequency",
            pgettext("agreement line", "the frequency never falls on these days"),
            pgettext("agreement line", "a frequency that comes at some time"),
        )
        for line in lines
        if line.rrule and not _occurs(line, valid_from)
    ]
    together: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number, line in enumerate(lines):
        together[line.task_type_id, line.ward_id].append(number)
    for numbers in together.values():
        if len(numbers) > 1:
            faults += _clashes([lines[number] for number in numbers], valid_from, two_parties)
    return faults


def _recurrence(line: LineInput, valid_from: date) -> Recurrence | None:
    return Recurrence(line.rrule, line.anchor or valid_from) if line.rrule else None


def _occurs(line: LineInput, valid_from: date) -> bool:
    try:
        recurrence = Recurrence(line.rrule, line.anchor or valid_from)
    except InputError:
        return False
    stop = date(min(valid_from.year + NEVER_YEARS, date.max.year - 1), 12, 31)
    start = max(valid_from, recurrence.anchor)
    return any(day_kind(day).day_number in line.days for day in recurrence.dates(start, stop))


def _clashes(lines: Sequence[LineInput], valid_from: date, two_parties: bool) -> list[LineFault]:
    """Pairs that speak of the same hours: each line stands for a party of its own, and the engine names who meets."""
    rules = [Rule("t", "w", line.days, line.window, f"{number:06d}") for number, line in enumerate(lines)]
    pairs = {
        (int(one), int(other))
        for overlap in coverage_check(rules, ()).overlaps
        for place, one in enumerate(overlap.parties)
        for other in overlap.parties[place + 1 :]
    }
    faults = []
    for first, second in sorted(pairs):
        one, other = lines[first], lines[second]
        same = one.party == other.party
        if not (same or two_parties) or not _meet(one, other, valid_from):
            continue
        wrong = (
            pgettext("agreement line", "the same task, ward and party at the same time as row %(row)s")
            if same
            else pgettext("agreement line", "two parties at the same time: row %(row)s gives the task to another")
        )
        faults.append(
            LineFault(
                other.row,
                "window" if same else "party",
                wrong % {"row": one.row},
                pgettext("agreement line", "one line for each hour"),
            )
        )
    return faults


def _meet(one: LineInput, other: LineInput, valid_from: date) -> bool:
    """Whether two lines whose hours meet also have a day in common, where both come now and then (week and week)."""
    mine, theirs = _recurrence(one, valid_from), _recurrence(other, valid_from)
    if mine is None or theirs is None:
        return True
    stop = date.fromordinal(valid_from.toordinal() + SAME_DAYS_LOOKED)
    return any(mine.occurs_on(day) and theirs.occurs_on(day) for day in days_between(valid_from, stop))


# ---- by hand ----


@transaction.atomic
def draft_lines_save(
    *,
    version_id: int,
    ward_id: int,
    lines: Sequence[LineInput],
    removed: Collection[int],
    mark: str,
    actor: User,
    at: datetime,
) -> None:
    """Change, add and remove lines of one ward of a draft, all at once. Who writes agreements.

    Lines that are neither named nor removed stay. ``mark`` is that of the ward's lines as the writer began
    (``lines_mark``). Raises ``draft_changed`` where somebody else has written since, and ``LinesWrong`` with all
    faults.
    """
    version = draft_lock(version_id, actor)
    wards = {ward.id for ward in wards_of_hospital(actor=actor, hospital_id=version.agreement.hospital_id)}
    if ward_id not in wards or any(line.ward_id != ward_id for line in lines):
        raise RuleBroken("out_of_scope", f"ward {ward_id}")
    stored = {line.pk: line for line in version.lines.filter(ward=ward_id).select_related("ward").order_by("pk")}
    if mark != lines_mark([line_row(line) for line in stored.values()]):
        raise RuleBroken("draft_changed", f"version {version_id}")
    kinds = set(TaskType.objects.values_list("pk", flat=True))
    if any(line.task_type_id not in kinds for line in lines):
        raise RuleBroken("bad_input", "unknown kind of task")
    named = {line.id for line in lines if line.id is not None} | set(removed)
    if not named <= set(stored):
        raise RuleBroken("draft_changed", f"version {version_id}")
    kept = [_input_of(line) for pk, line in stored.items() if pk not in named]
    written = [_anchored(line, stored, version) for line in lines]
    faults = lines_faults([*kept, *written], valid_from=version.valid_from, two_parties=False)
    if faults:
        raise LinesWrong(faults)
    version.lines.filter(pk__in=[*named]).delete()
    AgreementLine.objects.bulk_create(_row(line, version) for line in written)


class LinesWrong(RuleBroken):
    """Lines that cannot stand beside each other; ``faults`` says which and why."""

    def __init__(self, faults: Iterable[LineFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("lines_wrong", "; ".join(f"{fault.row}: {fault.wrong}" for fault in self.faults))


def _anchored(line: LineInput, stored: dict[int, AgreementLine], version: AgreementVersion) -> LineInput:
    """A frequency that was not changed keeps the date that it counts from; a new one counts from the first day."""
    old = stored.get(line.id) if line.id is not None else None
    if not line.rrule:
        return replace(line, anchor=None)
    same = old is not None and old.rrule == line.rrule and old.anchor
    return replace(line, anchor=old.anchor if same else version.valid_from)


def _input_of(line: AgreementLine) -> LineInput:
    return LineInput(
        task_type_id=line.task_type_id,
        ward_id=line.ward_id,
        party=line.party,
        days=frozenset(line.days),
        window=TimeWindow(line.start_minutes, line.end_minutes),
        rrule=line.rrule,
        times=line.times,
        quality=line.quality,
        price_sek=line.price_sek,
        note=line.note,
        id=line.pk,
        anchor=line.anchor,
        row=hours_text(line.start_minutes, line.end_minutes),
    )


def _row(line: LineInput, version: AgreementVersion) -> AgreementLine:
    return AgreementLine(
        version=version,
        task_type_id=line.task_type_id,
        ward_id=line.ward_id,
        party=line.party,
        days=sorted(line.days),
        start_minutes=line.window.start_minutes,
        end_minutes=line.window.end_minutes,
        rrule=line.rrule,
        anchor=line.anchor,
        times=line.times,
        quality=line.quality,
        price_sek=line.price_sek,
        note=line.note,
    )


@transaction.atomic
def draft_ward_copy(
    *, version_id: int, from_ward_id: int, to_ward_ids: Collection[int], actor: User, at: datetime
) -> int:
    """Let wards of a draft have what one ward has, instead of what they had. Who writes agreements."""
    version = draft_lock(version_id, actor)
    wards = {ward.id for ward in wards_of_hospital(actor=actor, hospital_id=version.agreement.hospital_id)}
    targets = set(to_ward_ids) - {from_ward_id}
    if not targets or not targets <= wards or from_ward_id not in wards:
        raise RuleBroken("choose_wards", f"{sorted(targets)}")
    pattern = [_input_of(line) for line in version.lines.filter(ward=from_ward_id).order_by("pk")]
    version.lines.filter(ward__in=targets).delete()
    AgreementLine.objects.bulk_create(
        _row(replace(line, ward_id=ward), version) for ward in sorted(targets) for line in pattern
    )
    return len(targets)


@transaction.atomic
def draft_ward_remove(*, version_id: int, ward_id: int, actor: User, at: datetime) -> None:
    """Take a ward out of a draft with all its lines. Who writes agreements."""
    draft_lock(version_id, actor).lines.filter(ward=ward_id).delete()


# ---- tables ----


@transaction.atomic
def draft_lines_import(*, version_id: int, reading: Reading, actor: User, at: datetime) -> int:
    """Put the lines of a table in the place of a draft's; any fault changes nothing. Who writes agreements.

    Raises ``InputError`` with every fault at its file and line. Returns the number of lines.
    """
    version = draft_lock(version_id, actor)
    faults = list(reading.faults)
    lines: list[LineInput] = []
    if len(reading.tables) > 1:
        second = reading.tables[1]
        faults.append(Fault(second.source, second.header_place, pgettext("agreement line", "more than one table"), "1"))
    elif reading.tables:
        lines = _table_lines(reading.tables[0], version, actor, faults)
    if faults:
        raise InputError(faults)
    version.lines.all().delete()
    AgreementLine.objects.bulk_create(
        _row(replace(line, anchor=version.valid_from if line.rrule else None), version) for line in lines
    )
    return len(lines)


def _table_lines(table: Table, version: AgreementVersion, actor: User, faults: list[Fault]) -> list[LineInput]:
    if not _header_sound(table, faults):
        return []
    kinds: dict[str, int] = {}
    for kind in TaskType.objects.filter(retired_at__isnull=True).order_by("-pk"):
        for word in (kind.name_en, kind.name, kind.code):
            if word:
                kinds[word.lower()] = kind.pk
    wards: dict[str, list[int]] = defaultdict(list)
    for ward in wards_of_hospital(actor=actor, hospital_id=version.agreement.hospital_id):
        wards[ward.code.lower()].append(ward.id)
    rows = {row.places[""]: row for row in table.rows}
    lines = [line for row in table.rows if (line := _line_of(row, kinds, wards, faults)) is not None]
    if not table.rows:
        faults.append(
            Fault(table.source, table.header_place, pgettext("agreement line", "no lines below the header"), "1")
        )
    faults += [
        rows[fault.row].fault(fault.column, fault.wrong, fault.expected)
        for fault in lines_faults(lines, valid_from=version.valid_from, two_parties=True)
    ]
    return lines


def _header_sound(table: Table, faults: list[Fault]) -> bool:
    before = len(faults)
    for column in table.columns:
        if column not in COLUMNS:
            wrong = pgettext("agreement line", "unknown column %(name)s") % {"name": column}
            faults.append(Fault(table.source, table.header_place, wrong, ", ".join(COLUMNS)))
    for column in NEEDED:
        if column not in table.columns:
            wrong = pgettext("agreement line", "column %(name)s is missing") % {"name": column}
            faults.append(Fault(table.source, table.header_place, wrong, ", ".join(NEEDED)))
    if len(table.rows) > LINES_MAX:
        wrong = pgettext("agreement line", "%(n)d lines") % {"n": len(table.rows)}
        faults.append(Fault(table.source, table.header_place, wrong, str(LINES_MAX)))
    return len(faults) == before


def _line_of(row: Row, kinds: dict[str, int], wards: dict[str, list[int]], faults: list[Fault]) -> LineInput | None:
    """One line; what cannot be read becomes a fault at its cell."""
    before = len(faults)

    def read(column: str, reader, *more):
        text = row.get(column)
        try:
            return reader(text, *more)
        except Unreadable as error:
            wrong = f"“{text}”" if text else pgettext("agreement line", "nothing is written")
            faults.append(row.fault(column, wrong, str(error)))
            return None

    kind = kinds.get(row.get("task").lower())
    if kind is None:
        expected = pgettext("agreement line", "a kind of task of the catalogue, by code or name")
        faults.append(row.fault("task", f"“{row.get('task')}”", expected))
    found = wards.get(row.get("ward").lower(), [])
    if len(found) != 1:
        expected = pgettext("agreement line", "the code of a ward of this hospital")
        faults.append(row.fault("ward", f"“{row.get('ward')}”", expected))
    party, days, window = read("party", party_read), read("days", days_read), read("window", window_read)
    rrule = read("frequency", frequency_read, days) if days else ""
    times, price = read("times", times_read), read("price", price_read)
    for column, limit in (("quality", QUALITY_MAX), ("note", NOTE_MAX)):
        if len(row.get(column)) > limit:
            wrong = pgettext("agreement line", "%(n)d characters") % {"n": len(row.get(column))}
            faults.append(row.fault(column, wrong, pgettext("agreement line", "at most %(n)d") % {"n": limit}))
    if len(faults) > before:
        return None
    return LineInput(
        kind, found[0], party, days, window, rrule, times, row.get("quality"), price, row.get("note"),
        row=row.places[""],
    )  # fmt: skip


def lines_table_of(*, version_id: int, ward_ids: Collection[int]) -> OutTable:
    """Lines of a version on some wards as the import reads them."""
    return lines_table(AgreementVersion.objects.get(pk=version_id), ward_ids)


def lines_table(version: AgreementVersion, ward_ids: Collection[int]) -> OutTable:
    """Lines as the import reads them, in the writer's language."""
    lines = version.lines.filter(ward__in=list(ward_ids)).select_related("ward", "task_type")
    rows = [
        (
            line.task_type.code,
            line.ward.code,
            line.party,
            days_text(line.days),
            hours_text(line.start_minutes, line.end_minutes).replace("–", "-"),
            frequency_text(line.rrule, line.days),
            str(line.times),
            line.quality,
            "" if line.price_sek is None else str(line.price_sek),
            line.note,
        )
        for line in lines.order_by("ward__code", "ward", "task_type", "start_minutes", "pk")
    ]
    return OutTable("agreement", COLUMNS, rows)

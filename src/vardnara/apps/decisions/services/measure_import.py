"""Measures from a table, CSV or xlsx: every fault by its line or cell, and nothing half read in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import pgettext

from vardnara.apps.decisions.choices import BenefitKind, MeasureKind
from vardnara.apps.decisions.models import Measure
from vardnara.apps.decisions.queries.measure_facts import standing_of
from vardnara.apps.decisions.services.measures import (
    MeasureWords,
    measure_add,
    measure_set,
    measure_status_set,
    words_fault,
)
from vardnara.apps.decisions.services.recording import writer_require
from vardnara.apps.hospital.queries.organisation import organisation
from vardnara.apps.staffing.services.reading import (
    DECIMAL,
    FAULTS_MOST,
    GROUPED,
    TRUTH,
    Reader,
    choice_words,
    columns_faults,
    table_open,
)
from vardnara.gateways.tabular import Row, Table
from vardnara.kernel.errors import InputError, RuleBroken
from vardnara.kernel.faults import Fault
from vardnara.parameters.measures import measure_statuses

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

NEEDED = ("label", "kind")
COLUMNS = (
    "number", "label", "kind", "owner", "division", "ward", "payer", "starts_on", "ends_on", "multi_year", "short_sek",
    "short_year", "long_sek", "benefit", "goes_to", "requires", "beds_change", "status", "because", "note",
)  # fmt: skip
RECKONED = ("proposed", "next_check_on", "kept_share")  # an export has them; they are passed over
LENGTHS = {
    "label": 200, "owner": 160, "payer": 120, "goes_to": 200, "requires": 300, "because": 300, "note": 600,
}  # fmt: skip
LARGEST = Decimal(10) ** 13


class MeasureReader(Reader):
    """Reads the cells of a row of measures and keeps what is wrong with them."""

    def sek(self, column: str) -> Decimal | None:
        """Kronor with at most two decimals; above 0 where cost falls."""

        def make(text: str) -> Decimal:
            bare = GROUPED.sub("", text.replace("\u2212", "-"))
            if not DECIMAL.fullmatch(bare):
                raise ValueError(text)
            value = Decimal(bare.replace(",", "."))
            if value != round(value, 2) or abs(value) >= LARGEST:
                raise ValueError(text)
            return value

        expected = pgettext("posts", "a number such as 1234,50, with at most %(n)d decimals") % {"n": 2}
        found: Decimal | None = self.read(column, make, expected)
        return found

    def whole(self, column: str, low: int, high: int, expected: str) -> int | None:
        def make(text: str) -> int:
            value = int(text.replace("\u2212", "-"))
            if not low <= value <= high:
                raise ValueError(text)
            return value

        found: int | None = self.read(column, make, expected)
        return found


@dataclass(frozen=True, slots=True)
class _Line:
    reader: MeasureReader
    number: int | None
    words: MeasureWords
    status: str
    because: str


def status_words() -> dict[str, str]:
    """Every status by its code and its names in both languages."""
    return {word.casefold(): one.code for one in measure_statuses().values() for word in (one.code, one.sv, one.en)}


@transaction.atomic
def measures_import(
    *, hospital_id: int, path: Path, file_name: str, encoding: str = "utf-8", actor: User, at: datetime
) -> tuple[int, int]:
    """Read a table of measures: how many were new, and how many that were there are changed. A writer.

    A measure that is there by its number becomes what the file says, and so does its status, by the same rules as on
    its page. A row without a number is a new one. Raises ``InputError`` with every fault, and nothing is kept.
    """
    writer_require(actor, hospital_id)
    table, faults = table_open(path, file_name=file_name, encoding=encoding)
    lines = _lines(table, file_name, hospital_id, faults)
    if not lines and not faults:
        expected = pgettext("measure", "a row for each measure")
        faults.append(Fault(file_name, "", pgettext("measure", "no measures"), expected))
    if faults:
        raise InputError(faults[:FAULTS_MOST])
    there = {
        one.number: one
        for one in Measure.objects.select_for_update(of=("self",)).filter(hospital=hospital_id).select_related("case")
    }
    n_new = 0
    for line in lines:
        try:
            with transaction.atomic():
                n_new += _save(line, there, hospital_id, actor, at)
        except RuleBroken as error:
            column, wrong = _told(error.code)
            line.reader.fault(column, wrong, error.detail if error.code == "measure_must_wait" else "")
    if faults:
        raise InputError(faults[:FAULTS_MOST])
    return n_new, len(lines) - n_new


def _save(line: _Line, there: Mapping[int, Measure], hospital_id: int, actor: User, at: datetime) -> int:
    known = there.get(line.number) if line.number is not None else None
    if known is None:
        status = line.status or "proposed"
        measure_add(hospital_id=hospital_id, words=line.words, status=status, because=line.because, actor=actor, at=at)
        return 1
    kept = {"case_id": known.case_id}
    words = MeasureWords(**{name: getattr(line.words, name) for name in MeasureWords.__dataclass_fields__} | kept)
    measure_set(measure_id=known.pk, words=words, actor=actor, at=at)
    if line.status and standing_of(known).status.code != line.status:
        measure_status_set(measure_id=known.pk, status=line.status, because=line.because, actor=actor, at=at)
    return 0


def _lines(table: Table, source: str, hospital_id: int, faults: list[Fault]) -> list[_Line]:
    faults += columns_faults(table, source, needed=NEEDED, known=COLUMNS, passed_over=RECKONED)
    if faults:
        return []
    own = organisation(hospital_id=hospital_id)
    places = {
        "division": [(division.code, division.id) for division in own],
        "ward": [(ward.code, ward.id) for division in own for ward in division.wards],
    }
    numbers = dict(Measure.objects.filter(hospital=hospital_id).values_list("number", "label"))
    words = {
        "kind": choice_words(MeasureKind.choices),
        "benefit": choice_words(BenefitKind.choices),
        "status": status_words(),
    }
    seen: set[str] = set()
    found = (_line(row, source, faults, places, words, numbers, seen) for row in table.rows)
    return [line for line in found if line is not None]


def _line(
    row: Row,
    source: str,
    faults: list[Fault],
    places: Mapping[str, list[tuple[str, int]]],
    words: Mapping[str, Mapping[str, str]],
    numbers: Mapping[int, str],
    seen: set[str],
) -> _Line | None:
    reader = MeasureReader(row, source, faults, lengths=LENGTHS)
    before = len(faults)
    number = reader.whole("number", 1, 10**9, pgettext("measure", "the number of a measure that is there, or nothing"))
    if number is not None and number not in numbers:
        reader.fault("number", str(number), pgettext("measure", "the number of a measure that is there, or nothing"))
    label = reader.text("label", needed=True)
    key = str(number) if number is not None else label.casefold()
    if key in seen:
        reader.fault("number" if number is not None else "label", key, pgettext("fault", "each once"))
    seen.add(key)
    if number is None and label in numbers.values():
        taken = next(one for one, name in numbers.items() if name == label)
        told = pgettext("measure", "the number %(number)d with it, to change the one that is there") % {"number": taken}
        reader.fault("label", label, told)
    year = pgettext("posts", "a year such as 2026")
    said: dict[str, Any] = {
        "label": label,
        "kind": reader.one_of("kind", words["kind"], needed=True),
        "owner": reader.text("owner"),
        "division_id": reader.code("division", places["division"]),
        "ward_id": reader.code("ward", places["ward"]),
        "payer": reader.text("payer"),
        "starts_on": reader.day("starts_on"),
        "ends_on": reader.day("ends_on"),
        "is_multi_year": bool(reader.read("multi_year", _truth, pgettext("posts", "yes or no"))),
        "short_sek": reader.sek("short_sek"),
        "short_year": reader.whole("short_year", 1990, 2199, year),
        "long_sek": reader.sek("long_sek"),
        "benefit": reader.one_of("benefit", words["benefit"]) or BenefitKind.CASH,
        "goes_to": reader.text("goes_to"),
        "requires": reader.text("requires"),
        "beds_change": reader.whole("beds_change", -9999, 9999, pgettext("measure", "care places, such as -4")),
        "note": reader.text("note"),
    }
    status = reader.one_of("status", words["status"])
    because = reader.text("because")
    if len(faults) > before:
        return None
    told_words = MeasureWords(**said)
    wrong = words_fault(told_words)
    if wrong is not None:
        column = "division" if wrong[0] == "division_id" else wrong[0]
        reader.fault(column, *_told_of(wrong[1]))
        return None
    return _Line(reader, number, told_words, status, because)


def _truth(text: str) -> bool:
    return TRUTH[text.lower()]


def _told_of(code: str) -> tuple[str, str]:
    """What is wrong with a row and what was expected, by the code of the rule."""
    return {
        "measure_ends_first": (
            pgettext("posts", "ends before it begins"),
            pgettext("posts", "a last day after the first"),
        ),
        "short_without_year": (
            pgettext("posts", "missing"),
            pgettext("measure", "kronor within a year and the year, both or none"),
        ),
        "moved_to_what": (pgettext("posts", "missing"), pgettext("measure", "what it is used for instead")),
        "not_in_money": (
            pgettext("measure", "a benefit that is not in money, with kronor"),
            pgettext("measure", "no kronor"),
        ),
        "bad_input": (pgettext("posts", "no place, or more than one"), pgettext("measure", "a division or a ward")),
    }[code]


def _told(code: str) -> tuple[str, str]:
    """The column and what is wrong, of a rule that a row breaks when it is saved."""
    return {
        "reason_missing": ("because", pgettext("measure", "missing: its dates and outcomes say something else")),
        "measure_must_wait": ("status", pgettext("measure", "it waits for others that have not delivered")),
        "looks_like_identity": ("", pgettext("measure", "what looks like a personnummer")),
    }.get(code, ("", code))

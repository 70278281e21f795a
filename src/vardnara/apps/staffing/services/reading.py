"""The cells of a register's table, read one by one, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from types import MappingProxyType
from typing import Any

from django.utils import translation
from django.utils.translation import pgettext

from vardnara.gateways.tabular import Row, Table, tables_read
from vardnara.kernel.errors import InputError
from vardnara.kernel.faults import Fault

DECIMAL = re.compile(r"-?\d+([.,]\d+)?")
GROUPED = re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(\D|$))")
LARGEST = Decimal(10) ** 8
TRUTH = {"ja": True, "yes": True, "true": True, "1": True, "nej": False, "no": False, "false": False, "0": False}
FAULTS_MOST = 1000


class Reader:
    """Reads the cells of a row and keeps what is wrong with them.

    ``lengths`` is the most characters of each column of text, ``places`` the most decimals where it is not two.
    """

    def __init__(
        self,
        row: Row,
        source: str,
        faults: list[Fault],
        *,
        lengths: Mapping[str, int],
        places: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        self.row, self.source, self.faults = row, source, faults
        self.lengths, self.places = lengths, places

    def fault(self, column: str, wrong: str, expected: str = "") -> None:
        found = self.row.fault(column, wrong, expected)
        self.faults.append(Fault(self.source, found.place, found.wrong, found.expected))

    def text(self, column: str, *, needed: bool = False) -> str:
        text = self.row.get(column)
        if needed and not text:
            self.fault(column, pgettext("posts", "missing"))
        if len(text) > self.lengths[column]:
            self.fault(
                column,
                pgettext("posts", "too long"),
                pgettext("posts", "at most %(n)d characters") % {"n": self.lengths[column]},
            )
        return text

    def read(self, column: str, make: Callable[[str], Any], expected: str, *, needed: bool = False) -> Any:
        """What a cell says; None where it is empty, or cannot be read and is a fault."""
        text = self.row.get(column)
        if not text:
            if needed:
                self.fault(column, pgettext("posts", "missing"), expected)
            return None
        try:
            return make(text)
        except (ValueError, InvalidOperation, KeyError):
            self.fault(column, text, expected)
            return None

    def day(self, column: str, *, needed: bool = False) -> date | None:
        found: date | None = self.read(
            column,
            lambda text: date.fromisoformat(text.removesuffix("T00:00:00")),
            pgettext("posts", "a day such as 2026-03-01"),
            needed=needed,
        )
        return found

    def after(self, column: str) -> date | None:
        """The day after a last day."""
        last = self.day(column)
        return None if last is None else last + timedelta(days=1)

    def number(self, column: str, *, needed: bool = False) -> Decimal | None:
        places = self.places.get(column, 2)
        expected = pgettext("posts", "a number such as 1234,50, with at most %(n)d decimals") % {"n": places}

        def make(text: str) -> Decimal:
            bare = GROUPED.sub("", text)
            if not DECIMAL.fullmatch(bare):
                raise ValueError(text)
            value = Decimal(bare.replace(",", "."))
            if value != round(value, places) or abs(value) >= LARGEST:
                raise ValueError(text)
            return value

        found: Decimal | None = self.read(column, make, expected, needed=needed)
        return found

    def truth(self, column: str) -> bool | None:
        found: bool | None = self.read(column, lambda text: TRUTH[text.lower()], pgettext("posts", "yes or no"))
        return found

    def one_of(self, column: str, words: Mapping[str, str], *, needed: bool = False) -> str:
        """A word of a list, in Swedish or English or by its code."""
        expected = pgettext("posts", "one of %(codes)s") % {"codes": ", ".join(sorted(set(words.values())))}
        found: str | None = self.read(column, lambda text: words[text.casefold()], expected, needed=needed)
        return found or ""

    def code(self, column: str, known: Sequence[tuple[str, Any]]) -> Any:
        """What a code stands for; it must stand for one thing and no other. None where the cell is empty or wrong."""
        code = self.row.get(column)
        if not code:
            return None
        found = [one for known_code, one in known if known_code == code]
        if len(found) != 1:
            codes = ", ".join(sorted({known_code for known_code, _ in known})[:30])
            self.fault(column, code, pgettext("posts", "one of %(codes)s") % {"codes": codes})
            return None
        return found[0]

    def again(self, columns: Sequence[str], first: Row) -> None:
        """A further row of the same number: what it says beside is empty, or as in the first."""
        for column in columns:
            if self.row.get(column) not in ("", first.get(column)):
                self.fault(
                    column,
                    self.row.get(column),
                    pgettext("posts", "empty or as in the first row of number %(number)s")
                    % {"number": first.get("number")},
                )


def table_open(path: Path, *, file_name: str, encoding: str) -> tuple[Table, list[Fault]]:
    """The first table of a file, and what could not be read of it; raises ``InputError`` where there is none."""
    reading = tables_read(path, encoding=encoding, dates=True)
    faults = [Fault(file_name, fault.place, fault.wrong, fault.expected) for fault in reading.faults]
    if not reading.tables:
        raise InputError(faults)
    return reading.tables[0], faults


def columns_faults(
    table: Table, source: str, *, needed: Sequence[str], known: Sequence[str], passed_over: Sequence[str] = ()
) -> list[Fault]:
    """Columns that are missing, and such as nobody knows; those that are only reckoned are passed over."""
    missing = [(pgettext("posts", "no column %(name)s"), one) for one in needed if one not in table.columns]
    said = pgettext("posts", "a column %(name)s that nobody knows")
    unknown = [(said, one) for one in table.columns if one not in (*known, *passed_over)]
    return [
        Fault(source, table.header_place, wrong % {"name": one}, ";".join(known)) for wrong, one in missing + unknown
    ]


def choice_words(choices: Iterable[tuple[str, Any]]) -> dict[str, str]:
    """Every code by its code and its names in both languages."""
    found = {}
    for language in ("sv", "en"):
        with translation.override(language):
            for code, name in choices:
                found |= {code.casefold(): code, str(name).casefold(): code}
    return found

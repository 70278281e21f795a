"""Posts from a table, CSV or xlsx: every fault by its line or cell, and nothing half read in."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import pgettext

from vardnara.apps.hospital.queries.organisation import organisation
from vardnara.apps.staffing.models import Post
from vardnara.apps.staffing.services.posts import fundings_write, save, writer_require
from vardnara.apps.staffing.services.words import FundingWords, PostWords, fundings_fault, post_fault
from vardnara.gateways.tabular import Row, Table, tables_read
from vardnara.kernel.errors import InputError
from vardnara.kernel.faults import Fault

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

NEEDED = ("number", "title", "share", "from_on")
POST = ("division", "ward", "pool", "last_on", "note")
PAY = ("monthly_sek", "inconvenient_sek", "overhead_sek", "pay_year", "charges_share", "charges_basis")
FUNDING = ("party", "funded_from_on", "funded_last_on", "in_frame", "stimulus")
COLUMNS = ("number", "title", *POST[:3], "share", "from_on", *POST[3:], *PAY, *FUNDING)
RECKONED = ("cost_sek", "hourly_sek")  # an export has them; they are passed over
DECIMAL = re.compile(r"-?\d+([.,]\d+)?")
GROUPED = re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(\D|$))")
LENGTHS = {"number": 40, "title": 120, "pool": 120, "note": 300, "charges_basis": 200, "party": 120}
PLACES = {"share": 4, "charges_share": 5}
LARGEST = Decimal(10) ** 8
TRUTH = {"ja": True, "yes": True, "true": True, "1": True, "nej": False, "no": False, "false": False, "0": False}
FAULTS_MOST = 1000


class Reader:
    """Reads the cells of a row and keeps what is wrong with them."""

    def __init__(self, row: Row, source: str, faults: list[Fault]) -> None:
        self.row, self.source, self.faults = row, source, faults

    def fault(self, column: str, wrong: str, expected: str = "") -> None:
        found = self.row.fault(column, wrong, expected)
        self.faults.append(Fault(self.source, found.place, found.wrong, found.expected))

    def text(self, column: str, *, needed: bool = False) -> str:
        text = self.row.get(column)
        if needed and not text:
            self.fault(column, pgettext("posts", "missing"))
        if len(text) > LENGTHS[column]:
            self.fault(
                column,
                pgettext("posts", "too long"),
                pgettext("posts", "at most %(n)d characters") % {"n": LENGTHS[column]},
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
        places = PLACES.get(column, 2)
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


@transaction.atomic
def posts_import(
    *, hospital_id: int, path: Path, file_name: str, encoding: str = "utf-8", actor: User, at: datetime
) -> tuple[int, int]:
    """Read a table of posts: how many were new, and how many that were there are changed.

    A post that is there by its number becomes what the file says, and so does its funding. Rows of one number after the
    first each add a time of funding. Raises ``InputError`` with every fault. Controller, head of ward service,
    administrator.
    """
    writer_require(actor, hospital_id)
    reading = tables_read(path, encoding=encoding, dates=True)
    faults = [Fault(file_name, fault.place, fault.wrong, fault.expected) for fault in reading.faults]
    if not reading.tables:
        raise InputError(faults)
    found = _posts(reading.tables[0], file_name, hospital_id, faults)
    if not found and not faults:
        faults.append(Fault(file_name, "", pgettext("posts", "no posts"), pgettext("posts", "a row for each post")))
    if faults:
        raise InputError(faults[:FAULTS_MOST])
    numbers = [words.number for words, _ in found]
    there = {
        post.number: post
        for post in Post.objects.select_for_update().filter(hospital=hospital_id, number__in=numbers).order_by("pk")
    }
    for words, fundings in found:
        post = save(there.get(words.number) or Post(hospital_id=hospital_id), words, actor, at)
        fundings_write(post, fundings)
    return len(found) - len(there), len(there)


def _posts(
    table: Table, source: str, hospital_id: int, faults: list[Fault]
) -> list[tuple[PostWords, list[FundingWords]]]:
    for column in NEEDED:
        if column not in table.columns:
            wrong = pgettext("posts", "no column %(name)s") % {"name": column}
            faults.append(Fault(source, table.header_place, wrong, ";".join(COLUMNS)))
    for column in table.columns:
        if column not in COLUMNS + RECKONED:
            wrong = pgettext("posts", "a column %(name)s that nobody knows") % {"name": column}
            faults.append(Fault(source, table.header_place, wrong, ";".join(COLUMNS)))
    if faults:
        return []
    own = organisation(hospital_id=hospital_id)
    divisions = [(division.code, division.id) for division in own]
    wards = [(ward.code, ward.id) for division in own for ward in division.wards]
    found: dict[str, tuple[PostWords | None, list[FundingWords], Row]] = {}
    for row in table.rows:
        reader = Reader(row, source, faults)
        number = row.get("number")
        first = found.get(number) if number else None
        if first is None:
            words = _post(reader, divisions, wards)
            fundings: list[FundingWords] = []
            found[number or row.places[""]] = (words, fundings, row)
        else:
            fundings = first[1]
            for column in (*NEEDED[1:], *POST, *PAY):
                if row.get(column) not in ("", first[2].get(column)):
                    reader.fault(
                        column,
                        row.get(column),
                        pgettext("posts", "empty or as in the first row of post %(number)s") % {"number": number},
                    )
        _funding(reader, fundings)
    return [(words, fundings) for words, fundings, _ in found.values() if words is not None]


def _post(reader: Reader, divisions: list[tuple[str, int]], wards: list[tuple[str, int]]) -> PostWords | None:
    before = len(reader.faults)
    share = reader.number("share", needed=True)
    from_on = reader.day("from_on", needed=True)
    year = reader.read("pay_year", int, pgettext("posts", "a year such as 2026"))
    if year is not None and not 1990 <= year <= 2199:
        reader.fault("pay_year", str(year), pgettext("posts", "a year such as 2026"))
    said: dict[str, Any] = {
        "number": reader.text("number", needed=True),
        "title": reader.text("title", needed=True),
        "division_id": _place(reader, "division", divisions),
        "ward_id": _place(reader, "ward", wards),
        "pool": reader.text("pool"),
        "to_on": reader.after("last_on"),
        "note": reader.text("note"),
        "pay_year": year,
        "charges_basis": reader.text("charges_basis"),
        **{name: reader.number(name) for name in (*PAY[:3], "charges_share")},
    }
    if len(reader.faults) > before or share is None or from_on is None:
        return None
    words = PostWords(share=share, from_on=from_on, **said)
    wrong = post_fault(words)
    if wrong is not None:
        column = "last_on" if wrong[0] == "to_on" else wrong[0]
        reader.fault(column, *_told(wrong[1]))
        return None
    return words


def _place(reader: Reader, column: str, known: list[tuple[str, int]]) -> int | None:
    """The place of a code; it must be one and no other's."""
    code = reader.row.get(column)
    if not code:
        return None
    ids = [one for known_code, one in known if known_code == code]
    if len(ids) != 1:
        codes = ", ".join(sorted({known_code for known_code, _ in known})[:30])
        reader.fault(column, code, pgettext("posts", "one of %(codes)s") % {"codes": codes})
        return None
    return ids[0]


def _funding(reader: Reader, fundings: list[FundingWords]) -> None:
    if not any(reader.row.get(column) for column in FUNDING):
        return
    before = len(reader.faults)
    party = reader.text("party", needed=True)
    from_on = reader.day("funded_from_on", needed=True)
    to_on = reader.after("funded_last_on")
    in_frame = reader.truth("in_frame")
    stimulus = reader.truth("stimulus")
    if not reader.row.get("in_frame"):
        reader.fault("in_frame", pgettext("posts", "missing"), pgettext("posts", "yes or no"))
    if len(reader.faults) > before or from_on is None:
        return
    one = FundingWords(party, from_on, to_on, bool(in_frame), bool(stimulus))
    wrong = fundings_fault([*fundings, one])
    if wrong is not None:
        reader.fault("funded_from_on" if wrong[1] == "funding_overlaps" else "funded_last_on", *_told(wrong[1]))
        return
    fundings.append(one)


def _told(code: str) -> tuple[str, str]:
    """What is wrong and what was expected, by the code of the rule."""
    return {
        "bad_share": (pgettext("posts", "a share that cannot be"), pgettext("posts", "above 0, at most 1")),
        "bad_dates": (pgettext("posts", "ends before it begins"), pgettext("posts", "a last day after the first")),
        "post_place_one": (
            pgettext("posts", "no place, or more than one"),
            pgettext("posts", "one of division, ward and pool"),
        ),
        "pay_negative": (pgettext("posts", "less than 0"), pgettext("posts", "kronor, 0 or more")),
        "pay_without_year": (pgettext("posts", "missing"), pgettext("posts", "the year whose pay it is")),
        "bad_charges": (
            pgettext("posts", "a share that cannot be"),
            pgettext("posts", "0 to 1: 0.39 is 39 per cent"),
        ),
        "charges_without_basis": (
            pgettext("posts", "social charges without their basis, or a basis without charges"),
            pgettext("posts", "both or none"),
        ),
        "funding_overlaps": (
            pgettext("posts", "somebody else pays already"),
            pgettext("posts", "one payer at a time"),
        ),
    }[code]

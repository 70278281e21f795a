"""Posts from a table, CSV or xlsx: every fault by its line or cell, and nothing half read in."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import pgettext

from vardnara.apps.hospital.queries.organisation import organisation
from vardnara.apps.staffing.models import Post
from vardnara.apps.staffing.services.posts import fundings_write, save, writer_require
from vardnara.apps.staffing.services.reading import FAULTS_MOST, Reader, columns_faults, table_open
from vardnara.apps.staffing.services.words import FundingWords, PostWords, fundings_fault, post_fault
from vardnara.gateways.tabular import Row, Table
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
LENGTHS = {"number": 40, "title": 120, "pool": 120, "note": 300, "charges_basis": 200, "party": 120}
PLACES = {"share": 4, "charges_share": 5}


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
    table, faults = table_open(path, file_name=file_name, encoding=encoding)
    found = _posts(table, file_name, hospital_id, faults)
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
    faults += columns_faults(table, source, needed=NEEDED, known=COLUMNS, passed_over=RECKONED)
    if faults:
        return []
    own = organisation(hospital_id=hospital_id)
    divisions = [(division.code, division.id) for division in own]
    wards = [(ward.code, ward.id) for division in own for ward in division.wards]
    found: dict[str, tuple[PostWords | None, list[FundingWords], Row]] = {}
    for row in table.rows:
        reader = Reader(row, source, faults, lengths=LENGTHS, places=PLACES)
        number = row.get("number")
        first = found.get(number) if number else None
        if first is None:
            words = _post(reader, divisions, wards)
            fundings: list[FundingWords] = []
            if number:  # without one it is a fault already
                found[number] = (words, fundings, row)
        else:
            fundings = first[1]
            reader.again((*NEEDED[1:], *POST, *PAY), first[2])
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
        "division_id": reader.code("division", divisions),
        "ward_id": reader.code("ward", wards),
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

"""Writes a SIE 4 file: PC8, CRLF, verifications in order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path

from vardnara.gateways.sie.data import DIMENSIONS, Book, Objects, Verification
from vardnara.gateways.sie.encoding import CODEC
from vardnara.kernel.errors import GatewayError


def sie_write(path: Path, book: Book, verifications: Iterable[Verification]) -> Path:
    """Write the book as a file of type 4E (``book.sie_type`` 4) or 4I (``4I``).

    Parameters
    ----------
    path
        The file; it appears whole or not at all.
    book
        Everything but the verifications.
    verifications
        Walked once.

    Returns
    -------
    Path
        ``path``.

    Raises
    ------
    GatewayError
        ``not_pc8`` where a text has a character that PC8 does not have.
    """
    draft = path.with_name(f".{path.name}.part")
    try:
        with draft.open("w", encoding=CODEC, newline="\r\n") as stream:
            stream.writelines(f"{line}\n" for line in _head(book))
            for one in verifications:
                stream.writelines(f"{line}\n" for line in _verification(one))
        draft.replace(path)
    except UnicodeEncodeError as error:
        raise GatewayError("not_pc8", f"{error.object[error.start]!r} is not in PC8") from error
    finally:
        draft.unlink(missing_ok=True)
    return path


def quoted(text: str) -> str:
    """A text as a field: quoted, with ``"`` and ``\\`` escaped."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _day(day: date) -> str:
    return f"{day:%Y%m%d}"


def _money(amount: Decimal) -> str:
    return f"{amount:.2f}"


def _objects(objects: Objects) -> str:
    return "{" + " ".join(f"{number} {quoted(code)}" for number, code in objects) + "}"


def _head(book: Book) -> Iterable[str]:
    yield "#FLAGGA 0"
    yield "#FORMAT PC8"
    yield f"#SIETYP {book.sie_type or '4'}"
    yield f"#PROGRAM {quoted(book.program or 'Vardnara')} 1"
    if book.generated_on is not None:
        yield f"#GEN {_day(book.generated_on)}"
    if book.org_number:
        yield f"#ORGNR {book.org_number}"
    yield f"#FNAMN {quoted(book.company)}"
    for number, (first, last) in sorted(book.years.items(), reverse=True):
        yield f"#RAR {number} {_day(first)} {_day(last)}"
    if book.currency != "SEK":
        yield f"#VALUTA {book.currency}"
    for account in book.accounts.values():
        yield f"#KONTO {account.code} {quoted(account.name)}"
        yield f"#KTYP {account.code} {account.kind}"
    for number, name in book.dimensions.items():
        if number in book.parents:
            yield f"#UNDERDIM {number} {quoted(name)} {book.parents[number]}"
        elif DIMENSIONS.get(number) != name:
            yield f"#DIM {number} {quoted(name)}"
    for (number, code), name in book.objects.items():
        yield f"#OBJEKT {number} {quoted(code)} {quoted(name)}"
    for balance in book.balances:
        yield f"#{balance.label} {balance.year} {balance.account} {_money(balance.amount)}"
    for one in book.periods:
        month = f"{one.month:%Y%m}"
        yield f"#{one.label} {one.year} {month} {one.account} {_objects(one.objects)} {_money(one.amount)}"


def _verification(one: Verification) -> Iterable[str]:
    yield f"#VER {quoted(one.series)} {quoted(one.number)} {_day(one.booked_on)} {quoted(one.text)}"
    yield "{"
    for row in one.rows:
        when = "" if row.booked_on == one.booked_on else _day(row.booked_on)
        text = "" if row.text == one.text else row.text
        tail = f" {when or quoted('')} {quoted(text)}" if when or text else ""
        yield f"  #TRANS {row.account} {_objects(row.objects)} {_money(row.amount)}{tail}"
    yield "}"

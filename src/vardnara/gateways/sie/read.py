"""Reads SIE 4 (4E and 4I) line by line, strictly: whatever is wrong is named by its line, and nothing is guessed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

from vardnara.gateways.sie.data import (
    ASSET,
    COST,
    DEBT,
    INCOME,
    Account,
    Balance,
    Book,
    Objects,
    PeriodSum,
    Transaction,
    Verification,
)
from vardnara.gateways.sie.encoding import CODEC, wrong_encoding
from vardnara.gateways.sie.fields import Field, LineFault, amount_read, date_read, fields_split
from vardnara.kernel.faults import Fault

# The usual line of 2 million, taken without splitting it; whatever does not fit goes the long way, which says why.
USUAL = re.compile(
    r"\s*#TRANS\s+([^\s\"{}]+)\s*\{([^{}\\]*)\}\s*(-?\d{1,13}(?:\.\d{1,2})?)"
    r"(?:\s+(?:\"\"|(\d{8}))(?:\s+\"([^\"\\]*)\"(?:\s+(?:\"\"|-?[\d.]+)(?:\s+(?:\"[^\"\\]*\"|[^\s\"{}]+))?)?)?)?\s*"
)
KIND_BY_DIGIT = {"1": ASSET, "2": DEBT, "3": INCOME}  # of the Swedish chart of accounts; all others are costs
ROWS = ("#TRANS", "#RTRANS", "#BTRANS")
AFTER_CHART = ("#VER", "#IB", "#UB", "#RES", "#OIB", "#OUB", "#PSALDO", "#PBUDGET", "#KSUMMA")
CHART = ("#KONTO", "#KTYP", "#DIM", "#UNDERDIM", "#OBJEKT", "#FORMAT", "#SIETYP", "#RAR")
MOST_FAULTS = 10_000  # more would only fill the memory; the last fault says that there are more
ZERO = Decimal(0)


class SieReader:
    """A file while it is read: ``book`` is filled, ``faults`` grows, and ``transactions`` gives the counted lines.

    Use :meth:`head` first when the chart of accounts is needed before the lines. Only a file that was walked to its end
    without a fault may be used: whoever stores while reading must be able to take everything back.

    Parameters
    ----------
    path
        The file.
    """

    def __init__(self, path: Path) -> None:
        self.path, self.source = path, str(path)
        self.book = Book()
        self.faults: list[Fault] = []
        self.line = 0
        self.n_transactions = 0
        self.n_verifications = 0
        self.n_bytes_read = 0
        self.verification: tuple[str, str, date, str, int] | None = None
        self._lines = self._walk()
        self._seen: set[str] = set()
        self._spoiled = False
        self._held: str | None = None
        self._back: str | None = None
        self._objects: dict[str, Objects] = {}
        self._dates: dict[str, date] = {}
        self._sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
        self._result: list[Balance] = []
        self._labels: dict[str, Callable[[list[Field]], None]] = {
            "#FLAGGA": self._flag,
            "#FORMAT": self._format,
            "#SIETYP": self._type,
            "#PROGRAM": lambda it: self._set("program", it),
            "#FNAMN": lambda it: self._set("company", it),
            "#ORGNR": lambda it: self._set("org_number", it),
            "#VALUTA": lambda it: self._set("currency", it),
            "#GEN": lambda it: setattr(self.book, "generated_on", date_read(_text(it, 1, "a date"))),
            "#RAR": self._year,
            "#KONTO": self._account,
            "#KTYP": self._account_kind,
            "#DIM": self._dimension,
            "#UNDERDIM": self._dimension,
            "#OBJEKT": self._object,
            "#IB": self._balance,
            "#UB": self._balance,
            "#RES": self._balance,
            "#PSALDO": self._period,
            "#PBUDGET": self._period,
        }

    # ---- the file ----

    def _walk(self) -> Iterator[str]:
        """Lines without their ends, in the order of the file; says what is wrong with their bytes."""
        told_encoding = 0
        with self.path.open("rb") as stream:
            for raw in stream:
                self.line += 1
                self.n_bytes_read += len(raw)
                if not raw.endswith(b"\n") and raw.strip(b"\x1a\r\n"):
                    self._fault("the last line is not ended: the file is cut", "CR LF after every line")
                raw = raw.rstrip(b"\r\n\x1a")  # 0x1a ended files of old
                plain = raw.isascii()
                text = raw.decode("ascii" if plain else CODEC)
                if (not plain or not text.isprintable()) and (wrong := wrong_encoding(raw)):
                    told_encoding += 1
                    self._fault(wrong, "PC8 (code page 437)")
                    if "mark of" in wrong:
                        return
                    if "control" in wrong:
                        continue
                yield text
                if self._back is not None:
                    again, self._back = self._back, None
                    yield again

    def _fault(self, wrong: str, expected: str = "", *, line: int | None = None) -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(self.source, str(line or self.line), wrong, expected))
        elif len(self.faults) == MOST_FAULTS:
            self.faults.append(Fault(self.source, str(self.line), "more faults follow and are not listed"))

    # ---- what comes before the first verification ----

    def head(self) -> Book:
        """Read until the first verification and return the book; what the file says later is added to the same book."""
        if self.verification is None and self.n_verifications == 0:
            self._advance()
        return self.book

    def _advance(self) -> None:
        """Go on to the next verification, or to the end."""
        self.verification = None
        for text in self._lines:
            if self._is_verification(text):
                return
        self._end()

    def _is_verification(self, text: str) -> bool:
        """Take in one line outside a verification; True where it begins one."""
        if not text or text.isspace():
            return False
        try:
            fields = fields_split(text)
            label = fields[0]
            if not isinstance(label, str) or not label.startswith("#"):
                raise LineFault(f"{label} outside a verification", "a label such as #VER")
            label = label.upper()
            if not self._seen and label != "#FLAGGA":
                self._fault(f"the file begins with {label}", "#FLAGGA 0: is it a SIE file?")
            if label in AFTER_CHART and "#FORMAT" not in self._seen and "chart" not in self._seen:
                self._fault("the encoding is not declared before the figures", "#FORMAT PC8")
            if label in AFTER_CHART:
                self._seen.add("chart")
            if label in CHART and "#VER" in self._seen:
                raise LineFault(f"{label} after a verification", "accounts and objects before what uses them")
            self._seen.add(label)
            if label == "#VER":
                try:
                    self.verification = self._verification(fields)
                except LineFault as fault:  # its rows are read to the end, and none of them counts
                    self._fault(fault.wrong, fault.expected)
                    self.verification, self._spoiled = ("", "", date.min, "", self.line), True
                return True
            if label in ROWS:
                raise LineFault(f"{label} outside a verification", "#VER and { before it")
            if label in self._labels:
                self._labels[label](fields)
        except LineFault as fault:
            self._fault(fault.wrong, fault.expected)
        return False

    def _set(self, name: str, fields: list[Field]) -> None:
        setattr(self.book, name, _text(fields, 1, "a text"))

    def _flag(self, fields: list[Field]) -> None:
        if _text(fields, 1, "0 or 1") not in ("0", "1"):
            raise LineFault(f"#FLAGGA {fields[1]}", "0 or 1")

    def _format(self, fields: list[Field]) -> None:
        if _text(fields, 1, "PC8").upper() != "PC8":
            raise LineFault(f"#FORMAT {fields[1]}", "PC8, the only encoding of SIE 4")

    def _type(self, fields: list[Field]) -> None:
        self.book.sie_type = _text(fields, 1, "4").upper()
        if self.book.sie_type not in ("4", "4E", "4I"):
            raise LineFault(f"SIE type {self.book.sie_type}", "4, the type with verifications")

    def _year(self, fields: list[Field]) -> None:
        number = _whole(fields, 1, "number of the year, 0 for this")
        first, last = date_read(_text(fields, 2, "first day")), date_read(_text(fields, 3, "last day"))
        if last < first:
            raise LineFault(f"the year ends {last} before it begins {first}", "first day, last day")
        self.book.years[number] = (first, last)

    def _account(self, fields: list[Field]) -> None:
        code = _text(fields, 1, "code of the account")
        if code in self.book.accounts:
            raise LineFault(f"account {code} is declared twice", "one #KONTO each")
        self.book.accounts[code] = Account(code, _text(fields, 2, "its name"), KIND_BY_DIGIT.get(code[:1], COST))

    def _account_kind(self, fields: list[Field]) -> None:
        account = self._known_account(_text(fields, 1, "code of the account"))
        kind = _text(fields, 2, "T, S, K or I").upper()
        if kind not in (ASSET, DEBT, COST, INCOME):
            raise LineFault(f"#KTYP {kind}", "T, S, K or I")
        self.book.accounts[account] = Account(account, self.book.accounts[account].name, kind)

    def _dimension(self, fields: list[Field]) -> None:
        number = _whole(fields, 1, "number of the dimension")
        self.book.dimensions[number] = _text(fields, 2, "its name")
        if str(fields[0]).upper() == "#UNDERDIM":
            above = _whole(fields, 3, "number of the dimension above")
            if above not in self.book.dimensions or above == number:
                raise LineFault(f"dimension {above} above it is not declared", f"#DIM {above} before")
            self.book.parents[number] = above

    def _object(self, fields: list[Field]) -> None:
        number = self._known_dimension(_whole(fields, 1, "number of the dimension"))
        code = _text(fields, 2, "code of the object")
        if (number, code) in self.book.objects:
            raise LineFault(f"object {code} of dimension {number} is declared twice", "one #OBJEKT each")
        self.book.objects[number, code] = _text(fields, 3, "its name")

    def _balance(self, fields: list[Field]) -> None:
        account = self._known_account(_text(fields, 2, "code of the account"))
        amount = amount_read(_text(fields, 3, "an amount"))
        year, label = _whole(fields, 1, "number of the year"), str(fields[0]).upper()[1:]
        balance = Balance(self.line, label, year, account, amount)
        self.book.balances.append(balance)

    def _period(self, fields: list[Field]) -> None:
        month = _text(fields, 2, "a month")
        when = date_read(f"{month}01") if len(month) == 6 else None
        if when is None:
            raise LineFault(f"month {month}", "YYYYMM")
        number = _whole(fields, 1, "number of the year")
        if number in self.book.years:
            first, last = self.book.years[number]
            if not first.replace(day=1) <= when <= last:
                raise LineFault(f"month {month} is outside year {number}", f"{first:%Y%m} to {last:%Y%m}")
        if len(fields) < 5 or not isinstance(fields[4], tuple):
            raise LineFault("no list of objects", "{} or {1 OBJECT} after the account")
        account = self._known_account(_text(fields, 3, "code of the account"))
        objects = self._objects_read(fields[4])
        amount = amount_read(_text(fields, 5, "an amount"))
        label = str(fields[0]).upper()[1:]
        self.book.periods.append(PeriodSum(self.line, label, number, when, account, objects, amount))

    # ---- what must be known ----

    def _known_account(self, code: str) -> str:
        if code not in self.book.accounts:
            raise LineFault(f"unknown account {code}", f"#KONTO {code} before its use")
        return code

    def _known_dimension(self, number: int) -> int:
        if number not in self.book.dimensions:
            raise LineFault(f"unknown dimension {number}", f"#DIM {number} before its use")
        return number

    def _objects_read(self, words: tuple[str, ...]) -> Objects:
        if len(words) % 2:
            raise LineFault(f"{len(words)} words in the list of objects", "pairs of dimension and object")
        found: list[tuple[int, str]] = []
        for number_text, code in zip(words[::2], words[1::2], strict=True):
            if not number_text.isdigit():
                raise LineFault(f"dimension {number_text}", "a number")
            number = self._known_dimension(int(number_text))
            if (number, code) not in self.book.objects:
                raise LineFault(
                    f"unknown object {code} of dimension {number}", f'#OBJEKT {number} "{code}" before its use'
                )
            if any(number == other for other, _ in found):
                raise LineFault(f"dimension {number} stands twice in the list of objects", "each once")
            found.append((number, code))
        return tuple(found)

    # ---- verifications ----

    def _verification(self, fields: list[Field]) -> tuple[str, str, date, str, int]:
        texts = [field if isinstance(field, str) else "" for field in fields] + [""] * 5
        if not texts[3]:
            raise LineFault("a verification without a date", "#VER series number date")
        return texts[1], texts[2], self._day(texts[3]), texts[4], self.line

    def _day(self, text: str) -> date:
        day = self._dates.get(text)
        if day is None:
            day = date_read(text)
            if 0 in self.book.years:
                first, last = self.book.years[0]
                if not first <= day <= last:
                    raise LineFault(f"date {text} is outside the year", f"{first} to {last}, by #RAR 0")
            self._dates[text] = day
        return day

    def transactions(self) -> Iterator[Transaction]:
        """Give the counted lines (``#TRANS``) of every verification that balances, in the order of the file."""
        self.head()
        while self.verification is not None:
            yield from self._rows()
            self._advance()

    def verifications(self) -> Iterator[Verification]:
        """Give whole verifications in the order of the file; one with a fault has no lines."""
        self.head()
        while self.verification is not None:
            series, number, day, text, _ = self.verification
            yield Verification(series, number, day, text, tuple(self._rows()))
            self._advance()

    def _rows(self) -> list[Transaction]:
        """The lines between ``{`` and ``}``; none where one of them is wrong or they do not balance."""
        assert self.verification is not None
        series, number, day, text, began = self.verification
        voucher, rows, n_faults = f"{series} {number}".strip(), [], len(self.faults)
        opened = closed = False
        self.n_verifications += 1
        for line in self._lines:
            bare = line.strip()
            if not bare:
                continue
            if bare[1:2] in "Vv" and bare[:4].upper() == "#VER":
                self._fault(f"#VER before verification {voucher} of line {began} is closed", "}")
                self._back = line
                return []
            if not opened:
                opened = True
                if bare == "{":
                    continue
                self._fault(f"{bare[:20]} after #VER", "{")
            if bare == "}":
                closed = True
                break
            row = self._row(line, voucher, day, text)
            if row is not None:
                rows.append(row)
        if not closed:
            self._fault(f"verification {voucher} is not closed: the file is cut", "}", line=began)
            return []
        if self._held is not None:
            self._fault("#RTRANS without the same #TRANS after it", "#TRANS with the same fields")
            self._held = None
        if self._spoiled or len(self.faults) > n_faults:
            self._spoiled = False
            return []
        if (left := sum((row.amount for row in rows), ZERO)) != 0:
            self._fault(
                f"verification {voucher} does not balance: {left:.2f} is left", "debit and credit alike", line=began
            )
            return []
        for row in rows:
            self._sums[row.account] += row.amount
        self.n_transactions += len(rows)
        return rows

    def _row(self, line: str, voucher: str, day: date, text: str) -> Transaction | None:
        """One line of a verification; None where it is not counted or is wrong."""
        usual = USUAL.fullmatch(line) if self._held is None else None
        try:
            if usual is not None:
                account, listed, amount, when, own = usual.groups()
                objects = self._objects.get(listed)
                if objects is None:
                    words = fields_split(f"{{{listed}}}")[0] if listed.strip() else ()
                    objects = self._objects[listed] = self._objects_read(words if isinstance(words, tuple) else ())
                if account not in self.book.accounts:
                    self._known_account(account)
                booked_on = day if when is None else self._dates.get(when) or self._day(when)
                return Transaction(self.line, voucher, booked_on, account, objects, Decimal(amount), own or text)
            return self._row_unusual(line, voucher, day, text)
        except LineFault as fault:
            self._fault(fault.wrong, fault.expected)
            return None

    def _row_unusual(self, line: str, voucher: str, day: date, text: str) -> Transaction | None:
        fields = fields_split(line)
        label = str(fields[0]).upper() if isinstance(fields[0], str) else "{"
        if label not in ROWS:
            raise LineFault(f"{label} inside verification {voucher}", "#TRANS or }")
        if len(fields) < 4 or not isinstance(fields[2], tuple):
            raise LineFault(f"{len(fields) - 1} fields after {label}", "account, {objects} and amount")
        account = self._known_account(_text(fields, 1, "code of the account"))
        objects = self._objects_read(fields[2])
        amount = amount_read(_text(fields, 3, "an amount"))
        texts = [field if isinstance(field, str) else "" for field in fields] + [""] * 6
        booked_on = self._day(texts[4]) if texts[4] else day
        said = repr(fields[1:])
        if self._held is not None and label == "#TRANS":
            same, self._held = said == self._held, None
            if not same:
                raise LineFault("#RTRANS without the same #TRANS after it", "#TRANS with the same fields")
        elif self._held is not None:
            self._held = None
            raise LineFault("#RTRANS without the same #TRANS after it", "#TRANS with the same fields")
        if label == "#RTRANS":
            self._held = said
        if label != "#TRANS":
            return None
        return Transaction(self.line, voucher, booked_on, account, objects, amount, texts[5] or text)

    # ---- the end ----

    def _end(self) -> None:
        """What can only be judged when all has been read."""
        for label, expected in (("#FLAGGA", "#FLAGGA 0"), ("#FORMAT", "#FORMAT PC8"), ("#SIETYP", "#SIETYP 4")):
            if label not in self._seen and self.line and not any(label in fault.expected for fault in self.faults):
                self._fault(f"{label} is missing", expected)
        if not self.line:
            self._fault("an empty file", "#FLAGGA 0 and all that follows", line=1)
        if self.n_verifications and not self.faults:
            self._balances_agree()

    def _balances_agree(self) -> None:
        """``#RES`` and ``#UB`` of the year say what the verifications sum to: a verification that was cut out shows."""
        openings = {one.account: one.amount for one in self.book.balances if one.label == "IB" and one.year == 0}
        for one in self.book.balances:
            if one.year != 0 or one.label == "IB":
                continue
            booked = self._sums.get(one.account, ZERO) + (
                openings.get(one.account, ZERO) if one.label == "UB" else ZERO
            )
            if booked != one.amount:
                self._fault(
                    f"#{one.label} of account {one.account} is {one.amount:.2f}, its verifications give {booked:.2f}",
                    "the same sum: are verifications missing?",
                    line=one.line,
                )


def _text(fields: list[Field], index: int, what: str) -> str:
    if index >= len(fields) or not isinstance(fields[index], str) or fields[index] == "":
        raise LineFault(f"{fields[0]} has no field {index}", what)
    return str(fields[index])


def _whole(fields: list[Field], index: int, what: str) -> int:
    text = _text(fields, index, what)
    if re.fullmatch(r"-?\d{1,4}", text) is None:
        raise LineFault(f"{fields[0]} {text}", what)
    return int(text)


def sie_read(path: Path) -> tuple[Book, tuple[Verification, ...], tuple[Fault, ...]]:
    """Read a whole file into memory: for files of tens of thousands of lines; :class:`SieReader` streams larger ones.

    Returns
    -------
    tuple
        The book, the verifications in the order of the file, and every fault. With faults the others are incomplete.
    """
    reader = SieReader(path)
    found = tuple(reader.verifications())
    return reader.book, found, tuple(reader.faults)

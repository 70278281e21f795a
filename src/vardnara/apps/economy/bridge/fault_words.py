"""Faults of files in the reader's language. Readers of files tell them in English and know nothing of languages."""

from __future__ import annotations

import re

from django.utils.translation import override, pgettext, pgettext_lazy

from vardnara.kernel.faults import Fault

# What is told, with %(name)s for what differs. The English is word for word what the readers say: a test holds it.
TOLD = (
    pgettext_lazy("fault", "the last line is not ended: the file is cut"),
    pgettext_lazy("fault", "the last line is not ended: is the file cut?"),
    pgettext_lazy("fault", "a line break after every row"),
    pgettext_lazy("fault", "CR LF after every line"),
    pgettext_lazy("fault", "the file begins with the mark of %(what)s"),
    pgettext_lazy("fault", "byte %(byte)s, which is %(letter)s in Latin-1 (Windows-1252)"),
    pgettext_lazy("fault", "PC8 (code page 437)"),
    pgettext_lazy("fault", "PC8, the only encoding of SIE 4"),
    pgettext_lazy("fault", "control character %(byte)s"),
    pgettext_lazy("fault", "%(label)s outside a verification"),
    pgettext_lazy("fault", "a label such as #VER"),
    pgettext_lazy("fault", "#VER and { before it"),
    pgettext_lazy("fault", "the file begins with %(label)s"),
    pgettext_lazy("fault", "#FLAGGA 0: is it a SIE file?"),
    pgettext_lazy("fault", "the encoding is not declared before the figures"),
    pgettext_lazy("fault", "%(label)s after a verification"),
    pgettext_lazy("fault", "accounts and objects before what uses them"),
    pgettext_lazy("fault", "%(label)s has no field %(n)s"),
    pgettext_lazy("fault", "account %(code)s is declared twice"),
    pgettext_lazy("fault", "object %(code)s of dimension %(n)s is declared twice"),
    pgettext_lazy("fault", "one %(label)s each"),
    pgettext_lazy("fault", "unknown account %(code)s"),
    pgettext_lazy("fault", "unknown dimension %(n)s"),
    pgettext_lazy("fault", "unknown object %(code)s of dimension %(n)s"),
    pgettext_lazy("fault", "dimension %(n)s above it is not declared"),
    pgettext_lazy("fault", "%(label)s before its use"),
    pgettext_lazy("fault", "%(label)s before"),
    pgettext_lazy("fault", "verification %(number)s does not balance: %(sum)s is left"),
    pgettext_lazy("fault", "debit and credit alike"),
    pgettext_lazy("fault", "verification %(number)s is not closed: the file is cut"),
    pgettext_lazy("fault", "#VER before verification %(number)s of line %(n)s is closed"),
    pgettext_lazy("fault", "%(label)s inside verification %(number)s"),
    pgettext_lazy("fault", "#TRANS or }"),
    pgettext_lazy("fault", "a verification without a date"),
    pgettext_lazy("fault", "amount %(text)s"),
    pgettext_lazy("fault", "digits, a decimal point and at most two decimals"),
    pgettext_lazy("fault", "kronor such as 1234,50: no thousands but blanks, at most two decimals"),
    pgettext_lazy("fault", "date %(text)s is outside the year"),
    pgettext_lazy("fault", "%(first)s to %(last)s, by #RAR 0"),
    pgettext_lazy("fault", "date %(text)s"),
    pgettext_lazy("fault", "YYYY-MM-DD, or YYYY-MM for a month"),
    pgettext_lazy("fault", "YYYYMMDD"),
    pgettext_lazy("fault", "#%(label)s of account %(code)s is %(sum)s, its verifications give %(other)s"),
    pgettext_lazy("fault", "the same sum: are verifications missing?"),
    pgettext_lazy("fault", "a quote is not closed (%(text)s)"),
    pgettext_lazy("fault", "the list of objects is not closed"),
    pgettext_lazy("fault", "unexpected %(text)s"),
    pgettext_lazy("fault", "#RTRANS without the same #TRANS after it"),
    pgettext_lazy("fault", "#TRANS with the same fields"),
    pgettext_lazy("fault", "account %(code)s without a unit"),
    pgettext_lazy("fault", "an object of dimension %(n)s"),
    pgettext_lazy("fault", "the year is %(first)s to %(last)s"),
    pgettext_lazy("fault", "a calendar year, 1 January to 31 December"),
    pgettext_lazy("fault", "%(label)s is missing"),
    pgettext_lazy("fault", "SIE type %(text)s"),
    pgettext_lazy("fault", "4, the type with verifications"),
    pgettext_lazy("fault", "the budget of account %(code)s is %(sum)s, its units give %(other)s"),
    pgettext_lazy("fault", "account %(code)s is of kind %(kind)s"),
    pgettext_lazy("fault", "%(kind)s, as in what was read in before"),
    pgettext_lazy("fault", "unknown unit %(code)s"),
    pgettext_lazy("fault", "a unit that was read in"),
    pgettext_lazy("fault", "an account that was read in"),
    pgettext_lazy("fault", "%(n)s cells"),
    pgettext_lazy("fault", "%(n)s as in the header; a cut line has fewer"),
    pgettext_lazy("fault", "%(n)s as in the header"),
    pgettext_lazy("fault", "no column %(name)s"),
    pgettext_lazy("fault", "a header with unit, account, booked_on, amount"),
    pgettext_lazy("fault", "one like %(names)s"),
    pgettext_lazy("fault", "column %(name)s stands twice"),
    pgettext_lazy("fault", "%(day)s is not in %(year)s"),
    pgettext_lazy("fault", "one year in a file, that of its first row"),
    pgettext_lazy("fault", "byte %(byte)s is not %(encoding)s"),
    pgettext_lazy("fault", "the file's encoding declared (cp1252 is common in Windows files)"),
    pgettext_lazy("fault", "the quotes of this row do not match (%(text)s)"),
    pgettext_lazy("fault", "a number"),
    pgettext_lazy("fault", "more than 0"),
    pgettext_lazy("fault", "more than 0: 0 means that it was not reported"),
    pgettext_lazy("fault", "each once"),
    pgettext_lazy("fault", "one organisation"),
    pgettext_lazy("fault", "missing"),
    pgettext_lazy("fault", "what the row is about"),
    pgettext_lazy("fault", "%(key)s stands %(n)s times"),
    pgettext_lazy("fault", "%(key)s is a sum of other rows"),
    pgettext_lazy("fault", "what the column's name says: are the cells of this row shifted?"),
    pgettext_lazy("fault", "%(n)s of %(all)s rows look shifted"),
    pgettext_lazy("fault", "a sound file: the other rows are no better"),
    pgettext_lazy("fault", "code of the account"),
    pgettext_lazy("fault", "its name"),
    pgettext_lazy("fault", "an amount"),
    pgettext_lazy("fault", "a month"),
    pgettext_lazy("fault", "more faults follow and are not listed"),
)
HOLE = re.compile(r"%\\\((\w+)\\\)s|%\((\w+)\)s")


def _pattern(told: object) -> re.Pattern[str]:
    """What a sentence looks like when it is filled in, in English."""
    with override("en"):
        english = str(told)
    return re.compile(HOLE.sub(lambda hole: f"(?P<{hole[1] or hole[2]}>.+?)", re.escape(english)))


PATTERNS: list[tuple[re.Pattern[str], object]] = []


def words_of(text: str) -> str:
    """A part of a fault in the reader's language; what nobody has words for stays as it is."""
    if not PATTERNS:
        PATTERNS.extend((_pattern(told), told) for told in TOLD)
    for pattern, told in PATTERNS:
        found = pattern.fullmatch(text)
        if found is not None:
            return str(told) % found.groupdict() if found.groupdict() else str(told)
    column, colon, rest = text.partition(": ")
    return f"{column}: {words_of(rest)}" if colon else text


def fault_words(fault: Fault) -> str:
    """A fault as a page shows it: where, what is wrong, what was expected."""
    where = f"{fault.source}:{fault.place}" if fault.place else fault.source
    if not fault.expected:
        return f"{where}: {words_of(fault.wrong)}"
    said = pgettext("fault", "%(wrong)s; expected: %(expected)s")
    return f"{where}: " + said % {"wrong": words_of(fault.wrong), "expected": words_of(fault.expected)}

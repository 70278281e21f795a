"""Days, hours, frequency and party as people write them on a line, in Swedish or English, and as they read them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import pgettext, pgettext_lazy

from vardnara.apps.service.choices import Party, name_in_language
from vardnara.apps.service.models import TaskType
from vardnara.engines.agreement import EVERY_DAY, days_parse
from vardnara.kernel.errors import InputError
from vardnara.kernel.recurrence import Recurrence
from vardnara.kernel.rrule import WEEKDAYS
from vardnara.kernel.time_window import TimeWindow, clock_text

DAY_SHORT = (
    pgettext_lazy("day, short", "Mon"),
    pgettext_lazy("day, short", "Tue"),
    pgettext_lazy("day, short", "Wed"),
    pgettext_lazy("day, short", "Thu"),
    pgettext_lazy("day, short", "Fri"),
    pgettext_lazy("day, short", "Sat"),
    pgettext_lazy("day, short", "Sun"),
    pgettext_lazy("day, short", "holiday"),
    pgettext_lazy("day, short", "eve"),
)
DAY_LONG = (
    pgettext_lazy("day", "Monday"),
    pgettext_lazy("day", "Tuesday"),
    pgettext_lazy("day", "Wednesday"),
    pgettext_lazy("day", "Thursday"),
    pgettext_lazy("day", "Friday"),
    pgettext_lazy("day", "Saturday"),
    pgettext_lazy("day", "Sunday"),
    pgettext_lazy("day", "public holiday"),
    pgettext_lazy("day", "eve"),
)
WRITTEN_DAYS = {
    "mon": ("mon", "monday", "mondays", "mån", "måndag", "måndagar"),
    "tue": ("tue", "tuesday", "tuesdays", "tis", "tisdag", "tisdagar"),
    "wed": ("wed", "wednesday", "wednesdays", "ons", "onsdag", "onsdagar"),
    "thu": ("thu", "thursday", "thursdays", "tor", "tors", "torsdag", "torsdagar"),
    "fri": ("fri", "friday", "fridays", "fre", "fredag", "fredagar"),
    "sat": ("sat", "saturday", "saturdays", "lör", "lördag", "lördagar"),
    "sun": ("sun", "sunday", "sundays", "sön", "söndag", "söndagar"),
    "holiday": ("holiday", "holidays", "helgdag", "helgdagar"),
    "eve": ("eve", "eves", "afton", "aftnar"),
    "weekdays": ("weekdays", "weekday", "vardag", "vardagar"),
    "weekend": ("weekend", "weekends", "helg", "helger"),
    "every_day": ("every_day", "everyday", "daily", "dagligen"),
}
DAY_CODE = {word: code for code, words in WRITTEN_DAYS.items() for word in words}
WHOLE_DAY = ("all day", "24 h", "dygnet runt", "hela dygnet")
HOURS = re.compile(r"(\d{1,2})(?:[:.](\d\d))?\s*[-–]\s*(\d{1,2})(?:[:.](\d\d))?")
EVERY_OTHER = ("every other week", "varannan vecka")
EVERY_N = re.compile(r"(?:every (\d{1,2}) weeks|var (\d{1,2})(?::?[ea])? vecka)")
ONCE_A_MONTH = ("once a month", "en gång i månaden")
PARTY_WORDS = {
    Party.SERVICE: ("service", "vns", "vårdnära service", "ward service"),
    Party.CARE: ("care", "care staff", "vård", "vården", "vårdpersonal"),
    Party.CONTRACTOR: ("contractor", "entreprenör", "entreprenören"),
    Party.OTHER: ("other", "annan", "somebody else"),
}
PARTY_CODE = {word: party for party, words in PARTY_WORDS.items() for word in words}
WEEKS_MAX = 52


class Unreadable(ValueError):
    """What somebody wrote cannot be read; the text says what was expected, in the reader's language."""


def kind_name(kind: TaskType) -> str:
    """The name of a kind of task in the reader's language."""
    return name_in_language(kind.name, kind.name_en)


# ---- days ----


def days_read(text: str) -> frozenset[int]:
    """Read ``mån-fre, helgdag``, ``vardagar``, ``alla dagar``, ``sat sun``.

    Raises
    ------
    Unreadable
        A word is no day, or there is none.
    """
    plain = text.strip().lower().replace("–", "-")
    if plain in ("every day", "alla dagar"):
        return EVERY_DAY
    plain = re.sub(r"\s*-\s*", "-", plain)
    words = [word for word in re.split(r"[,;\s]+", plain) if word not in ("", "och", "and")]
    codes = ["-".join(DAY_CODE.get(part, part) for part in word.split("-")) for word in words]
    try:
        return days_parse(codes)
    except InputError as error:
        raise Unreadable(pgettext("agreement line", "days such as Mon-Fri, Sat, holiday, eve or every day")) from error


def days_text(days: Collection[int]) -> str:
    """Days as they stand on a line and can be written back: ``mån-fre, helgdag``."""
    if frozenset(days) == EVERY_DAY:
        return pgettext("day, short", "every day")
    return ", ".join(_runs(days, DAY_SHORT, "-")).lower()


def days_said(days: Collection[int]) -> str:
    """Days as a sentence says them: ``måndag till fredag, helgdag``."""
    if frozenset(days) == EVERY_DAY:
        return pgettext("day", "every day")
    return ", ".join(_runs(days, DAY_LONG, " " + pgettext("day", "to") + " "))


def _runs(days: Iterable[int], words: tuple[object, ...], between: str) -> list[str]:
    runs: list[list[int]] = []
    for day in sorted(set(days)):
        if runs and day == runs[-1][-1] + 1 and day <= len(WEEKDAYS):
            runs[-1].append(day)
        else:
            runs.append([day])
    said = []
    for run in runs:
        if len(run) > 2:
            said.append(f"{words[run[0] - 1]}{between}{words[run[-1] - 1]}")
        else:
            said += [str(words[day - 1]) for day in run]
    return said


# ---- hours ----


def window_read(text: str) -> TimeWindow:
    """Read ``7-16``, ``07:00–16:00``, ``07.30-09.00``, ``dygnet runt``.

    Raises
    ------
    Unreadable
        It is no window.
    """
    plain = text.strip().lower()
    if plain in WHOLE_DAY:
        return TimeWindow()
    found = HOURS.fullmatch(plain)
    try:
        if found is None:
            raise InputError([])
        start, start_minutes, end, end_minutes = found.groups()
        return TimeWindow.parse(f"{int(start):02d}:{start_minutes or '00'}-{int(end):02d}:{end_minutes or '00'}")
    except InputError as error:
        raise Unreadable(pgettext("agreement line", "hours such as 07-16 or 22:00-06:30, at most until 24")) from error


def hours_text(start_minutes: int, end_minutes: int) -> str:
    """``07:00–16:00``; writable back."""
    return f"{clock_text(start_minutes)}–{clock_text(end_minutes)}"


def hours_short(start_minutes: int, end_minutes: int) -> str:
    """``07–16``, with minutes only where there are any: for the narrow cells of a matrix."""
    return "–".join(
        f"{minutes // 60:02d}" + (f":{minutes % 60:02d}" if minutes % 60 else "")
        for minutes in (start_minutes, end_minutes)
    )


# ---- frequency ----


def frequency_read(text: str, days: Collection[int]) -> str:
    """Read how often, beside the days: nothing, ``varannan vecka``, ``var 4:e vecka``, or a rule of RFC 5545.

    ``en gång i månaden`` is the first of the line's days in each month.

    Returns
    -------
    str
        The rule, empty for each of the days.

    Raises
    ------
    Unreadable
        It is none of these.
    """
    plain = " ".join(text.lower().split())
    if not plain:
        return ""
    weekdays = ",".join(WEEKDAYS[day - 1] for day in sorted(days) if day <= len(WEEKDAYS)) or ",".join(WEEKDAYS)
    found = EVERY_N.fullmatch(plain)
    weeks = 2 if plain in EVERY_OTHER else int(found[1] or found[2]) if found else 0
    if 1 < weeks <= WEEKS_MAX:
        return f"FREQ=WEEKLY;INTERVAL={weeks};BYDAY={weekdays}"
    if plain in ONCE_A_MONTH:
        return f"FREQ=MONTHLY;BYDAY={weekdays};BYSETPOS=1"
    rule = plain.upper().removeprefix("RRULE:")
    try:
        Recurrence(rule, date(2026, 1, 1))
    except InputError as error:
        raise Unreadable(
            pgettext("agreement line", "nothing, every other week, every 4 weeks, once a month, or FREQ=...")
            if error.code != "never_occurs"
            else pgettext("agreement line", "a frequency that comes at some time")
        ) from error
    return rule


def frequency_text(rrule: str, days: Collection[int]) -> str:
    """How often in words where there are words for it, else the rule; writable back beside the same days."""
    if not rrule:
        return ""
    found = re.match(r"FREQ=WEEKLY;INTERVAL=(\d+);", rrule)
    words = pgettext("agreement line", "once a month")
    if found:
        n = int(found[1])
        other, nth = pgettext("agreement line", "every other week"), pgettext("agreement line", "every %(n)d weeks")
        words = other if n == 2 else nth % {"n": n}
    try:
        return words if frequency_read(words, days) == rrule else rrule
    except Unreadable:
        return rrule


# ---- the rest ----


def party_read(text: str) -> Party:
    """Read a party by its code or its name.

    Raises
    ------
    Unreadable
        Nobody is called so.
    """
    plain = " ".join(text.lower().split())
    if plain in PARTY_CODE:
        return PARTY_CODE[plain]
    for party in Party:
        if plain == str(party.label).lower():
            return party
    expected = ", ".join(str(party.label) for party in Party)
    raise Unreadable(pgettext("agreement line", "one of %(parties)s") % {"parties": expected})


def said_text(party: str, start_minutes: int, end_minutes: int, rrule: str, times: int, days: Collection[int]) -> str:
    """``vårdnära service 07:00–16:00, varannan vecka``."""
    words = [f"{str(Party(party).label).lower()} {hours_text(start_minutes, end_minutes)}"]
    if rrule:
        words.append(frequency_text(rrule, days))
    if times > 1:
        words.append(pgettext("agreement line", "%(n)d times") % {"n": times})
    return ", ".join(words)


def price_read(text: str) -> Decimal | None:
    """Read ``1 250,50``; nothing is no price.

    Raises
    ------
    Unreadable
        It is no amount from 0 to 9,999,999,999.99.
    """
    plain = re.sub(r"[\s\u00a0]", "", text).removesuffix("kr").replace(",", ".")
    if not plain:
        return None
    try:
        price = Decimal(plain)
        if not price.is_finite() or not 0 <= price < Decimal("1e10") or price != price.quantize(Decimal("0.01")):
            raise InvalidOperation
    except InvalidOperation as error:
        raise Unreadable(pgettext("agreement line", "an amount such as 1250,50")) from error
    return price


def times_read(text: str) -> int:
    """Read how often within the window; nothing is once.

    Raises
    ------
    Unreadable
        It is no whole number from 1 to 96.
    """
    plain = text.strip() or "1"
    if not (plain.isascii() and plain.isdecimal() and 1 <= int(plain) <= 96):
        raise Unreadable(pgettext("agreement line", "a whole number from 1 to 96"))
    return int(plain)

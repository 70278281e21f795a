"""The Swedish calendar, computed: public holidays, the eves that most people have off, and what kind of day a date is.

A *holiday* here is a public holiday of the law (1989:253); an ordinary Sunday is not one, though the law counts it. An
*eve* is one of the five free eves of working-time agreements. The two and the weekday are separate facts of a date:
6 June can be a Saturday, and Whitsun Eve.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)
FIRST_YEAR = 2005  # the year in which the law took its present form: the National Day came, Whit Monday went

# numbers of the days that agreements are written for: ISO weekdays, then holidays and eves as days of their own
HOLIDAY_NUMBER, EVE_NUMBER = 8, 9
DAY_CODES: tuple[str, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun", "holiday", "eve")
WEEKDAY_CODES = DAY_CODES[:7]


@dataclass(frozen=True, slots=True)
class DayKind:
    """What kind of day a date is.

    Parameters
    ----------
    weekday
        0 Monday to 6 Sunday, whatever else the date is.
    holiday
        Code of the public holiday (``public_holidays``), empty for none.
    eve
        Code of the eve (``eves``), empty for none.
    """

    weekday: int
    holiday: str = ""
    eve: str = ""

    @property
    def is_saturday(self) -> bool:
        return self.weekday == SATURDAY

    @property
    def is_sunday(self) -> bool:
        return self.weekday == SUNDAY

    @property
    def is_working_day(self) -> bool:
        """Monday to Friday, neither holiday nor eve: a day of those who work weekdays only (W-67)."""
        return self.weekday < SATURDAY and not self.holiday and not self.eve

    @property
    def day_number(self) -> int:
        """1 Monday to 7 Sunday; 8 on a holiday and 9 on an eve, whatever the weekday. A holiday goes before an eve."""
        if self.holiday:
            return HOLIDAY_NUMBER
        return EVE_NUMBER if self.eve else self.weekday + 1


def easter_sunday(year: int) -> date:
    """Easter Sunday of the Gregorian calendar.

    References
    ----------
    Meeus, Jones and Butcher's algorithm; Meeus, *Astronomical Algorithms*, 2nd edition, chapter 8.
    """
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    n = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * n) // 451
    month, day = divmod(h + n - 7 * m + 114, 31)
    return date(year, month, day + 1)


def _weekday_from(day: date, weekday: int) -> date:
    """The first date from ``day`` on that is this weekday."""
    return day + timedelta(days=(weekday - day.weekday()) % 7)


@lru_cache(maxsize=512)
def public_holidays(year: int) -> Mapping[date, str]:
    """The public holidays of a year beside its ordinary Sundays, by date.

    Parameters
    ----------
    year
        From 2005 on.

    Returns
    -------
    mapping of date to str
        English codes in the order of the year; Easter Day and Whit Sunday are Sundays and stand here too.

    Raises
    ------
    ValueError
        For a year before 2005, when the law named other days.

    References
    ----------
    Lag (1989:253) om allmänna helgdagar, as changed by SFS 2004:1320.
    """
    if year < FIRST_YEAR:
        raise ValueError(f"year {year}, expected {FIRST_YEAR} or later: the law named other holidays before")
    easter = easter_sunday(year)
    days = {
        date(year, 1, 1): "new_years_day",
        date(year, 1, 6): "epiphany",
        easter - timedelta(days=2): "good_friday",
        easter: "easter_day",
        easter + timedelta(days=1): "easter_monday",
        date(year, 5, 1): "first_of_may",
        easter + timedelta(days=39): "ascension_day",
        easter + timedelta(days=49): "whit_sunday",
        date(year, 6, 6): "national_day",
        _weekday_from(date(year, 6, 20), SATURDAY): "midsummer_day",
        _weekday_from(date(year, 10, 31), SATURDAY): "all_saints_day",
        date(year, 12, 25): "christmas_day",
        date(year, 12, 26): "second_day_of_christmas",
    }
    # two can fall on one date, which is a holiday once: Ascension Day on 1 May (2008), Whit Sunday on 6 June (2049)
    return MappingProxyType(dict(sorted(days.items())))


@lru_cache(maxsize=512)
def eves(year: int) -> Mapping[date, str]:
    """The five eves on which those who work weekdays only are free (W-67), by date; none is a public holiday by law.

    Raises
    ------
    ValueError
        For a year before 2005, as for the holidays.
    """
    if year < FIRST_YEAR:
        raise ValueError(f"year {year}, expected {FIRST_YEAR} or later")
    easter = easter_sunday(year)
    days = {
        easter - timedelta(days=1): "easter_eve",
        easter + timedelta(days=48): "whitsun_eve",
        _weekday_from(date(year, 6, 19), FRIDAY): "midsummer_eve",
        date(year, 12, 24): "christmas_eve",
        date(year, 12, 31): "new_years_eve",
    }
    return MappingProxyType(dict(sorted(days.items())))


def day_kind(day: date) -> DayKind:
    """What kind of day ``day`` is.

    Raises
    ------
    ValueError
        For a date before 2005.
    """
    return DayKind(day.weekday(), public_holidays(day.year).get(day, ""), eves(day.year).get(day, ""))


def days_between(start: date, stop: date) -> Iterator[date]:
    """The dates in ``[start, stop)``."""
    for ordinal in range(start.toordinal(), stop.toordinal()):
        yield date.fromordinal(ordinal)


def working_days(start: date, stop: date) -> int:
    """How many days in ``[start, stop)`` are days of those who work weekdays only (W-67)."""
    return sum(day_kind(day).is_working_day for day in days_between(start, stop))

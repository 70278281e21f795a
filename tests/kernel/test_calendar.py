"""The computed calendar against a written one, against W-67, and where it is known to be odd."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

import pytest

from vardnara.kernel.calendar import (
    DAY_CODES,
    DayKind,
    day_kind,
    easter_sunday,
    eves,
    public_holidays,
    working_days,
)

SWEDISH = {
    "Nyårsdagen": "new_years_day",
    "Trettondedag jul": "epiphany",
    "Långfredagen": "good_friday",
    "Påskdagen": "easter_day",
    "Annandag påsk": "easter_monday",
    "Första maj": "first_of_may",
    "Kristi himmelsfärdsdag": "ascension_day",
    "Pingstdagen": "whit_sunday",
    "Nationaldagen": "national_day",
    "Midsommardagen": "midsummer_day",
    "Alla helgons dag": "all_saints_day",
    "Juldagen": "christmas_day",
    "Annandag jul": "second_day_of_christmas",
}


def test_the_holidays_of_twelve_years_are_those_of_the_list(shared_data: Path) -> None:
    """Date and name, none missing and none too many."""
    written: dict[int, dict[date, str]] = defaultdict(dict)
    with (shared_data / "calendar_sweden/public_holidays_2015_2026.csv").open(newline="", encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            day = date.fromisoformat(row["date"])
            written[day.year][day] = SWEDISH[row["name_sv"]]
    assert sorted(written) == list(range(2015, 2027))
    for year, days in written.items():
        assert public_holidays(year) == days


@pytest.mark.parametrize(("year", "days"), [(2025, 249), (2026, 251), (2027, 253)])
def test_working_days_are_those_of_w_67(year: int, days: int) -> None:
    """What a full-time year of somebody who works weekdays only is counted in."""
    assert working_days(date(year, 1, 1), date(year + 1, 1, 1)) == days


@pytest.mark.parametrize(
    "easter", [date(2008, 3, 23), date(2011, 4, 24), date(2038, 4, 25), date(2285, 3, 22), date(2100, 3, 28)]
)
def test_easter_at_its_extremes(easter: date) -> None:
    """The earliest and the latest Easter, and a century that is no leap year."""
    assert easter_sunday(easter.year) == easter


def test_the_eves() -> None:
    """Easter, Whitsun and midsummer move, Christmas and New Year do not."""
    assert {code: day for day, code in eves(2026).items()} == {
        "easter_eve": date(2026, 4, 4),
        "whitsun_eve": date(2026, 5, 23),
        "midsummer_eve": date(2026, 6, 19),
        "christmas_eve": date(2026, 12, 24),
        "new_years_eve": date(2026, 12, 31),
    }


def test_weekday_holiday_and_eve_are_facts_of_their_own() -> None:
    """The National Day of 2071 is also a Saturday and Whitsun Eve; as a day of an agreement it is a holiday."""
    kind = day_kind(date(2071, 6, 6))
    assert kind == DayKind(5, "national_day", "whitsun_eve")
    assert kind.is_saturday and not kind.is_sunday and not kind.is_working_day
    assert DAY_CODES[kind.day_number - 1] == "holiday"
    assert DAY_CODES[day_kind(date(2026, 12, 24)).day_number - 1] == "eve"
    assert DAY_CODES[day_kind(date(2026, 11, 22)).day_number - 1] == "sun"


def test_every_year_has_its_days() -> None:
    """13 holidays, 12 where two fall on one date; 5 eves, each the day before its holiday."""
    for year in range(2005, 2201):
        holidays = public_holidays(year)
        doubled = easter_sunday(year) in (date(year, 3, 23), date(year, 4, 18))
        assert len(holidays) == (12 if doubled else 13)
        assert len(eves(year)) == 5
        known = set(holidays) | set(public_holidays(year + 1))
        assert all(day + timedelta(days=1) in known for day in eves(year))


def test_years_of_another_law_are_refused() -> None:
    """Before 2005 Whit Monday was a holiday and 6 June was not: better no answer than a wrong one."""
    with pytest.raises(ValueError, match="2005"):
        day_kind(date(2004, 12, 31))

"""Recurrence against dateutil's reading of the same rules, and against itself."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from vardnara.kernel.calendar import day_kind
from vardnara.kernel.errors import InputError
from vardnara.kernel.recurrence import ON_SPECIAL_DAY, Recurrence
from vardnara.kernel.rrule import WEEKDAYS

anchors = st.dates(date(2005, 1, 1), date(2040, 12, 31))


def listed(numbers: st.SearchStrategy[int]) -> st.SearchStrategy[str]:
    return st.lists(numbers, min_size=1, max_size=4, unique=True).map(lambda some: ",".join(map(str, some)))


def signed(high: int) -> st.SearchStrategy[int]:
    return st.integers(1, high) | st.integers(-high, -1)


plain_days = st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=7, unique=True).map(",".join)
nth_days = st.lists(
    st.tuples(signed(5), st.sampled_from(WEEKDAYS)).map(lambda pair: f"{pair[0]}{pair[1]}"),
    min_size=1,
    max_size=3,
    unique=True,
).map(",".join)


@st.composite
def rrules(draw: st.DrawFn) -> str:
    """Rules as people write them, without two things in which dateutil is no judge.

    It intersects plain and numbered weekdays, which RFC 5545 joins; and it takes 1 January 2011 for no day of week 52,
    which ``isocalendar`` says it is.
    """
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = {"FREQ": frequency}
    if draw(st.booleans()):
        parts["INTERVAL"] = str(draw(st.integers(1, 12)))
    if draw(st.booleans()):
        parts["WKST"] = draw(st.sampled_from(WEEKDAYS))
    may = {"BYMONTH": listed(st.integers(1, 12)), "BYDAY": plain_days}
    if frequency != "WEEKLY":
        may["BYMONTHDAY"] = listed(signed(31))
    if frequency in ("MONTHLY", "YEARLY"):
        may["BYDAY"] = plain_days | nth_days
    if frequency == "YEARLY":
        may["BYYEARDAY"] = listed(signed(366))
    for name, values in may.items():
        if draw(st.integers(0, 2)) == 0:
            parts[name] = draw(values)
    if frequency == "YEARLY" and "BYDAY" not in parts and draw(st.integers(0, 3)) == 0:
        parts |= {"BYWEEKNO": draw(listed(st.integers(2, 51))), "BYDAY": draw(plain_days)}
    if frequency in ("MONTHLY", "YEARLY") and any(name in parts for name in may) and draw(st.integers(0, 2)) == 0:
        parts["BYSETPOS"] = draw(listed(signed(5)))
    end = draw(st.sampled_from(["", "", "COUNT", "UNTIL"]))
    if end == "COUNT":
        parts["COUNT"] = str(draw(st.integers(1, 400)))
    elif end == "UNTIL":
        parts["UNTIL"] = f"{draw(anchors):%Y%m%d}"
    return ";".join(f"{name}={value}" for name, value in parts.items())


def made(rrule: str, anchor: date, **options: str) -> Recurrence:
    """The recurrence; rules that never occur are not looked at (dateutil would walk to the year 9999)."""
    try:
        return Recurrence(rrule, anchor, **options)  # type: ignore[arg-type]
    except InputError as error:
        assert error.code == "never_occurs", (rrule, error)
        assume(False)
        raise


@settings(max_examples=400, deadline=None)
@given(rrules(), anchors)
def test_dateutil_names_the_same_days(rrule: str, anchor: date) -> None:
    """Eight years from the anchor, day by day, and the first one."""
    rule = made(rrule, anchor)
    stop = date(anchor.year + 8, 1, 1)
    second = rrulestr(rrule, dtstart=datetime(anchor.year, anchor.month, anchor.day))
    theirs = []
    for one in second:
        if one.date() >= stop:
            break
        theirs.append(one.date())
        if len(theirs) > 3000:
            break
    assert list(rule.dates(date(2000, 1, 1), stop)) == theirs


@settings(deadline=None)
@given(st.sets(st.integers(1, 53) | st.integers(-53, -1), min_size=1, max_size=4), anchors)
def test_weeks_are_those_of_the_iso_calendar(numbers: set[int], anchor: date) -> None:
    """The first and last days of a year lie in a week of the year beside as often as not."""
    text = ",".join(map(str, sorted(numbers)))
    rule = made(f"FREQ=YEARLY;BYWEEKNO={text};BYDAY=MO,TU,WE,TH,FR,SA,SU", anchor)
    for day in (anchor + timedelta(days=index) for index in range(800)):
        iso_year, week, _ = day.isocalendar()
        weeks = date(iso_year, 12, 28).isocalendar().week
        assert rule.occurs_on(day) is bool(numbers & {week, week - weeks - 1})


@settings(deadline=None)
@given(rrules(), anchors, st.sampled_from(ON_SPECIAL_DAY), st.sampled_from(ON_SPECIAL_DAY), anchors)
def test_one_date_and_the_list_agree(rrule: str, anchor: date, holidays: str, eves: str, start: date) -> None:
    """Also across New Year, and the counts by weekday are those of the dates."""
    rule = made(rrule, anchor, holidays=holidays, eves=eves)
    stop = start + timedelta(days=400)
    days = [start + timedelta(days=index) for index in range(400)]
    assert list(rule.dates(start, stop)) == [day for day in days if rule.occurs_on(day)]
    year = list(rule.dates(date(start.year, 1, 1), date(start.year + 1, 1, 1)))
    assert rule.count_by_weekday(start.year) == tuple(sum(d.weekday() == w for d in year) for w in range(7))


@settings(deadline=None)
@given(rrules(), anchors, st.sampled_from(ON_SPECIAL_DAY), st.sampled_from(ON_SPECIAL_DAY))
def test_a_policy_touches_only_its_days(rrule: str, anchor: date, holidays: str, eves: str) -> None:
    """Ordinary days are the rule's own, or none where something counts on special days only."""
    rule, plain = made(rrule, anchor, holidays=holidays, eves=eves), made(rrule, anchor)
    for day in (anchor + timedelta(days=index) for index in range(366)):
        kind = day_kind(day)
        policy = holidays if kind.holiday else eves if kind.eve else "ordinary"
        only = "only" in (holidays, eves)
        if policy in ("ordinary", "same"):
            assert rule.occurs_on(day) is (plain.occurs_on(day) and not only)
        elif policy == "none":
            assert not rule.occurs_on(day)
        elif policy == "only":
            assert rule.occurs_on(day) is plain.occurs_on(day)

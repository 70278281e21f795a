"""The weekly rest as an automaton: whether the week has had its 36 hours, and how long somebody has been resting."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from vardnara.engines.roster.data import Automaton
from vardnara.engines.roster.swedish.data import DAY_MINUTES, RosterPeriod, ShiftKind, clock_at

FORBIDDEN = -1
HOUR = 60
State = tuple[bool, int]  # rested this week; minutes since the last shift's end (or the week-break) at midnight


class WeeklyRests:
    """The rule for people of a period; those who come with the same rest share one.

    A rest counts within the week in which it lies, from week-break to week-break (W-05). In the week of the spring
    change an hour more is asked for by the clock, since one of its hours never is.
    """

    def __init__(self, period: RosterPeriod) -> None:
        self.period = period
        self.known: dict[int, Automaton] = {}

    def after(self, before: Mapping[date, str]) -> Automaton:
        """The rule for a person with these shifts before the first day."""
        resting = min(_resting_before(self.period, before), self.period.rules.weekly_rest + HOUR)
        if resting not in self.known:
            self.known[resting] = _automaton(self.period, resting)
        return self.known[resting]


def _resting_before(period: RosterPeriod, before: Mapping[date, str]) -> int:
    """Minutes of rest at the first day's midnight; below 0 where a shift goes on past it."""
    ends = [DAY_MINUTES * (period.first - day).days - period.kind(code).end for day, code in before.items() if code]
    return min(ends, default=period.rules.weekly_rest)


def _automaton(period: RosterPeriod, resting: int) -> Automaton:
    rest, week_break = period.rules.weekly_rest, period.rules.week_break
    asked = [rest + HOUR * (_hours(period, week) < 7 * 24) for week in range(period.weeks)]
    kinds: list[int] = []
    names: dict[tuple[str, int, int], int] = {}
    for n in range(period.n_days):
        week, weekday = divmod(n, 7)
        what = "plain"
        if weekday == 0:
            what = "first" if week == 0 else "monday"
        elif weekday == 6:
            what = "sunday"
        closing = asked[week - 1] if what == "monday" else 0
        kinds.append(names.setdefault((what, asked[week], closing), len(names)))
    cap = rest + HOUR
    start: State = (False, min(resting, cap))
    states: dict[State, int] = {start: 0}
    tables: list[dict[int, list[int]]] = [{} for _ in names]
    queue = [start]
    for state in queue:
        for name, number in names.items():
            row = []
            by_times: dict[tuple[int, int] | None, int] = {}  # shifts with the same times do the same
            for kind in (None, *period.kinds):
                times = None if kind is None else (kind.start, kind.end)
                if times not in by_times:
                    found = _step(name, state, kind, week_break=week_break, cap=cap)
                    if found is not None and found not in states:
                        states[found] = len(states)
                        queue.append(found)
                    by_times[times] = FORBIDDEN if found is None else states[found]
                row.append(by_times[times])
            tables[number][states[state]] = row
    following = tuple(tuple(tuple(table[n]) for n in range(len(states))) for table in tables)
    return Automaton("weekly_rest", tuple(kinds), following)


def _hours(period: RosterPeriod, week: int) -> float:
    start = period.first + timedelta(weeks=week)
    since, until = (clock_at(day, period.rules.week_break) for day in (start, start + timedelta(weeks=1)))
    return (until - since) / timedelta(hours=1)


def _step(
    name: tuple[str, int, int], state: State, kind: ShiftKind | None, *, week_break: int, cap: int
) -> State | None:
    """A day of a person who is free, or works a shift; None where the week could not have its rest."""
    what, asked, closing = name
    rested, resting = state
    if what in ("first", "monday"):
        until = week_break if kind is None else min(kind.start, week_break)
        if what == "monday" and not rested and resting + until < closing:
            return None
        rested, resting = False, min(resting, -week_break)  # the new week's rest begins at its break at the earliest
    if kind is None:
        resting += DAY_MINUTES
        rested = rested or resting >= asked
    else:
        rested = rested or resting + kind.start >= asked
        resting = DAY_MINUTES - kind.end
    if what == "sunday" and not rested and resting + week_break < asked:
        return None  # no Monday can mend it: told at once, so that no stretch of weeks ends where nothing goes on
    resting = min(resting, cap)
    return rested, cap if rested and resting >= 0 else resting

"""Compiles what the search for rosters runs on, before somebody waits for it."""

from __future__ import annotations

from datetime import date, timedelta

from vardnara.engines.hours.params import hour_rules
from vardnara.engines.roster.data import Assignment
from vardnara.engines.roster.swedish.data import Need, RosteredPerson, RosterPeriod, ShiftKind

FIRST, AWAY = date(2026, 1, 5), 2
DAY = timedelta(days=1)


def roster_warm() -> None:
    """Mend a roster of two people and a week, so that every kernel is compiled and kept in numba's cache.

    Where numba finds no folder to keep it in, it is compiled for this process alone.
    """
    from vardnara.engines.roster.swedish.repair import roster_repair  # compiles when it is imported

    kinds = (ShiftKind("D", 420, 930, ((660, 690),)), ShiftKind("E", 780, 1290, ((1020, 1050),)))
    stood = [Assignment("a", day, "D") for day in range(5)]
    needs = tuple(Need(FIRST + day * DAY, "D", 1) for day in range(5))
    people = (
        RosteredPerson(id="a", due_minutes=9180, away=frozenset({FIRST + AWAY * DAY})),
        RosteredPerson(id="b", due_minutes=9180),
    )
    period = RosterPeriod(FIRST, 4, kinds, people, needs, hour_rules())
    roster_repair(period, stood, held=FIRST)

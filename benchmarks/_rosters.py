"""Invented periods under Swedish rules: zones of wards, days and evenings, people with contracts, leave and wishes."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

FULL_WEEK = 2295  # 38 h 15 min
DAY = timedelta(days=1)


def period_make(*, people: int, weeks: int, zones: int, seed: int, first: date = date(2026, 2, 2)) -> Any:
    """A period whose need is about what the people can carry; the same seed is the same period.

    Each zone has a day shift from 7, one from 10 and an evening until 21:30; weekends need about six tenths of a
    weekday. A tenth of the people are part-time by three quarters, three in a hundred days are leave, and everybody has
    a few wishes.
    """
    from vardnara.engines.hours.params import hour_rules
    from vardnara.engines.roster.swedish import Need, RosteredPerson, RosterPeriod, ShiftKind, Wish

    dice = random.Random(seed)
    kinds, codes = [], []
    for zone in range(zones):
        for name, start, end, rest in (("D", 420, 930, 660), ("M", 600, 1110, 840), ("E", 780, 1290, 1020)):
            code = f"{name}{zone + 1}"
            needs = frozenset({"food_hygiene"} if name != "M" else {"contagion"})
            kinds.append(ShiftKind(code, start, end, ((rest, rest + 30),), needs))
            codes.append(code)
    days = [first + DAY * n for n in range(7 * weeks)]
    rostered, capacity = [], 0
    for n in range(people):
        share = 0.75 if dice.random() < 0.1 else 1.0
        away: set[date] = set()
        if dice.random() < 0.2:
            start = dice.randrange(len(days) - 7)
            away = set(days[start : start + 7])
        due = round(FULL_WEEK * share * (weeks - len(away) / 7))
        capacity += due
        own = {zone % zones for zone in (n % zones, n % zones + 1)}
        trained = {"food_hygiene": None, **({"contagion": None} if dice.random() < 0.7 else {})}
        wishes = tuple(
            Wish(dice.choice(days), None, wanted=False, weight=dice.choice((1, 1, 2, 3))) for _ in range(weeks)
        )
        rostered.append(
            RosteredPerson(
                id=f"p{n + 1}",
                due_minutes=due,
                share=share,
                kinds=frozenset(code for code in codes if int(code[1:]) - 1 in own),
                trained=trained,
                away=frozenset(away),
                wishes=wishes,
                weekends_before=dice.randrange(0, 4),
                evenings_before=dice.randrange(0, 8),
            )
        )
    shifts = capacity / 480 * 0.97
    weekday = shifts / (weeks * (5 + 2 * 0.6)) / zones
    needs = []
    for day in days:
        for zone in range(zones):
            amount = weekday * (0.6 if day.weekday() > 4 else 1.0)
            for name, part in (("D", 0.5), ("M", 0.2), ("E", 0.3)):
                wanted = int(amount * part + dice.random())
                needs.append(Need(day, f"{name}{zone + 1}", wanted))
    return RosterPeriod(first, weeks, tuple(kinds), tuple(rostered), tuple(needs), hour_rules())

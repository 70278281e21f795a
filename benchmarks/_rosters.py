"""Invented instances: periods under Swedish rules, and look-alikes of the public shift scheduling family."""

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


FULL_SHIFT, LONG_SHIFT = 480, 600
GROUPS = "adpn"  # early, day, late and night: whoever works one of them does not work an earlier one the day after


def instance_text(*, people: int, weeks: int, shifts: int, seed: int) -> str:
    """An instance in the text format of Curtois & Qu 2014, with a need that the people can about carry.

    Shifts fall into four groups of the day. Contracts, runs, weekends, days off, wishes and prices of cover are drawn
    to look like the public ones; nights are few people's, and for four of them at most in four weeks.
    """
    dice = random.Random(seed)
    kinds = [(f"{GROUPS[4 * n // shifts]}{n + 1}", 4 * n // shifts) for n in range(shifts)]
    length = {name: LONG_SHIFT if dice.random() < 0.15 else FULL_SHIFT for name, _ in kinds}
    lines = ["SECTION_HORIZON", str(7 * weeks), "", "SECTION_SHIFTS"]
    for name, group in kinds:
        lines.append(f"{name},{length[name]},{'|'.join(other for other, earlier in kinds if earlier < group)}")
    lines += ["", "SECTION_STAFF"]
    off, on, wishes = [], [], []
    n_days = 7 * weeks
    capacity = 0.0
    for n in range(people):
        who, part = f"e{n + 1}", dice.random() < 0.25
        most = weeks * (1440 if part else 2160)
        least = most - 1080 if weeks <= 12 else most * 9 // 10
        own = {name for name, _ in kinds if dice.random() < 0.6} | {kinds[n % max(3 * shifts // 4, 1)][0]}
        at_night = n_days // 7 if dice.random() < 0.6 else 0
        limit = {name: at_night if group == 3 else n_days for name, group in kinds if name in own}
        limits = "|".join(f"{name}={limit.get(name, 0)}" for name, _ in kinds)
        lines.append(f"{who},{limits},{most},{least},{4 if part else 5},2,{3 if part else 2},{weeks // 2}")
        capacity += (most + least) / 2
        days = dice.sample(range(n_days), max(1, n_days // 28))
        off.append(",".join([who, *(str(day) for day in sorted(days))]))
        for day in dice.sample(range(n_days), max(1, n_days // 5)):
            if day not in days:
                wish = f"{who},{day},{dice.choice(sorted(limit))},{dice.randint(1, 3)}"
                (on if dice.random() < 0.6 else wishes).append(wish)
    lines += ["", "SECTION_DAYS_OFF", *off, "", "SECTION_SHIFT_ON_REQUESTS", *on]
    lines += ["", "SECTION_SHIFT_OFF_REQUESTS", *wishes, "", "SECTION_COVER"]
    each = capacity / FULL_SHIFT / n_days / shifts
    for day in range(n_days):
        for name, group in kinds:
            part = (0.8 if day % 7 > 4 else 1.1) * (0.5 if group == 3 else 1.15)
            lines.append(f"{day},{name},{max(0, int(each * part + dice.random()))},100,1")
    return "\n".join(lines) + "\n"

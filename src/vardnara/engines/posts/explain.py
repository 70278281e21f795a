"""What a post buys and what decides how many are needed, in plain English; pages build their own sentences."""

from __future__ import annotations

from vardnara.engines.posts.data import Field
from vardnara.engines.posts.figures import bought, by_part, by_zone
from vardnara.engines.posts.result import Allocation, CoverPlan

MOSTLY = 0.5  # part of the whole above which one part of the week is named alone
PART_WORDS = {
    "weekday_morning": "weekday mornings",
    "weekday_day": "the middle of weekdays",
    "weekday_evening": "weekday evenings",
    "weekday_night": "weekday nights",
    "weekend_morning": "mornings at weekends and holidays",
    "weekend_day": "the middle of the day at weekends and holidays",
    "weekend_evening": "evenings at weekends and holidays",
    "weekend_night": "nights at weekends and holidays",
}


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th."""
    last = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if number // 10 % 10 != 1 else "th"
    return f"{number}{last}"


def step_text(found: Field, before: Allocation, after: Allocation) -> str:
    """What one more post buys, where the days of work of those before stay.

    ``the 9th post buys 14.2 h a week, mostly weekday mornings, on K1 (9.1 h) and M2 (5.1 h)``
    """
    rows = bought(found, before, after)
    total = sum(row.minutes for row in rows)
    said = f"the {ordinal(after.n_posts)} post buys {total / 60:.1f} h a week"
    if total < 1:
        return said
    parts = [(name, minutes) for name, minutes in by_part(rows) if minutes > 0]
    first, share = parts[0][0], parts[0][1] / total
    if share >= MOSTLY or len(parts) == 1:
        said += f", mostly {PART_WORDS[first]}"
    else:
        said += f", most of it {PART_WORDS[first]} and {PART_WORDS[parts[1][0]]}"
    zones = [f"{found.zones[zone]} ({minutes / 60:.1f} h)" for zone, minutes in by_zone(rows)[:3] if minutes >= 1]
    return said + (f", on {_and(zones)}" if zones else "")


def _and(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]


def cover_text(found: Field, plan: CoverPlan) -> str:
    """How many posts the covers need, and what decides it."""
    if not plan.posts.total:
        return "no hour needs anybody"
    limits = {
        "hours of work": plan.limits.hours,
        "days of work": plan.limits.days,
        "people on the fullest day": plan.limits.heads,
        "turns at weekends and holidays": plan.limits.weekends,
    }
    name, most = max(limits.items(), key=lambda one: one[1])
    rest = ", ".join(f"{other} {number:.1f}" for other, number in limits.items() if other != name)
    kinds = f"{plan.posts.all_days} of all days and {plan.posts.weekdays} Monday to Friday"
    return f"{plan.posts.total} posts ({kinds}); {name} ask for {most:.1f}, {rest}"

"""What a roster's shifts cost: pay by the hour, inconvenient hours by the agreement, social charges on both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from vardnara.apps.staffing.models import Person, Post
from vardnara.engines.hours import inconvenient_minutes
from vardnara.engines.hours.params import inconvenient_rules
from vardnara.engines.roster.swedish import RosterPeriod
from vardnara.kernel.money import sek
from vardnara.parameters.working_hours import rates_on

HOURS_A_MONTH = 165  # by which a month's pay is an hour's (W-49)
NONE = Decimal(0)
MINUTES = Decimal(60)


@dataclass(frozen=True, slots=True)
class RosterCost:
    """Kronor of the shifts of a roster. ``unknown_minutes`` are those of people whose pay is not known."""

    pay_sek: Decimal
    inconvenient_sek: Decimal
    charges_sek: Decimal
    minutes: int
    unknown_minutes: int
    inconvenient_minutes: Mapping[str, int]
    unrated_minutes: int
    pay_years: tuple[int, ...]
    charges_bases: tuple[str, ...]

    @property
    def total_sek(self) -> Decimal:
        return self.pay_sek + self.inconvenient_sek + self.charges_sek

    @property
    def is_known(self) -> bool:
        return bool(self.pay_years)


def person_posts(person: Person, day: date) -> list[tuple[Decimal, Post]]:
    """The posts that somebody is employed on on a day, with the share on each."""
    return [
        (one.share, one.post)
        for one in person.contracts.all()
        if one.post is not None and one.from_on <= day and (one.to_on is None or day < one.to_on)
    ]


def roster_cost(
    period: RosterPeriod, people: Mapping[str, Person], lines: Iterable[tuple[str, date, str]]
) -> RosterCost:
    """Sum what lines (person, day, kind) cost. People on posts whose pay is not known are counted, not priced."""
    kinds = {kind.code: kind for kind in period.kinds}
    extra: dict[tuple[str, date], dict[str, float]] = {}
    pay = added = charges = NONE
    total = unknown = unrated = 0
    sums: dict[str, float] = {}
    years: set[int] = set()
    bases: set[str] = set()
    rules = inconvenient_rules()
    for key, day, code in lines:
        kind = kinds[code]
        total += kind.minutes
        if (code, day) not in extra:
            held = max((since for since in rules if since <= day), default=None)
            extra[code, day] = {} if held is None else inconvenient_minutes(kind.on(day), rules[held])
        rates = rates_on(day)
        own = NONE
        for category, minutes in extra[code, day].items():
            sums[category] = sums.get(category, 0) + minutes
            rate = rates.sek.get(category) if rates is not None else None
            if rate is None:
                unrated += round(minutes)
            else:
                own += rate * Decimal(minutes) / MINUTES
        added += own
        posts = [(share, post) for share, post in person_posts(people[key], day) if post.monthly_sek is not None]
        share = sum((share for share, _ in posts), NONE)
        if not share:
            unknown += kind.minutes
            continue
        hourly = sum((part * post.monthly_sek for part, post in posts), NONE) / share / HOURS_A_MONTH  # type: ignore[operator]
        hours = Decimal(kind.minutes) / MINUTES
        pay += hourly * hours
        years |= {post.pay_year for _, post in posts if post.pay_year is not None}
        if all(post.charges_share is not None for _, post in posts):
            rate_mean = sum((part * post.charges_share for part, post in posts), NONE) / share  # type: ignore[operator]
            charges += rate_mean * (hourly * hours + own)
            bases |= {post.charges_basis for _, post in posts}
    return RosterCost(
        sek(pay), sek(added), sek(charges), total, unknown, {name: round(n) for name, n in sums.items()}, unrated,
        tuple(sorted(years)), tuple(sorted(bases)),
    )  # fmt: skip

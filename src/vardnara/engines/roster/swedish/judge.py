"""The judge of a Swedish roster, on instants: it knows nothing of how the roster was found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from vardnara.engines.hours import Duty, Evened, HourRules, extra_time, hours_check
from vardnara.engines.hours.extra import KINDS, STRETCHES, extra_by_day
from vardnara.engines.roster.data import Assignment
from vardnara.engines.roster.swedish.data import Never, RosteredPerson, RosterPeriod, ShiftKind, clock_at

SUMS = frozenset({"contract_most", *(f"{kind}_{over}" for kind in KINDS for over in STRETCHES)})


@dataclass(frozen=True, slots=True)
class Broken:
    """A hard rule that is broken: whose, when, what there is and what is asked for (minutes, days or 0)."""

    rule: str
    person: str
    on: date
    found: float = 0
    limit: float = 0


@dataclass(frozen=True, slots=True)
class Short:
    """Fewer work a shift than are needed."""

    on: date
    shift: str
    wanted: int
    there: int


@dataclass(frozen=True, slots=True)
class SwedishJudgement:
    """Every hard rule that is broken, and every shift that is under-staffed."""

    broken: tuple[Broken, ...]
    short: tuple[Short, ...]
    short_minutes: int


def swedish_check(
    period: RosterPeriod, assignments: Iterable[Assignment], *, overtime_band: int = 0
) -> SwedishJudgement:
    """Judge a roster by the clock: rest, limits, contracts, trainings, leave, hours that are never worked.

    Parameters
    ----------
    overtime_band
        Minutes that a roster may go above the contract over the period.
    """
    rows: dict[str, dict[date, list[str]]] = {one.id: {} for one in period.people}
    broken: list[Broken] = []
    codes = {kind.code for kind in period.kinds}
    there: dict[tuple[date, str], int] = {}
    for line in assignments:
        day = period.day(line.day)
        if line.employee not in rows or line.shift not in codes or not 0 <= line.day < period.n_days:
            broken.append(Broken("unknown_shift", line.employee, day))
            continue
        rows[line.employee].setdefault(day, []).append(line.shift)
        there[day, line.shift] = there.get((day, line.shift), 0) + 1
    for one in period.people:
        broken += person_check(period, one, rows[one.id], overtime_band)
    short = [
        Short(need.on, need.shift, need.wanted, there.get((need.on, need.shift), 0))
        for need in period.needs
        if there.get((need.on, need.shift), 0) < need.wanted
    ]
    minutes = sum((one.wanted - one.there) * period.kind(one.shift).minutes for one in short)
    return SwedishJudgement(tuple(broken), tuple(short), minutes)


def rules_worse(before: Iterable[Broken], after: Iterable[Broken]) -> frozenset[str]:
    """The rules that somebody breaks more often after a change than before it, or passes by more where it is a sum.

    What was broken already, and is as it was, forbids nothing.
    """
    counts: list[dict[tuple[str, str], float]] = [{}, {}]
    for count, rows in zip(counts, (before, after), strict=True):
        for one in rows:
            key = one.person, one.rule
            count[key] = count.get(key, 0) + (one.found - one.limit if one.rule in SUMS else 1)
    return frozenset(rule for (who, rule), n in counts[1].items() if n > counts[0].get((who, rule), 0))


def person_check(
    period: RosterPeriod, one: RosteredPerson, row: Mapping[date, Sequence[str]], overtime_band: int = 0
) -> Iterator[Broken]:
    """Every hard rule that one person's shifts break, day to shifts."""
    before = [period.kind(code).on(day) for day, code in one.before.items() if code]
    own = [(day, period.kind(code)) for day, codes in sorted(row.items()) for code in codes]
    duties = [kind.on(day) for day, kind in own]
    for breach in hours_check(
        [*before, *duties],
        rules_of(period, one),
        first=period.first,
        last=period.last,
        minor_until=one.adult_on,
    ):
        if breach.on >= period.first:
            yield Broken(breach.rule, one.id, breach.on, breach.found, breach.limit)
    for day, codes in row.items():
        if len(codes) > 1:
            yield Broken("twice", one.id, day, len(codes), 1)
    minutes = sum(kind.minutes for _, kind in own)
    if minutes > one.due_minutes + overtime_band:
        yield Broken("contract_most", one.id, period.first, minutes, one.due_minutes + overtime_band)
    if minutes > one.due_minutes:
        yield from extra_check(period, one, row)
    for day, kind in own:
        yield from shift_check(one, day, kind)
    for day, code in one.fixed.items():
        if period.first <= day <= period.last and list(row.get(day, [""])) != [code]:
            yield Broken("fixed", one.id, day)


def evened_of(period: RosterPeriod, one: RosteredPerson, row: Mapping[date, Sequence[str]]) -> Evened:
    """A person's shifts of the period against the contract: what was published, what came later and was worked."""
    of, ordinary, added = one.extra, 0.0, {}
    for day, codes in row.items():
        minutes = sum(period.kind(code).minutes for code in codes)
        stood = min(minutes, of.ordinary.get(day, 0))
        ordinary += stood
        if minutes > stood:
            added[day] = max(0.0, minutes - stood - of.absent.get(day, 0))
    return Evened(one.due_minutes, max(of.full_minutes, one.due_minutes), ordinary, added, of.beyond)


def extra_check(period: RosterPeriod, one: RosteredPerson, row: Mapping[date, Sequence[str]]) -> Iterator[Broken]:
    """The caps on overtime and additional time that shifts above the contract pass, what else there is counted in."""
    evened = evened_of(period, one, row)
    if evened.ordinary + sum(evened.added.values()) <= one.due_minutes or not period.rules.extra_caps:
        return
    of = list(extra_by_day(replace(evened, beyond={})))
    found = extra_time([evened], period.rules.extra_caps, elsewhere=one.extra.elsewhere, of=of)
    for breach in found.breaches:
        yield Broken(breach.rule, one.id, breach.on, breach.found, breach.limit)


def shift_check(one: RosteredPerson, day: date, kind: ShiftKind) -> Iterator[Broken]:
    """What forbids a person one shift on a day, whatever else is worked: leave, kinds, hours, trainings."""
    if day in one.away:
        yield Broken("away", one.id, day)
    if one.kinds is not None and kind.code not in one.kinds:
        yield Broken("unknown_shift", one.id, day)
    if one.never:
        duty = kind.on(day)
        for rule in sorted({never.rule for never in one.never if _within(never, duty, day)}):
            yield Broken(rule, one.id, day)
    for competence in sorted(kind.competences):
        last = one.trained.get(competence, date.min)
        if last is not None and last < day:
            yield Broken("untrained", one.id, day)


def rules_of(period: RosterPeriod, one: RosteredPerson) -> HourRules:
    """The limits that hold for a person: free days are asked for where Sundays and holidays are worked too."""
    return period.rules if one.all_days else replace(period.rules, free_days=0)


def _within(never: Never, duty: Duty, day: date) -> bool:
    """Whether a shift lies in hours that are never worked, on any of the days around it."""
    around = (day + timedelta(days=offset) for offset in (-1, 0, 1))
    return any(
        other.weekday() == never.weekday
        and never.first <= other <= never.last
        and duty.start < clock_at(other, never.until)
        and clock_at(other, never.since) < duty.end
        for other in around
    )

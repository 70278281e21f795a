"""A Swedish period in the engine's words: each rule as what may follow what, a sum, a closed shift, or a price."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from math import ceil

from vardnara.engines.hours import Extra, extra_room, hours_check, night_minutes
from vardnara.engines.roster.data import (
    ANY,
    FREE,
    Automaton,
    Bounds,
    Cover,
    Employee,
    History,
    Request,
    RosterProblem,
    SequenceRules,
    Shift,
    Tally,
)
from vardnara.engines.roster.swedish.data import (
    DAY_MINUTES,
    Never,
    RosteredPerson,
    RosterPeriod,
    ShiftKind,
    clock_at,
)
from vardnara.engines.roster.swedish.params import RosterWeights
from vardnara.engines.roster.swedish.weekly import WeeklyRests

PLAIN = date(2026, 2, 4)  # a Wednesday far from the clock's changes
FULL_SHIFT = 480
DAY = timedelta(days=1)
DAILY = ("overlap", "daily_rest_gap", "daily_rest_day", "daily_work")


def roster_problem(period: RosterPeriod, weights: RosterWeights | None = None) -> RosterProblem:
    """The period as a problem that the engine solves.

    Raises
    ------
    ValueError
        A kind of shift that is unlawful by itself: it says which, and by which rule.
    """
    weights = weights or RosterWeights()
    for kind in period.kinds:
        _lawful_alone(period, kind)
    plain = not_next(period, PLAIN)
    spring = _spring(period, plain)
    fair = fair_parts(period)
    weekly = WeeklyRests(period)
    return RosterProblem(
        n_days=period.n_days,
        shifts=tuple(Shift(kind.code, kind.minutes, not_next=plain[kind.code]) for kind in period.kinds),
        employees=tuple(
            _employee(period, one, weights, spring, part, weekly.after(one.before))
            for one, part in zip(period.people, fair, strict=True)
        ),
        cover=tuple(_covers(period, weights)),
    )


def _lawful_alone(period: RosterPeriod, kind: ShiftKind) -> None:
    duty = kind.on(PLAIN)
    found = hours_check([duty], period.rules, first=PLAIN - 2 * DAY, last=PLAIN + 2 * DAY)
    wrong = [one.rule for one in found if one.rule in ("break", *DAILY)]
    if wrong:
        raise ValueError(f"shift {kind.code} is unlawful by itself: {', '.join(sorted(set(wrong)))}")


Clock = tuple[int, int, tuple[tuple[int, int], ...]]


def not_next(period: RosterPeriod, day: date) -> dict[str, frozenset[str]]:
    """Shifts that may not be worked the day after each shift of a day: rest by the gap, and by the day-break.

    Only the times of shifts matter, so those with the same are looked at once.
    """
    alike: dict[Clock, list[ShiftKind]] = {}
    for kind in period.kinds:
        alike.setdefault((kind.start, kind.end, kind.breaks), []).append(kind)
    found: dict[str, frozenset[str]] = {}
    for kinds in alike.values():
        wrong: set[str] = set()
        for others in alike.values():
            duties = [kinds[0].on(day), others[0].on(day + DAY)]
            breaches = hours_check(duties, period.rules, first=day - DAY, last=day + 2 * DAY)
            if any(one.rule in DAILY for one in breaches):
                wrong |= {other.code for other in others}
        found |= {kind.code: frozenset(wrong) for kind in kinds}
    return found


def _spring(period: RosterPeriod, plain: dict[str, frozenset[str]]) -> Automaton | None:
    """What the night of the spring change forbids beside, where it lies in the period and forbids anything."""
    days = [period.day(n) for n in range(period.n_days - 1)]
    short = [day for day in days if (clock_at(day, 2 * DAY_MINUTES) - clock_at(day, DAY_MINUTES)) < DAY]
    codes = [FREE, *(kind.code for kind in period.kinds)]
    more: dict[int, dict[str, frozenset[str]]] = {}
    for day in short:
        own = {code: forbidden - plain[code] for code, forbidden in not_next(period, day).items()}
        if any(own.values()):
            more[(day - period.first).days + 1] = own
    if not more:
        return None
    n = len(codes)
    tables = [tuple(tuple(range(n)) for _ in range(n))]
    kinds = [0] * period.n_days
    for day_number, own in more.items():
        kinds[day_number] = len(tables)
        tables.append(
            tuple(tuple(-1 if code in own.get(last, ()) else to for to, code in enumerate(codes)) for last in codes)
        )
    return Automaton("daily_rest_spring", tuple(kinds), tuple(tables))


def _covers(period: RosterPeriod, weights: RosterWeights) -> list[Cover]:
    """Every day and shift has cover: where nobody is needed, whoever comes is surplus."""
    wanted = {(need.on, need.shift): need.wanted for need in period.needs}
    found = []
    for n in range(period.n_days):
        for kind in period.kinds:
            part = kind.minutes / FULL_SHIFT
            found.append(
                Cover(
                    day=n,
                    shift=kind.code,
                    wanted=wanted.get((period.day(n), kind.code), 0),
                    under=round(weights.short * part),
                    over=round(weights.surplus * part),
                )
            )
    return found


def late_kinds(period: RosterPeriod) -> frozenset[str]:
    """Shifts that end in the evening or at night."""
    return frozenset(kind.code for kind in period.kinds if kind.end > period.evening_from)


def fair_parts(period: RosterPeriod) -> list[tuple[float, float]]:
    """The weekends and evenings that are each one's part of what is needed and was worked before, by share of time."""
    wanted: dict[date, int] = {}
    for need in period.needs:
        wanted[need.on] = wanted.get(need.on, 0) + need.wanted
    saturdays = [period.day(7 * week + 5) for week in range(period.weeks)]
    weekends = sum(max(wanted.get(day, 0), wanted.get(day + DAY, 0)) for day in saturdays)
    late = late_kinds(period)
    evenings = sum(need.wanted for need in period.needs if need.shift in late)
    weekends += sum(one.weekends_before for one in period.people)
    evenings += sum(one.evenings_before for one in period.people)
    shares = sum(one.share for one in period.people) or 1.0
    return [(weekends * one.share / shares, evenings * one.share / shares) for one in period.people]


def _near(part: float, weight: int) -> Bounds:
    """From the whole number below a fair part to the one above; any number where it weighs nothing."""
    return ANY if not weight else Bounds(int(part), ceil(part), weight)


def _employee(
    period: RosterPeriod,
    one: RosteredPerson,
    weights: RosterWeights,
    spring: Automaton | None,
    fair: tuple[float, float],
    weekly: Automaton,
) -> Employee:
    return Employee(
        id=one.id,
        sequence=SequenceRules(
            work_run=Bounds(0, weights.days_in_a_row, weights.in_a_row),
            off_run=Bounds(2, None, weights.single_day_off),
        ),
        tallies=tuple(_tallies(period, one, weights, fair[1])),
        weekends=_near(fair[0], weights.weekend),
        weekends_before=one.weekends_before,
        shifts=one.kinds,
        days_off=frozenset(n for n in range(period.n_days) if period.day(n) in one.away),
        closed=frozenset(closed_shifts(period, one)),
        fixed={(day - period.first).days: code for day, code in one.fixed.items() if _inside(period, day)},
        requests=(*_requests(period, one, weights), *_undertime(period, one, weights)),
        prices=tuple(_shorter(period, weights)),
        history=_history(period, one),
        automata=tuple(rule for rule in (weekly, spring, _free_days(period, one)) if rule is not None),
    )


def _inside(period: RosterPeriod, day: date) -> bool:
    return period.first <= day <= period.last


def _tallies(period: RosterPeriod, one: RosteredPerson, weights: RosterWeights, evening_part: float) -> Iterator[Tally]:
    """Sums: the contract's minutes, the week's average, free days, evenings."""
    minutes = {kind.code: kind.minutes for kind in period.kinds}
    band = min(weights.overtime_band, room_above(period, one))
    yield Tally("contract_most", minutes, Bounds(0, one.due_minutes + band))
    rules = period.rules
    length = min(rules.weeks, period.weeks)
    if one.due_minutes + band > rules.week_average_most * length:  # else the contract sees to it
        for week in range(period.weeks - length + 1):
            first, last = 7 * week, 7 * (week + length) - 1
            most = max(0, rules.week_average_most * length - _longer(period, first, last))
            yield Tally("week_average", minutes, Bounds(0, most), first, last)
    if one.all_days and rules.free_days and not night_kinds(period, one):
        length = 7 * rules.free_days_weeks
        for first in range(0, period.n_days - length + 1, length):
            worked = Bounds(0, length - rules.free_days)  # as days worked: a limit upwards is looked at when it is met
            yield Tally("free_days", dict.fromkeys(minutes, 1), worked, first, first + length - 1)
    late = late_kinds(period)
    if late and weights.evening:
        evenings = _near(evening_part, weights.evening)
        yield Tally("evenings", dict.fromkeys(sorted(late), 1), evenings, before=one.evenings_before)


def room_above(period: RosterPeriod, one: RosteredPerson) -> int:
    """Minutes above the contract that pass no cap on whatever days they come, and of whatever kind they are."""
    days = dict(one.extra.elsewhere)
    for day, minutes in one.extra.beyond.items():
        had = days.get(day, Extra())
        days[day] = Extra(had.additional + minutes, had.overtime + minutes)
    kinds = ("additional", "overtime") if one.extra.full_minutes > one.due_minutes else ("overtime",)
    room = min(extra_room(days, period.rules.extra_caps, kind, period.first, period.last) for kind in kinds)
    return int(min(room, period.n_days * DAY_MINUTES))


def night_kinds(period: RosterPeriod, one: RosteredPerson) -> frozenset[str]:
    """Shifts of a person that go on after midnight."""
    kinds = (kind for kind in period.kinds if one.kinds is None or kind.code in one.kinds)
    return frozenset(kind.code for kind in kinds if kind.end > DAY_MINUTES)


def _free_days(period: RosterPeriod, one: RosteredPerson) -> Automaton | None:
    """Free days of who may work nights: a day on which a night ends is none, which no sum over shifts can tell.

    The state is the days worked in the four weeks so far, and whether a night goes on into the day.
    """
    rules, nights = period.rules, night_kinds(period, one)
    length = 7 * rules.free_days_weeks
    whole = period.n_days // length * length
    if not (one.all_days and rules.free_days and nights and whole):
        return None
    most = length - rules.free_days
    codes = [FREE, *(kind.code for kind in period.kinds)]
    plain, fresh, after = 0, 1, 2  # a day of a block, the first of one, and the days that are in no block

    def step(kind: int, state: int, code: str) -> int:
        worked, goes_on = divmod(state, 2)
        worked = 0 if kind != plain else worked
        worked += kind != after and bool(code or goes_on)
        return -1 if worked > most else 2 * worked + (code in nights)

    tables = tuple(
        tuple(tuple(step(kind, state, code) for code in codes) for state in range(2 * (most + 1)))
        for kind in (plain, fresh, after)
    )
    kinds = tuple(after if n >= whole else fresh if n % length == 0 else plain for n in range(period.n_days))
    night_before = one.before.get(period.first - DAY, FREE) in nights
    return Automaton("free_days", kinds, tables, start=int(night_before))


def _longer(period: RosterPeriod, first: int, last: int) -> int:
    """Minutes by which shifts of some days can be longer than by the clock: the autumn night's hour, where worked."""
    days = [period.day(n) for n in range(first, last + 1)]
    return round(sum(max((kind.on(day).minutes - kind.minutes for kind in period.kinds), default=0) for day in days))


def closed_shifts(period: RosterPeriod, one: RosteredPerson) -> Iterator[tuple[int, str]]:
    """Shifts of a person's kinds that may not be worked: trained for too little, never at those hours, too young for
    the night.
    """
    kinds = [kind for kind in period.kinds if one.kinds is None or kind.code in one.kinds]
    for n in range(period.n_days):
        day = period.day(n)
        young = one.adult_on is not None and day < one.adult_on
        for kind in kinds:
            trained = all(holds(one, competence, day) for competence in kind.competences)
            free = not (one.never and any(_meets(never, kind, day) for never in one.never))
            grown = not young or not night_minutes(kind.on(day), period.rules)
            if not (trained and free and grown):
                yield n, kind.code


def holds(one: RosteredPerson, competence: str, day: date) -> bool:
    """Whether a person is trained for something on a day."""
    if competence not in one.trained:
        return False
    last = one.trained[competence]
    return last is None or day <= last


def _meets(never: Never, kind: ShiftKind, day: date) -> bool:
    """Whether a shift of a day lies in hours that are never worked, those of the days beside it included."""
    for offset in (-1, 0, 1):
        other = day + timedelta(days=offset)
        if other.weekday() == never.weekday and never.first <= other <= never.last:
            since, until = never.since + DAY_MINUTES * offset, never.until + DAY_MINUTES * offset
            if kind.start < until and since < kind.end:
                return True
    return False


def _requests(period: RosterPeriod, one: RosteredPerson, weights: RosterWeights) -> Iterator[Request]:
    for wish in one.wishes:
        if _inside(period, wish.on):
            yield Request((wish.on - period.first).days, wish.shift, wish.weight * weights.wish, wish.wanted)
    for day, code in one.published.items():
        if not _inside(period, day):
            continue
        if code:
            yield Request((day - period.first).days, code, weights.change, True)
        else:
            yield Request((day - period.first).days, None, weights.change, False)


def _undertime(period: RosterPeriod, one: RosteredPerson, weights: RosterWeights) -> Iterator[Request]:
    """Minutes of the contract that are not rostered.

    The contract is a limit upwards already, so what is missing to it is a sum of days: each free one costs a longest
    shift, and each shorter shift the difference (``_shorter``). A sum with bounds of its own would say the same and
    cost the search a dimension.
    """
    longest = max((kind.minutes for kind in period.kinds), default=0)
    for n in range(period.n_days):
        if period.day(n) not in one.away and weights.undertime * longest:
            yield Request(n, None, weights.undertime * longest, True)


def _shorter(period: RosterPeriod, weights: RosterWeights) -> Iterator[tuple[int, str, int]]:
    longest = max((kind.minutes for kind in period.kinds), default=0)
    for kind in period.kinds:
        if kind.minutes < longest and weights.undertime:
            for n in range(period.n_days):
                yield n, kind.code, weights.undertime * (longest - kind.minutes)


def _history(period: RosterPeriod, one: RosteredPerson) -> History | None:
    """The runs that reach to the first day; nothing is known where no day before is named."""
    if not one.before:
        return None
    last = one.before.get(period.first - DAY, FREE)
    run = same = 0
    day = period.first - DAY
    while day in one.before and bool(one.before[day]) == bool(last):
        run += 1
        same += same == run - 1 and one.before[day] == last
        day -= DAY
    return History(last, same, run, 0) if last else History(FREE, 0, 0, run)

"""Why a Swedish roster is short: reasons by people, a proved bound, and the cheapest ways out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from math import ceil

from vardnara.engines.hours.extra import KINDS, STRETCHES
from vardnara.engines.roster.data import Assignment
from vardnara.engines.roster.explain import clash_find, line_exists
from vardnara.engines.roster.explained import Clash
from vardnara.engines.roster.swedish.candidates import Candidate, Standing
from vardnara.engines.roster.swedish.data import RosterPeriod
from vardnara.engines.roster.swedish.judge import Short, swedish_check
from vardnara.engines.roster.swedish.params import RelaxationPrices, RosterWeights
from vardnara.engines.roster.swedish.problem import roster_problem
from vardnara.engines.roster.swedish.relaxed import (
    WEEK,
    Leave,
    Overtime,
    Posts,
    Relaxed,
    RelaxedPeriod,
    Training,
    whole_minutes,
)
from vardnara.engines.roster.swedish.result import (
    CompetenceBalance,
    Explanation,
    Headline,
    Relaxation,
    WeekBalance,
    WhyShort,
)

DAY = timedelta(days=1)
NEAR = 1e-6
HOUR = 60
FREE = "free"
REASON_OF = {
    "unknown_shift": "kind",
    "untrained": "untrained",
    "away": "away",
    "weekdays": "weekdays",
    "never": "never",
    "minor_night": "minor",
    "fixed": "fixed",
    "twice": "works",
    "overlap": "rest",
    "daily_rest_gap": "rest",
    "daily_rest_day": "rest",
    "daily_work": "rest",
    "break": "rest",
    "weekly_rest": "weekly_rest",
    "free_days": "free_days",
    "week_average": "hours",
    "night_average": "hours",
    "contract_most": "contract",
    **{f"{kind}_{over}": "contract" for kind in KINDS for over in STRETCHES},
}
REASONS = (*dict.fromkeys(REASON_OF.values()), FREE)
"""From what no planning changes to what it does; ``free`` is somebody whom nothing keeps."""


def roster_explain(
    period: RosterPeriod,
    assignments: Iterable[Assignment],
    *,
    overtime_band: int = RosterWeights().overtime_band,
    measure_minutes: int,
    prices: RelaxationPrices | None = None,
) -> Explanation:
    """Say why a roster misses people, what no roster could do better, and what would help.

    Parameters
    ----------
    period
        What was rostered.
    assignments
        The roster; empty where there is none.
    overtime_band
        Minutes above the contract that the roster was allowed.
    measure_minutes
        Of full time in a week: what a new post is reckoned by (W-30..W-33).
    prices
        What makes one way out dearer than another.

    Returns
    -------
    Explanation
        ``why`` is asked of the roster as it stands; the bound and the ways out of a program that knows no roster.
    """
    assignments = tuple(assignments)
    judged = swedish_check(period, assignments, overtime_band=overtime_band)
    relaxed = RelaxedPeriod(period, overtime_band)
    least = relaxed.least()
    bound = whole_minutes(period.kinds, least.short_minutes)
    weeks = tuple(_weeks(period, judged.short, least))
    competences = tuple(_competences(period))
    ways = tuple(_relaxations(relaxed, least, measure_minutes, prices or RelaxationPrices()))
    needed = sum(one.needed_minutes for one in weeks)
    headline = _headline(weeks, competences, judged.short_minutes, bound)
    return Explanation(
        needed,
        judged.short_minutes,
        bound,
        headline,
        _text(headline, ways, judged.short_minutes, bound),
        weeks,
        competences,
        tuple(_why(period, assignments, judged.short, overtime_band)),
        ways,
        tuple(_clashes(period)),
    )


def _weeks(period: RosterPeriod, short: Sequence[Short], least: Relaxed) -> Iterator[WeekBalance]:
    minutes = {kind.code: kind.minutes for kind in period.kinds}
    needed, missing, proved = ([0.0] * period.weeks for _ in range(3))
    for need in period.needs:
        if period.first <= need.on <= period.last:
            needed[(need.on - period.first).days // WEEK] += need.wanted * minutes[need.shift]
    for one in short:
        missing[(one.on - period.first).days // WEEK] += (one.wanted - one.there) * minutes[one.shift]
    for (day, kind), n in least.short.items():
        proved[day // WEEK] += n * period.kinds[kind].minutes
    contracts = [0.0] * period.weeks
    for person in period.people:
        there = [day for day in range(period.n_days) if period.day(day) not in person.away]
        for day in there:
            contracts[day // WEEK] += person.due_minutes / len(there)
    for week in range(period.weeks):
        of = (needed[week], contracts[week], missing[week], proved[week])
        yield WeekBalance(period.day(WEEK * week), *(round(value) for value in of))


def _competences(period: RosterPeriod) -> Iterator[CompetenceBalance]:
    kinds = {kind.code: kind for kind in period.kinds}
    for competence in sorted({one for kind in period.kinds for one in kind.competences}):
        needed = sum(
            n.wanted * kinds[n.shift].minutes for n in period.needs if competence in kinds[n.shift].competences
        )
        trained = sum(
            one.due_minutes
            for one in period.people
            if competence in one.trained
            and (one.trained[competence] or period.last) >= period.first
            and (one.kinds is None or any(competence in kinds[code].competences for code in one.kinds))
        )
        if needed:
            yield CompetenceBalance(competence, needed, trained)


def _why(
    period: RosterPeriod, assignments: Sequence[Assignment], short: Sequence[Short], overtime_band: int
) -> Iterator[WhyShort]:
    known = {kind.code for kind in period.kinds}, {one.id for one in period.people}
    standing = Standing(
        period,
        [line for line in assignments if line.shift in known[0] and line.employee in known[1]],
        overtime_band,
    )
    minutes = {kind.code: kind.minutes for kind in period.kinds}
    groups: dict[tuple[date, str], list[Short]] = {}
    for one in short:
        if period.first <= one.on <= period.last:
            groups.setdefault((one.on - DAY * one.on.weekday(), one.shift), []).append(one)
    for (monday, shift), found in sorted(groups.items()):
        reasons: Counter[str] = Counter()
        alone: Counter[str] = Counter()
        for one in found:
            for candidate in standing.candidates(one.on, shift).people:
                if candidate.works == shift:
                    continue  # is there already
                of = _reasons(candidate)
                reasons[of[0]] += 1
                alone[of[0]] += len(of) == 1
        missing = sum(one.wanted - one.there for one in found)
        counted = [{name: count[name] for name in REASONS if count[name]} for count in (reasons, alone)]
        yield WhyShort(monday, shift, missing, missing * minutes[shift], *counted)


def _reasons(candidate: Candidate) -> list[str]:
    """Reasons of one person in order; ``free`` where there is none."""
    found = {REASON_OF[one.rule] for one in candidate.broken}
    return [name for name in REASONS if name in found] or [FREE]


def _relaxations(
    relaxed: RelaxedPeriod, least: Relaxed, measure_minutes: int, prices: RelaxationPrices
) -> list[Relaxation]:
    """What each way out would take to make as little as possible missing; none where nothing must be."""
    period = relaxed.period
    if least.short_minutes <= NEAR:
        return []
    found: list[Relaxation] = []

    def told(kind: str, amount: float, what: tuple[object, ...], price: float, left: float) -> None:
        if left < least.short_minutes - NEAR * max(least.short_minutes, 1.0):
            found.append(Relaxation(kind, amount, what, price, whole_minutes(period.kinds, left)))

    kinds = sorted({kind for _, kind in least.short})
    codes = tuple(period.kinds[kind].code for kind in kinds)
    posts = relaxed.least(Posts(kinds=frozenset(range(len(period.kinds))), measure_minutes=measure_minutes))
    told("posts", posts.help, codes, posts.help * measure_minutes * period.weeks * prices.post_minute,
         posts.short_minutes)  # fmt: skip
    extra = relaxed.least(Overtime())
    told("overtime", extra.help, (), extra.help * prices.overtime_minute, extra.short_minutes)
    leave = relaxed.least(Leave())
    told("leave", ceil(leave.help - NEAR), (), leave.help * prices.leave_day, leave.short_minutes)
    for competence in sorted({one for kind in kinds for one in period.kinds[kind].competences}):
        training = relaxed.least(Training(competence=competence))
        told("training", ceil(training.help - NEAR), (competence,), training.help * prices.training,
             training.short_minutes)  # fmt: skip
    lowered = _lowered(period, least)
    minutes = {kind.code: kind.minutes for kind in period.kinds}
    price = sum(n * minutes[shift] for _, shift, n in lowered) * prices.need_minute
    told("need", sum(n for _, _, n in lowered), tuple(lowered), price, 0.0)

    def rank(one: Relaxation) -> tuple[object, ...]:
        return one.left_minutes > 0, one.price / max(least.short_minutes - one.left_minutes, 1.0), one.kind

    return sorted(found, key=rank)


def _lowered(period: RosterPeriod, least: Relaxed) -> list[tuple[date, str, int]]:
    """Needs that are given up, by week and kind."""
    sums: dict[tuple[date, str], float] = {}
    for (day, kind), n in least.short.items():
        key = (period.day(day - day % WEEK), period.kinds[kind].code)
        sums[key] = sums.get(key, 0.0) + n
    return [(monday, shift, ceil(n - NEAR)) for (monday, shift), n in sorted(sums.items())]


def _headline(
    weeks: Sequence[WeekBalance], competences: Sequence[CompetenceBalance], short: int, bound: int
) -> Headline:
    if not bound:
        return Headline("search" if short else "covered", needed_minutes=sum(one.needed_minutes for one in weeks))
    worst = max(weeks, key=lambda one: one.needed_minutes - one.contract_minutes)
    if sum(one.needed_minutes - one.contract_minutes for one in weeks) > 0:
        return Headline("contracts", worst.monday, "", worst.needed_minutes, worst.contract_minutes)
    scarce = max(competences, key=lambda one: one.needed_minutes - one.contract_minutes, default=None)
    if scarce is not None and scarce.needed_minutes > scarce.contract_minutes:
        return Headline("competence", None, scarce.competence, scarce.needed_minutes, scarce.contract_minutes)
    worst = max(weeks, key=lambda one: one.least_short_minutes)
    return Headline(
        "same_time", worst.monday, "", worst.needed_minutes, worst.needed_minutes - worst.least_short_minutes
    )


def _text(headline: Headline, ways: Sequence[Relaxation], short: int, bound: int) -> str:
    needed, reached = (f"{minutes / HOUR:,.0f}" for minutes in (headline.needed_minutes, headline.reached_minutes))
    week = f"In week {headline.monday.isocalendar().week}" if headline.monday else "In the period"
    said = {
        "covered": "Every shift has its people.",
        "search": f"{short / HOUR:,.0f} hours are missing, and nothing proves that they must be.",
        "contracts": f"{week}, {needed} hours are needed and the contracts reach {reached}",
        "competence": f"{week}, {needed} hours ask for {headline.competence} and those who have it reach {reached}",
        "same_time": f"{week}, {needed} hours are needed and so many at the same time that {reached} can be covered",
    }[headline.kind]
    if not ways:
        return said if said.endswith(".") else f"{said}; {bound / HOUR:,.0f} hours must be missing."
    return f"{said}; the nearest way out is {' or '.join(_way(one) for one in ways[:2])}."


def _way(one: Relaxation) -> str:
    left = f", which leaves {one.left_minutes / HOUR:,.0f} hours missing" if one.left_minutes else ""
    return {
        "posts": f"{one.amount:.1f} posts more",
        "overtime": f"{one.amount / HOUR:,.0f} hours of overtime",
        "leave": f"{one.amount:.0f} days of leave moved",
        "training": f"{one.amount:.0f} people trained for {', '.join(str(what) for what in one.what)}",
        "need": f"{one.amount:.0f} shifts fewer",
    }[one.kind] + left


def _clashes(period: RosterPeriod) -> Iterator[Clash]:
    """People with fixed days who have no lawful line; everybody else can at least be free."""
    if any(one.fixed for one in period.people):
        problem = roster_problem(period)
        for one in problem.employees:
            if one.fixed and not line_exists(problem, one):
                yield clash_find(problem, one)

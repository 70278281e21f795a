"""Judges a roster by reading it as a person would, rule by rule and day by day. Knows nothing of the search."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from vardnara.engines.roster.data import FREE, HARD, Assignment, Automaton, Bounds, Employee, RosterProblem

SATURDAY, SUNDAY = 5, 6


@dataclass(frozen=True, slots=True)
class Violation:
    """A hard rule that is broken: by whom (None: too few people), on which day (None: in sum)."""

    rule: str
    employee: str | None
    day: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a roster costs, the cost by rule, and every hard rule that it breaks."""

    cost: int
    costs: dict[str, int]
    violations: tuple[Violation, ...]

    @property
    def feasible(self) -> bool:
        return not self.violations


class _Book:
    """Writes down what each rule says; a hard one becomes a violation, a soft one a cost."""

    def __init__(self) -> None:
        self.costs: dict[str, int] = defaultdict(int)
        self.violations: list[Violation] = []

    def hard(self, rule: str, employee: str | None, day: int | None, text: str) -> None:
        self.violations.append(Violation(rule, employee, day, text))

    def soft(self, rule: str, amount: int) -> None:
        if amount:
            self.costs[rule] += amount

    def weigh(self, rule: str, who: str, day: int | None, weight: int, units: int, text: str) -> None:
        if units > 0 and weight == HARD:
            self.hard(rule, who, day, text)
        elif units > 0:
            self.soft(rule, units * weight)


def roster_check(problem: RosterProblem, assignments: Iterable[Assignment]) -> Judgement:
    """Cost and every broken rule of a roster.

    Parameters
    ----------
    problem
        What holds.
    assignments
        Who works when; days that are not named are free. Names that the problem does not know are violations.

    Returns
    -------
    Judgement
        Violations in the order of employees, then cover.
    """
    book = _Book()
    by_person: dict[str, dict[int, str]] = {one.id: {} for one in problem.employees}
    people = {one.id: one for one in problem.employees}
    shifts = {shift.id for shift in problem.shifts}
    there: Counter[tuple[int, str, str | None]] = Counter()
    for line in assignments:
        if line.employee not in people:
            book.hard("unknown", line.employee, line.day, f"no employee {line.employee}")
        elif line.shift not in shifts:
            book.hard("unknown", line.employee, line.day, f"no shift {line.shift}")
        elif not 0 <= line.day < problem.n_days:
            book.hard("unknown", line.employee, line.day, f"no day {line.day}, there are 0 to {problem.n_days - 1}")
        elif line.day in by_person[line.employee]:
            book.hard("one_shift_a_day", line.employee, line.day, f"a second shift, {line.shift}")
        else:
            by_person[line.employee][line.day] = line.shift
            there[line.day, line.shift, line.skill] += 1
            _skill(book, problem, people[line.employee], line)
    for one in problem.employees:
        row = [by_person[one.id].get(day, FREE) for day in range(problem.n_days)]
        _days(book, one, row)
        _successions(book, problem, one, row)
        _runs(book, problem, one, row)
        _weekends(book, problem, one, row)
        _tallies(book, one, row)
        for automaton in one.automata:
            _automaton(book, problem, one, automaton, row)
    _cover(book, problem, there)
    return Judgement(sum(book.costs.values()), dict(book.costs), tuple(book.violations))


def _skill(book: _Book, problem: RosterProblem, one: Employee, line: Assignment) -> None:
    if problem.skills and line.skill is None:
        book.hard("skill", one.id, line.day, f"{line.shift} without a skill")
    elif line.skill is not None and line.skill not in one.skills:
        book.hard("skill", one.id, line.day, f"{line.shift} as {line.skill}, a skill {one.id} does not have")


def _days(book: _Book, one: Employee, row: list[str]) -> None:
    for day, shift in enumerate(row):
        if shift and one.shifts is not None and shift not in one.shifts:
            book.hard("shift_allowed", one.id, day, f"{shift} is not among the shifts of {one.id}")
        if shift and day in one.days_off:
            book.hard("day_off", one.id, day, f"{shift} on a day off")
        if (day, shift) in one.closed:
            book.hard("closed", one.id, day, f"{shift} is closed to {one.id} on this day")
        if day in one.fixed and shift != one.fixed[day]:
            book.hard("fixed", one.id, day, f"{shift or 'free'}, but {one.fixed[day] or 'free'} stands already")
    for wish in one.requests:
        has = row[wish.day] == wish.shift if wish.shift is not None else row[wish.day] != FREE
        if has != wish.wanted:
            book.soft("requests", wish.weight)
    for day, shift, amount in one.prices:
        if row[day] == shift:
            book.soft("prices", amount)


def _successions(book: _Book, problem: RosterProblem, one: Employee, row: list[str]) -> None:
    not_next = {shift.id: shift.not_next for shift in problem.shifts} | {FREE: frozenset[str]()}
    before = one.history.last if one.history else FREE
    for day, shift in enumerate(row):
        if shift in not_next[before]:
            book.hard("succession", one.id, day, f"{shift} the day after {before}")
        before = shift


def _blocks(row: list[str], label: Callable[[str], str]) -> Iterator[tuple[int, int, str]]:
    """Runs of days with one label: first day, day after the last, label."""
    start = 0
    for day in range(1, len(row) + 1):
        if day == len(row) or label(row[day]) != label(row[start]):
            yield start, day, label(row[start])
            start = day


def _runs(book: _Book, problem: RosterProblem, one: Employee, row: list[str]) -> None:
    past = one.history
    seq = one.sequence
    work = past.work if past else 0
    off = past.off if past else 0
    label = "shift" if past is None else ("work" if past.last else "off")
    _judge_runs(book, one, row, lambda s: "work" if s else "off", "work", seq.work_run, "shifts in a row",
                work if label == "work" else 0, past is not None)  # fmt: skip
    _judge_runs(book, one, row, lambda s: "work" if s else "off", "off", seq.off_run, "days off in a row",
                off if label == "off" else 0, past is not None)  # fmt: skip
    for shift in problem.shifts:
        same = past.same if past and past.last == shift.id else 0
        _judge_runs(book, one, row, lambda s: s, shift.id, shift.run, f"{shift.id} in a row", same, past is not None)


def _judge_runs(
    book: _Book, one: Employee, row: list[str], label: Callable[[str], str], which: str, bounds: Bounds,
    words: str, before: int, known: bool,
) -> None:  # fmt: skip
    """Runs of one label; ``before`` days of it reach to the first day, if the time before is ``known``."""
    rule = {"work": "consecutive_shifts", "off": "consecutive_days_off"}.get(which, f"consecutive_{which}")
    if before and label(row[0]) != which:
        text = f"{before} {words} before the first day, at least {bounds.least}"
        book.weigh(f"min_{rule}", one.id, 0, bounds.weight, bounds.least - before, text)
    for start, stop, name in _blocks(row, label):
        if name != which:
            continue
        carried = before if start == 0 else 0
        length = stop - start + carried
        if bounds.most is not None:
            over = length - max(bounds.most, carried)
            text = f"{length} {words}, at most {bounds.most}"
            book.weigh(f"max_{rule}", one.id, stop - 1, bounds.weight, over, text)
        if stop < len(row) and (start > 0 or known):
            text = f"{length} {words}, at least {bounds.least}"
            book.weigh(f"min_{rule}", one.id, start, bounds.weight, bounds.least - length, text)


def _weekends(book: _Book, problem: RosterProblem, one: Employee, row: list[str]) -> None:
    n_worked = one.weekends_before
    before = bool(one.history and one.history.last)
    for day, shift in enumerate(row):
        weekday = problem.weekday(day)
        if weekday == SATURDAY:
            n_worked += bool(shift)
        elif weekday == SUNDAY:
            saturday = bool(row[day - 1]) if day else before
            n_worked += bool(shift) and not saturday
            if one.sequence.whole_weekend is not None and bool(shift) != saturday:
                text = "only one day of the weekend"
                book.weigh("whole_weekend", one.id, day, one.sequence.whole_weekend, 1, text)
    bounds = one.weekends
    over = bounds.outside(n_worked)
    if bounds.most is not None and one.weekends_before > bounds.most and not bounds.is_hard:
        over -= one.weekends_before - bounds.most  # what was too much before is not this period's
    words = f"{n_worked} weekends, {bounds.least} to {'any' if bounds.most is None else bounds.most} allowed"
    book.weigh("weekends", one.id, None, bounds.weight, over, words)


def _tallies(book: _Book, one: Employee, row: list[str]) -> None:
    for tally in one.tallies:
        total = tally.before
        for day, shift in enumerate(row):
            if tally.counts_on(day):
                total += tally.amounts.get(shift, 0)
        outside = tally.bounds.outside(total)
        if tally.bounds.most is not None and tally.before > tally.bounds.most and not tally.bounds.is_hard:
            outside -= tally.before - tally.bounds.most
        most = "any" if tally.bounds.most is None else tally.bounds.most
        words = f"{tally.rule} {total}, {tally.bounds.least} to {most} allowed"
        book.weigh(tally.rule, one.id, None, tally.bounds.weight, outside, words)


def _automaton(book: _Book, problem: RosterProblem, one: Employee, rule: Automaton, row: list[str]) -> None:
    action = {FREE: 0} | {shift.id: number for number, shift in enumerate(problem.shifts, 1)}
    state = rule.start
    for day, shift in enumerate(row):
        kind = rule.kinds[day]
        if rule.prices:
            book.soft(rule.rule, rule.prices[kind][state][action[shift]])
        state = rule.following[kind][state][action[shift]]
        if state < 0:
            book.hard(rule.rule, one.id, day, f"{rule.rule} does not allow {shift or 'a free day'} here")
            return


def _cover(book: _Book, problem: RosterProblem, there: Counter[tuple[int, str, str | None]]) -> None:
    for need in problem.cover:
        n = there[need.day, need.shift, need.skill]
        name = need.shift if need.skill is None else f"{need.shift} as {need.skill}"
        if n < need.least:
            book.hard("cover", None, need.day, f"{n} on {name}, at least {need.least}")
        book.soft("under_cover", need.under * max(need.wanted - n, 0))
        book.soft("over_cover", need.over * max(n - need.wanted, 0))

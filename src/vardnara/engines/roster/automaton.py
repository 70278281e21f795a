"""Turns every rule of sequence that a person is under into one table: state and shift to next state and price.

The search knows no rule. It walks this table, and sums tallies; a new rule of sequence is a new component here, or an
:class:`~vardnara.engines.roster.data.Automaton` in the data.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from vardnara.engines.roster.data import ANY, FREE, Automaton, Bounds, History, RosterProblem, SequenceRules, Shift

WEEKDAY, SATURDAY, SUNDAY = 0, 1, 2
Step = tuple["State", int, int]  # next state, price, new weekends


@dataclass(frozen=True, slots=True)
class State:
    """What must be remembered of the days before.

    ``run`` counts days of work or free, ``same`` days on the last shift, both only as far as a rule looks; an
    ``open`` run began before anything is known, and has no least length. ``others`` are the states of automata.
    """

    last: str
    run: int
    same: int
    is_open: bool
    same_open: bool
    others: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """The compiled rules.

    Attributes
    ----------
    following : int32 array (kinds, states, 1 + shifts)
        Next state, -1 where forbidden; action 0 is a free day.
    prices : float64 array, same shape
        What the step costs.
    weekends : int32 array, same shape
        1 where the step begins a worked weekend.
    kinds : int32 array (days)
        Which table holds on a day.
    starts
        The first state, by history.
    """

    following: np.ndarray
    prices: np.ndarray
    weekends: np.ndarray
    kinds: np.ndarray
    starts: dict[History | None, int]


def _look(bounds: Bounds) -> int:
    """How far a run must be counted."""
    return max(bounds.least, bounds.most or 0) if bounds.most is not None else max(bounds.least, 1)


def _longer(count: int, bounds: Bounds) -> tuple[int, int] | None:
    """A run one day longer, and the price; None where it may not be."""
    if bounds.most is not None and count >= bounds.most:
        return None if bounds.is_hard else (count, bounds.weight)
    return min(count + 1, _look(bounds)), 0


def _ended(count: int, bounds: Bounds, is_open: bool) -> int | None:
    """The price of ending a run; None where it may not end."""
    missing = 0 if is_open else max(bounds.least - count, 0)
    if missing and bounds.is_hard:
        return None
    return missing * bounds.weight if missing else 0


class _Rules:
    """The rules, over the ``apart`` ones of the shifts."""

    def __init__(
        self, sequence: SequenceRules, shifts: tuple[Shift, ...], automata: tuple[Automaton, ...], apart: list[int]
    ) -> None:
        self.sequence = sequence
        self.by_id = {shifts[one].id: shifts[one] for one in apart}
        self.actions = [0, *(one + 1 for one in apart)]
        self.names = [FREE, *self.by_id]
        self.automata = automata

    def start(self, history: History | None) -> State:
        others = tuple(rule.start for rule in self.automata)
        if history is None:
            return State(FREE, 0, 0, True, True, others)
        if history.last == FREE:
            return State(FREE, min(history.off, _look(self.sequence.off_run)), 0, False, False, others)
        run = min(history.work, _look(self.sequence.work_run))
        same = min(history.same, _look(self.by_id[history.last].run))
        return State(history.last, run, same, False, False, others)

    def step(self, state: State, kind: tuple[int, ...], action: int) -> Step | None:
        """One day; None where a rule forbids it."""
        shift = self.names[action]
        is_first = state.run == 0 and state.is_open  # nothing is known of the day before
        moved = self._run(state, shift, is_first)
        same = None if moved is None else self._same(state, shift, is_first)
        if moved is None or same is None:
            return None
        price = moved[1] + same[1]
        weekends = int(kind[0] == SATURDAY and shift != FREE)
        if kind[0] == SUNDAY:
            weekends = int(shift != FREE and state.last == FREE)
            if (shift != FREE) != (state.last != FREE) and self.sequence.whole_weekend is not None:
                if self.sequence.whole_weekend < 0:
                    return None
                price += self.sequence.whole_weekend
        others = []
        for rule, own, table in zip(self.automata, state.others, kind[1:], strict=True):
            following = rule.following[table][own][self.actions[action]]
            if following < 0:
                return None
            price += rule.prices[table][own][self.actions[action]] if rule.prices else 0
            others.append(following)
        run, is_open = moved[0], moved[2]
        return State(shift, run, same[0], is_open, same[2], tuple(others)), price, weekends

    def _run(self, state: State, shift: str, is_first: bool) -> tuple[int, int, bool] | None:
        bounds = self.sequence.work_run if shift else self.sequence.off_run
        if is_first or (shift != FREE) == (state.last != FREE):
            longer = _longer(state.run, bounds)
            return None if longer is None else (*longer, state.is_open and self._matters(longer[0], bounds))
        past = self.sequence.off_run if shift else self.sequence.work_run
        ended = _ended(state.run, past, state.is_open)
        begun = _longer(0, bounds)
        return None if ended is None or begun is None else (begun[0], ended + begun[1], False)

    def _same(self, state: State, shift: str, is_first: bool) -> tuple[int, int, bool] | None:
        if state.last and shift in self.by_id[state.last].not_next:
            return None
        if shift == state.last:
            if not shift:
                return 0, 0, False
            bounds = self.by_id[shift].run
            longer = _longer(state.same, bounds)
            return None if longer is None else (*longer, state.same_open and self._matters(longer[0], bounds))
        ended = _ended(state.same, self.by_id[state.last].run, state.same_open) if state.last else 0
        begun = _longer(0, self.by_id[shift].run) if shift else (0, 0)
        if ended is None or begun is None:
            return None
        is_open = bool(shift) and is_first and self._matters(begun[0], self.by_id[shift].run)
        return begun[0], ended + begun[1], is_open

    @staticmethod
    def _matters(count: int, bounds: Bounds) -> bool:
        return count < bounds.least


def table_build(
    problem: RosterProblem, sequence: SequenceRules, automata: tuple[Automaton, ...], histories: set[History | None]
) -> Table:
    """Every state that the histories lead to.

    Parameters
    ----------
    problem
        Shifts and calendar.
    sequence, automata
        The rules of the people that share this table.
    histories
        What they come with.

    Returns
    -------
    Table
        Of those states only.
    """
    alike = _alike(problem.shifts, automata)
    apart = sorted(set(alike))  # of shifts that no rule tells apart, one
    rules = _Rules(sequence, problem.shifts, automata, apart)
    of_days = [_kind(problem, automata, day) for day in range(problem.n_days)]
    kinds = sorted(set(of_days))
    name = {FREE: FREE} | {shift.id: problem.shifts[one].id for shift, one in zip(problem.shifts, alike, strict=True)}
    starts = {history: rules.start(history and replace(history, last=name[history.last])) for history in histories}
    numbers: dict[State, int] = {}
    for state in starts.values():
        numbers.setdefault(state, len(numbers))
    n_actions = 1 + len(apart)
    steps: list[list[list[Step | None]]] = []
    order = list(numbers)
    while len(steps) < len(order):
        rows = [[rules.step(order[len(steps)], kind, action) for action in range(n_actions)] for kind in kinds]
        steps.append(rows)
        for state in [step[0] for row in rows for step in row if step is not None]:
            if state not in numbers:
                numbers[state] = len(order)
                order.append(state)
    shape = (len(kinds), len(order), n_actions)
    following, prices = np.full(shape, -1, np.int32), np.zeros(shape)
    weekends = np.zeros(shape, np.int32)
    for number, by_kind in enumerate(steps):
        for kind, row in enumerate(by_kind):
            for action, step in enumerate(row):
                if step is not None:
                    after, price, begun = step
                    following[kind, number, action] = numbers[after]
                    prices[kind, number, action], weekends[kind, number, action] = price, begun
    everyone = np.array([0, *(1 + apart.index(one) for one in alike)])
    merged, place = _merged(following[:, :, everyone], prices[:, :, everyone], weekends[:, :, everyone])
    day_kinds = np.array([kinds.index(kind) for kind in of_days], np.int32)
    return Table(*merged, day_kinds, {past: int(place[numbers[state]]) for past, state in starts.items()})


def _alike(shifts: tuple[Shift, ...], automata: tuple[Automaton, ...]) -> list[int]:
    """For each shift the first of those that no rule of sequence tells apart from it."""
    first: dict[object, int] = {}
    found = []
    for number, shift in enumerate(shifts):
        after = frozenset(other.id for other in shifts if shift.id in other.not_next)
        columns = tuple(
            tuple(row[number + 1] for table in tables for row in table)
            for rule in automata
            for tables in (rule.following, rule.prices)
        )
        own = shift.id if shift.run != ANY else ""  # days in a row on the same shift are its own
        found.append(first.setdefault((shift.not_next, after, columns, own), number))
    return found


def _kind(problem: RosterProblem, automata: tuple[Automaton, ...], day: int) -> tuple[int, ...]:
    own = {5: SATURDAY, 6: SUNDAY}.get(problem.weekday(day), WEEKDAY)
    return own, *(rule.kinds[day] for rule in automata)


def _merged(
    following: np.ndarray, prices: np.ndarray, weekends: np.ndarray
) -> tuple[tuple[np.ndarray, np.ndarray, np.ndarray], np.ndarray]:
    """States that no future can tell apart become one (Moore's partition); and where each went."""
    n_states = following.shape[1]
    own = np.concatenate([prices, weekends, following < 0]).transpose(1, 0, 2).reshape(n_states, -1)
    classes = np.unique(own, axis=0, return_inverse=True)[1].reshape(-1)
    while True:
        after = np.where(following < 0, -1, classes[following]).transpose(1, 0, 2).reshape(n_states, -1)
        finer = np.unique(np.column_stack([classes, after]), axis=0, return_inverse=True)[1].reshape(-1)
        if finer.max() == classes.max():
            break
        classes = finer
    first = np.array([np.flatnonzero(classes == one)[0] for one in range(classes.max() + 1)])
    merged = np.where(following[:, first] < 0, -1, classes[following[:, first]]).astype(np.int32)
    return (np.ascontiguousarray(merged), prices[:, first].copy(), weekends[:, first].copy()), classes

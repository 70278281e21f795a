"""Says what to send now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from vardnara.engines.escalation.data import Level, Order, Outcome
from vardnara.engines.escalation.params import EscalationParams
from vardnara.engines.escalation.result import Plan, Send, Standing
from vardnara.kernel.local_time import STOCKHOLM, local_date
from vardnara.kernel.time_window import TimeWindow

CHANGE_HOUR = 1  # UTC: the clock is changed then all over the Union (2000/84/EC), so that hours may begin anew


def escalation_plan(order: Order) -> Plan:
    """What to send now, and when to look again.

    Parameters
    ----------
    order
        The ladder and what has happened; the order of ``past`` does not matter.

    Returns
    -------
    Plan
        Never a message that was made before. A look that comes late makes one message for each level and receiver, not
        one for each turn that was missed.

    Notes
    -----
    A level begins when the one below has had its wait, or at once when nobody there could be reached: it has no
    target, or every first message was given up. A level outside its hours is passed over, so the next begins at once;
    it begins itself when its hours do. Turns that fall outside the hours are left out.
    """
    starts = tuple(_starts(order))
    if order.cleared_at is not None or order.acknowledged_at is not None:
        standing = Standing.CLEARED if order.cleared_at is not None else Standing.ACKNOWLEDGED
        return Plan(standing, (), None, starts)
    made: dict[tuple[int, str], int] = {}
    for past in order.past:
        key = (past.level, past.target)
        made[key] = max(made.get(key, -1), past.turn)
    send, later = [], []
    for number, (level, start) in enumerate(zip(order.levels, starts, strict=True)):
        turns = [(turn, at) for turn, at in _turns(level, start) if turn == 0 or hours_open(level.hours, at)]
        due = [turn for turn, at in turns if at <= order.now]
        later += [at for _, at in turns if at > order.now] if level.targets or start > order.now else []
        if due and hours_open(level.hours, order.now):
            send += [
                Send(number, due[-1], target)
                for target in dict.fromkeys(level.targets)
                if made.get((number, target), -1) < due[-1]
            ]
        elif due and any(made.get((number, target), -1) < due[-1] for target in level.targets):
            later.append(hours_next(level.hours, order.now, order.params))
    waiting = any(past.outcome is Outcome.WAITING for past in order.past)
    standing = Standing.SOUNDING if send or later or waiting else Standing.EXHAUSTED
    return Plan(standing, tuple(sorted(send)), min(later, default=None), starts)


def _turns(level: Level, start: datetime) -> Iterator[tuple[int, datetime]]:
    for turn in range(level.retries + 1):
        yield turn, start + timedelta(minutes=turn * level.retry_minutes)


def _starts(order: Order) -> Iterator[datetime]:
    """When each level begins, by what is known now."""
    reached = order.begins_at
    for number, level in enumerate(order.levels):
        if not hours_open(level.hours, reached):
            yield hours_next(level.hours, reached, order.params)
            continue
        yield reached
        if not level.targets:
            continue
        ends = reached + timedelta(minutes=level.wait_minutes)
        given_up = _given_up_at(order, number, level)
        reached = ends if given_up is None else max(reached, min(ends, given_up))


def _given_up_at(order: Order, number: int, level: Level) -> datetime | None:
    """When the last receiver of a level turned out not to be reached; None while one may be."""
    outcomes: dict[str, list[tuple[Outcome, datetime]]] = {target: [] for target in level.targets}
    for past in order.past:
        if past.level == number and past.target in outcomes:
            outcomes[past.target].append((past.outcome, past.at))
    last = []
    for told in outcomes.values():
        if not told or any(outcome is not Outcome.FAILED for outcome, _ in told):
            return None
        last.append(min(at for _, at in told))
    return max(last)


def hours_open(hours: TimeWindow, at: datetime) -> bool:
    """Whether an instant lies within hours of the local day."""
    local = at.astimezone(STOCKHOLM)
    minutes = local.hour * 60 + local.minute
    if hours.crosses_midnight:
        return minutes >= hours.start_minutes or minutes < hours.end_minutes
    return hours.start_minutes <= minutes < hours.end_minutes


def hours_next(hours: TimeWindow, at: datetime, params: EscalationParams) -> datetime:
    """The first instant from ``at`` on that lies within the hours; hours that October brings twice begin twice."""
    if hours_open(hours, at):
        return at
    day = local_date(at)
    candidates = []
    for ahead in range(-1, params.look_days + 1):
        date = day + timedelta(days=ahead)
        wall = datetime(date.year, date.month, date.day, hours.start_minutes // 60, hours.start_minutes % 60)  # noqa: DTZ001
        candidates += [
            hours.interval(date)[0],
            wall.replace(tzinfo=STOCKHOLM, fold=1).astimezone(UTC),
            datetime(date.year, date.month, date.day, CHANGE_HOUR, tzinfo=UTC),
        ]
    return min(one for one in candidates if one > at and hours_open(hours, one))

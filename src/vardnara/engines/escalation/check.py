"""Judges a plan without the engine: walks the clock minute by minute. For orders whose times are whole minutes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache

from vardnara.engines.escalation.data import Level, Order, Outcome, Past
from vardnara.engines.escalation.result import Plan, Send, Standing
from vardnara.kernel.local_time import STOCKHOLM

MINUTE = timedelta(minutes=1)
AHEAD = 1500  # minutes looked ahead for the next thing to do: a day and the hour that October adds


def plan_faults(plan: Plan, order: Order) -> tuple[str, ...]:
    """What is wrong with a plan; empty when all is well."""
    faults = []
    made = {(past.level, past.turn, past.target) for past in order.past}
    if len(set(plan.send)) != len(plan.send):
        faults.append("the same message twice")
    faults += [f"{send} was made before" for send in plan.send if (send.level, send.turn, send.target) in made]
    if order.acknowledged_at is not None or order.cleared_at is not None:
        if plan.send or plan.next_look_at is not None:
            faults.append("goes on though somebody answered or the condition is gone")
        return tuple(faults)
    for send in plan.send:
        level = order.levels[send.level]
        if send.target not in level.targets or not 0 <= send.turn <= level.retries:
            faults.append(f"{send} is not on the ladder")
        if not _within(level, order.now):
            faults.append(f"{send} outside its hours")
    begun = _walk(order, order.now)
    wanted = set(_due(order, begun, order.now))
    if set(plan.send) != wanted:
        faults.append(f"sends {sorted(plan.send)}, the clock says {sorted(wanted)}")
    return tuple(faults + list(_silent(plan, order)))


def _silent(plan: Plan, order: Order) -> Iterator[str]:
    """While something is left to tell, there is a time to look again, and it is not too late."""
    after = tuple(order.past) + tuple(_as_made(send, order.now) for send in plan.send)
    then = Order(order.levels, order.begins_at, order.now, after, params=order.params)
    walked = _walk(then, order.now + AHEAD * MINUTE)
    for ahead in range(1, AHEAD):
        at = order.now + ahead * MINUTE
        if any(True for _ in _due(then, walked, at)):
            if plan.next_look_at is None or plan.next_look_at > at:
                yield f"looks again {plan.next_look_at}, something is to be told {at}"
            if plan.standing is Standing.EXHAUSTED:
                yield "says that nothing is left"
            return
        if plan.next_look_at is not None and at > plan.next_look_at:
            return


def _as_made(send: Send, at: datetime) -> Past:
    return Past(send.level, send.turn, send.target, Outcome.DELIVERED, at)


def _within(level: Level, at: datetime) -> bool:
    clock = _clock(at)
    first, _, last = str(level.hours).partition("-")
    return first <= clock < last if first < last else clock >= first or clock < last


@lru_cache(maxsize=50_000)
def _clock(at: datetime) -> str:
    return at.astimezone(STOCKHOLM).strftime("%H:%M")


def _walk(order: Order, until: datetime) -> list[datetime | None]:
    """When each level began, for those that have by ``until``."""
    begun: list[datetime | None] = [None] * len(order.levels)
    reached: list[datetime | None] = [order.begins_at, *([None] * len(order.levels))]
    at = order.begins_at
    while at <= until and None in begun:
        for number, level in enumerate(order.levels):
            came = reached[number]
            if came is None or came > at:
                continue
            if begun[number] is None and _within(level, at):
                begun[number] = at
            if reached[number + 1] is not None:
                continue
            passed = not level.targets or not _within(level, came)
            if passed or at - came >= level.wait_minutes * MINUTE or _lost(order, number, at):
                reached[number + 1] = at
        at += MINUTE
    return begun


def _lost(order: Order, number: int, at: datetime) -> bool:
    """Whether every receiver of a level has been tried in vain by ``at``."""
    for target in order.levels[number].targets:
        mine = [past for past in order.past if past.level == number and past.target == target]
        if not mine or {past.outcome for past in mine} != {Outcome.FAILED} or min(past.at for past in mine) > at:
            return False
    return True


def _due(order: Order, begun: list[datetime | None], at: datetime) -> Iterator[Send]:
    """What has to be told at an instant and was not."""
    for number, level in enumerate(order.levels):
        start = begun[number]
        if start is None or start > at or not _within(level, at):
            continue
        turns = [0]
        for turn in range(1, level.retries + 1):
            when = start + turn * level.retry_minutes * MINUTE
            if when <= at and _within(level, when):
                turns.append(turn)
        for target in set(level.targets):
            told = [past.turn for past in order.past if past.level == number and past.target == target]
            if max(told, default=-1) < turns[-1]:
                yield Send(number, turns[-1], target)

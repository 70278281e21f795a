"""Compiled kernels, arrays only: the cheapest line of one person by dynamic programming over days.

A label is a state of the rules' table and the sums so far; labels that agree in both are one. The code is compiled on
first use and kept in numba's cache where the folder allows it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

INFINITE = 1e17


def _compiled(function: Any) -> Any:
    """Compile without the interpreter lock; keep what was compiled if there is a place to keep it."""
    try:
        return njit(nogil=True, cache=True)(function)
    except RuntimeError:  # numba found no folder to write to
        return njit(nogil=True)(function)


@_compiled
def to_go_find(kinds, following, prices, group_action, group_price, end_prices, n_days):  # type: ignore[no-untyped-def]
    """The least that the days from each on can cost from each state, all sums aside; INFINITE where no way leads on."""
    n_states = following.shape[1]
    found = np.empty((n_days + 1, n_states))
    for state in range(n_states):
        found[n_days, state] = end_prices[state]
    for back in range(n_days):
        day = n_days - 1 - back
        kind = kinds[day]
        for state in range(n_states):
            least = INFINITE
            for group in range(group_action.shape[0]):
                action = group_action[group]
                to = following[kind, state, action]
                if to >= 0:
                    cost = group_price[day, group] + prices[kind, state, action] + found[day + 1, to]
                    if cost < least:
                        least = cost
            found[day, state] = least
    return found


@_compiled
def lines_price(  # type: ignore[no-untyped-def]
    start,  # first state
    kinds,  # int32 (days): which table holds
    following,  # int32 (kinds, states, actions)
    prices,  # float64, same shape
    weekends,  # int32, same shape
    group_action,  # int32 (groups): action of the table; group 0 is free
    group_amount,  # int32 (groups, tallies): what it adds
    group_price,  # float64 (days, groups): INFINITE where it may not be
    least,  # int32 (tallies)
    most,  # int32 (tallies): -1 no end
    weight,  # float64 (tallies): negative is hard
    size,  # int32 (tallies): values kept, 0 .. size - 1
    first,  # int32 (tallies): days that count
    last,  # int32 (tallies)
    weekend_tally,  # which tally counts weekends, -1 none
    reach,  # float64 (days + 1, states): most that the first tally can still gain, -1 where no way leads to the end
    end_prices,  # float64 (states)
    n_lines,  # how many lines are wanted
    limit,  # lines that cost so much or more are not wanted
):
    """The cheapest lines.

    Labels that cannot end below the limit, all sums aside, are dropped at once.

    Returns
    -------
    costs : float64 (n_lines)
        INFINITE where there is no more.
    lines : int32 (n_lines, days)
        Groups.
    n_steps : int64
        Steps of labels tried: the deterministic measure of work.
    """
    n_days = kinds.shape[0]
    n_states = following.shape[1]
    n_groups = group_action.shape[0]
    n_tallies = least.shape[0]
    total = n_states
    stride = np.empty(n_tallies, np.int64)
    for t in range(n_tallies):
        stride[t] = total
        total *= size[t]
    came = np.empty((n_days, total), np.int32)
    chose = np.empty((n_days, total), np.int16)
    bounded = limit < INFINITE and total > n_states
    to_go = to_go_find(kinds, following, prices, group_action, group_price, end_prices, n_days if bounded else 0)
    n_steps = n_days * n_states * n_groups // 4 if bounded else 0
    now = np.full(total, INFINITE)
    then = np.full(total, INFINITE)
    active = np.empty(total, np.int64)
    coming = np.empty(total, np.int64)
    values = np.empty(n_tallies, np.int64)
    now[start] = 0.0
    active[0] = start
    n_active = 1
    for day in range(n_days):
        kind = kinds[day]
        n_coming = 0
        for a in range(n_active):
            label = active[a]
            cost = now[label]
            now[label] = INFINITE
            state = label % n_states
            rest = label // n_states
            for t in range(n_tallies):
                values[t] = rest % size[t]
                rest //= size[t]
            for group in range(n_groups):
                price = group_price[day, group]
                if price >= INFINITE:
                    continue
                action = group_action[group]
                to = following[kind, state, action]
                if to < 0 or reach[day + 1, to] < 0:
                    continue
                n_steps += 1
                new_cost = cost + price + prices[kind, state, action]
                if bounded and new_cost + to_go[day + 1, to] >= limit:
                    continue
                index = np.int64(to)
                ok = True
                for t in range(n_tallies):
                    value = values[t]
                    if first[t] <= day and day <= last[t]:
                        if t == weekend_tally:
                            value += weekends[kind, state, action]
                        else:
                            value += group_amount[group, t]
                        if most[t] >= 0 and value > most[t]:
                            if weight[t] < 0:
                                ok = False
                                break
                            new_cost += weight[t] * (value - most[t])
                            value = np.int64(most[t])
                        elif value >= size[t]:
                            value = np.int64(size[t] - 1)
                        if t == 0 and weight[t] < 0 and value + reach[day + 1, to] < least[t]:
                            ok = False
                            break
                        if day == last[t]:
                            if value < least[t]:
                                if weight[t] < 0:
                                    ok = False
                                    break
                                new_cost += weight[t] * (least[t] - value)
                            value = np.int64(0)
                    index += value * stride[t]
                if not ok:
                    continue
                if new_cost < then[index]:
                    if then[index] >= INFINITE:
                        coming[n_coming] = index
                        n_coming += 1
                    then[index] = new_cost
                    came[day, index] = label
                    chose[day, index] = group
        now, then = then, now
        active, coming = coming, active
        n_active = n_coming
    costs = np.full(n_lines, INFINITE)
    lines = np.zeros((n_lines, n_days), np.int32)
    for a in range(n_active):
        now[active[a]] += end_prices[active[a] % n_states]
    for n in range(n_lines):
        best = -1
        for a in range(n_active):
            label = active[a]
            if now[label] < INFINITE and (best < 0 or now[label] < now[best]):
                best = label
        if best < 0 or now[best] >= limit:
            break
        costs[n] = now[best]
        now[best] = INFINITE
        label = best
        for back in range(n_days):
            day = n_days - 1 - back
            lines[n, day] = chose[day, label]
            label = came[day, label]
    return costs, lines, n_steps


@_compiled
def reach_find(kinds, following, group_action, group_gain, group_price, end_prices):  # type: ignore[no-untyped-def]
    """The most that can still be gained from each day and state, sums aside; -1 where no way leads to the end."""
    n_days = kinds.shape[0]
    n_states = following.shape[1]
    reach = np.full((n_days + 1, n_states), -1.0)
    for state in range(n_states):
        if end_prices[state] < INFINITE:
            reach[n_days, state] = 0.0
    for back in range(n_days):
        day = n_days - 1 - back
        for group in range(group_action.shape[0]):
            if group_price[day, group] >= INFINITE:
                continue
            action = group_action[group]
            for state in range(n_states):
                to = following[kinds[day], state, action]
                if to >= 0 and reach[day + 1, to] >= 0:
                    gained = reach[day + 1, to] + group_gain[group]
                    if gained > reach[day, state]:
                        reach[day, state] = gained
    return reach


@_compiled
def tail_find(kinds, following, prices, actions, day, n_days):  # type: ignore[no-untyped-def]
    """From each state, what the days that stand from ``day`` on cost; INFINITE where they may not follow."""
    n_states = following.shape[1]
    found = np.zeros(n_states)
    for state in range(n_states):
        at = state
        for later in range(day, n_days):
            to = following[kinds[later], at, actions[later]]
            if to < 0:
                found[state] = INFINITE
                break
            found[state] += prices[kinds[later], at, actions[later]]
            at = to
    return found


@_compiled
def line_walk(start, kinds, following, prices, weekends, actions, amounts, first, last, weekend_tally, until):  # type: ignore[no-untyped-def]
    """Walk the first ``until`` days of a line.

    Returns the state reached (-1: forbidden), the price of the steps, and the sums.
    """
    n_tallies = first.shape[0]
    sums = np.zeros(n_tallies, np.int64)
    state = start
    price = 0.0
    for day in range(until):
        kind = kinds[day]
        action = actions[day]
        to = following[kind, state, action]
        if to < 0:
            return -1, price, sums
        for t in range(n_tallies):
            if first[t] <= day and day <= last[t]:
                sums[t] += weekends[kind, state, action] if t == weekend_tally else amounts[action, t]
        price += prices[kind, state, action]
        state = to
    return state, price, sums

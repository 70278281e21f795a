"""How a measure stands by its dates and outcomes: a proposal, which a person takes or differs from."""

from __future__ import annotations

from datetime import date

from vardnara.engines.measures.data import Facts, Standing


def standing_propose(facts: Facts, *, on: date) -> Standing:
    """How a measure stands on a day.

    Parameters
    ----------
    facts
        What is known of it.
    on
        The day.

    Returns
    -------
    Standing
        Carried out once every promise has its outcome: as promised, or with less. Late where a promise is past its day
        without an outcome, its last day has passed, or its first day passed and it has not begun. Else, once begun, off
        plan where an outcome is less than promised; on plan, which is ``MULTI_YEAR`` where it goes on beyond the year.

    References
    ----------
    DOMAIN 2.5: a multi-year assignment on plan is yellow, which is its own standing here.
    """
    outcomes = [promise for promise in facts.promises if promise.outcome is not None]
    waiting = [promise for promise in facts.promises if promise.outcome is None]
    if not facts.has_begun:
        if facts.starts_on is not None and facts.starts_on < on:
            return Standing.LATE
        return Standing.ASSIGNED if facts.has_owner and facts.is_decided else Standing.PROPOSED
    kept = all(promise.is_kept() for promise in outcomes)
    if outcomes and not waiting:
        return Standing.DONE if kept else Standing.DONE_LESS
    ended = facts.ends_on is not None and facts.ends_on < on
    if ended or any(promise.check_on < on for promise in waiting):
        return Standing.LATE
    if not kept:
        return Standing.DEVIATES
    return Standing.MULTI_YEAR if facts.is_multi_year else Standing.ON_PLAN

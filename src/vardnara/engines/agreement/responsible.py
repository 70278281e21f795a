"""Who is responsible for a task at an instant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from vardnara.engines.agreement.data import Rule
from vardnara.kernel.calendar import day_kind
from vardnara.kernel.local_time import STOCKHOLM


@lru_cache(maxsize=8192)
def _day_number(day: date) -> int:
    return day_kind(day).day_number


class AgreementIndex:
    """Rules made ready for many questions. Build it once, ask often: an answer takes microseconds.

    Parameters
    ----------
    rules
        The agreement, in any order.
    zone
        Whose clock and calendar it is written for.
    """

    def __init__(self, rules: Iterable[Rule], zone: ZoneInfo = STOCKHOLM) -> None:
        self.zone = zone
        self._rules: dict[tuple[str, str], list[Rule]] = defaultdict(list)
        for rule in rules:
            self._rules[rule.task, rule.ward].append(rule)

    def parties_at(self, task: str, ward: str, at: datetime) -> tuple[str, ...]:
        """Everybody who is responsible at ``at`` (aware), by name; more than one is an overlap."""
        its_rules = self._rules.get((task, ward))
        if not its_rules:
            return ()
        local = at.astimezone(self.zone)
        today, minute = local.date(), local.hour * 60 + local.minute
        day = _day_number(today)
        found = set()
        for rule in its_rules:
            if rule.valid_from is not None and today < rule.valid_from:
                continue
            if rule.valid_to is not None and today >= rule.valid_to:
                continue
            start, end = rule.window.start_minutes, rule.window.end_minutes
            if end > start:
                holds = start <= minute < end and day in rule.days
            else:
                holds = (minute >= start and day in rule.days) or (
                    minute < end and _day_number(today - timedelta(days=1)) in rule.days
                )
            if holds:
                found.add(rule.party)
        return tuple(sorted(found))

    def responsible_at(self, task: str, ward: str, at: datetime) -> str | None:
        """The party that is responsible at ``at`` (aware), or None.

        Where an agreement names two, the first by name answers, so that the same question has one answer whatever the
        order of the rules; :func:`coverage_check` names such times.
        """
        parties = self.parties_at(task, ward, at)
        return parties[0] if parties else None


def responsible_at(rules: Iterable[Rule] | AgreementIndex, task: str, ward: str, at: datetime) -> str | None:
    """The party that is responsible for a task on a ward at an instant (aware), or None.

    For more than a few questions hand in an :class:`AgreementIndex`; otherwise one is built each time.
    """
    index = rules if isinstance(rules, AgreementIndex) else AgreementIndex(rules)
    return index.responsible_at(task, ward, at)

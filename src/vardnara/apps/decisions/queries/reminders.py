"""What has a day, whom it concerns, and what they were reminded of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import Addressee, addressee_list, reader_list
from vardnara.apps.decisions.choices import AssignmentState, CaseState, ReminderKind
from vardnara.apps.decisions.models import Assignment, Case, PostCheck, Promise, Reminder
from vardnara.apps.decisions.queries.cases import READERS, case_dues, hospitals_in_reach
from vardnara.apps.decisions.queries.measure_facts import standing_of
from vardnara.parameters.measures import post_steps

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

BEFORE = (7, 30, 60)  # days before its day on which something is told of
PAST = -1
SHOWN = 200


def reminder_days(on: date, today: date) -> int | None:
    """Which reminder is due: the nearest of 7, 30 and 60 days before the day, -1 after it, None where it is far off."""
    left = (on - today).days
    if left < 0:
        return PAST
    return next((days for days in BEFORE if left <= days), None)


@dataclass(frozen=True, slots=True)
class ToTell:
    """A reminder that somebody has not had."""

    case_id: int
    kind: ReminderKind
    subject: str
    text: str
    on: date
    days: int
    to: Addressee


def reminders_due(*, today: date) -> list[ToTell]:
    """Everything that somebody is to be reminded of today and was not yet; for the schedule, not limited."""
    told = set(Reminder.objects.values_list("case_id", "kind", "subject", "on", "days", "user_id"))
    found = []
    for hospital_id in Case.objects.order_by().values_list("hospital_id", flat=True).distinct():
        people = {one.id: one for one in reader_list(roles=READERS, hospital_id=hospital_id)}
        deciders = [one.id for one in addressee_list(role=Role.DECISION_MAKER, hospital_id=hospital_id, ward_id=None)]
        for case_id, kind, subject, text, on, wanted in _facts(hospital_id, today, deciders):
            days = reminder_days(on, today)
            if days is None:
                continue
            for user_id in dict.fromkeys(wanted):
                if user_id in people and (case_id, kind, subject, on, days, user_id) not in told:
                    found.append(ToTell(case_id, kind, subject, text[:300], on, days, people[user_id]))
    return found


type Fact = tuple[int, ReminderKind, str, str, date, list[int | None]]


def _facts(hospital_id: int, today: date, deciders: list[int]) -> Iterable[Fact]:
    for case, dues in case_dues(hospital_id=hospital_id, on=today):
        for due in dues:
            yield case.pk, ReminderKind(due.what), due.subject, due.text, due.on, [case.made_by_id, *deciders]
    rows = Assignment.objects.filter(case__hospital_id=hospital_id, state=AssignmentState.OPEN, due_on__isnull=False)
    for row in rows.exclude(case__state=CaseState.WITHDRAWN).select_related("case").order_by("pk"):
        assert row.due_on is not None
        who = row.owner_id or row.case.made_by_id
        yield row.case_id, ReminderKind.ASSIGNMENT, f"assignment:{row.pk}", row.text, row.due_on, [who]
    yield from _of_measures(hospital_id)


def _of_measures(hospital_id: int) -> Iterable[Fact]:
    """Promises of measures of a case that were not looked at, and steps behind its posts that are not done."""
    promises = Promise.objects.filter(measure__case__hospital_id=hospital_id, outcome__isnull=True)
    for row in promises.select_related("measure__case").order_by("pk"):
        measure = row.measure
        if standing_of(measure).status.standing != "stopped":
            text = f"{measure.number}. {measure.label}: {row.label}"
            yield measure.case_id, ReminderKind.PROMISE, f"measure:{row.pk}", text, row.check_on, [measure.made_by_id]
    checks = PostCheck.objects.filter(
        checklist__case__hospital_id=hospital_id, done_on__isnull=True, due_on__isnull=False
    ).exclude(checklist__case__state__in=(CaseState.WITHDRAWN, CaseState.CLOSED))
    steps = post_steps()
    for check in checks.select_related("checklist__case").order_by("pk"):
        listed = check.checklist
        step = steps[check.code].sv if check.code in steps else check.code
        text = f"{listed.label} {listed.number}: {step}"
        yield listed.case_id, ReminderKind.ASSIGNMENT, f"post:{check.pk}", text, check.due_on, [listed.case.made_by_id]


def reminder_list(*, actor: User) -> list[Reminder]:
    """The newest reminders within reach."""
    rows = Reminder.objects.filter(case__hospital_id__in=hospitals_in_reach(actor))
    return list(rows.select_related("case", "user").order_by("-at", "-pk")[:SHOWN])

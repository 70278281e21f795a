"""Looks at what stands still and climbs the ladder: makes messages, sends none. ``docs/escalation.md``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import connection, transaction

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import addressee_list, role_require, user_reach
from vardnara.apps.hospital.queries.reach import ward_require
from vardnara.apps.hospital.services.live import changes_notify
from vardnara.apps.service.bridge.escalation import level_of, order_of
from vardnara.apps.service.choices import AlertChannel, AlertOutcome
from vardnara.apps.service.models import AlertSend, EscalationCase, Ladder, LadderStep, PushDevice
from vardnara.apps.service.queries.alert_conditions import Condition, conditions_due
from vardnara.engines.escalation import Level, Send, Standing, escalation_plan
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

ANSWERERS = (Role.COORDINATOR, Role.SERVICE_HEAD)
LOOK_LOCK = 7_302  # advisory lock: one look at a time, whichever worker does it
LOOK_AGAIN = timedelta(minutes=1)  # while a message is on its way: if it is given up, the next level begins
CASES_A_LOOK = 2000  # a flood takes some seconds of a look, and the rest the next one


def ladders_newest() -> list[Ladder]:
    """The version that holds, of every hospital that has a ladder."""
    rows = Ladder.objects.order_by("hospital_id", "-number").distinct("hospital_id")
    return list(rows.prefetch_related("rules"))


@transaction.atomic
def escalations_keep(*, at: datetime) -> int:
    """Open, climb and close; for the job. Returns how many messages were made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOOK_LOCK])
        if not cursor.fetchone()[0]:
            return 0
    for ladder in ladders_newest():
        _cases_sync(ladder, conditions_due(hospital_id=ladder.hospital_id, rules=ladder.rules.all(), at=at), at)
    return _climb(at)


def _cases_sync(ladder: Ladder, due: Sequence[tuple[Condition, datetime]], at: datetime) -> None:
    """One open case for each condition, none for what is gone."""
    standing = {(one.trigger, one.subject): (one, begins_at) for one, begins_at in due}
    rules = {rule.trigger for rule in ladder.rules.all()}
    known, gone, off = set(), [], []
    for pk, trigger, subject in EscalationCase.objects.filter(
        hospital=ladder.hospital_id, closed_at__isnull=True
    ).values_list("pk", "trigger", "subject"):
        if trigger not in rules:
            off.append(pk)
        elif (trigger, subject) not in standing:
            gone.append(pk)
        else:
            known.add((trigger, subject))
    _close(gone, "gone", at)
    _close(off, "rule_off", at)
    EscalationCase.objects.bulk_create(
        [
            EscalationCase(
                hospital_id=ladder.hospital_id,
                ladder=ladder,
                trigger=one.trigger,
                subject=one.subject,
                task_id=one.task_id,
                bed_id=one.bed_id,
                ward_id=one.ward_id,
                since=one.since,
                begins_at=begins_at,
                opened_at=at,
                look_at=begins_at,
            )
            for key, (one, begins_at) in standing.items()
            if key not in known
        ],
        ignore_conflicts=True,
    )


def _close(cases: Collection[int], reason: str, at: datetime) -> None:
    if cases:
        _silence(cases, at)
        EscalationCase.objects.filter(pk__in=cases).update(closed_at=at, closed_reason=reason, look_at=None)


def _silence(cases: Collection[int], at: datetime) -> None:
    """What is not on its way yet is not sent any more."""
    waiting = AlertSend.objects.filter(case__in=cases, done_at__isnull=True, claimed_at__isnull=True)
    waiting.update(done_at=at, outcome=AlertOutcome.MOOT)


def _climb(at: datetime) -> int:
    """Ask the engine about every case whose time to look has come."""
    cases = list(
        EscalationCase.objects.select_for_update()
        .filter(closed_at__isnull=True, acknowledged_at__isnull=True, look_at__lte=at)
        .order_by("look_at", "pk")[:CASES_A_LOOK]
    )
    sends: dict[int, list[AlertSend]] = defaultdict(list)
    for send in AlertSend.objects.filter(case__in=cases):
        sends[send.case_id or 0].append(send)
    steps: dict[int, list[LadderStep]] = defaultdict(list)
    for step in LadderStep.objects.filter(ladder__in={case.ladder_id for case in cases}).order_by("level"):
        steps[step.ladder_id].append(step)
    levels: dict[tuple[int, int | None], list[Level]] = {}
    made: list[AlertSend] = []
    for case in cases:
        key = (case.ladder_id, case.ward_id)
        if key not in levels:
            levels[key] = [
                level_of(step, step_targets(step, hospital_id=case.hospital_id, ward_id=case.ward_id))
                for step in steps[case.ladder_id]
            ]
        plan = escalation_plan(order_of(case, levels[key], sends[case.pk], at))
        made += [_message(case, steps[case.ladder_id][send.level], send, at) for send in plan.send]
        on_its_way = bool(plan.send) or any(send.done_at is None for send in sends[case.pk])
        looks = [one for one in (plan.next_look_at, at + LOOK_AGAIN if on_its_way else None) if one is not None]
        case.look_at = min(looks, default=None)
        case.exhausted_at = case.exhausted_at or (at if plan.standing is Standing.EXHAUSTED else None)
    AlertSend.objects.bulk_create(made, ignore_conflicts=True)
    EscalationCase.objects.bulk_update(cases, ["look_at", "exhausted_at"])
    if made:
        changes_notify(tasks={case.task_id for case in cases if case.task_id})
    return len(made)


def _message(case: EscalationCase, step: LadderStep, send: Send, at: datetime) -> AlertSend:
    user = int(send.target.partition(":")[2]) if send.target.startswith("user:") else None
    return AlertSend(
        case=case,
        level=send.level,
        turn=send.turn,
        channel=step.channel,
        target=send.target,
        user_id=user,
        webhook_id=step.webhook_id,
        made_at=at,
        due_at=at,
    )


def step_targets(step: LadderStep, *, hospital_id: int, ward_id: int | None) -> list[str]:
    """Whom a step reaches now: people of the role who reach the ward and can be reached, or its one address."""
    if step.channel == AlertChannel.WEBHOOK:
        return [f"hook:{step.webhook_id}"] if step.webhook and step.webhook.retired_at is None else []
    if step.channel == AlertChannel.PAGE:
        return ["page"]
    if step.address:
        return [f"mail:{step.address}"]
    people = addressee_list(role=step.role, hospital_id=hospital_id, ward_id=ward_id)
    if step.channel == AlertChannel.MAIL:
        return [f"user:{person.id}" for person in people if person.email]
    devices = set(
        PushDevice.objects.filter(user__in=[person.id for person in people]).values_list("user_id", flat=True)
    )
    return [f"user:{person.id}" for person in people if person.id in devices]


@transaction.atomic
def case_acknowledge(*, case_id: int, actor: User, at: datetime) -> None:
    """*Jag tar den*: a leader answers for it. Nobody is told any more; it stays on the page until it is gone."""
    role_require(actor, ANSWERERS)
    case = EscalationCase.objects.select_for_update().filter(pk=case_id).first()
    if case is None:
        raise RuleBroken("unknown_case", str(case_id))
    if case.ward_id is not None:
        ward_require(actor, case.ward_id)
    elif case.hospital_id not in user_reach(actor).hospital_ids:
        raise RuleBroken("out_of_scope", f"hospital {case.hospital_id}")
    if case.closed_at is not None:
        raise RuleBroken("case_closed", str(case_id))
    if case.acknowledged_at is not None:
        raise RuleBroken("case_taken", str(case_id))
    _silence([case.pk], at)
    case.acknowledged_at, case.acknowledged_by, case.look_at = at, actor, None
    case.save()
    changes_notify(tasks=[case.task_id] if case.task_id else [])

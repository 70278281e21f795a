"""Escalation as pages show it: what stands still, the ladder and its versions, deliveries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import F, Q
from django.utils.translation import get_language

from vardnara.apps.accounts.queries import user_reach
from vardnara.apps.hospital.queries.reach import wards_in_reach
from vardnara.apps.service.choices import AlertOutcome, AlertTrigger
from vardnara.apps.service.models import (
    AlertSend,
    Delivery,
    EscalationCase,
    Ladder,
    LadderStep,
    PushDevice,
    Webhook,
)
from vardnara.apps.service.queries.alert_words import case_words
from vardnara.kernel.local_time import day_bounds

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User
    from django.db.models import QuerySet

CASES_SHOWN = 100
DELIVERIES_SHOWN = 200
DELIVERIES_EXPORTED = 50_000
WITH_WORDS = ("task__task_type", "bed__room", "ward", "acknowledged_by")


@dataclass(frozen=True, slots=True)
class CaseRow:
    """Something that stands still, as a page shows it. ``level`` is the highest that was told, 0 before any."""

    id: int
    trigger: str
    work: str
    where: str
    since: datetime
    level: int
    task_id: int | None
    taken_by: str
    taken_at: datetime | None
    exhausted: bool


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One try of a message."""

    at: datetime
    channel: str
    address: str
    name: str
    outcome: AlertOutcome
    code: str
    text: str
    attempt: int
    level: int
    turn: int
    trigger: str
    task_id: int | None
    key: str


def hospital_of(actor: User) -> int | None:
    """The hospital that the actor reaches whole; the first where there are several."""
    return min(user_reach(actor).hospital_ids, default=None)


def _cases(actor: User) -> QuerySet[EscalationCase]:
    hospitals = user_reach(actor).hospital_ids
    mine = Q(ward__in=wards_in_reach(actor)) | Q(ward__isnull=True, hospital__in=hospitals)
    return EscalationCase.objects.filter(mine, closed_at__isnull=True)


def case_list_open(*, actor: User) -> tuple[list[CaseRow], int]:
    """What stands still within the actor's reach: untaken first, then by how long; and how many there are in all."""
    cases = _cases(actor)
    untaken_first = F("acknowledged_at").desc(nulls_first=True)
    shown = list(cases.select_related(*WITH_WORDS).order_by(untaken_first, "since", "pk")[:CASES_SHOWN])
    n_all = cases.count()
    told: dict[int, int] = defaultdict(int)
    for case, level in AlertSend.objects.filter(case__in=shown).values_list("case_id", "level"):
        told[case] = max(told[case], level + 1)
    language = get_language() or "sv"
    return [_case_row(case, told[case.pk], language) for case in shown], n_all


def _case_row(case: EscalationCase, level: int, language: str) -> CaseRow:
    words = case_words(case, language=language)
    by = case.acknowledged_by
    return CaseRow(
        id=case.pk,
        trigger=words.trigger,
        work=words.work,
        where=" ".join(part for part in (words.ward, words.place) if part),
        since=case.since,
        level=level,
        task_id=case.task_id,
        taken_by=(by.get_full_name() or by.get_username()) if by is not None else "",
        taken_at=case.acknowledged_at,
        exhausted=case.exhausted_at is not None,
    )


def ladder_newest(hospital_id: int) -> Ladder | None:
    """The version that holds, with rules and steps at hand."""
    rows = Ladder.objects.filter(hospital=hospital_id).order_by("-number")
    return rows.prefetch_related("rules", "steps__webhook").select_related("made_by").first()


def ladder_steps(ladder: Ladder | None) -> list[LadderStep]:
    """Its levels, lowest first."""
    return sorted(ladder.steps.all(), key=lambda step: step.level) if ladder is not None else []


def ladder_rules(ladder: Ladder | None) -> dict[str, int]:
    """Minutes by trigger, in the order of the triggers."""
    minutes = {rule.trigger: rule.after_minutes for rule in ladder.rules.all()} if ladder is not None else {}
    return {trigger: minutes[trigger] for trigger in AlertTrigger.values if trigger in minutes}


def ladder_versions(hospital_id: int) -> Sequence[Ladder]:
    """All versions, newest first: who changed the ladder, and when."""
    return list(
        Ladder.objects.filter(hospital=hospital_id)
        .select_related("made_by")
        .prefetch_related("rules", "steps__webhook")
        .order_by("-number")[:50]
    )


def webhook_list(hospital_id: int) -> list[Webhook]:
    """Receivers in use, by name."""
    return list(Webhook.objects.filter(hospital=hospital_id, retired_at__isnull=True).order_by("name"))


def device_list(actor: User) -> list[PushDevice]:
    """The actor's own browsers, newest first."""
    return list(PushDevice.objects.filter(user=actor).order_by("-made_at", "-pk"))


def delivery_list(
    *,
    actor: User,
    channel: str = "",
    outcomes: Collection[str] = (),
    on: date | None = None,
    task_id: int | None = None,
    most: int = DELIVERIES_SHOWN,
) -> list[DeliveryRow]:
    """Tries within the hospitals that the actor reaches whole, newest first; tests of people are their own only."""
    hospitals = user_reach(actor).hospital_ids
    mine = (
        Q(send__case__hospital__in=hospitals)
        | Q(send__case__isnull=True, send__webhook__hospital__in=hospitals)
        | Q(send__case__isnull=True, send__user=actor)
    )
    rows = Delivery.objects.filter(mine).select_related("send__case", "send__user", "send__webhook")
    if channel:
        rows = rows.filter(channel=channel)
    if outcomes:
        rows = rows.filter(outcome__in=outcomes)
    if on is not None:
        start, end = day_bounds(on)
        rows = rows.filter(at__gte=start, at__lt=end)
    if task_id is not None:
        rows = rows.filter(send__case__task=task_id)
    return [_delivery_row(row) for row in rows.order_by("-at", "-pk")[:most]]


def _delivery_row(row: Delivery) -> DeliveryRow:
    send, case = row.send, row.send.case
    name = send.webhook.name if send.webhook is not None else ""
    if send.user is not None:
        name = send.user.get_full_name() or send.user.get_username()
    return DeliveryRow(
        at=row.at,
        channel=row.get_channel_display(),
        address=row.address,
        name=name,
        outcome=AlertOutcome(row.outcome),
        code=row.code,
        text=row.text,
        attempt=row.attempt,
        level=send.level + 1,
        turn=send.turn + 1,
        trigger=str(AlertTrigger(case.trigger).label) if case is not None else "",
        task_id=case.task_id if case is not None else None,
        key=str(send.key),
    )

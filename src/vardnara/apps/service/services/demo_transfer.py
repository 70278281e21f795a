"""The invented hospital's transfer: planned, not consulted on, with hours that have no home."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from vardnara.apps.service.choices import HomeHow, Party, StepKind
from vardnara.apps.service.models import AgreementVersion, TransferPlan
from vardnara.apps.service.services import transfers
from vardnara.kernel.local_time import local_date

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

WARDS, KINDS = ("K31", "K32"), ("meal_order_manual", "store_replenishment")
AHEAD_WEEKS, MONDAY_TO_FRIDAY = 6, frozenset(range(1, 6))
STEPS = (
    (StepKind.TRAINING, Party.CARE, "Beställning på läsplatta: alla på avdelningen har gått igenom", 28),
    (StepKind.HANDOVER, Party.SERVICE, "Beställningslistor och nivåer i förrådet lämnade över", 35),
    (StepKind.HANDOVER, Party.CARE, "Gå med servicemedarbetaren i förrådet, två förmiddagar", 35),
)


@transaction.atomic
def demo_transfer_plan(version: AgreementVersion, head: User, at: datetime) -> TransferPlan | None:
    """Plan to move two kinds of task on two wards to care; None where the agreement does not have them."""
    today = local_date(at)
    lines = version.lines.filter(ward__code__in=WARDS, task_type__code__in=KINDS, party=Party.SERVICE)
    if not lines:
        return None
    plan = transfers.transfer_create(
        agreement_id=version.agreement_id,
        words=transfers.TransferWords(
            title="Matbeställning och förråd till vården",
            switch_on=today + timedelta(weeks=AHEAD_WEEKS, days=-today.weekday()),
            from_party=Party.SERVICE,
            to_party=Party.CARE,
            why="Digital matbeställning införs. Påhittat exempel.",
            service_contact="Samordnaren, telefon 010-000 00 00 (påhittat nummer)",
            care_contact="Enhetschefen, kirurgi (påhittad)",
        ),
        actor=head,
        at=at,
    )
    words = {"plan_id": plan.pk, "actor": head, "at": at}
    transfers.transfer_items_add(
        task_type_ids=set(lines.values_list("task_type_id", flat=True)),
        ward_ids=set(lines.values_list("ward_id", flat=True)),
        days=frozenset(range(1, 10)),
        **words,
    )
    for code, home in (
        (KINDS[0], transfers.HomeWords(HomeHow.AUTOMATED, "Digital matbeställning", Decimal(60), MONDAY_TO_FRIDAY)),
        (KINDS[0], transfers.HomeWords(HomeHow.EXISTING, "Vårdens personal", None)),
        (
            KINDS[1],
            transfers.HomeWords(HomeHow.ADDED, "Vårdbiträde", Decimal(50), frozenset({1, 4}), 7, 16),
        ),
    ):
        items = list(plan.items.filter(task_type__code=code).values_list("pk", flat=True))
        if items:
            transfers.transfer_homes_add(item_ids=items, words=home, **words)
    for kind, side, text, days in STEPS:
        transfers.transfer_step_add(kind=kind, side=side, text=text, due_on=today + timedelta(days=days), **words)
    return plan

"""Special review for tests: a decision with three levels, and a request that a head of ward service asks."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tests.strategies.stage import AT, Stage

from vardnara.apps.decisions import services
from vardnara.apps.decisions.models import ReviewOrder, ReviewRequest

FIRST, LAST = date(2026, 1, 1), date(2026, 3, 31)
LEVELS = (
    services.LevelWords("Verksamhet", role="unit_manager", up_to_sek=Decimal(50_000), up_to_weeks=2),
    services.LevelWords("Division", role="decision_maker", up_to_sek=Decimal(300_000)),
    services.LevelWords("HS-ledning", role="administrator"),
)
CALL_OFF = {
    "kind": "agency",
    "category": "nurse",
    "reason": "vacancy",
    "need": "Två vakanta rader i mars",
    "from_on": date(2026, 3, 9),
    "through_on": date(2026, 3, 22),
    "measure": "shifts",
    "quantity": Decimal(10),
    "shift_hours": Decimal(8),
    "price_sek": Decimal(1000),
}
HIRE = {
    "kind": "hire",
    "category": "assistant_nurse",
    "reason": "vacancy",
    "need": "Ersätter den som slutar",
    "from_on": date(2026, 4, 1),
    "measure": "fte",
    "quantity": Decimal(1),
    "price_sek": Decimal(45_000),
}


def order_made(stage: Stage, at: datetime = AT, **more: Any) -> ReviewOrder:
    words = {
        "title": "Särskild prövning",
        "organ": "Hälso- och sjukvårdsnämnden",
        "decided_on": date(2025, 12, 18),
        "valid_from": FIRST,
        "valid_through": LAST,
        "levels": LEVELS,
    } | more
    return services.review_order_add(
        hospital_id=stage.ward.division.hospital_id,
        words=services.OrderWords(**words),
        actor=stage.users["decision_maker"],
        at=at,
    )


def draft(stage: Stage, who: str = "service_head", at: datetime = AT, **more: Any) -> ReviewRequest:
    words = services.RequestWords(**(CALL_OFF | {"ward_id": stage.ward.pk} | more))
    return services.request_save(request_id=None, words=words, actor=stage.users[who], at=at)


def asked(stage: Stage, who: str = "service_head", at: datetime = AT, **more: Any) -> ReviewRequest:
    made = draft(stage, who, at, **more)
    return services.request_ask(request_id=made.pk, actor=stage.users[who], at=at)

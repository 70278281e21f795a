"""Special review in the invented hospital: a decision in force, the one before it, and requests in every state."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import demo_user
from vardnara.apps.decisions.choices import ReviewInstead, ReviewKind, ReviewMeasure, ReviewOutcome
from vardnara.apps.decisions.models import ReviewOrder
from vardnara.apps.decisions.services.review_deciding import (
    Limits,
    request_answer,
    request_decide,
    request_follow_up,
    request_question,
    requests_expire,
)
from vardnara.apps.decisions.services.review_orders import LevelWords, OrderWords, review_order_add
from vardnara.apps.decisions.services.review_requests import (
    RequestWords,
    request_ask,
    request_save,
    request_withdraw,
)
from vardnara.apps.hospital.queries.organisation import organisation
from vardnara.kernel.local_time import local_date

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

LEVELS = (
    LevelWords("Verksamhet", role=Role.SERVICE_HEAD, up_to_sek=Decimal(60_000), up_to_weeks=4),
    LevelWords("Division", role=Role.DECISION_MAKER, up_to_sek=Decimal(400_000)),
    LevelWords("HS-ledning", role=Role.ADMINISTRATOR),
)


class _Stage:
    """Who asks and decides, and on which day."""

    def __init__(self, hospital_id: int, at: datetime) -> None:
        self.at = at
        self.people = {role: demo_user(role=role, hospital_id=hospital_id) for role in Role}
        self.wards = [ward.id for division in organisation(hospital_id=hospital_id) for ward in division.wards]

    def who(self, role: Role) -> User:
        user = self.people[role]
        assert user is not None
        return user

    def ask(self, words: RequestWords, *, days_ago: int, ward: int = 0, who: Role = Role.UNIT_MANAGER) -> int:
        """A request that was sent some days ago."""
        then = self.at - timedelta(days=days_ago)
        placed = replace(words, ward_id=self.wards[ward % len(self.wards)])
        request = request_save(request_id=None, words=placed, actor=self.who(who), at=then)
        request_ask(request_id=request.pk, actor=self.who(who), at=then)
        return request.pk

    def decide(
        self, request_id: int, role: Role, outcome: str, *, hours_ago: int, words: str = "", **limits: object
    ) -> None:
        request_decide(
            request_id=request_id,
            outcome=outcome,
            words=words,
            limits=Limits(**limits),  # type: ignore[arg-type]
            actor=self.who(role),
            at=self.at - timedelta(hours=hours_ago),
        )


@transaction.atomic
def demo_reviews_load(*, hospital_id: int, at: datetime) -> None:
    """Invented decisions and requests, where the hospital has none."""
    if ReviewOrder.objects.filter(hospital=hospital_id).exists():
        return
    stage, today = _Stage(hospital_id, at), local_date(at)
    head = stage.who(Role.DECISION_MAKER)
    ending = today + timedelta(days=45)
    begins = today - timedelta(days=60)
    before = OrderWords(
        title="Särskild prövning av avrop och anställningar, våren (påhittad)",
        organ="Driftnämnden (påhittad)",
        decided_on=begins - timedelta(days=110),
        valid_from=begins - timedelta(days=100),
        valid_through=begins - timedelta(days=1),
        levels=LEVELS,
    )
    now = replace(
        before,
        title="Fortsatt särskild prövning av avrop och anställningar (påhittad)",
        decided_on=begins - timedelta(days=12),
        valid_from=begins,
        valid_through=ending,
        step="Åtgärdsplan för ekonomi i balans",
    )
    for words in (before, now):
        review_order_add(hospital_id=hospital_id, words=words, actor=head, at=at - timedelta(days=60))
    _expired(stage)
    _decided(stage)
    _waiting(stage)


CALL_OFF = RequestWords(
    kind=ReviewKind.AGENCY,
    category="nurse",
    reason="vacancy",
    need="Två vakanta rader på natten, rekrytering pågår.",
    from_on=date.min,
    measure=ReviewMeasure.SHIFTS,
    quantity=Decimal(10),
    shift_hours=Decimal(10),
    price_sek=Decimal(780),
    tried=("reschedule", "own_pool", "extra_hours"),
    consequence="Två vårdplatser stängs på natten.",
)
HIRE = RequestWords(
    kind=ReviewKind.HIRE,
    category="assistant_nurse",
    reason="vacancy",
    need="Ersätter en undersköterska som slutar. Raden finns i budget.",
    from_on=date.min,
    measure=ReviewMeasure.FTE,
    quantity=Decimal(1),
    price_sek=Decimal(44_500),
    tried=("loan",),
    consequence="Grundbemanningen på kvällen går inte ihop.",
)


def _expired(stage: _Stage) -> None:
    """Of the decision before: nobody decided in time."""
    day = local_date(stage.at)
    last = replace(CALL_OFF, from_on=day - timedelta(days=66), through_on=day - timedelta(days=62), quantity=Decimal(4))
    stage.ask(last, days_ago=70, ward=3)
    requests_expire(at=stage.at - timedelta(days=59))


def _decided(stage: _Stage) -> None:
    day = local_date(stage.at)
    approved = replace(
        CALL_OFF, category="service_worker", reason="sick_leave", quantity=Decimal(6), shift_hours=Decimal(8),
        price_sek=Decimal(410), from_on=day - timedelta(days=10), through_on=day + timedelta(days=10),
        need="Två sjukskrivna på samma avdelning.", consequence="Hemgångsstäd dröjer efter klockan 16.",
    )  # fmt: skip
    first = stage.ask(approved, days_ago=12, ward=1, who=Role.COORDINATOR)
    stage.decide(first, Role.SERVICE_HEAD, ReviewOutcome.APPROVED, hours_ago=11 * 24)
    limited = replace(CALL_OFF, from_on=day - timedelta(days=20), through_on=day - timedelta(days=1))
    second = stage.ask(limited, days_ago=33)
    stage.decide(second, Role.SERVICE_HEAD, ReviewOutcome.APPROVED, hours_ago=32 * 24, words="Poolen är tom.")
    stage.decide(
        second, Role.DECISION_MAKER, ReviewOutcome.LIMITED, hours_ago=31 * 24, quantity=Decimal(6),
        words="Sex pass; resten med egen personal.",
    )  # fmt: skip
    request_follow_up(
        request_id=second, instead=ReviewInstead.OVERTIME, words="Fyra pass på övertid.", cost_sek=Decimal(18_400),
        actor=stage.who(Role.UNIT_MANAGER), at=stage.at - timedelta(days=1),
    )  # fmt: skip
    refused = replace(
        HIRE, category="secretary", reason="assignment", quantity=Decimal("0.5"), from_on=day + timedelta(days=20),
        need="Halvtid för journaldiktat.", consequence="Svarstiden för brev blir längre.", tried=("task_shift",),
    )  # fmt: skip
    third = stage.ask(refused, days_ago=25, ward=2)
    stage.decide(third, Role.SERVICE_HEAD, ReviewOutcome.APPROVED, hours_ago=24 * 24)
    stage.decide(
        third, Role.DECISION_MAKER, ReviewOutcome.REFUSED, hours_ago=22 * 24, words="Avvakta taligenkänningen i höst."
    )
    withdrawn = replace(CALL_OFF, quantity=Decimal(2), from_on=day, through_on=day + timedelta(days=5))
    fourth = stage.ask(withdrawn, days_ago=3, ward=1)
    request_withdraw(
        request_id=fourth, because="Egen personal kunde byta pass.", actor=stage.who(Role.UNIT_MANAGER),
        at=stage.at - timedelta(days=2),
    )  # fmt: skip


def _waiting(stage: _Stage) -> None:
    day = local_date(stage.at)
    soon = replace(CALL_OFF, from_on=day + timedelta(days=6), through_on=day + timedelta(days=27))
    stage.ask(soon, days_ago=1)
    dear = replace(
        CALL_OFF, category="physician", reason="competence", measure=ReviewMeasure.FTE, quantity=Decimal(1),
        shift_hours=None, price_sek=Decimal(1_450), from_on=day + timedelta(days=10),
        through_on=day + timedelta(days=30), need="Bakjour i tre veckor.", tried=("loan", "postpone"),
        consequence="Planerade operationer skjuts upp tre veckor.",
    )  # fmt: skip
    fifth = stage.ask(dear, days_ago=4, ward=2)
    stage.decide(fifth, Role.SERVICE_HEAD, ReviewOutcome.APPROVED, hours_ago=60, words="Ingen annan lösning i länet.")
    sixth = stage.ask(replace(HIRE, from_on=day + timedelta(days=25)), days_ago=6, ward=1)
    question = "Räcker 0,75 om kvällsraden delas med grannavdelningen?"
    asker, head = stage.who(Role.UNIT_MANAGER), stage.who(Role.SERVICE_HEAD)
    request_question(request_id=sixth, text=question, actor=head, at=stage.at - timedelta(days=5))
    request_answer(
        request_id=sixth, text="Nej, båda har vakans på kvällen.", actor=asker, at=stage.at - timedelta(days=4)
    )
    request_question(
        request_id=sixth, text="Finns raden i årets budget?", actor=head, at=stage.at - timedelta(hours=20)
    )
    extension = replace(
        HIRE, kind=ReviewKind.EXTENSION, category="nurse", reason="parental_leave", from_on=day + timedelta(days=14),
        through_on=day + timedelta(days=194), price_sek=Decimal(52_000), need="Förlängning av vikariat.",
    )  # fmt: skip
    seventh = stage.ask(extension, days_ago=7)
    stage.decide(seventh, Role.SERVICE_HEAD, ReviewOutcome.APPROVED, hours_ago=140)

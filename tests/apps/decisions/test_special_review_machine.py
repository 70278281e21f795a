"""Special review walked at random: what holds however people ask, decide and let time pass."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from tests.strategies.reviews import HIRE, asked, order_made
from tests.strategies.stage import AT, stage_set

from vardnara.apps.accounts.models import User
from vardnara.apps.decisions import services
from vardnara.apps.decisions.models import ReviewOrder, ReviewRequest
from vardnara.apps.decisions.services.review_deciding import granted_before
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import local_date

AT_LEVEL = {1: "unit_manager", 2: "decision_maker", 3: "administrator"}
RIGHT = "who decides there"
DECIDERS = (RIGHT, RIGHT, RIGHT, "unit_manager", "decision_maker", "administrator", "service_head", "controller")
OUTCOMES = st.sampled_from(["approved", "approved", "limited", "limited", "limited", "refused"])
DAYS = st.integers(1, 45)


class ReviewMachine(RuleBasedStateMachine):
    """An order of some weeks, requests under it, and days that pass."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.at = AT
        self.n_decisions = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize(days=st.integers(10, 45))
    def begin(self, days: int) -> None:
        self.stage = stage_set()
        self.order = order_made(self.stage, valid_through=AT.date() + timedelta(days=days))
        self.call_off(days=8, n=3, known=True, who="service_head")
        self.call_off(days=9, n=100, known=True, who="service_head")

    def tried(self, act, **fields) -> None:  # type: ignore[no-untyped-def]
        """Do it; what a rule refuses leaves nothing behind, and nothing else may happen."""
        with suppress(RuleBroken), transaction.atomic():
            act(**fields)

    def person(self, who: str, request_id: int) -> User:
        """One of the cast, mostly whoever decides at the level where a request waits."""
        request = ReviewRequest.objects.filter(pk=request_id).first()
        level = request.level if request is not None and request.level else 1
        return self.stage.users[AT_LEVEL[level] if who == RIGHT else who]

    def of(self, number: int) -> int:
        ids = list(ReviewRequest.objects.order_by("pk").values_list("pk", flat=True))
        return ids[number % len(ids)] if ids else 0

    @rule(days=DAYS, n=st.integers(1, 4), known=st.booleans(), who=st.sampled_from(["service_head", "unit_manager"]))
    def call_off(self, days: int, n: int, known: bool, who: str) -> None:
        today = local_date(self.at)
        self.tried(
            asked,
            stage=self.stage,
            who=who,
            at=self.at,
            from_on=today,
            through_on=today + timedelta(days=days),
            quantity=Decimal(n),
            price_sek=Decimal(900) if known else None,
        )

    @rule(n=st.integers(1, 3))
    def hire(self, n: int) -> None:
        self.tried(
            asked,
            stage=self.stage,
            at=self.at,
            **(HIRE | {"quantity": Decimal(n), "shift_hours": None}),
            through_on=None,
        )

    @rule(
        number=st.integers(0, 9),
        who=st.sampled_from(DECIDERS),
        outcome=OUTCOMES,
        quantity=st.sampled_from([None, 1, 2, 4, 5]),
        price=st.sampled_from([None, None, 800, 950]),
        through=st.sampled_from([None, None, 1, 5, 30]),
        valid=st.sampled_from([None, None, 5, 40]),
    )
    def decide(
        self,
        number: int,
        who: str,
        outcome: str,
        quantity: int | None,
        price: int | None,
        through: int | None,
        valid: int | None,
    ) -> None:
        request_id = self.of(number)
        if outcome == "approved":
            quantity = price = through = valid = None
        today = local_date(self.at)
        limits = services.Limits(
            None if quantity is None else Decimal(quantity),
            None if through is None else today + timedelta(days=through),
            None if price is None else Decimal(price),
            None if valid is None else today + timedelta(days=valid),
        )
        self.tried(
            services.request_decide,
            request_id=request_id,
            outcome=outcome,
            words="Skäl",
            limits=limits,
            actor=self.person(who, request_id),
            at=self.at,
        )

    @rule(number=st.integers(0, 9), what=st.sampled_from(["quantity", "price_sek", "through_on"]))
    def widen(self, number: int, what: str) -> None:
        """Whatever is left of a request that waits, one more of it is refused to whoever decides there."""
        waiting = list(ReviewRequest.objects.filter(state__in=["asked", "question"]).order_by("pk"))
        if not waiting:
            return
        request = waiting[number % len(waiting)]
        left = getattr(granted_before(request), what)
        if left is None:
            return
        more = left + (timedelta(days=1) if what == "through_on" else 1)
        with pytest.raises(RuleBroken), transaction.atomic():
            services.request_decide(
                request_id=request.pk,
                outcome="limited",
                words="Skäl",
                limits=services.Limits(**{what: more}),
                actor=self.person(RIGHT, request.pk),
                at=self.at,
            )

    @rule(number=st.integers(0, 9), who=st.sampled_from(DECIDERS))
    def talk(self, number: int, who: str) -> None:
        request_id = self.of(number)
        fields = {"request_id": request_id, "text": "?", "at": self.at}
        self.tried(services.request_question, actor=self.person(who, request_id), **fields)
        self.tried(services.request_answer, actor=self.stage.users["service_head"], **fields)

    @rule(number=st.integers(0, 9))
    def withdraw(self, number: int) -> None:
        self.tried(
            services.request_withdraw,
            request_id=self.of(number),
            because="",
            actor=self.stage.users["service_head"],
            at=self.at,
        )

    @rule(days=st.integers(1, 6))
    def time_passes(self, days: int) -> None:
        self.at += timedelta(days=days)
        services.requests_expire(at=self.at)

    @rule(days=st.integers(0, 10))
    def end_the_order(self, days: int) -> None:
        self.tried(
            services.review_order_end,
            order_id=self.order.pk,
            ended_on=local_date(self.at) + timedelta(days=days),
            because="x",
            actor=self.stage.users["decision_maker"],
            at=self.at,
        )

    @invariant()
    def the_rules_hold(self) -> None:
        order = ReviewOrder.objects.filter(pk=self.order.pk).first() if hasattr(self, "order") else None
        n_decisions = 0
        for request in ReviewRequest.objects.prefetch_related("decisions"):
            decisions = sorted(request.decisions.all(), key=lambda one: one.level)
            n_decisions += len(decisions)
            levels = [one.level for one in decisions]
            first = 2 if request.made_by.role == "unit_manager" else 1  # nobody's own level tries what they ask
            assert levels == list(range(first, first + len(levels))), "in order, one a level"
            assert len({one.by_id for one in decisions} | {request.made_by_id}) == len(decisions) + 1
            left = (request.quantity, request.through_on, request.price_sek)
            for one in decisions:
                assert order is not None and local_date(one.at) <= order.valid_through
                if one.outcome == "refused":
                    assert one is decisions[-1] and request.state == "refused"
                    continue
                assert local_date(one.at) <= one.valid_through <= order.valid_through, "never beyond the order"
                assert request.kind != "agency" or one.through_on == one.valid_through
                now = (one.quantity, one.through_on, one.price_sek)
                assert all(
                    was is None or (value is not None and value <= was) for value, was in zip(now, left, strict=True)
                )
                if one.cost_sek is not None and request.cost_sek is not None:
                    assert one.cost_sek <= request.cost_sek
                left = now
            if request.state in ("approved", "limited"):
                assert decisions[-1].level == request.top_level
            if request.state in ("asked", "question"):
                assert len(decisions) == request.level - first
        assert n_decisions >= self.n_decisions, "a decision never goes"
        self.n_decisions = n_decisions


@pytest.mark.django_db
def test_random_walks_of_special_review(settings) -> None:  # type: ignore[no-untyped-def]
    """Never beyond the order, never two decisions on a level, limits only narrow."""
    settings.DEMO = True
    run_state_machine_as_test(ReviewMachine, settings=WALKS)


WALKS = settings(
    max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
)

"""The take-home ledger walked at random: nothing is counted twice."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from tests.apps.decisions.test_take_home_ledger import post_made
from tests.strategies.stage import AT, stage_set

from vardnara.apps.decisions import services
from vardnara.apps.decisions.models import FreedBooking, FreedHours
from vardnara.apps.decisions.queries.take_home import ledger
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.money import sek

HOURS = st.decimals("0.01", 900, places=2)
NUMBERS = st.integers(0, 5)


class LedgerMachine(RuleBasedStateMachine):
    """Two sources and two posts that end; hours are booked, taken back, taken out."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize(first=HOURS, second=HOURS)
    def begin(self, first: Decimal, second: Decimal) -> None:
        self.stage = stage_set()
        self.posts = [post_made(self.stage, f"P{n}").pk for n in range(2)]
        self.who = {"actor": self.stage.users["controller"], "at": AT}
        for hours in (first, second):
            self.enter(hours)

    def tried(self, act, **fields) -> None:  # type: ignore[no-untyped-def]
        with suppress(RuleBroken), transaction.atomic():
            act(**fields, **self.who)

    def source(self, number: int) -> int:
        ids = list(FreedHours.objects.order_by("pk").values_list("pk", flat=True))
        return ids[number % len(ids)]

    @rule(hours=HOURS)
    def enter(self, hours: Decimal) -> None:
        words = services.FreedWords("x", date(2026, 3, 1), hours, "mätt")
        self.tried(services.freed_hours_add, hospital_id=self.stage.ward.division.hospital_id, words=words)

    @rule(
        number=NUMBERS, hours=HOURS, price=st.decimals("0.01", 900, places=2), post=st.none() | st.integers(0, 1),
        to=st.sampled_from(["cash_released", "redistributed", "evaporated"]),
    )  # fmt: skip
    def book(self, number: int, hours: Decimal, price: Decimal, post: int | None, to: str) -> None:
        is_cash = to == "cash_released"
        words = services.BookingWords(
            to, hours, "x", price if is_cash else None, None if post is None or not is_cash else self.posts[post]
        )
        self.tried(services.freed_hours_book, source_id=self.source(number), words=words)

    @rule(number=NUMBERS, booking=NUMBERS)
    def take_back(self, number: int, booking: int) -> None:
        source_id = self.source(number)
        ids = list(FreedBooking.objects.filter(source=source_id).order_by("pk").values_list("pk", flat=True))
        if ids:
            self.tried(services.booking_reverse, source_id=source_id, booking_id=ids[booking % len(ids)], because="x")

    @rule(number=NUMBERS)
    def take_out(self, number: int) -> None:
        self.tried(services.freed_hours_drop, source_id=self.source(number), because="x")

    @invariant()
    def nothing_is_counted_twice(self) -> None:
        if not hasattr(self, "stage"):
            return
        posts: list[int] = []
        for row in ledger(actor=self.stage.users["auditor"]):
            home, cash = row.home, Fraction(0)
            parts = home.cash_released_hours + home.redistributed_hours + home.evaporated_hours + home.unbooked_hours
            assert parts == row.source.hours
            assert home.unbooked_hours >= 0
            rows = list(row.source.bookings.all())
            net = sum((-one.hours if one.reverses_id else one.hours for one in rows), Decimal(0))
            assert net == row.source.hours - home.unbooked_hours, "the ledger's own sum is what the engine says"
            for one in rows:
                sign = -1 if one.reverses_id else 1
                cash += sign * Fraction(one.hours) * Fraction(one.hourly_sek or 0)
                if one.post_id:
                    posts = [*posts, one.post_id] if sign > 0 else [p for p in posts if p != one.post_id]
            assert home.cash_sek == sek(cash)
        assert len(posts) == len(set(posts)), "a post that went is counted once"


@pytest.mark.django_db
def test_random_bookings_count_nothing_twice(settings) -> None:  # type: ignore[no-untyped-def]
    """own-3: never more than was freed, and no post twice, in any order of booking and taking back."""
    settings.DEMO = True
    run_state_machine_as_test(LedgerMachine, settings=WALKS)


WALKS = settings(
    max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
)

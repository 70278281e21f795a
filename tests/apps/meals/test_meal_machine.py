"""Meals that anything may happen to: random messages, orders, diets, dishes, trays, and what must hold after each."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from tests.strategies.meals import DISHES, meals_set, order, restrict, state_of, tell
from tests.strategies.messages import at

from vardnara.apps.accounts.models import User
from vardnara.apps.hospital.models import Stay
from vardnara.apps.hospital.queries.stays import stays_by_id
from vardnara.apps.meals.choices import OrderOrigin
from vardnara.apps.meals.events import declaration_changed
from vardnara.apps.meals.models import DishCell, MealNotice, MealOrder, Restriction
from vardnara.apps.meals.queries.needs import needs_of
from vardnara.apps.meals.queries.offered import cells_of
from vardnara.apps.meals.queries.sittings import sitting_of
from vardnara.apps.meals.services.diet import restriction_end
from vardnara.apps.meals.services.filling import orders_fill
from vardnara.apps.meals.services.ordering import order_cancel
from vardnara.engines.diet.check import reasons_naive
from vardnara.kernel.errors import RuleBroken

PATIENTS = st.sampled_from([1, 2, 3])
PLACES = st.sampled_from([("K31", "1-1"), ("K31", "1-2"), ("K31", "2-1"), ("M52", "1-1"), ("BB", "1-1")])
MEALS = st.sampled_from(["lunch", "dinner"])
PARTS = st.sampled_from(
    [
        ("base_diet", "normal"), ("base_diet", "energy_protein"), ("allergen", "3"), ("allergen", "1"),
        ("allergen", "12"), ("exclusion", "meat"), ("texture", "timbal"), ("fasting", "nothing"),
        ("fasting", "clear_fluids"), ("special_diet", "gluten_free"),
    ]
)  # fmt: skip
FINAL = ("cancelled", "stopped", "served")


class MealMachine(RuleBasedStateMachine):
    """Time moves on by a few minutes a step, from eight o'clock past both deadlines."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.minute = 1.0
        self.final: dict[int, tuple[str, str]] = {}
        self.version = 1

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize()
    def open_kitchen(self) -> None:
        self.here = meals_set()
        for number in (1, 2):
            tell("A01", 0.1 * number, f"1-{number}", patient=f"P{number}", visit=f"V{number}")
            restrict(self.here, "base_diet", "normal", minute=0.5, visit=f"V{number}")

    def on(self, minutes: float = 3) -> float:
        self.minute += minutes
        return self.minute

    def lies(self, patient: int) -> bool:
        return Stay.objects.filter(visit_number=f"V{patient}", status="open").exists()

    @rule(code=st.sampled_from(["A01", "A02", "A03", "A11", "A13", "A21", "A22"]), patient=PATIENTS, place=PLACES)
    def message(self, code: str, patient: int, place: tuple[str, str]) -> None:
        tell(code, self.on(), place[1], ward=place[0], patient=f"P{patient}", visit=f"V{patient}")

    @rule(minutes=st.sampled_from([5, 20, 60]))
    def time_passes(self, minutes: int) -> None:
        orders_fill(at=at(self.on(minutes)))

    @rule(patient=PATIENTS, meal=MEALS, dish=st.sampled_from(sorted(DISHES)), late=st.booleans())
    def somebody_orders(self, patient: int, meal: str, dish: str, late: bool) -> None:
        if self.lies(patient):
            with suppress(RuleBroken), transaction.atomic():
                order(self.here, dish, minute=self.on(1), meal=meal, visit=f"V{patient}", late=late)

    @rule(which=st.integers(0, 5), origin=st.sampled_from([OrderOrigin.STAFF, OrderOrigin.PATIENT]))
    def somebody_cancels(self, which: int, origin: OrderOrigin) -> None:
        rows = list(MealOrder.objects.order_by("pk"))
        if rows:
            now = at(self.on(1))
            with suppress(RuleBroken), transaction.atomic():
                order_cancel(
                    order_id=rows[which % len(rows)].pk, at=now, received_at=now, origin=origin, reason="not_wanted"
                )

    @rule(patient=PATIENTS, part=PARTS, minutes=st.sampled_from([None, 30, 300]))
    def somebody_writes(self, patient: int, part: tuple[str, str], minutes: int | None) -> None:
        if self.lies(patient):
            now = self.on(1)
            until = {"valid_until": at(now + minutes)} if minutes and part[0] == "fasting" else {}
            restrict(self.here, *part, minute=now, visit=f"V{patient}", **until)

    @rule(which=st.integers(0, 9))
    def somebody_ends(self, which: int) -> None:
        rows = list(Restriction.objects.filter(ended_at__isnull=True).order_by("pk"))
        if rows:
            dietitian = User.objects.get(pk=self.here.nurse.pk)
            dietitian.profession = "dietitian"
            with suppress(RuleBroken), transaction.atomic():
                restriction_end(
                    restriction_id=rows[which % len(rows)].pk, reason="prov", actor=dietitian, at=at(self.on(1))
                )

    @rule(dish=st.sampled_from(sorted(DISHES)), contains=st.lists(st.sampled_from(["1", "3", "12"]), max_size=2))
    def a_recipe_changes(self, dish: str, contains: list[str]) -> None:
        self.version += 1
        said = {**DISHES[dish], "contains": sorted(set(contains)), "variants": []}
        DishCell.objects.filter(dish=self.here.dishes[dish]).update(state=state_of(said, n=self.version))
        declaration_changed.send(None, dish_ids=frozenset({self.here.dishes[dish].pk}), at=at(self.on(1)))

    @rule(which=st.integers(0, 5), state=st.sampled_from(["ticketed", "sent", "served"]))
    def a_tray_goes_on(self, which: int, state: str) -> None:
        rows = list(MealOrder.objects.order_by("pk"))
        if rows:
            with suppress(DatabaseError), transaction.atomic():
                MealOrder.objects.filter(pk=rows[which % len(rows)].pk).update(state=state)

    @invariant()
    def no_plate_holds_what_is_forbidden(self) -> None:
        """By plain sets, for every meal to come of whoever is here (invariant 4)."""
        orders = MealOrder.objects.filter(state__in=["open", "ticketed", "sent"], serves_at__gt=at(self.minute))
        for row in orders.prefetch_related("items__cell"):
            stay = stays_by_id([row.stay_id])[row.stay_id]
            if not stay.open or stay.away_at(row.serves_at) or row.state == "sent":
                continue
            needs = needs_of([stay], at=row.serves_at)[stay.id].needs
            for item in row.items.all():
                sitting = None
                with suppress(RuleBroken):
                    sitting = sitting_of(stay=stay, on=row.on, meal=row.meal)
                if sitting is None:
                    continue
                dishes = {one.dish_id: one for one in (*sitting.house, *sitting.offered)}
                cells = dict(dishes[item.cell.dish_id].engine_dishes())
                cell = cells[item.cell_id]
                variant = next((one for one in cell.variants if one.id == item.change), None)
                assert reasons_naive(cell, needs, variant) == [], (row.pk, row.state, cell.name)
                assert cells_of(dish_ids=[item.cell.dish_id])

    @invariant()
    def one_order_a_meal(self) -> None:
        live = MealOrder.objects.exclude(state__in=["cancelled", "stopped"]).filter(extra=False)
        keys = list(live.values_list("stay", "on", "meal"))
        assert len(keys) == len(set(keys))

    @invariant()
    def what_is_over_stays_so(self) -> None:
        now = {row.pk: (row.state, row.state_reason) for row in MealOrder.objects.filter(state__in=FINAL)}
        assert {pk: now.get(pk) for pk in self.final} == self.final
        self.final = now

    @invariant()
    def an_empty_plate_is_never_silent(self) -> None:
        empty = MealOrder.objects.filter(state="substitute").values_list("pk", flat=True)
        loud = MealNotice.objects.filter(code="substitute_needed", loud=True).values_list("order", flat=True)
        assert set(empty) <= set(loud)
        assert not MealOrder.objects.filter(state__in=["open", "ticketed", "sent"], items__isnull=True).exists()


@pytest.mark.django_db
def test_meal_machine() -> None:
    """Random days: no forbidden dish on a plate, one order a meal, no way back, no empty plate in silence."""
    machine: Any = MealMachine
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=6,
            stateful_step_count=20,
            phases=(Phase.generate,),  # a day that breaks is short enough; shrinking it takes minutes
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )

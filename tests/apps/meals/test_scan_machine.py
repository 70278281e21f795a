"""Trays that anything may happen to on their way: none that is not for its patient now is ever served (invariant 4)."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from tests.strategies.meals import DISHES, meals_set, order, restrict, state_of, tell
from tests.strategies.messages import at, bed
from tests.strategies.trays import scan, tray_of

from vardnara.apps.hospital.models import Stay
from vardnara.apps.hospital.queries.stays import stays_by_id
from vardnara.apps.meals.events import declaration_changed
from vardnara.apps.meals.models import DishCell, MealOrder, OrderEvent, Tray
from vardnara.apps.meals.queries.needs import needs_of
from vardnara.apps.meals.queries.offered import cells_of
from vardnara.apps.meals.queries.tray_check import dish_of
from vardnara.engines.diet.check import reasons_naive
from vardnara.kernel.errors import RuleBroken

PATIENTS = st.sampled_from([1, 2])
DISH = st.sampled_from(["meatballs", "stew"])
PLACES = st.sampled_from(["1-1", "1-2", "2-1"])
PARTS = st.sampled_from(
    [("allergen", "3"), ("allergen", "9"), ("exclusion", "meat"), ("texture", "timbal"), ("fasting", "nothing")]
)


class TrayMachine(RuleBasedStateMachine):
    """From five to twelve, two minutes a step; each of two patients has a tray of lunch."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.minute = 175.0
        self.version = 1

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize(dishes=st.tuples(DISH, DISH))
    def print_tickets(self, dishes: tuple[str, str]) -> None:
        self.here = meals_set()
        for number, dish in enumerate(dishes, start=1):
            tell("A01", 0.1 * number, f"1-{number}", patient=f"P{number}", visit=f"V{number}")
            restrict(self.here, "base_diet", "normal", minute=1, visit=f"V{number}")
            tray_of(order(self.here, dish, visit=f"V{number}"))

    def on(self) -> float:
        self.minute += 2
        return self.minute

    def tray(self, patient: int) -> Tray:
        return Tray.objects.order_by("pk")[patient - 1]

    @rule(patient=PATIENTS, step=st.sampled_from(["pack", "check", "send", "arrived", "returned"]))
    def somebody_scans(self, patient: int, step: str) -> None:
        scan(self.here, self.tray(patient), step, self.on())

    @rule(patient=PATIENTS, waits=st.sampled_from([0, 4]))
    def a_fast_begins_on_the_way(self, patient: int, waits: float) -> None:
        """Written before it begins, so that nothing stops the tray but the check at the bed."""
        if Stay.objects.filter(visit_number=f"V{patient}", status="open").exists():
            now = max(self.on(), 181)
            self.minute = now + waits
            with suppress(RuleBroken), transaction.atomic():
                restrict(
                    self.here, "fasting", "nothing", minute=now, visit=f"V{patient}", valid_from=at(now + 1),
                    valid_until=at(now + 60),
                )  # fmt: skip
            self.somebody_hands_over_where_they_lie(patient)

    @rule(patient=PATIENTS)
    def somebody_hands_over_where_they_lie(self, patient: int) -> None:
        stay = stays_by_id([self.tray(patient).order.stay_id]).popitem()[1]
        self.somebody_hands_over(patient, f"{stay.room}-{stay.bed}" if stay.bed_id is not None else "1-1")

    @rule(patient=PATIENTS, place=PLACES)
    def somebody_hands_over(self, patient: int, place: str) -> None:
        """The judge answers before: by where the patient lies, and plain sets of what is on the tray."""
        now, tray = self.on(), self.tray(patient)
        row = MealOrder.objects.get(pk=tray.order_id)
        stay = stays_by_id([row.stay_id])[row.stay_id]
        fits = stay.open and stay.bed_id == bed(place).pk and not stay.away_at(at(now))
        if fits:
            needs = needs_of([stay], at=at(now))[stay.id].needs
            for item in row.items.select_related("cell__dish"):
                [(_, cell)] = dish_of(item).engine_dishes()
                variant = next((one for one in cell.variants if one.id == item.change), None)
                fits = fits and reasons_naive(cell, needs, variant) == []
        answer = scan(self.here, tray, "hand_over", now, place)
        assert fits or not answer.done, (patient, place)
        assert not answer.done or row.state in ("ticketed", "sent")

    @rule(patient=PATIENTS, code=st.sampled_from(["A02", "A03", "A13", "A21", "A22"]), place=PLACES)
    def message(self, patient: int, code: str, place: str) -> None:
        tell(code, self.on(), place, patient=f"P{patient}", visit=f"V{patient}")

    @rule(patient=PATIENTS, part=PARTS, later=st.sampled_from([0, 1]))
    def somebody_writes(self, patient: int, part: tuple[str, str], later: float) -> None:
        if Stay.objects.filter(visit_number=f"V{patient}", status="open").exists():
            now = self.on()
            until = {"valid_until": at(now + later + 60)} if part[0] == "fasting" else {}
            with suppress(RuleBroken), transaction.atomic():
                restrict(self.here, *part, minute=now, visit=f"V{patient}", valid_from=at(now + later), **until)

    @rule(
        dish=st.sampled_from(["meatballs", "stew"]), contains=st.lists(st.sampled_from(["3", "9"])), told=st.booleans()
    )
    def a_dish_changes(self, dish: str, contains: list[str], told: bool) -> None:
        self.version += 1
        said = {**DISHES[dish], "contains": sorted(set(contains)), "unknown": [], "variants": []}
        DishCell.objects.filter(dish=self.here.dishes[dish]).update(state=state_of(said, n=self.version))
        if told:
            ids = frozenset({self.here.dishes[dish].pk})
            declaration_changed.send(None, dish_ids=ids, at=at(self.on()))
        assert cells_of(dish_ids=[self.here.dishes[dish].pk])

    @invariant()
    def each_is_served_once_and_its_history_says_so(self) -> None:
        for tray in Tray.objects.select_related("order"):
            n = OrderEvent.objects.filter(order=tray.order_id, kind="served").count()
            assert n == (tray.order.state == "served")


@pytest.mark.django_db
def test_tray_machine() -> None:
    """Random noons: diets, dishes and patients change while trays are scanned."""
    machine: Any = TrayMachine
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=7,
            stateful_step_count=16,
            derandomize=True,
            phases=(Phase.generate,),
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )

"""Orders: never a blocked dish, never after the deadline, never twice, and what is cancelled stays so."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from tests.strategies.meals import (
    LUNCH_CLOSES,
    LUNCH_LATE,
    ON,
    Mealtime,
    order,
    plate,
    restrict,
    stay_of,
    tell,
)
from tests.strategies.messages import at
from tests.strategies.refusals import refused

from vardnara.apps.meals.choices import OrderOrigin, OrderState
from vardnara.apps.meals.models import MealOrder, OrderEvent, OrderItem, Restriction
from vardnara.apps.meals.services.ordering import order_cancel

pytestmark = pytest.mark.django_db


def test_an_order_holds_what_was_checked(here: Mealtime) -> None:
    """The order stands with its dish, the answer of the check, and the diet and dish that it was checked against."""
    made = order(here, "meatballs")
    item = made.items.get()
    assert (made.state, made.origin, made.portion, item.verdict, item.fingerprint) == (
        "open", "staff", "normal", "allowed", "version 1",
    )  # fmt: skip
    assert item.diet_revision == 1


def test_a_blocked_dish_cannot_be_ordered(here: Mealtime) -> None:
    """The refusal names the cause; the change that makes a dish safe comes with it by itself."""
    restrict(here, "allergen", "3")
    with refused("dish_blocked") as caught:
        order(here, "meatballs")
    assert "allergen:3" in str(caught.value)
    made = order(here, "cod")
    assert (made.items.get().verdict, made.items.get().change) == ("after_change", "no_sauce")


def test_the_database_refuses_a_blocked_dish(here: Mealtime) -> None:
    """Whatever the code does (invariant 4)."""
    made = order(here, "meatballs")
    for wrong in ({"verdict": "blocked"}, {"verdict": "after_change"}, {"verdict": "allowed", "change": "no_sauce"}):
        with pytest.raises(DatabaseError, match="meals_only_safe_dishes"), transaction.atomic():
            OrderItem.objects.filter(order=made).update(**wrong)


def test_without_a_diet_only_what_is_safe_for_all(here: Mealtime) -> None:
    """Nobody has said what V2 may eat, so only what the kitchen has listed for all is left (CONTRACT 2.3)."""
    tell("A01", 6, "1-2", patient="P2", visit="V2")
    with refused("dish_blocked"):
        order(here, "meatballs", visit="V2")
    assert plate(order(here, "stew", visit="V2")) == ["stew"]


def test_what_no_code_of_ours_says_makes_the_diet_unknown(here: Mealtime) -> None:
    """A kiwi allergy in another system's words: nothing but what is safe for all until somebody has mapped it."""
    stay = stay_of()
    Restriction.objects.create(
        patient=stay.patient,
        part="allergen",
        text="KIWI",
        source="al1",
        source_name="EHR",
        valid_from=at(0),
        set_at=at(1),
    )
    with refused("dish_blocked"):
        order(here, "meatballs")
    assert plate(order(here, "stew")) == ["stew"]


def test_the_deadline_goes_by_receipt(here: Mealtime) -> None:
    """A request received in time counts although it is worked off later; one received on the stroke does not."""
    made = order(here, "meatballs", minute=LUNCH_CLOSES + 1, received_at=at(LUNCH_CLOSES - 0.001))
    with refused("after_deadline"):
        order(here, "cod", minute=LUNCH_CLOSES)
    with pytest.raises(DatabaseError, match="meals_order_before_deadline"), transaction.atomic():
        MealOrder.objects.filter(pk=made.pk).update(received_at=at(LUNCH_CLOSES))
    assert plate(made) == ["meatballs"]


def test_a_late_tray_until_the_kitchen_cannot(here: Mealtime) -> None:
    """After the deadline as a late tray, which says so, until 30 minutes before; then not at all."""
    made = order(here, "cod", minute=LUNCH_CLOSES + 30, late=True)
    assert made.late
    with refused("too_late_for_late_tray"):
        order(here, "stew", minute=LUNCH_LATE, late=True)


def test_the_same_tap_twice_is_one(here: Mealtime) -> None:
    """A phone that sends its command again gets the same order; the second does nothing."""
    command = uuid4()
    first = order(here, "meatballs", command=command)
    again = order(here, "cod", command=command)
    assert again.pk == first.pk and plate(first) == ["meatballs"]
    assert OrderEvent.objects.filter(order=first).count() == 1


def test_one_order_a_meal(here: Mealtime) -> None:
    """A second choice changes the first; the database lets no second order stand beside it (feat-B28)."""
    first = order(here, "meatballs")
    second = order(here, "stew", minute=20)
    assert first.pk == second.pk and plate(second) == ["stew"]
    twin = MealOrder.objects.get(pk=first.pk)
    twin.pk = None
    with pytest.raises(DatabaseError, match="meals_one_order_a_meal"), transaction.atomic():
        twin.save(force_insert=True)


def test_what_is_cancelled_stays_so(here: Mealtime) -> None:
    """Edge-18: it cannot come back to life, not even through the tables; ordering again makes a new one."""
    made = order(here, "meatballs")
    order_cancel(
        order_id=made.pk, at=at(20), received_at=at(20), origin=OrderOrigin.STAFF, reason="not wanted", actor=here.nurse
    )
    for state in ("open", "held", "ticketed"):
        with pytest.raises(DatabaseError, match="transition"), transaction.atomic():
            MealOrder.objects.filter(pk=made.pk).update(state=state, state_reason="x")
    again = order(here, "stew", minute=30)
    assert again.pk != made.pk
    assert list(MealOrder.objects.values_list("state", flat=True).order_by("pk")) == ["cancelled", "open"]


def test_cancelling_after_the_deadline(here: Mealtime) -> None:
    """The patient cannot; ward staff can until 30 minutes before, while the kitchen can act."""
    made = order(here, "meatballs")
    words = {"order_id": made.pk, "reason": "not wanted"}
    with refused("after_deadline"):
        order_cancel(at=at(70), received_at=at(70), origin=OrderOrigin.PATIENT, **words)
    with refused("after_deadline"):
        order_cancel(at=at(LUNCH_LATE), received_at=at(LUNCH_LATE), origin=OrderOrigin.STAFF, **words)
    order_cancel(at=at(70), received_at=at(70), origin=OrderOrigin.STAFF, **words)
    made.refresh_from_db()
    assert made.state == OrderState.CANCELLED


def test_what_cannot_be_ordered(here: Mealtime) -> None:
    """Clear refusals: nothing picked, a dish that is not on offer, a ward without a kitchen, one who has left."""
    with refused("nothing_picked"):
        order(here)
    with refused("not_offered"):
        order(here, "potatoes")
    with refused("no_such_meal"):
        order(here, "cod", meal="breakfast")
    tell("A01", 7, "1-1", ward="BB", patient="P3", visit="V3")
    with refused("no_kitchen"):
        order(here, "cod", visit="V3")
    tell("A03", 8, "1-1")
    with refused("stay_ended"):
        order(here, "cod")


def test_history_is_kept(here: Mealtime) -> None:
    """Every change is a line that nobody rewrites."""
    made = order(here, "meatballs")
    order(here, "stew", minute=12)
    assert list(made.events.order_by("pk").values_list("kind", flat=True)) == ["placed", "changed"]
    with pytest.raises(DatabaseError), transaction.atomic():
        made.events.update(kind="cancelled")
    assert made.on == ON

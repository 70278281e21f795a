"""Meals follow the bed and the diet: held, moved, taken back, replaced and stopped, and never silently."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction
from tests.strategies.meals import Mealtime, order, plate, restrict, state_of, stay_of, tell
from tests.strategies.messages import at, bed

from vardnara.apps.meals.events import declaration_changed
from vardnara.apps.meals.models import DishCell, MealNotice, MealOrder, OrderingAccess, OrderItem, Restriction
from vardnara.apps.meals.services.diet import restriction_end
from vardnara.apps.meals.services.filling import orders_fill
from vardnara.apps.meals.services.rechecking import stale_recheck

pytestmark = pytest.mark.django_db


def now(order: MealOrder) -> tuple[str, str]:
    order.refresh_from_db()
    return order.state, order.state_reason


def told() -> list[str]:
    return list(MealNotice.objects.filter(seen_at__isnull=True).order_by("pk").values_list("code", flat=True))


def test_discharge_takes_the_meal_back_while_the_kitchen_can_act(here: Mealtime) -> None:
    """Cancelled with its cause; the ward needs not be told."""
    made = order(here, "meatballs")
    tell("A03", 100, "1-1")
    assert now(made) == ("cancelled", "discharged")
    assert told() == []


def test_discharge_after_that_tells_what_is_on_its_way(here: Mealtime) -> None:
    """The plate comes: the order stands, and the ward knows for whom it no longer is."""
    made = order(here, "meatballs")
    tell("A03", 155, "1-1")
    assert now(made)[0] == "open"
    assert told() == ["tray_for_gone"]


def test_a_printed_ticket_is_stopped_and_a_sent_tray_told_of(here: Mealtime) -> None:
    """Edge-19 in both stages."""
    made = order(here, "meatballs")
    MealOrder.objects.filter(pk=made.pk).update(state="ticketed")
    tell("A03", 155, "1-1")
    assert now(made) == ("stopped", "discharged")
    assert told() == ["stop_tray"]


def test_a_discharge_that_did_not_happen_orders_anew(here: Mealtime) -> None:
    """A13: what was cancelled stays so; the same dishes are ordered again, in time as before."""
    made = order(here, "stew")
    tell("A03", 30, "1-1")
    tell("A13", 40, "1-1", effect=30)
    assert now(made) == ("cancelled", "discharged")
    again = MealOrder.objects.get(state="open")
    assert plate(again) == ["stew"]


def test_leave_holds_and_return_releases(here: Mealtime) -> None:
    """Feat-B3: the meal waits with its cause and goes on with what was chosen."""
    made = order(here, "stew")
    tell("A21", 20, "1-1")
    assert now(made) == ("held", "away")
    tell("A22", 50, "1-1")
    assert now(made)[0] == "open"
    assert plate(made) == ["stew"]


def test_return_too_late_is_told(here: Mealtime) -> None:
    """Nobody cooks for one who comes back when the kitchen has closed; the ward knows, and can ask for a late tray."""
    made = order(here, "stew")
    tell("A21", 20, "1-1")
    tell("A22", 155, "1-1")
    assert now(made)[0] == "held"
    assert told() == ["held_too_late"]


def test_the_meal_moves_with_the_bed(here: Mealtime) -> None:
    """A transfer between wards of one kitchen takes the order along; ordering at the old bed is closed."""
    made = order(here, "stew")
    access = OrderingAccess.objects.create(
        stay=stay_of(), bed=bed("1-1"), code="1234", opened_at=at(5), opened_by=here.nurse
    )
    tell("A02", 20, "1-1", ward="M52")
    assert now(made)[0] == "open"
    assert made.ward.code == "M52" and made.bed == bed("1-1", "M52")
    access.refresh_from_db()
    assert access.closed_reason == "moved"


def test_a_ward_of_no_kitchen_ends_the_meal(here: Mealtime) -> None:
    """The old kitchen need not cook it."""
    made = order(here, "stew")
    tell("A02", 20, "1-1", ward="BB")
    assert now(made) == ("cancelled", "moved")


def test_fasting_holds_and_its_end_releases(here: Mealtime) -> None:
    """Fasting over lunch holds it with its cause; ended in time it goes on; dinner was never held."""
    lunch, dinner = order(here, "stew"), order(here, "cod", meal="dinner")
    row = restrict(here, "fasting", "nothing", minute=20, valid_until=at(300))
    assert now(lunch) == ("held", "fasting")
    assert now(dinner)[0] == "open"
    restriction_end(restriction_id=row.pk, reason="struken från programmet", actor=here.nurse, at=at(50))
    assert now(lunch)[0] == "open"


def test_a_new_allergy_before_the_ticket_changes_the_dish(here: Mealtime) -> None:
    """Feat-B7: the default gives way to a dish that is safe, and the ward is told which and why."""
    made = order(here, "meatballs")
    restrict(here, "allergen", "1", minute=20)
    assert now(made)[0] == "open" and plate(made) == ["cod"]
    assert told() == ["dish_replaced"]
    cause = MealNotice.objects.get().detail["causes"][0]
    assert cause["reasons"] == ["allergen:1.1"]


@pytest.mark.parametrize(("state", "notice"), [("ticketed", "stop_tray"), ("sent", "stop_tray_sent")])
def test_a_new_allergy_after_the_ticket_stops_the_tray(here: Mealtime, state: str, notice: str) -> None:
    """Edge-19: stopped, told loudly, and a safe late tray ordered in its place."""
    made = order(here, "meatballs")
    for step in ["ticketed", "sent"][: 1 + (state == "sent")]:
        MealOrder.objects.filter(pk=made.pk).update(state=step)
    restrict(here, "allergen", "1", minute=100)
    assert now(made) == ("stopped", "wrong_diet")
    instead = MealOrder.objects.get(replaces=made)
    assert (instead.state, instead.late, plate(instead)) == ("open", True, ["cod"])
    assert MealNotice.objects.get(code=notice).loud


def test_nothing_fits_is_never_silent(here: Mealtime) -> None:
    """Edge-21: when also the fallback is blocked, the order stands in red, and goes on when something fits again."""
    made = order(here, "meatballs")
    texture = restrict(here, "texture", "timbal", minute=20)
    assert now(made) == ("substitute", "nothing_fits") and plate(made) == []
    assert told() == ["substitute_needed"] and MealNotice.objects.get().loud
    dietitian = type(here.nurse).objects.get(pk=here.nurse.pk)
    dietitian.profession = "dietitian"
    restriction_end(restriction_id=texture.pk, reason="fel patient", actor=dietitian, at=at(30))
    assert now(made)[0] == "open" and plate(made) == ["meatballs"]


def test_the_fallback_comes_last(here: Mealtime) -> None:
    """Mech-15: what no dish of the menu gives, the kitchen's fallback does."""
    made = order(here, "meatballs")
    restrict(here, "exclusion", "meat", minute=15)
    restrict(here, "exclusion", "fish", minute=16)
    assert plate(made) == ["stew"]
    restrict(here, "allergen", "12", minute=20)
    assert plate(made) == ["potatoes"]
    made.refresh_from_db()
    assert made.origin == "fallback"


def test_the_database_lets_no_stale_tray_leave(here: Mealtime) -> None:
    """Checked against an older diet, or a dish that has changed since, it gets no ticket, whatever the code does."""
    made = order(here, "stew")
    Restriction.objects.create(
        patient=stay_of().patient, part="allergen", code="2", source="al1", valid_from=at(20), set_at=at(20)
    )
    with pytest.raises(DatabaseError, match="older diet"), transaction.atomic():
        MealOrder.objects.filter(pk=made.pk).update(state="ticketed")
    assert stale_recheck(at=at(25)) == 1
    DishCell.objects.filter(dish=here.dishes["stew"]).update(state=state_of({"contains": ["9"]}, n=2))
    with pytest.raises(DatabaseError, match="older dish"), transaction.atomic():
        MealOrder.objects.filter(pk=made.pk).update(state="ticketed")
    assert stale_recheck(at=at(26)) == 1
    assert stale_recheck(at=at(27)) == 0
    MealOrder.objects.filter(pk=made.pk).update(state="ticketed")
    OrderItem.objects.filter(order=made).delete()
    with pytest.raises(DatabaseError, match="is empty"), transaction.atomic():
        MealOrder.objects.filter(pk=made.pk).update(state="sent")


def test_a_changed_recipe_changes_orders(here: Mealtime) -> None:
    """F-06: a substitution in the kitchen brings an allergen into a dish that somebody has ordered."""
    restrict(here, "allergen", "6")
    made = order(here, "stew")
    DishCell.objects.filter(dish=here.dishes["stew"]).update(state=state_of({"contains": ["6", "9"]}, n=2))
    declaration_changed.send(None, dish_ids=frozenset({here.dishes["stew"].pk}), at=at(30))
    assert plate(made) == ["meatballs"]
    assert made.events.latest("pk").reason == "kitchen"


def test_merged_patients_share_what_they_must_not_have(here: Mealtime) -> None:
    """A40: two records were one person; the union holds and the meals are checked again."""
    tell("A01", 6, "1-2", patient="P2", visit="V2")
    restrict(here, "allergen", "3", minute=7, visit="V2")
    made = order(here, "meatballs")
    tell("A40", 20, "", patient="P1", merge="P2")
    assert plate(made) == ["cod"]


def test_the_deadline_fills_who_has_not_chosen(here: Mealtime) -> None:
    """The default of the diet, the standing substitute, a held meal for who fasts; once, however often it runs."""
    tell("A01", 6, "1-2", patient="P2", visit="V2")
    tell("A01", 7, "2-1", patient="P3", visit="V3")
    restrict(here, "base_diet", "energy_protein", minute=8, visit="V3")
    restrict(here, "fasting", "nothing", minute=8, visit="V3", valid_until=at(300))
    assert orders_fill(at=at(59)) == 0
    assert orders_fill(at=at(61)) == 3
    assert orders_fill(at=at(62)) == 0
    found = {
        visit: (row.state, row.origin, plate(row))
        for visit in ("V1", "V2", "V3")
        for row in MealOrder.objects.filter(stay=stay_of(visit))
    }
    assert found == {
        "V1": ("open", "default", ["meatballs"]),
        "V2": ("open", "default", ["stew"]),
        "V3": ("held", "default", []),
    }


def test_who_was_ordered_for_is_not_filled(here: Mealtime) -> None:
    """A choice stands, and so does a cancelled meal: nobody gets what they said no to."""
    made = order(here, "stew")
    MealOrder.objects.filter(pk=made.pk).update(state="cancelled", state_reason="not wanted")
    assert orders_fill(at=at(61)) == 0


def test_fasting_stops_a_tray_that_has_left(here: Mealtime) -> None:
    """The tray is stopped because of the fast, loudly; nobody is asked for a substitute, the meal waits."""
    made = order(here, "meatballs")
    for state in ("ticketed", "sent"):
        MealOrder.objects.filter(pk=made.pk).update(state=state)
    restrict(here, "fasting", "nothing", minute=165)
    assert now(made) == ("stopped", "fasting")
    assert now(made.replaced_by) == ("held", "fasting")
    assert "stop_tray_sent" in told() and "substitute_needed" not in told()

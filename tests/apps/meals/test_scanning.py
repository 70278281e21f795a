"""Scanning a tray: the whole check every time, loud causes, nothing twice, nothing overridden (F-06, feat-B29)."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from tests.strategies.meals import ON, Mealtime, meals_set, order, restrict, state_of, tell
from tests.strategies.messages import at, bed, person
from tests.strategies.trays import scan, sent, tray_of

from vardnara.apps.accounts.choices import Role
from vardnara.apps.hospital.models import BedPlace, Hospital, Ward
from vardnara.apps.meals.models import DishCell, MealNotice, MealOrder, OrderEvent
from vardnara.apps.meals.queries.trays import code_read
from vardnara.apps.meals.services.scanning import tray_scan
from vardnara.apps.meals.services.serving import Together, ward_step
from vardnara.kernel.errors import RuleBroken

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Mealtime:
    """P1 lies in K31 1-1, P2 in 1-2, both on normal diets."""
    made = meals_set()
    tell("A01", 0, "1-1")
    tell("A01", 1, "1-2", patient="P2", visit="V2")
    restrict(made, "base_diet", "normal")
    restrict(made, "base_diet", "normal", visit="V2")
    return made


def history(order_id: int) -> list[str]:
    return list(OrderEvent.objects.filter(order=order_id).order_by("pk").values_list("kind", flat=True))


def test_from_the_kitchen_to_the_bed(here: Mealtime) -> None:
    """Packed, checked, sent, received, handed over at the right bed; the history says so in that order."""
    tray = tray_of(order(here, "meatballs"))
    sent(here, tray)
    assert scan(here, tray, "arrived", 178).done
    asked = scan(here, tray, "hand_over", 181)
    assert asked.bed_wanted and not asked.done and MealOrder.objects.get().state == "sent"
    assert scan(here, tray, "hand_over", 182, "1-1").done
    assert MealOrder.objects.get().state == "served"
    assert history(tray.order_id) == ["placed", "ticketed", "packed", "checked", "sent", "arrived", "served"]


def test_each_dish_by_itself(here: Mealtime) -> None:
    """A tray is packed when every dish is; before that it cannot be checked, nor sent before it is checked."""
    made = order(here, "meatballs", "stew")
    tray = tray_of(made)
    first, second = made.items.order_by("pk").values_list("cell", flat=True)
    assert scan(here, tray, "pack", cells=[first]).done
    assert scan(here, tray, "check").code == "not_packed"
    assert scan(here, tray, "pack", cells=[first, second]).done
    assert scan(here, tray, "pack", cells=[first]).before
    assert history(made.pk).count("packed") == 2
    assert scan(here, tray, "send").code == "not_checked"
    assert scan(here, tray, "check").done and scan(here, tray, "check").before


def test_the_wrong_patient(here: Mealtime) -> None:
    """Another bed's code stops the tray, and says which tray is theirs; the right bed then takes it."""
    tray, other = tray_of(order(here, "meatballs")), tray_of(order(here, "stew", visit="V2"))
    for one in (tray, other):
        sent(here, one)
    answer = scan(here, tray, "hand_over", 182, "1-2")
    assert (answer.code, answer.theirs) == ("wrong_patient", other.number)
    refused = OrderEvent.objects.get(order=tray.order_id, kind="refused")
    assert (refused.reason, refused.actor, refused.detail["step"]) == ("wrong_patient", here.nurse, "hand_over")
    assert scan(here, tray, "hand_over", 183, "1-1").done


def test_a_new_allergy_after_the_ticket(here: Mealtime) -> None:
    """Edge-19: the tray is stopped at every step, with the cause and what comes instead."""
    tray = tray_of(order(here, "meatballs"))
    restrict(here, "allergen", "3", minute=165)
    for step in ("pack", "check", "send", "arrived"):
        answer = scan(here, tray, step)
        assert answer.code == "replaced" and "allergen:3" in answer.causes
    answer = scan(here, tray, "hand_over", 182, "1-1")
    assert answer.code == "replaced" and answer.tray is not None and answer.tray.replaced_dishes
    assert MealOrder.objects.get(pk=tray.order_id).state == "stopped"


def test_a_diet_that_nobody_told_the_orders_of(here: Mealtime) -> None:
    """A change that did not reach the order is found at the scan: stopped and replaced there and then."""
    tray = tray_of(order(here, "meatballs"))
    DishCell.objects.filter(dish=here.dishes["meatballs"]).update(
        state=state_of({"contains": ["1.1", "3", "7"], "diets": ["energy_protein"]}, n=2)
    )
    assert scan(here, tray, "pack").code in ("replaced", "unsafe")
    assert MealOrder.objects.get(pk=tray.order_id).state == "stopped"


def test_a_change_that_leaves_the_dish_safe_goes_on(here: Mealtime) -> None:
    """The check is brought up to date, and the database takes the step."""
    tray = tray_of(order(here, "meatballs"))
    DishCell.objects.filter(dish=here.dishes["meatballs"]).update(
        state=state_of({"contains": ["3"], "diets": ["normal"]}, n=2)
    )
    sent(here, tray)
    assert MealOrder.objects.get().items.get().fingerprint == "version 2"


@pytest.mark.parametrize(("event", "codes"), [("A03", {"stopped"}), ("A21", {"stopped", "away"})])
def test_who_is_not_there(here: Mealtime, event: str, codes: set[str]) -> None:
    """Discharged or on leave: the tray does not go on."""
    tray = tray_of(order(here, "meatballs"))
    tell(event, 165, "1-1")
    assert scan(here, tray, "check").code in codes


def test_on_its_way_to_one_who_left(here: Mealtime) -> None:
    """The tray had left when the patient did: refused at the bed, since nobody lies there."""
    tray = tray_of(order(here, "meatballs"))
    sent(here, tray)
    tell("A03", 178, "1-1")
    assert scan(here, tray, "hand_over", 182, "1-1").code == "gone"


def test_fasting_that_begins_before_the_tray_comes(here: Mealtime) -> None:
    """Not when the kitchen serves, but now: who fasts from ten past does not get the tray at a quarter past."""
    tray = tray_of(order(here, "meatballs"))
    sent(here, tray)
    restrict(here, "fasting", "nothing", minute=179, valid_from=at(190))
    assert scan(here, tray, "hand_over", 195, "1-1").code == "fasting"


def test_moved_within_the_ward(here: Mealtime) -> None:
    """The tray follows the patient: the old bed is the wrong one now."""
    tray = tray_of(order(here, "meatballs"))
    sent(here, tray)
    tell("A02", 178, "2-1")
    assert scan(here, tray, "hand_over", 182, "1-1").code == "wrong_patient"
    assert scan(here, tray, "hand_over", 183, "2-1").done


def test_served_once(here: Mealtime) -> None:
    """Edge-25: the second time is loud, and the same scan once more is the first."""
    tray, command = tray_of(order(here, "meatballs")), uuid4()
    sent(here, tray)
    assert scan(here, tray, "hand_over", 182, "1-1", command=command).done
    again = scan(here, tray, "hand_over", 183, "1-1", command=command)
    assert again.done and again.before
    assert scan(here, tray, "hand_over", 184, "1-1", command=uuid4()).code == "already_served"
    assert history(tray.order_id).count("served") == 1


@pytest.mark.parametrize(("minute", "code"), [(149.9, "too_early"), (150, ""), (269.9, ""), (270, "too_late")])
def test_the_hours_of_the_meal(here: Mealtime, minute: float, code: str) -> None:
    """Lunch is served from 12 to 13: from half an hour before to half an hour after, half-open."""
    tray = tray_of(order(here, "meatballs"), minute=140)
    assert scan(here, tray, "hand_over", minute, "1-1").code == code


def test_hot_food_is_held_two_hours(here: Mealtime) -> None:
    """F-41, counted from when the tray was sent."""
    tray = tray_of(order(here, "meatballs"), minute=110)
    sent(here, tray, minute=120)
    assert scan(here, tray, "arrived", 240.1).code == "held_too_long"
    assert scan(here, tray, "arrived", 240).done


def test_a_diet_that_changes_just_after_serving(here: Mealtime) -> None:
    """Edge-19, the last of it: the tray is at the bed already, and the ward is told loudly; not an hour later."""
    tray = tray_of(order(here, "meatballs"))
    assert scan(here, tray, "hand_over", 182, "1-1").done
    restrict(here, "allergen", "9", minute=183)
    assert not MealNotice.objects.exists()
    restrict(here, "allergen", "3", minute=185)
    notice = MealNotice.objects.get()
    assert (notice.code, notice.loud, notice.detail["causes"]) == ("served_unsafe", True, ["allergen:3"])
    MealNotice.objects.all().delete()
    restrict(here, "allergen", "7", minute=250)
    assert not MealNotice.objects.exists()


def test_codes_of_nothing(here: Mealtime) -> None:
    """An unknown code, the bed's code where the tray's is asked for, and the other way round."""
    tray = tray_of(order(here, "meatballs"))
    sent(here, tray)
    assert tray_scan(text="NOSUCH", step="arrived", actor=here.nurse, at=at(181)).code == "unknown_code"
    assert tray_scan(text="", step="arrived", actor=here.nurse, at=at(181)).code == "unknown_code"
    address = f"https://x.example/m/{bed('1-1').token}/"
    assert tray_scan(text=address, step="hand_over", actor=here.nurse, at=at(181)).code == "bed_not_tray"
    assert scan(here, tray, "hand_over", 181, bed_text=tray.code).code == "tray_not_bed"
    assert scan(here, tray, "hand_over", 181, bed_text="zzz").code == "unknown_bed_code"


def test_what_a_scanner_types(here: Mealtime) -> None:
    """An address, a bare code, small letters, and an address garbled by another keyboard."""
    tray = tray_of(order(here, "meatballs"))
    for text in (
        f"https://v.example/maltider/bricka/{tray.code}/", tray.code, f"  {tray.code.lower()}\n",
        f"httpsÖ--v.example-maltider-bricka-{tray.code}-",
    ):  # fmt: skip
        assert tray_scan(text=text, step="pack", actor=here.cook, at=at(165)).done, text
    assert code_read("/maltider/bricka/AB12/") == ["AB12"]


def test_who_may(here: Mealtime) -> None:
    """The kitchen packs, the ward hands over; another ward's tray is loud and says no more than which ward."""
    tray = tray_of(order(here, "meatballs"))
    with pytest.raises(RuleBroken, check=lambda error: error.code == "wrong_role"):
        tray_scan(text=tray.code, step="pack", actor=here.nurse, at=at(165))
    with pytest.raises(RuleBroken, check=lambda error: error.code == "wrong_role"):
        tray_scan(text=tray.code, step="hand_over", actor=here.cook, at=at(181))
    with pytest.raises(RuleBroken, check=lambda error: error.code == "unknown_step"):
        tray_scan(text=tray.code, step="eat", actor=here.cook, at=at(181))
    elsewhere = person(Role.WARD_STAFF, "m52", here.hospital, Ward.objects.get(code="M52"))
    answer = tray_scan(text=tray.code, step="arrived", actor=elsewhere, at=at(181))
    assert (answer.code, answer.tray, answer.detail) == ("wrong_ward", None, "K31")
    other = Hospital.objects.create(region=here.hospital.region, code="AN", name="Annat")
    division = here.hospital.divisions.model.objects.create(hospital=other, code="A", name="A")
    far = person(Role.WARD_STAFF, "far", other, Ward.objects.create(division=division, code="A1", name="A1"))
    assert tray_scan(text=tray.code, step="arrived", actor=far, at=at(181)).code == "unknown_code"


def test_a_tray_that_came_back_is_not_served(here: Mealtime) -> None:
    """Taken back to the kitchen unserved: it goes to nobody after that."""
    tray = tray_of(order(here, "meatballs"))
    sent(here, tray)
    assert scan(here, tray, "returned", 185).done
    assert scan(here, tray, "hand_over", 186, "1-1").code == "came_back"
    given = {"ward_id": Ward.objects.get(code="K31").pk, "on": ON, "meal": "lunch", "actor": here.nurse, "at": at(187)}
    assert ward_step(step="hand_over", **given) == Together(0, ())  # the ward's own tap passes it over


def test_two_in_one_place(here: Mealtime) -> None:
    """Mother and child: the tray is handed over, and who it is for is asked."""
    tray = tray_of(order(here, "meatballs"))
    sent(here, tray)
    BedPlace.objects.filter(room__ward__code="K31", room__code="1", code="1").update(capacity=2)
    tell("A01", 176, "1-1", patient="P3", visit="V3")
    answer = scan(here, tray, "hand_over", 182, "1-1")
    assert answer.done and answer.warnings == ("two_in_bed",)


def test_the_database_has_the_last_word(here: Mealtime) -> None:
    """Whatever the code does, a plate of an older check does not leave."""
    tray = tray_of(order(here, "meatballs"))
    MealOrder.objects.get().items.update(diet_revision=0)
    with pytest.raises(DatabaseError, match="older diet"), transaction.atomic():
        MealOrder.objects.update(state="served")
    assert MealOrder.objects.get(pk=tray.order_id).state == "ticketed"


def lock_waits() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return int(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", ["diet", "scan"])
def test_a_diet_changes_in_the_moment_of_handing_over(first: str) -> None:
    """Two real connections: a change that has begun is waited for and stops the tray; one that begins after waits."""
    made = meals_set()
    tell("A01", 0, "1-1")
    restrict(made, "base_diet", "normal")
    tray = tray_of(order(made, "meatballs"))
    sent(made, tray)
    steps = {
        "diet": lambda: str(restrict(made, "allergen", "3", minute=181).part),
        "scan": lambda: scan(made, tray, "hand_over", 181, "1-1").code or "served",
    }
    second = steps["scan" if first == "diet" else "diet"]

    def later() -> str:
        try:
            return second()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            steps[first]()
            waiting = pool.submit(later)
            until = time.monotonic() + timedelta(seconds=10).total_seconds()
            while lock_waits() == 0 and not waiting.done() and time.monotonic() < until:
                time.sleep(0.01)
            assert not waiting.done()
        answer = waiting.result(timeout=20)
    served = MealOrder.objects.filter(state="served").exists()
    assert (answer, served) == (("replaced", False) if first == "diet" else ("allergen", True))

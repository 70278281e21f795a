"""A ward's fridge: each pack is taken once, for one who may have it, before its date, as the dish that was packed."""

from __future__ import annotations

import threading
from datetime import date, datetime
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from tests.strategies.meals import ON, Mealtime, meals_set, order, restrict, state_of, stay_of, tell
from tests.strategies.messages import at
from tests.strategies.refusals import refused

from vardnara.apps.accounts.models import AccessLog
from vardnara.apps.hospital.models import Ward
from vardnara.apps.meals.models import DishCell, FridgePack, MealOrder, OrderEvent
from vardnara.apps.meals.queries.eaten import ward_eaten
from vardnara.apps.meals.queries.fridge import fridge, thrown_lately
from vardnara.apps.meals.queries.production import numbers_now
from vardnara.apps.meals.services.fridge import pack_take, pack_throw, packs_put, put_undo
from vardnara.kernel.errors import RuleBroken

pytestmark = pytest.mark.django_db
NEXT = 24 * 60  # minutes to the next day


@pytest.fixture
def here() -> Mealtime:
    """P1 lies in K31 1-1 on a normal diet."""
    return set_up()


def set_up() -> Mealtime:
    made = meals_set()
    tell("A01", 0, "1-1")
    restrict(made, "base_diet", "normal")
    return made


def ward() -> int:
    return Ward.objects.get(code="K31").pk


def cell(here: Mealtime, dish: str) -> DishCell:
    return DishCell.objects.get(dish=here.dishes[dish])


def put(here: Mealtime, dish: str = "meatballs", n: int = 1, last: date = ON, **words: Any) -> list[FridgePack]:
    given = {"ward_id": ward(), "cell_id": cell(here, dish).pk, "n": n, "best_before": last, "at": at(10)}
    return packs_put(**(given | {"actor": here.cook} | words))


def take(here: Mealtime, minute: float = 20, **words: Any) -> MealOrder:
    return pack_take(ward_id=ward(), stay_id=stay_of().pk, actor=here.nurse, at=at(minute), **words)


def test_taken_at_any_hour_and_handed_over(here: Mealtime) -> None:
    """By the code or the oldest of a dish: an order that is served, with its history; the same tap twice is one."""
    late, [soon] = put(here, last=date(2026, 3, 4)), put(here)
    command = uuid4()
    made = take(here, cell_id=cell(here, "meatballs").pk, command=command)
    assert take(here, cell_id=cell(here, "meatballs").pk, command=command).pk == made.pk
    soon.refresh_from_db()
    assert (soon.order, made.state, made.extra, made.meal) == (made, "served", True, "lunch")
    assert list(OrderEvent.objects.filter(order=made).order_by("pk").values_list("kind", flat=True)) == [
        "placed",
        "served",
    ]
    night = take(here, minute=17 * 60, code=late[0].code)
    assert (night.on, night.meal, night.late, night.extra) == (date(2026, 3, 3), "lunch", False, True)
    with refused("pack_taken"):
        take(here, code=soon.code)
    with refused("no_pack_left"):
        take(here, cell_id=cell(here, "meatballs").pk)
    assert not fridge(ward_id=ward(), on=ON)


def test_the_meal_itself_where_nothing_is_ordered(here: Mealtime) -> None:
    """While a meal is served a pack is the meal; beside an order it is an extra; the kitchen cooks neither."""
    put(here, n=2)
    first, second = (take(here, minute=190, cell_id=cell(here, "meatballs").pk) for _ in range(2))
    assert (first.extra, second.extra) == (False, True)
    assert numbers_now(kitchen_id=here.kitchen.pk, on=ON, meal="lunch") == {}
    board = ward_eaten(actor=here.nurse, ward_id=ward(), on=ON, meal="lunch", at=at(240))
    assert {row.order_id for row in board.rows} == {first.pk, second.pk} and board.rows[0].day.served_kcal == 800


def test_a_pack_beside_the_ordered_meal(here: Mealtime) -> None:
    """What is ordered stays as it is."""
    ordered = order(here, "cod")
    [pack] = put(here)
    assert take(here, minute=190, code=pack.code).extra
    ordered.refresh_from_db()
    assert ordered.state == "open"


def test_a_pack_is_for_the_ward_s_own_patients(here: Mealtime) -> None:
    """Neither for somebody on another ward, nor for who has left."""
    [pack] = put(here)
    tell("A01", 5, "1-1", ward="M52", patient="P2", visit="V2")
    restrict(here, "base_diet", "normal", visit="V2")
    with refused("stay_ended"):
        pack_take(ward_id=ward(), stay_id=stay_of("V2").pk, actor=here.nurse, at=at(20), code=pack.code)
    tell("A03", 30, "")
    with refused("stay_ended"):
        take(here, minute=40, code=pack.code)
    pack.refresh_from_db()
    assert pack.order is None


def test_never_a_blocked_dish(here: Mealtime) -> None:
    """The diet as it is when the pack is taken; a pack is closed, so no change to it makes it safe."""
    [meat], [cod] = put(here), put(here, "cod")
    restrict(here, "allergen", "3", minute=15)
    for pack in (meat, cod):
        with refused("dish_blocked"):
            take(here, code=pack.code)
    restrict(here, "fasting", "nothing", minute=16)
    put(here, "potatoes")
    with refused("dish_blocked"):
        take(here, cell_id=cell(here, "potatoes").pk)
    assert not MealOrder.objects.exists() and len(fridge(ward_id=ward(), on=ON)) == 3


def test_never_after_its_last_day(here: Mealtime) -> None:
    """The last day to its end, and not a minute more; the database besides."""
    first, second = put(here, n=2)
    made = take(here, minute=14 * 60 + 59, code=first.code)
    assert made.state == "served"
    with refused("pack_expired"):
        take(here, minute=15 * 60 + 1, code=second.code)
    with refused("no_pack_left"):
        take(here, minute=15 * 60 + 1, cell_id=cell(here, "meatballs").pk)
    with pytest.raises(DatabaseError, match="past its date"), transaction.atomic():
        FridgePack.objects.filter(pk=second.pk).update(taken_at=at(NEXT), taken_by=here.nurse, order=made)
    assert [row.state for row in fridge(ward_id=ward(), on=date(2026, 3, 3))] == ["expired"]


def test_a_changed_dish_is_refused(here: Mealtime) -> None:
    """Nobody answers for what the dish was; the database holds it besides."""
    first, second = put(here, n=2)
    made = take(here, code=first.code)
    DishCell.objects.filter(pk=first.cell_id).update(state=state_of({}, 2))
    with refused("pack_changed"):
        take(here, code=second.code)
    with refused("no_pack_left"):
        take(here, cell_id=first.cell_id)
    with pytest.raises(DatabaseError, match="older dish"), transaction.atomic():
        FridgePack.objects.filter(pk=second.pk).update(taken_at=at(30), taken_by=here.nurse, order=made)
    assert [row.state for row in fridge(ward_id=ward(), on=ON)] == ["changed"]


def test_thrown_once_with_its_reason(here: Mealtime) -> None:
    """Neither taken nor thrown again, never deleted; what was put in by mistake is no waste."""
    one, two, three = put(here, n=3)
    given = {"ward_id": ward(), "actor": here.nurse, "at": at(30)}
    for wrong in ("", "other"):
        with refused("throw_reason_missing"):
            pack_throw(code=one.code, reason=wrong, **given)
    with refused("pack_not_expired"):
        pack_throw(code=one.code, reason="expired", **given)
    pack_throw(code=one.code.lower(), reason="damaged", **given)
    with refused("pack_thrown"):
        pack_throw(code=one.code, reason="damaged", **given)
    with refused("pack_thrown"):
        take(here, code=one.code)
    for sql in ("UPDATE meals_fridgepack SET thrown_at = NULL", "DELETE FROM meals_fridgepack"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    with pytest.raises(DatabaseError), transaction.atomic():
        FridgePack.objects.filter(pk=two.pk).update(best_before=date(2026, 4, 1))
    assert put_undo(batch=two.batch, **given) == 2
    with refused("put_is_gone"):
        put_undo(batch=three.batch, **given)
    assert thrown_lately(ward_id=ward(), at=at(40)) == {"damaged": 1}


def test_put_in_once(here: Mealtime) -> None:
    """The same form twice is one put; only dishes that somebody answers for, and dates that can be."""
    batch = uuid4()
    assert [one.pk for one in put(here, n=2, batch=batch)] == [one.pk for one in put(here, n=2, batch=batch)]
    assert FridgePack.objects.count() == 2 and len(set(FridgePack.objects.values_list("code", flat=True))) == 2
    for wrong, code in (
        ({"n": 0}, "bad_pack_count"),
        ({"last": date(2026, 3, 1)}, "bad_best_before"),
        ({"last": date(2027, 3, 1)}, "bad_best_before"),
        ({"cell_id": 10**9}, "pack_unknown_dish"),
    ):
        with refused(code):
            put(here, **wrong)
    DishCell.objects.filter(dish=here.dishes["stew"]).update(state={})
    with refused("pack_unknown_dish"):
        put(here, "stew")


@pytest.mark.django_db(transaction=True)
def test_two_at_once_take_one_pack() -> None:
    """Two taps in the same moment, each on a connection, for two patients: one has it, the other is told."""
    here = set_up()
    tell("A01", 1, "1-2", patient="P2", visit="V2")
    restrict(here, "base_diet", "normal", visit="V2")
    [pack] = put(here)
    together, said = threading.Barrier(2), []

    def run(visit: str) -> None:
        try:
            stay_id = stay_of(visit).pk
            together.wait(10)
            pack_take(ward_id=ward(), stay_id=stay_id, actor=here.nurse, at=at(20), code=pack.code)
            said.append("done")
        except RuleBroken as error:
            said.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[visit]) for visit in ("V1", "V2")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(said) == ["done", "pack_taken"] and MealOrder.objects.count() == 1


class Page:
    """The fridge's page as somebody has it, at a minute."""

    def __init__(self, user: Any) -> None:
        self.client = Client(headers={"accept-language": "en"})
        self.client.force_login(user)
        self.where = f"/maltider/avdelning/{ward()}/kylskap/"
        self.minute = 20.0

    def now(self) -> datetime:
        return at(self.minute)

    def ask(self, method: str, **data: Any) -> str:
        with patch("vardnara.apps.meals.views.fridge.timezone.now", self.now):
            return getattr(self.client, method)(self.where, data or None, follow=True).text


def test_the_page_by_forms(here: Mealtime) -> None:
    """Put in with labels, find, choose the patient, see what is safe and why the rest is not, take, throw; undo."""
    cook, page = Page(here.cook), Page(here.nurse)
    assert "The fridge is empty." in page.ask("get")
    batch = uuid4()
    shown = cook.ask("post", deed="put", cell=cell(here, "meatballs").pk, n=2, best_before=ON.isoformat(), batch=batch)
    assert "2 packs are put in." in shown and "Choose the patient" not in shown
    first, second = FridgePack.objects.order_by("pk")
    assert cook.ask("get", etiketter=batch).count("<svg class") >= 2
    put(here, "potatoes", last=date(2026, 3, 3))
    assert "No pack of this ward" in page.ask("get", kod="NOSUCHPACK")
    stay = stay_of().pk
    assert "Take it" in page.ask("get", kod=f"http://x/maltider/avdelning/{ward()}/kylskap/?kod={first.code}")
    assert AccessLog.objects.filter(object_type="diet", object_id=str(stay)).exists()
    assert "Taken and handed over." in page.ask("post", deed="take", stay=stay, code=first.code, command=uuid4())
    assert "has been taken already" in page.ask("post", deed="take", stay=stay, code=first.code, command=uuid4())
    restrict(here, "allergen", "3", minute=15)
    shown = page.ask("get", patient=stay)
    assert "contains egg" in shown and 'Take it<b class="unseen"> Potatoes' in shown
    assert "safe for nobody" in page.ask("get", kod=second.code)
    assert "Say why" in page.ask("post", deed="throw", code=second.code, reason="other")
    assert "out of the fridge" in page.ask("post", deed="throw", code=second.code, reason="damaged")
    assert "1 pack thrown away in the last seven days: damaged 1" in " ".join(page.ask("get").split())
    assert "Nothing of it stands" in cook.ask("post", deed="undo", batch=batch)
    page.minute += NEXT * 2
    assert "Throw away" in page.ask("get") and cook.client.post(page.where, {"deed": "take", "stay": stay}).status_code
    assert "Something is missing" in page.ask("post", deed="no such deed")

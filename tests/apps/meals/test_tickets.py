"""Tray tickets: one for each order however many print at once, never for what was not checked; what is on one."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Iterator

import pypdf
import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import translation
from tests.strategies.meals import (
    LUNCH_CLOSES,
    ON,
    Mealtime,
    meals_set,
    order,
    restrict,
    state_of,
    stay_of,
    tell,
)
from tests.strategies.messages import at
from tests.strategies.refusals import refused

from vardnara.apps.accounts.models import AccessLog
from vardnara.apps.hospital.models import Patient
from vardnara.apps.meals.models import DietRevision, DishCell, MealOrder, OrderEvent, OrderItem, TicketRun, Tray
from vardnara.apps.meals.queries.tickets import tickets_of
from vardnara.apps.meals.services.tickets import (
    CODE_SIGNS,
    TicketsPrinted,
    ticket_reprint,
    tickets_file,
    tickets_print,
)

BASE = "https://vardnara.example/"


@pytest.fixture
def here(db: None) -> Iterator[Mealtime]:
    """P1 and P2 lie in K31, each on a normal diet."""
    yield people()


def people(n: int = 2) -> Mealtime:
    made = meals_set()
    for number in range(1, n + 1):
        tell("A01", 0, f"1-{number}", patient=f"P{number}", visit=f"V{number}")
        restrict(made, "base_diet", "normal", visit=f"V{number}")
    return made


def printed(here: Mealtime, minute: float = LUNCH_CLOSES, **words: object) -> TicketsPrinted:
    said = {"kitchen_id": here.kitchen.pk, "on": ON, "meal": "lunch", "actor": here.cook, "at": at(minute)}
    return tickets_print(**(said | words))


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())


def test_every_order_gets_its_tray(here: Mealtime) -> None:
    """In the order of the beds, numbered, with a code nobody guesses; who chose nothing gets the house's default."""
    order(here, "cod", visit="V2")
    found = printed(here)
    trays = list(Tray.objects.order_by("number"))
    assert found.n == 2 and [tray.order.stay.visit_number for tray in trays] == ["V1", "V2"]
    assert set(MealOrder.objects.values_list("state", flat=True)) == {"ticketed"}
    assert all(len(tray.code) == 12 and set(tray.code) <= set(CODE_SIGNS) for tray in trays)
    assert OrderEvent.objects.filter(kind="ticketed").count() == 2
    assert printed(here, 61).run_id is None and TicketRun.objects.count() == 1


def test_before_the_deadline_only_if_asked(here: Mealtime) -> None:
    """A ticket ends the choice, so it is refused while patients may choose; who insists prints what there is."""
    order(here, "cod")
    with refused("before_deadline"):
        printed(here, LUNCH_CLOSES - 1)
    found = printed(here, LUNCH_CLOSES - 1, early=True)
    assert found.n == 1 and [row.why for row in found.left] == ["no_choice"]
    late = printed(here, LUNCH_CLOSES + 1)
    assert late.n == 1 and late.run_id != found.run_id
    with refused("meal_is_over"):
        printed(here, 241)


def test_what_was_not_checked_gets_none(here: Mealtime) -> None:
    """Neither the service nor the tables let it leave; the others go on, and the list says who was left out."""
    stuck, other = order(here, "cod"), order(here, "stew", visit="V2")
    OrderItem.objects.filter(order=stuck).update(fingerprint="version 0")
    with pytest.raises(DatabaseError, match="older dish"), transaction.atomic():
        MealOrder.objects.filter(pk=stuck.pk).update(state="ticketed")
    DishCell.objects.filter(dish=here.dishes["cod"]).update(state={})  # nobody answers for it any more
    found = printed(here)
    other.refresh_from_db()
    stuck.refresh_from_db()
    assert other.state == "ticketed"
    assert stuck.state == "ticketed" and stuck.items.get().cell.dish.code != "cod"  # checked again: another dish
    assert found.n == 2


def test_held_and_without_substitute_are_left_out(here: Mealtime) -> None:
    """Who fasts gets none, and who can have nothing neither; both are named with the reason."""
    order(here, "cod")
    restrict(here, "fasting", "nothing", minute=20)
    for allergen in ("1", "3", "9", "12"):
        restrict(here, "allergen", allergen, minute=20, visit="V2")
    restrict(here, "texture", "flytande", minute=21, visit="V2")
    found = printed(here)
    assert [(row.why, row.reason, row.place) for row in found.left] == [
        ("held", "fasting", "1:1"),
        ("substitute", "nothing_fits", "1:2"),
    ]
    assert found.run_id is None


def test_a_diet_that_changed_meanwhile(here: Mealtime) -> None:
    """A diet written past the service (its revision moved on) is checked again before the ticket."""
    made = order(here, "cod")
    DietRevision.objects.filter(patient=Patient.objects.get(stays=stay_of())).update(number=9)
    assert printed(here).n == 2
    assert made.items.get().diet_revision == 9


def test_one_more_ticket_without_a_second_tray(here: Mealtime) -> None:
    """Reprinting leaves the tray and its code; a stopped tray is not printed again."""
    order(here, "cod")
    printed(here)
    tray = Tray.objects.get(order__stay__visit_number="V1")
    again = ticket_reprint(tray_id=tray.pk, actor=here.cook, at=at(65))
    assert again.code == tray.code and Tray.objects.count() == 2
    assert list(tray.order.events.order_by("pk").values_list("kind", flat=True))[-1] == "reprinted"
    restrict(here, "allergen", "4", minute=70)
    with refused("tray_is_stopped"):
        ticket_reprint(tray_id=tray.pk, actor=here.cook, at=at(71))
    late = printed(here, 72)
    assert late.n == 1 and Tray.objects.get(run=late.run_id).order.replaces_id == tray.order_id
    with translation.override("en"):
        (ticket,) = tickets_of(base=BASE, run_ids=[late.run_id]).tickets
    assert ticket.marks == ("Instead of a stopped tray",) and "Fish" in ticket.avoid


def test_the_code_leads_to_the_trays_page(here: Mealtime) -> None:
    """What the ticket's QR code holds is the address of the page that scanning opens."""
    order(here, "cod")
    found = printed(here)
    (one, _) = tickets_of(base=BASE, run_ids=[found.run_id]).tickets
    tray = Tray.objects.get(order__stay__visit_number="V1")
    assert one.address == BASE.rstrip("/") + reverse("meals:tray", args=[tray.code])


def test_only_the_kitchen_prints(here: Mealtime) -> None:
    """A nurse cannot, whatever page is asked."""
    with refused("wrong_role"):
        printed(here, actor=here.nurse)


@pytest.mark.parametrize("kind", ["a4", "label", "roll", "zpl", "zpl62"])
def test_each_kind_of_paper_says_all_that_matters(here: Mealtime, kind: str) -> None:
    """Every allergen, the change, texture and both scales, help and the place; no name; and each look is logged."""
    restrict(here, "allergen", "3")
    restrict(here, "allergen", "7")
    restrict(here, "iddsi", "7")
    restrict(here, "fluid", "2")
    restrict(here, "exclusion", "pork")
    restrict(here, "aid", "spouted_cup")
    order(here, "cod", portion="small")
    found = printed(here)
    sheet = tickets_file(kind=kind, base=BASE, actor=here.cook, at=at(61), run_ids=[found.run_id])
    text = sheet.decode() if kind.startswith("zpl") else text_of(sheet)
    words = ("UNDVIK: Ägg, Mjölk", "Sal 1, plats 1", "Pipmugg", "Liten portion", "IDDSI 7", "IDDSI 2", "Fläsk")
    for word in (*words, "lunch"):
        assert word.upper() in text.upper(), word
    assert "utan sås" in text.lower() and "Tolvan" not in text
    code = Tray.objects.get(order__stay__visit_number="V1").code
    assert f"{code[:4]}-{code[4:8]}-{code[8:]}" in text
    assert AccessLog.objects.filter(action="print", object_type="diet").count() == 2
    if kind == "zpl":
        assert f"{BASE}maltider/bricka/{code}/".replace("_", "_5F") in text and text.count("^XA") == 2


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_no_second_tray() -> None:
    """Four who print in the same moment, each on a connection: every order has one tray, all made by one."""
    here = people(6)
    for number in range(1, 7):
        order(here, "stew", visit=f"V{number}")
    ready = threading.Barrier(4)
    found: list[TicketsPrinted] = []

    def run() -> None:
        try:
            ready.wait(10)
            found.append(printed(here))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(one.n for one in found) == [0, 0, 0, 6]
    assert Tray.objects.count() == 6 and TicketRun.objects.count() == 1


def test_a_dish_cannot_command_the_printer(here: Mealtime) -> None:
    """What a kitchen names its dishes is text on the label, and nothing that a printer obeys."""
    here.dishes["cod"].name = "Torsk^XZ~JA_5E"
    here.dishes["cod"].save()
    order(here, "cod")
    found = printed(here)
    text = tickets_file(kind="zpl", base=BASE, actor=here.cook, at=at(61), run_ids=[found.run_id]).decode()
    assert "Torsk_5EXZ_7EJA_5F5E" in text and len(re.findall(r"\^XZ", text)) == 2
    assert state_of({})["verified"]

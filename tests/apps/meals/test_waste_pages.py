"""The pages of waste by those who use them: weighing on a ward, causes and rows, the survey, the Monday page."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from tests.strategies.meals import Mealtime, meals_set, stay_of, tell
from tests.strategies.messages import person

from vardnara.apps.accounts.choices import Role
from vardnara.apps.hospital.models import Stay, Ward
from vardnara.apps.meals.models import MealOrder, WasteFinding, Weighing

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Mealtime:
    Ward.objects.update(confirmed=True)
    made = meals_set()
    Ward.objects.update(confirmed=True)
    return made


def finding(here: Mealtime, **words: object) -> WasteFinding:
    """A wasted portion of last week."""
    tell("A01", 0, "1-1")
    now = timezone.now()
    on = timezone.localdate() - timedelta(days=7)
    order = MealOrder.objects.create(
        stay=stay_of(), kitchen=here.kitchen, ward=stay_of().ward, on=on, meal="lunch", serves_at=now,
        deadline=now, received_at=now, origin="default", state="served", changed_at=now,
    )  # fmt: skip
    said = {
        "order": order, "kitchen": here.kitchen, "ward": order.ward, "on": on, "meal": "lunch", "extent": "whole",
        "quarters": 4, "cooked": True, "noted": True, "untouched": True, "cause": "discharged", "side": "ward",
        "sure": "joined", "timing": "told_late", "said": "disliked", "contradicted": True, "settled_at": now,
        "looked_at": now, "engine_version": "1",
        "evidence": [{"ref": "record:7", "what": "discharged", "at": "2026-03-02T10:00:00+00:00",
                      "known_at": "2026-03-02T11:00:00+00:00"}],
    }  # fmt: skip
    return WasteFinding.objects.create(**(said | words))


def test_ward_staff_weigh_and_take_back(client: Client, here: Mealtime) -> None:
    """On their own ward, without JavaScript; a fault is said and nothing is kept."""
    mine = Ward.objects.get(code="K31")
    client.force_login(person(Role.WARD_STAFF, "mine", here.hospital, mine))
    page = client.get("/maltider/svinn/").content.decode()
    assert "K31" in page and "M52" not in page and "cooking" not in page
    said = {
        "deed": "add", "category": "plate", "meal": "lunch", "on": timezone.localdate(), "gross": "2,5", "unit": "kg",
        "tare": "0,5", "people": "12", "command": uuid4(),
    }  # fmt: skip
    assert client.post("/maltider/svinn/", said | {"gross": "0,1", "command": uuid4()}).status_code == 302
    assert Weighing.objects.count() == 0
    client.post("/maltider/svinn/", said)
    row = Weighing.objects.get()
    assert (row.grams, row.people, row.ward) == (2000, 12, mine)
    assert "2000 g" in client.get("/maltider/svinn/").content.decode()
    client.post("/maltider/svinn/", {"deed": "undo", "row": row.pk})
    assert Weighing.objects.get(void=True).corrects == row


def test_causes_rows_monday_and_survey(client: Client, here: Mealtime) -> None:
    """What a figure says can be opened to its rows with their evidence; nothing names the patient."""
    row = finding(here)
    client.force_login(here.cook)
    page = client.get("/maltider/svinn/orsaker/").content.decode()
    assert "Utskriven" in page and "orsak=discharged" in page
    rows = client.get("/maltider/svinn/rader/?orsak=discharged").content.decode()
    line = f'<th scope="row" class="number">{row.order_id}</th>'
    assert line in rows and "11:00" in rows and "12:00" in rows
    assert line not in client.get("/maltider/svinn/rader/?orsak=moved").content.decode()
    name = str(Stay.objects.get().patient)
    assert name not in rows
    week = row.on - timedelta(days=row.on.weekday())
    monday = client.get(f"/maltider/svinn/mandag/?vecka={week}").content.decode()
    assert "orsak=discharged" in monday and "<ol>" in monday
    scale = {"deed": "add", "category": "cooking", "meal": "lunch", "on": row.on, "gross": "70", "unit": "g"}
    client.post("/maltider/svinn/", scale | {"command": uuid4()})
    table = client.get("/maltider/svinn/matning.csv").content.decode("utf-8-sig").splitlines()
    assert table[1].split(";")[2:5] == ["0,07", "1", "70,0"]
    assert client.get("/maltider/svinn/matning.xlsx").content[:2] == b"PK"
    assert client.get("/maltider/svinn/matning.pdf").status_code == 404


def test_a_reader_without_a_kitchen_and_one_who_may_not_write(client: Client, here: Mealtime) -> None:
    """Empty pages say so; a controller reads and enters no cost."""
    client.force_login(person(Role.CONTROLLER, "controller", here.hospital))
    cost = {"deed": "cost", "sek": "40", "from_on": "2026-01-01", "source": "x"}
    assert client.post("/maltider/svinn/orsaker/", cost).status_code == 403
    client.force_login(here.cook)
    client.post("/maltider/svinn/orsaker/", cost)
    assert "40,00 kr" in client.get("/maltider/svinn/orsaker/").content.decode()
    client.force_login(person(Role.CONTROLLER, "ward only", here.hospital, Ward.objects.get(code="K31")))
    for path in ("orsaker/", "mandag/"):
        assert client.get(f"/maltider/svinn/{path}").status_code == 200
    assert client.get("/maltider/svinn/rader/").status_code == 404

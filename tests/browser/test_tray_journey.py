"""The way of a tray that must not be eaten: ordered in Arabic, stopped at scanning, replaced, its waste explained."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Opener
from tests.browser.test_loop import Bed

pytestmark = pytest.mark.browser

WARD = """
from vardnara.apps.accounts.models import Scope
print(Scope.objects.get(user__role="ward_staff", user__demo=True).ward_id)
"""
STAGE = """
import json
from datetime import UTC, datetime, time, timedelta
from vardnara.apps.accounts.models import User
from vardnara.apps.hospital.models import Occupancy
from vardnara.apps.meals.models import Dish, DishCell, DishName, Kitchen, MealTime, MenuDay, MenuDayEntry, Restriction
from vardnara.kernel.local_time import STOCKHOLM
now = datetime.now(UTC)
serves = (now + timedelta(minutes=20)).astimezone(STOCKHOLM)
closes = (now + timedelta(minutes=15)).astimezone(STOCKHOLM)
kitchen, nurse = Kitchen.objects.get(), User.objects.get(role="ward_staff", demo=True)
on = serves.date()
before = MealTime.objects.filter(kitchen=kitchen, meal="lunch").values().get()
MealTime.objects.filter(pk=before["id"]).update(
    serves_from=serves.time(), serves_to=min((serves + timedelta(hours=1)).time(), time(23, 59, 59))
    if (serves + timedelta(hours=1)).date() == on else time(23, 59, 59),
    deadline_days=(on - closes.date()).days, deadline_at=closes.time(), late_minutes=1, cancel_minutes=1,
)
dish = Dish.objects.create(
    hospital=kitchen.hospital, code=f"prov-{now:%H%M%S%f}", name="Nötfärs på hasselnötter", pictogram="vegetarian"
)
DishName.objects.create(dish=dish, language="ar", name="كرات البندق")
DishCell.objects.create(dish=dish, diet="normal", texture="hel_delad", state_at=now, state={
    "verified": True, "contains": ["8.2"], "may_contain": [], "unknown": [], "textures": ["hel_delad"], "iddsi": [7],
    "diets": ["normal"], "flags": [], "variants": [], "nutrients": {"energy_kcal": "500", "protein_g": "20"},
    "portion_grams": "350", "fingerprint": "prov",
})
day, _ = MenuDay.objects.get_or_create(kitchen=kitchen, on=on, defaults={"name": "Prov", "made_at": now})
MenuDayEntry.objects.create(day=day, meal="lunch", dish=dish, position=9)
place = Occupancy.objects.select_related("bed", "stay").get(stay__visit_number__contains=VISIT, during__upper_inf=True)
ward = place.bed.room.ward
Restriction.objects.create(
    patient=place.stay.patient, stay=place.stay, part="base_diet", code="normal", source="local", valid_from=now,
    set_at=now, set_by=nurse, set_profession="nurse",
)
before |= {name: str(before[name]) for name in ("serves_from", "serves_to", "deadline_at")}
print(json.dumps({
    "token": place.bed.token, "stay": place.stay_id, "ward": ward.pk, "kitchen": kitchen.pk, "before": before,
    "dish": dish.pk, "on": on.isoformat(), "today": now.astimezone(STOCKHOLM).date().isoformat(),
}))
"""
TRAYS = """
import json
from vardnara.apps.meals.models import MealOrder
rows = MealOrder.objects.filter(stay={stay}, on="{on}", meal="lunch").order_by("pk").select_related("tray")
print(json.dumps([[one.pk, one.state, one.state_reason, getattr(getattr(one, "tray", None), "code", ""),
    [item.cell.dish_id for item in one.items.all()]] for one in rows]))
"""
LATER = """
from datetime import UTC, datetime, timedelta
from vardnara.apps.meals.services.waste import wastes_settle
wastes_settle(at=datetime.now(UTC) + timedelta(hours=3))
"""
AFTER = """
from vardnara.apps.meals.models import MealTime, MenuDayEntry
MenuDayEntry.objects.filter(dish={dish}).delete()
MealTime.objects.filter(pk={before}["id"]).update(**{{name: value for name, value in {before}.items() if name != "id"}})
"""


@pytest.fixture
def inside(hospital: Any) -> Callable[..., Any]:
    """Run a few lines beside the running hospital, on its database, and return what they print."""

    def run(script: str) -> Any:
        environment = hospital.environment | {
            "DATABASE_URL": hospital.database_url,
            "DJANGO_SETTINGS_MODULE": "vardnara.config.settings",
        }
        words = [sys.executable, "-c", f"import django; django.setup()\n{script}"]
        done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout.strip() else None

    return run


@pytest.fixture
def here(hospital: Any, inside: Callable[..., Any]) -> Iterator[dict[str, Any]]:
    """A lunch in twenty minutes with a dish of nuts, and a patient who just came to the nurse's ward, diet normal."""
    bed = Bed(hospital, inside(WARD))
    bed.send("A01")
    found = inside(f"VISIT = {bed.visit!r}\n{STAGE}")
    yield found
    inside(AFTER.format(**found))


def scan(page: Page, step: str, code: str, bed: str = "") -> None:
    """As a hand scanner does: it types into the field and ends with Enter."""
    page.goto(f"/maltider/skanna/?steg={step}")
    page.fill("#tray-code", code)
    page.keyboard.press("Enter")
    if step == "pack":
        page.click("form.scan-form button.big")
    if bed:
        page.fill("#bed-code", bed)
        page.keyboard.press("Enter")


def test_a_new_allergy_stops_the_tray_and_its_waste_has_a_cause(
    open_as: Opener, here: dict[str, Any], inside: Callable[..., Any]
) -> None:
    ward_page = f"/maltider/avdelning/{here['ward']}/?dag={here['on']}&maltid=lunch"
    nurse = open_as("ward_staff", ward_page, size="tablet")
    nurse.click(f"#rad-{here['stay']} .bedside button")
    code = nurse.locator(f"#rad-{here['stay']} .bedside .code").inner_text()

    patient = open_as("", f"/m/{here['token']}/utseende/", size="phone", language="ar")
    patient.click("button[value=ar]")
    patient.fill("#code", code)
    patient.keyboard.press("Enter")
    expect(patient.locator("html")).to_have_attribute("dir", "rtl")
    patient.locator(f".meals a[href$='{here['on']}/lunch/']").click()
    patient.locator("a.dish", has_text="كرات البندق").first.click()
    patient.click("button[value=normal]")
    expect(patient.locator(".thanks")).to_be_visible()
    expect(patient.locator("main")).to_contain_text("كرات البندق")

    kitchen = open_as("kitchen", f"/maltider/kok/{here['kitchen']}/brickor/?on={here['on']}&meal=lunch")
    kitchen.get_by_role("button", name=re.compile("brickkort", re.IGNORECASE)).first.click()
    expect(kitchen.locator(".ticket-runs li").first).to_be_visible()
    ((_, state, _, tray, dishes),) = inside(TRAYS.format(**here))
    assert (state, dishes) == ("ticketed", [here["dish"]])
    scan(kitchen, "pack", tray)
    expect(kitchen.locator(".scan-done")).to_be_visible()

    nurse.goto(f"/maltider/kost/{here['stay']}/")
    nurse.locator("details", has=nurse.locator("input[name=part][value=allergen]")).locator("summary").click()
    form = nurse.locator("form", has=nurse.locator("input[name=part][value=allergen]"))
    form.locator("select[name=code]").select_option("8")
    form.locator("button").click()
    expect(nurse.locator("body")).to_contain_text("kontrollerats igen")
    nurse.goto(ward_page)
    expect(nurse.locator(".meal-notices .is-loud").first).to_be_visible()

    scan(kitchen, "check", tray)
    stop = kitchen.get_by_role("alertdialog").first
    expect(stop).to_be_visible()
    expect(stop).to_contain_text("hasselnöt")
    (_, stopped, why, _, _), (second, instead, _, nothing, dishes) = inside(TRAYS.format(**here))
    assert (stopped, why, instead, nothing) == ("stopped", "wrong_diet", "open", "")
    assert here["dish"] not in dishes and dishes

    kitchen.goto(f"/maltider/kok/{here['kitchen']}/brickor/?on={here['on']}&meal=lunch")
    runs = kitchen.locator(".ticket-runs li").count()
    kitchen.get_by_role("button", name=re.compile("brickkort", re.IGNORECASE)).first.click()
    expect(kitchen.locator(".ticket-runs li")).to_have_count(runs + 1)
    other = inside(TRAYS.format(**here))[1][3]
    for step in ("pack", "check", "send"):
        scan(kitchen, step, other)
        expect(kitchen.locator(".scan-done")).to_be_visible()
    scan(nurse, "hand_over", tray)
    expect(nurse.get_by_role("alertdialog").first).to_be_visible()
    scan(nurse, "arrived", other)
    expect(nurse.locator(".scan-done")).to_be_visible()
    scan(nurse, "hand_over", other, here["token"])
    expect(nurse.locator(".scan-done")).to_be_visible()
    assert [one[1] for one in inside(TRAYS.format(**here))] == ["stopped", "served"]

    nurse.goto(f"/maltider/avdelning/{here['ward']}/atit/?dag={here['on']}&maltid=lunch")
    nurse.click(f"#q-{second}-4")
    expect(nurse.locator(f"#q-{second}-4")).to_have_attribute("aria-pressed", "true")

    inside(LATER)
    if here["on"] > here["today"]:
        return  # the report ends today, and this lunch is served after midnight
    kitchen.goto(f"/maltider/svinn/rader/?kok={here['kitchen']}&fran={here['on']}&till={here['on']}")
    expect(kitchen.locator("main")).to_contain_text("Fel eller inaktuell kost")

"""A coordinator's morning in a real browser: somebody absent, the day by keyboard, a note on a phone."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Opener

pytestmark = pytest.mark.browser


def one(hospital: Any, sql: str) -> Any:
    with psycopg.connect(hospital.database_url) as connection:
        return connection.execute(sql).fetchone()[0]


@pytest.fixture
def ward(hospital: Any) -> int:
    found = (
        "SELECT s.ward_id FROM accounts_scope s JOIN accounts_user u ON u.id = s.user_id WHERE u.role = 'ward_staff'"
    )
    return int(one(hospital, found))


def person(hospital: Any, username: str, name: str) -> None:
    code = one(hospital, "SELECT code FROM hospital_hospital WHERE invented")
    made = hospital.command("user", username, "--role", "service_worker", "--hospital", code, "--name", name)
    assert made.returncode == 0, made.stderr


def test_absent_in_two_presses_and_back(open_as: Opener, hospital: Any, ward: int) -> None:
    """What they had is listed on the next page; undone, it is theirs again."""
    person(hospital, "tova", "Tova Tidig")
    nurse = open_as("ward_staff", f"/avdelning/{ward}/onskat/")
    nurse.locator("button[popovertarget=request]").first.click()
    nurse.locator("#request [name=note]").fill("Hämta rullstol")
    nurse.locator("#request button").first.click()
    page = open_as("coordinator", "/samordning/fordela/")
    page.locator(".hand-task", has_text="Hämta rullstol").locator("input").check()
    option = page.locator("#hand-owner option", has_text="Tova Tidig").first.get_attribute("value")
    page.locator("#hand-owner").select_option(option)
    page.locator("#hand-bar button").click()
    card = page.locator(".hand-column", has=page.get_by_role("heading", name="Tova Tidig"))
    expect(card).to_contain_text("Hämta rullstol")
    expect(nurse.locator("#asked-going")).to_contain_text("Tova Tidig")
    card.get_by_role("button", name="Frånvarande").click()
    page.locator("[popover]:popover-open").get_by_role("button", name="Ja, frånvarande").click()
    expect(page.locator("#absence")).to_contain_text("Önskemål")
    expect(nurse.locator("#asked-going")).not_to_contain_text("Tova Tidig")
    page.locator("#absence-undo").click()
    expect(page.locator(".notes")).to_contain_text("1 uppgift är tillbaka")
    expect(nurse.locator("#asked-going")).to_contain_text("Tova Tidig")


def test_the_day_by_arrow_keys(open_as: Opener, ward: int) -> None:
    """From hour to hour without a mouse; Enter opens the list; now is in view on a phone."""
    page = open_as("coordinator", "/samordning/dagen/")
    cells = page.locator("table.day td a")
    cells.first.focus()
    before = page.evaluate("document.activeElement.href")
    page.keyboard.press("ArrowDown")
    below = page.evaluate("[document.activeElement.closest('tr').id, document.activeElement.href]")
    assert below[1] != before and below[0].startswith("day-ward-")
    page.keyboard.press("Enter")
    expect(page.locator("#day-list h2")).to_be_visible()
    expect(page.locator("#day-list li").first).to_be_visible()
    phone = open_as("coordinator", "/samordning/dagen/", size="phone")
    shown = "(() => { const b = document.querySelector('[data-now]').getBoundingClientRect();"
    assert phone.evaluate(shown + " return b.left >= 0 && b.right <= innerWidth; })()")


def test_a_note_reaches_the_phone_by_itself(open_as: Opener, hospital: Any, ward: int) -> None:
    """Written on the ward's board, seen on the open card of the ward's task, and gone when it is taken away."""
    worker = open_as("service_worker", "/arbete/", size="phone")
    nurse = open_as("ward_staff", f"/avdelning/{ward}/")
    nurse.locator("button[popovertarget=request]").first.click()
    nurse.locator("#request [name=note]").fill("Byt säck")
    nurse.locator("#request select").select_option("0")
    nurse.locator("#request button").first.click()
    nurse.wait_for_load_state()
    worker.goto("/arbete/")
    expect(worker.locator(".job")).to_contain_text("Byt säck")
    nurse.locator("#note-new-ward_id summary").click()
    nurse.locator("#note-text-ward_id").fill("Golvet är nyvaxat")
    nurse.get_by_role("button", name="Spara anteckningen").click()
    expect(worker.locator(".note-said", has_text="Golvet är nyvaxat")).to_be_visible()
    nurse.locator("#ward-notes li", has_text="Golvet är nyvaxat").get_by_role("button").click()
    expect(worker.locator(".job")).not_to_contain_text("Golvet är nyvaxat")

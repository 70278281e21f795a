"""A shared tablet in a real browser: quick change of person, and nothing left of who was there."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Opener, sign_in
from tests.browser.test_axe import violations

pytestmark = pytest.mark.browser
PIN = "482913"


def choose_pin(page: Page) -> None:
    page.goto("/pinkod/")
    page.fill("input[name=pin]", PIN)
    page.fill("input[name=again]", PIN)
    page.get_by_role("button", name=re.compile("koden")).first.click()
    expect(page.locator(".notes")).to_contain_text("Koden är vald")


def enter(page: Page, name: str) -> None:
    page.get_by_role("link", name=name).click()
    page.fill("input[name=pin]", PIN)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Byt person")).to_be_visible()


def test_people_change_on_a_shared_tablet(open_as: Opener) -> None:
    """Share, choose a number, change person; left alone it locks; going back shows nothing."""
    nurse = open_as("", "/logga-in/", size="tablet")  # a session of its own: it is ended here
    sign_in(nurse, "ward_staff")
    nurse.goto("/surfplatta/")
    assert violations(nurse) == []
    nurse.fill("input[name=name]", "Expeditionen")
    nurse.get_by_role("button", name="Dela").click()
    expect(nurse.locator("h1")).to_have_text("Vem är du?")
    assert violations(nurse) == []

    nurse.goto("/logga-in/")  # the first time by the ordinary way
    sign_in(nurse, "ward_staff")
    expect(nurse.get_by_role("button", name="Byt person")).to_be_visible()
    choose_pin(nurse)
    nurse.get_by_role("button", name="Byt person").click()
    nurse.goto("/logga-in/")
    sign_in(nurse, "service_worker")
    choose_pin(nurse)
    nurse.get_by_role("button", name="Byt person").click()

    nurse.clock.install()
    enter(nurse, "Jonas Lind")
    expect(nurse.locator("#contact")).to_have_attribute("data-state", "live")
    nurse.locator("a.tile[data-state=occupied]").first.click()
    expect(nurse.locator("#panel h2").first).to_be_visible()
    nurse.clock.fast_forward(60_000)
    nurse.keyboard.press("Shift")  # somebody is there
    nurse.clock.fast_forward(90_000)
    expect(nurse.locator("#panel h2").first).to_be_visible()
    nurse.clock.fast_forward(60_000)
    expect(nurse.locator("h1")).to_have_text("Vem är du?")
    nurse.go_back()
    expect(nurse.locator("body")).to_contain_text(re.compile("Vem är du|Logga in"))
    assert nurse.locator("a.tile").count() == 0

    nurse.goto("/surfplatta/vem/")
    nurse.get_by_role("link", name="Amina Berg").click()
    assert violations(nurse) == []
    nurse.fill("input[name=pin]", "111222")
    nurse.keyboard.press("Enter")
    expect(nurse.locator(".faults")).to_contain_text("Fel kod")
    nurse.fill("input[name=pin]", PIN)
    nurse.keyboard.press("Enter")
    expect(nurse).to_have_url(re.compile("/arbete/$"))

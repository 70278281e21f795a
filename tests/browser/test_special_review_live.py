"""Special review in a real browser: asked on a phone, and there at once for whoever decides."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Opener

pytestmark = pytest.mark.browser


def test_a_request_from_the_phone_waits_at_once_for_who_decides(open_as: Opener) -> None:
    """The queue of the level is live; the phone's form has few fields that must be filled."""
    head = open_as("service_head", "/provning/")
    expect(head.locator("#contact")).to_have_attribute("data-state", "live")
    phone = open_as("unit_manager", "/provning/ny/", size="phone")
    assert phone.locator("form.review-form :is(input, select, textarea)[required]").count() <= 9
    phone.fill("textarea[name=need]", "Provad i webbläsaren")
    phone.fill("input[name=through_on]", (date.today() + timedelta(days=5)).isoformat())
    phone.fill("input[name=quantity]", "3")
    phone.fill("input[name=price_sek]", "777")
    phone.get_by_role("button", name="Skicka för prövning").click()
    expect(phone.locator("h1")).to_contain_text("3 pass")
    number = phone.url.rstrip("/").rsplit("/", 1)[1]
    line = head.locator(f"#mine-{number} a.line")  # nobody has loaded the page anew
    expect(line).to_contain_text("18 648 kr")
    line.click()
    head.fill("textarea[name=words]", "Två räcker.")
    head.fill("input[name=quantity]", "2")
    head.get_by_role("button", name="Bifall med gränser").click()
    expect(head.locator("main")).to_contain_text("Beslutat.")
    phone.reload()
    expect(phone.locator(".asked")).to_contain_text("12 432 kr")

"""The phone from right to left: chosen in two presses, worked with, without a fault that axe finds."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Opener
from tests.browser.test_axe import violations

pytestmark = pytest.mark.browser


def test_a_worker_chooses_arabic(open_as: Opener) -> None:
    phone = open_as("service_worker", "/arbete/", size="phone")
    phone.locator("button[popovertarget=languages]").click()
    expect(phone.locator("#languages")).to_be_visible()
    assert violations(phone) == []
    phone.locator("#languages button[value=ar]").click()
    try:
        expect(phone.locator("html")).to_have_attribute("dir", "rtl")
        expect(phone.locator("#contact")).to_have_text("يوجد اتصال")
        assert violations(phone) == []
        home, out = phone.locator(".bar .home").bounding_box(), phone.locator(".bar .right").bounding_box()
        assert home["x"] > out["x"]
    finally:
        phone.locator("button[popovertarget=languages]").click()
        phone.locator("#languages button[value=sv]").click()
    expect(phone.locator("html")).to_have_attribute("lang", "sv")

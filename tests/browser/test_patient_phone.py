"""The patient's own pages in a real browser on a slow phone connection: light, quick, and usable by everybody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Page
from tests.browser.conftest import Opener

AXE = (Path(__file__).resolve().parents[1] / "vendor" / "axe-core" / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SLOW = {  # a slow 4G phone: 150 ms there and back, 1.6 Mbit/s down, 750 kbit/s up
    "offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8,
}  # fmt: skip
MOST_BYTES = 100_000
MOST_MILLISECONDS = 1_000
SMALL = """() => [...document.querySelectorAll('a, button, summary, input:not([type=hidden])')]
    .filter(e => e.checkVisibility() && !e.closest('label'))
    .map(e => [e.textContent.trim().slice(0, 30), e.getBoundingClientRect()])
    .filter(([, box]) => box.height < 44 || box.width < 44).map(([text]) => text)"""
OPENED = """
    INSERT INTO meals_orderingaccess (stay_id, bed_id, code, opened_at, opened_by_id, failures, closed_reason)
    SELECT o.stay_id, o.bed_id, '0412', now(), u.id, 0, '' FROM hospital_occupancy o
    JOIN hospital_bedplace b ON b.id = o.bed_id JOIN hospital_stay s ON s.id = o.stay_id, accounts_user u
    WHERE upper_inf(o.during) AND s.status = 'open' AND u.role = 'ward_staff' AND u.demo
    ORDER BY o.id LIMIT 1 RETURNING bed_id
"""
FED = """
    INSERT INTO meals_restriction (patient_id, stay_id, part, code, text, traces_tolerated, source, source_name,
      source_key, valid_from, set_at, set_by_id, set_profession, reason, ended_profession, ended_reason)
    SELECT s.patient_id, s.id, 'base_diet', 'normal', '', false, 'local', '', '', now(), now(), a.opened_by_id,
      'nurse', '', '', '' FROM meals_orderingaccess a JOIN hospital_stay s ON s.id = a.stay_id WHERE a.bed_id = %s
"""
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def token(hospital: Any) -> str:
    """A bed whose patient may order with the code 0412."""
    with psycopg.connect(hospital.database_url, autocommit=True) as connection:
        (bed,) = connection.execute(OPENED).fetchone()
        connection.execute(FED, [bed])
        return str(connection.execute("SELECT token FROM hospital_bedplace WHERE id = %s", [bed]).fetchone()[0])


def axe_faults(page: Page) -> list[str]:
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES)
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found["violations"]]


def test_the_first_page_is_light_and_quick(open_as: Opener, token: str) -> None:
    """Under 100 KB over the wire in all, and drawn within a second, with nothing kept from before."""
    page = open_as("", "/utan-kontakt/", size="phone")
    network = page.context.new_cdp_session(page)
    received: list[float] = []
    network.on("Network.loadingFinished", lambda said: received.append(said["encodedDataLength"]))
    network.send("Network.enable")
    network.send("Network.clearBrowserCache")
    network.send("Network.emulateNetworkConditions", SLOW)
    page.goto(f"/m/{token}/")
    page.wait_for_load_state("networkidle")
    drawn = page.evaluate(
        "() => Math.max(performance.getEntriesByName('first-contentful-paint')[0].startTime,"
        " performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd)"
    )
    assert len(received) >= 2 and sum(received) < MOST_BYTES, received
    assert drawn < MOST_MILLISECONDS, drawn


@pytest.mark.parametrize(("language", "theme"), [("sv", "light"), ("ar", "dark")])
def test_everybody_can_use_it(open_as: Opener, token: str, language: str, theme: str) -> None:
    """From the language to the thanks: no fault that axe finds, nothing smaller than 44 pixels, nothing beside it."""
    page = open_as("", f"/m/{token}/utseende/", size="phone", theme=theme)
    faults: list[str] = []

    def look() -> None:
        name = page.url.rpartition("/m/")[2]
        faults.extend(f"{name} {fault}" for fault in axe_faults(page))
        faults.extend(f"{name} small: {text}" for text in page.evaluate(SMALL))
        if page.evaluate("() => document.documentElement.scrollWidth > innerWidth"):
            faults.append(f"{name} is wider than the phone")

    look()
    page.click("button[name=easy]")
    page.click(f"button[value={language}]")
    look()
    page.fill("#code", "0412")
    page.keyboard.press("Enter")
    page.wait_for_selector(".meals")
    look()
    meal = page.locator(".meals a[href$='/dinner/']").last
    meal.click()
    look()
    page.locator("a.dish").first.click()
    look()
    page.click("button[value=small]")
    page.wait_for_selector(".thanks")
    look()
    for part in ("ater-inte/", "hjalp/"):
        page.goto(f"/m/{token}/{part}")
        look()
    assert not faults

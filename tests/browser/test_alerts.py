"""A notification arrives in a real browser and opens what it is about; the settings page says what cannot be."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Opener

pytestmark = pytest.mark.browser
SHOWN = (
    "async () => (await (await navigator.serviceWorker.ready).getNotifications())"
    ".map((one) => ({title: one.title, body: one.body, tag: one.tag, url: one.data.url}))"
)


def deliver(page: Page, text: str) -> None:
    """What the browser's push service would do: hand the page's service worker a message that it has decrypted."""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    session = page.context.new_cdp_session(page)
    found: list[dict[str, Any]] = []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda event: found.extend(event["registrations"]))
    session.send("ServiceWorker.enable")
    for _ in range(50):
        if found:
            break
        page.wait_for_timeout(100)
    origin = page.evaluate("location.origin")
    session.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": origin, "registrationId": found[0]["registrationId"], "data": text},
    )


def test_a_push_message_is_shown_as_it_was_written(open_as: Opener) -> None:
    """Title, text and what it opens are the server's; a message that cannot be read is shown all the same."""
    page = open_as("coordinator", "/aviseringar/", size="phone", service_worker=True)
    page.context.grant_permissions(["notifications"], origin=page.evaluate("location.origin"))
    told = {"title": "Arbete utan ansvarig", "body": "K31 sedan 14:05.", "url": "/eskalering/", "tag": "unowned-1"}
    deliver(page, json.dumps(told))
    found = "find((one) => one.tag === 'unowned-1') ?? null"  # read at once: the browser takes them away when it likes
    assert page.wait_for_function(f"async () => (await ({SHOWN})()).{found}").json_value() == told
    deliver(page, "not json")
    page.wait_for_function(f"async () => (await ({SHOWN})()).some((one) => one.title === 'Vardnara')")


def test_a_browser_that_says_no_is_told_how_to_say_yes(open_as: Opener) -> None:
    page = open_as("coordinator", "/aviseringar/", size="phone", service_worker=True)
    page.evaluate("Notification.requestPermission = async () => 'denied'")
    page.get_by_role("button", name="Slå på här").click()
    expect(page.locator("#push-told")).to_contain_text("Tillåt det i webbläsarens inställningar")


def test_a_case_is_taken_from_the_page(open_as: Opener) -> None:
    """The ladder of the demo is climbed by the running worker within a minute or two; one press answers."""
    page = open_as("coordinator", "/eskalering/", size="phone")
    for _ in range(30):
        if page.get_by_role("button", name="Jag tar den").count():
            break
        page.wait_for_timeout(5000)
        page.reload()
    page.get_by_role("button", name="Jag tar den").first.click()
    expect(page.get_by_text("Den är din.")).to_be_visible()

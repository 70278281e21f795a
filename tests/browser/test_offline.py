"""Half a shift without contact: the phone shows and takes work, others work meanwhile, and then all of it is merged."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Opener, sign_in
from tests.browser.test_axe import violations

pytestmark = pytest.mark.browser
LOST = re.compile(r"Ingen kontakt sedan \d\d:\d\d · (\d+) att skicka")
HISTORY = """
    SELECT e.kind FROM service_taskevent e JOIN service_task t ON t.id = e.task_id
    WHERE t.note = %s AND e.kind <> 'created' ORDER BY e.id
"""


def ask(ward: Page, *notes: str) -> None:
    """The ward asks for something, so that there is work; urgent, so that it comes first in the order asked."""
    for note in notes:
        ward.goto(ward.url)
        ward.click("button[popovertarget=request]")
        ward.fill("#request input[name=note]", note)
        ward.select_option("#request select[name=priority]", "0")
        ward.locator("#request form button").first.click()
        expect(ward.locator("body")).to_contain_text(note)


def history(hospital: Any, note: str) -> list[str]:
    with psycopg.connect(hospital.database_url) as connection:
        return [row[0] for row in connection.execute(HISTORY, [note])]


@pytest.fixture
def phone(open_as: Opener) -> Page:
    """A worker's phone, as the worker's own."""
    return open_as("service_worker", "/arbete/", size="phone", service_worker=True)


def kept(phone: Page) -> None:
    """Wait until the phone has kept the work, the page and the service worker that opens it."""
    phone.goto("/arbete/")
    phone.wait_for_selector("body[data-kept-at]")
    phone.wait_for_function("async () => (await (await caches.open('vardnara-phone')).keys()).length > 0")
    phone.wait_for_function("async () => Boolean((await navigator.serviceWorker.ready).active)")


def take(phone: Page, note: str, *deeds: str) -> None:
    """Press what is named, one after the other, at the task that the phone shows."""
    expect(phone.locator(".job")).to_contain_text(note)
    for deed in deeds:
        state = phone.locator(".job .state-line").inner_text()
        if deed == "Material saknas":
            phone.get_by_role("button", name=deed, exact=True).click()
        else:
            phone.locator(".thumb").get_by_role("button", name=deed, exact=True).click()
        if deed != "Pausa":
            expect(phone.locator(".job .state-line")).not_to_have_text(state)


def test_half_a_shift_without_contact(open_as: Opener, hospital: Any, phone: Page) -> None:
    """Works, is opened again, works on; one task goes to a colleague; merged once, the conflict shown to both."""
    ward = open_as("ward_staff", size="tablet")
    now = f"{datetime.now(UTC):%H%M%S}"
    fill, change, fetch = f"Fyll förrådet {now}", f"Byt tvätten {now}", f"Hämta vagnen {now}"
    ask(ward, fill, change, fetch)
    kept(phone)
    second = open_as("coordinator", "/samordning/")
    phone.context.set_offline(True)

    take(phone, fill, "Ta uppgiften", "Starta", "Pausa", "Material saknas", "Fortsätt", "Klar")
    expect(phone.locator("#contact")).to_have_text(LOST)
    phone.reload()  # the app was closed and is opened again in the culvert
    expect(phone.locator(".job")).to_contain_text(change)
    expect(phone.locator("#contact")).to_contain_text("5 att skicka")
    expect(phone.locator(".bar .who")).not_to_contain_text("Amina")
    assert violations(phone) == []

    # meanwhile the coordinator gives the next task to somebody else
    with psycopg.connect(hospital.database_url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO accounts_user (username, password, first_name, last_name, email, role, language, is_active,"
            " is_staff, is_superuser, demo, date_joined) VALUES ('bo', '!', 'Bo', 'Ek', '', 'service_worker', 'sv',"
            " true, false, false, false, now()) ON CONFLICT DO NOTHING"
        )
        connection.execute(
            "INSERT INTO accounts_scope (user_id, hospital_id) SELECT u.id, h.id FROM accounts_user u,"
            " hospital_hospital h WHERE u.username = 'bo' AND h.invented ON CONFLICT DO NOTHING"
        )
    second.locator("#red a.line", has_text=change).click()
    second.locator("#panel select[name=owner_id]").select_option(label="Bo Ek · inte i tjänst")
    second.get_by_role("button", name="Fördela", exact=True).click()
    expect(second.locator("#panel .history")).to_contain_text("Fördelad om")

    take(phone, change, "Ta uppgiften", "Starta", "Klar")
    take(phone, fetch, "Ta uppgiften", "Starta")
    expect(phone.locator("#contact")).to_contain_text("10 att skicka")

    phone.context.set_offline(False)
    expect(phone.locator("#contact")).to_have_text("Kontakt", timeout=30_000)
    expect(phone.locator(".job")).to_contain_text(fetch)
    expect(phone.locator(".job .state-line")).to_contain_text("Pågår")
    assert history(hospital, fill) == ["claimed", "started", "paused", "resumed", "finished"]
    assert history(hospital, change) == ["reassigned"]
    assert history(hospital, fetch) == ["claimed", "started"]
    expect(phone.locator("#told")).to_contain_text("Bo Ek har uppgiften nu. Det du gjort är sparat; samordnaren avgör.")
    assert violations(phone) == []
    phone.get_by_role("button", name="Jag har läst").click()
    expect(phone.locator("#told")).not_to_be_visible()

    second.goto("/samordning/")
    second.locator("#conflicts a").click()
    expect(second.locator("main")).to_contain_text("Amina Berg: startade")
    assert violations(second) == []
    second.get_by_role("button", name="Registrera som gjort").first.click()
    expect(second.locator(".notes")).to_contain_text("Registrerat.")
    assert history(hospital, change) == ["reassigned", "reassigned", "finished"]
    phone.get_by_role("button", name="Klar", exact=True).click()
    expect(phone.locator(".notes")).to_contain_text("Klart.")


def test_what_is_found_without_contact(hospital: Any, phone: Page) -> None:
    """Reported, begun and finished in the culvert, from the phone's own list of places."""
    kept(phone)
    phone.context.set_offline(True)
    phone.locator("a[href='/arbete/hittat/']").click()
    phone.locator("select[name=ward]").select_option(index=1)
    phone.locator("select[name=bed]").select_option(index=1)
    phone.fill("input[name=note]", "Kaffe vid dörren")
    phone.check("input[name=start]")
    assert violations(phone) == []
    phone.get_by_role("button", name="Spill", exact=True).click()
    expect(phone.locator(".job")).to_contain_text("Kaffe vid dörren")
    expect(phone.locator(".job .state-line")).to_contain_text("Pågår")
    phone.get_by_role("button", name="Klar", exact=True).click()
    expect(phone.locator("#contact")).to_contain_text("2 att skicka")
    expect(phone.locator(".notes")).to_contain_text("Sparat i telefonen.")
    assert violations(phone) == []
    phone.context.set_offline(False)
    expect(phone.locator("#contact")).to_have_text("Kontakt", timeout=30_000)
    assert history(hospital, "Kaffe vid dörren") == ["claimed", "started", "finished"]


def test_a_lost_answer_is_sent_again(hospital: Any, phone: Page, open_as: Opener) -> None:
    """The server did it and the answer was lost on the way: sent again it happens once."""
    ask(open_as("ward_staff", size="tablet"), "Töm vagnen")
    kept(phone)
    lost = []

    def lose(route: Any) -> None:
        if len(lost) < 2:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    phone.route("**/arbete/skicka/", lose)
    phone.locator(".thumb button.main").click()
    expect(phone.locator("#contact")).to_contain_text("1 att skicka")
    expect(phone.locator("#contact")).not_to_contain_text("att skicka", timeout=30_000)
    assert lost == [200, 200]
    expect(phone.locator(".job .state-line")).to_contain_text("Tagen")
    assert history(hospital, "Töm vagnen") == ["claimed"]


def test_another_page_without_contact_leaves_the_work(phone: Page) -> None:
    """What the phone cannot open says so, and is no reason to forget what it keeps."""
    kept(phone)
    place = phone.locator(".job .where").first.inner_text()
    phone.context.set_offline(True)
    phone.goto("/mitt-schema/")
    expect(phone.locator("h1")).to_have_text("Ingen kontakt")
    expect(phone.locator("header")).not_to_contain_text("Amina")
    phone.goto("/arbete/")
    expect(phone.locator(".job .where").first).to_have_text(place, use_inner_text=True)
    phone.context.set_offline(False)
    expect(phone.locator("#contact")).to_have_text("Kontakt", timeout=30_000)


def test_nothing_is_left_for_the_next_person(open_as: Opener) -> None:
    """Signing out takes the kept work and the kept page; what was not sent stays for who did it."""
    phone = open_as("", size="phone", service_worker=True)  # a session of its own: other tests go on with theirs
    sign_in(phone, "service_worker")
    kept(phone)
    phone.locator("form[action='/logga-ut/'] button").click()
    phone.wait_for_url("**/logga-in/")
    phone.wait_for_function("async () => !(await caches.keys()).includes('vardnara-phone')")
    left = """() => new Promise(done => { const open = indexedDB.open('vardnara-phone'); open.onsuccess = () => {
      const get = open.result.transaction('meta').objectStore('meta').get('kept');
      get.onsuccess = () => done(get.result ?? null); }; })"""
    assert phone.evaluate(left) is None


def test_the_checklist_without_contact(open_as: Opener, hospital: Any, phone: Page) -> None:
    """Ticks stay when the app is closed; what is left is asked about once and kept as not done (edge-15)."""
    ask(open_as("ward_staff", size="tablet"), "Torka vagnen")
    with psycopg.connect(hospital.database_url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO service_tasktype (code, name, name_en, area, driver, each, kind, n_people, competence,"
            " hygiene_order, priority, checklist, needs_signature, shipped) VALUES ('browser-points', 'Punkter', '',"
            " 'cleaning', 'ward', 'ward', 'request', 1, '', 50, 2, '[\"Wash hands\", \"Wipe surfaces\"]', false, false)"
            " ON CONFLICT DO NOTHING"
        )
        connection.execute(
            "UPDATE service_task SET task_type_id = (SELECT id FROM service_tasktype WHERE code = 'browser-points')"
            " WHERE note = 'Torka vagnen'"
        )
    kept(phone)
    phone.context.set_offline(True)
    take(phone, "Torka vagnen", "Ta uppgiften", "Starta")
    phone.get_by_label("Tvätta händerna").check()
    phone.reload()
    expect(phone.get_by_label("Tvätta händerna")).to_be_checked()
    phone.locator(".thumb").get_by_role("button", name="Klar", exact=True).click()
    expect(phone.locator("#sure")).to_contain_text("Torka av ytor")
    assert violations(phone) == []
    phone.get_by_role("button", name="Klar ändå").click()
    expect(phone.locator("#contact")).to_contain_text("3 att skicka")
    phone.context.set_offline(False)
    expect(phone.locator("#contact")).to_have_text("Kontakt", timeout=30_000)
    with psycopg.connect(hospital.database_url) as connection:
        points = connection.execute(
            "SELECT c.points FROM service_checkoff c JOIN service_task t ON t.id = c.task_id"
            " WHERE t.note = 'Torka vagnen'"
        ).fetchone()
    assert points == ([["Wash hands", True], ["Wipe surfaces", False]],)

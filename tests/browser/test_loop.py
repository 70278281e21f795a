"""The whole loop before everybody's eyes: a discharge message becomes a cleaned bed, and no page is reloaded."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import count
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Page, Route, expect
from tests.browser.conftest import Opener, settle

pytestmark = pytest.mark.browser
_number = count(1)
EMPTY_BED = """
    SELECT b.id, b.token, w.code, r.code, b.code, h.code, w.id FROM hospital_bedplace b
    JOIN hospital_bedstate s ON s.bed_id = b.id
    JOIN hospital_room r ON r.id = b.room_id JOIN hospital_ward w ON w.id = r.ward_id
    JOIN hospital_division d ON d.id = w.division_id JOIN hospital_hospital h ON h.id = d.hospital_id
    WHERE h.invented AND b.confirmed AND b.capacity = 1 AND s.cleanliness = 'clean' AND s.closed_at IS NULL
      AND s.blocked_at IS NULL AND s.reserved_at IS NULL AND w.kind = 'inpatient'
      AND NOT EXISTS (SELECT 1 FROM hospital_occupancy o WHERE o.bed_id = b.id AND upper_inf(o.during))
      AND NOT EXISTS (SELECT 1 FROM hospital_stay t WHERE t.pending_bed_id = b.id)
      AND w.id = coalesce(%s, w.id)
    ORDER BY b.id DESC LIMIT 1
"""


class Bed:
    """An empty bed of the demo and the messages about a patient in it."""

    def __init__(self, hospital: Any, ward_id: int | None = None) -> None:
        self.hospital = hospital
        with psycopg.connect(hospital.database_url) as connection:
            row = connection.execute(EMPTY_BED, (ward_id,)).fetchone()
        self.id, self.token, self.ward_code, self.room, self.code, self.hospital_code, self.ward_id = row
        self.visit = f"LOOP-{next(_number)}-{datetime.now(UTC):%H%M%S%f}"

    def send(self, event: str) -> None:
        """Send one event over MLLP, as a record system does, and wait until it is applied."""
        now = f"{datetime.now(UTC):%Y%m%d%H%M%S.%f}"[:-2] + "+0000"  # two events in one second stay apart
        place = f"{self.ward_code}^{self.room}^{self.code}^{self.hospital_code}"
        file = self.hospital.data / "loop.hl7"
        file.write_text(
            f"MSH|^~\\&|LOOP|TEST|VARDNARA||{now}||ADT^{event}|{self.visit}-{event}|P|2.5\r"
            f"EVN|{event}|{now}\rPID|1||{self.visit}^^^T||Prov^Petra\r"
            f"PV1|1|I|{place}||||||||||||||||{self.visit}\r"
        )
        sent = self.hospital.command("send", str(file), "--port", str(self.hospital.mllp_port), data=False)
        assert sent.returncode == 0, sent.stdout + sent.stderr
        settle(self.hospital)

    def open_task(self) -> int:
        """The one task that waits at the bed."""
        with psycopg.connect(self.hospital.database_url) as connection:
            ((task_id,),) = connection.execute(
                "SELECT id FROM service_task WHERE bed_id = %s AND state = 'open'", [self.id]
            ).fetchall()
        return int(task_id)


@pytest.fixture
def bed(hospital: Any) -> Bed:
    return Bed(hospital)


def keep_watch(page: Page) -> None:
    """Remember that this very page was never loaded again."""
    expect(page.locator("#contact")).to_have_attribute("data-state", "live")
    page.wait_for_timeout(500)
    page.evaluate("window.neverReloaded = true")


def test_a_discharge_becomes_a_ready_bed_live(open_as: Opener, bed: Bed) -> None:
    """Message in, task on the coordinator's board and the phone, claimed, started, finished, bed ready: no reload."""
    board = open_as("coordinator", "/samordning/")
    wall = open_as("service_head", f"/avdelning/{bed.ward_id}/?vagg", size="wall")
    phone = open_as("service_worker", "/arbete/", size="phone")
    phone.locator("#open-work summary").click()
    for page in (board, wall, phone):
        keep_watch(page)
    tile, large = board.locator(f"#bed-{bed.id}"), wall.locator(f"#bed-{bed.id}")

    bed.send("A01")
    expect(tile).to_have_attribute("data-state", "occupied")
    expect(large).to_contain_text("Belagd")
    bed.send("A03")
    expect(tile).to_have_attribute("data-state", "dirty")
    expect(large).to_contain_text("ingen har den")
    place = f"Sal {bed.room}, plats {bed.code}"
    task_id = bed.open_task()
    line = board.locator(f"#red #task-{task_id}")
    expect(line).to_contain_text("Hemgångsstäd")
    expect(line).to_contain_text("Ingen har den")
    expect(phone.locator(f"#open-work #open-{task_id}")).to_contain_text(place)
    line.locator("a").click()
    board.locator("#panel").get_by_role("button", name="Nu", exact=True).click()
    expect(phone.locator(".job")).to_contain_text("Märkt som akut.")
    expect(phone.locator(".job .where")).to_have_text(place)
    board.keyboard.press("Escape")
    phone.click(".thumb button.main")  # the first tap: taken
    expect(phone.locator(".job .state-line")).to_contain_text("Tagen")
    expect(phone.locator(".job .where")).to_have_text(place)
    expect(board.locator(f"#going #task-{task_id}")).to_contain_text("Amina Berg")
    expect(board.locator(f"#red #task-{task_id}")).to_have_count(0)

    phone.click(".thumb button.main")  # the second tap: started
    expect(tile).to_have_attribute("data-state", "cleaning")
    expect(large).to_contain_text(re.compile(r"klar \d\d:\d\d"))
    phone.click(".thumb button.main")
    expect(phone.locator(".notes")).to_contain_text(f"Klart. {place}.")
    expect(tile).to_have_attribute("data-state", "ready")
    expect(large).to_contain_text("Ledig")
    expect(board.locator(f"#going #task-{task_id}")).to_have_count(0)
    board.locator(f"#done-{task_id} a").click()
    expect(board.locator("#panel .history li > span")).to_have_text(
        [
            "Skapad · patienten har lämnat",
            "Prioritet ändrad · Karin Olsson · Nu",
            "Tagen · Amina Berg",
            "Startad · Amina Berg",
            "Klar · Amina Berg",
        ]
    )
    for page in (board, wall, phone):
        assert page.evaluate("window.neverReloaded") is True


def test_a_discharge_taken_back_takes_its_clean_back_live(open_as: Opener, bed: Bed) -> None:
    """A13 after A03: the patient lies there again, and the open task leaves the board and the phone by itself."""
    board = open_as("coordinator", "/samordning/")
    phone = open_as("service_worker", "/arbete/", size="phone")
    phone.locator("#open-work summary").click()
    keep_watch(board)
    keep_watch(phone)
    tile = board.locator(f"#bed-{bed.id}")
    bed.send("A01")
    bed.send("A03")
    expect(tile).to_have_attribute("data-state", "dirty")
    task_id = bed.open_task()
    expect(board.locator(f"#red #task-{task_id}")).to_have_count(1)
    expect(phone.locator(f"#open-{task_id}")).to_be_visible()

    bed.send("A13")
    expect(tile).to_have_attribute("data-state", "occupied")
    expect(board.locator(f"#task-{task_id}")).to_have_count(0)
    expect(phone.locator(f"#open-{task_id}")).to_have_count(0)
    for page in (board, phone):
        assert page.evaluate("window.neverReloaded") is True


def test_pause_and_delay_take_a_reason_and_keep_the_task(open_as: Opener, bed: Bed) -> None:
    """The reason is one tap; the time stops; the same worker goes on; the coordinator sees all of it."""
    bed.send("A01")
    bed.send("A03")
    phone = open_as("service_worker", f"/plats/{bed.token}/", size="phone")
    phone.get_by_role("button", name="Ta uppgiften").click()
    phone.get_by_role("button", name="Starta").click()
    phone.goto("/arbete/")
    phone.get_by_role("button", name="Pausa").click()
    phone.get_by_role("button", name="Material saknas").click()
    expect(phone.locator(".job")).to_contain_text("Pausad: material saknas")
    phone.get_by_role("button", name="Fortsätt").click()
    expect(phone.locator(".job")).to_contain_text("Pågår")
    phone.get_by_role("button", name="Skjut upp").click()
    phone.get_by_role("button", name="Tillhörigheter kvar").click()
    expect(phone.locator(".job")).to_contain_text("Uppskjuten: tillhörigheter kvar")

    board = open_as("coordinator", "/samordning/")
    board.locator("#going a.line", has_text=f"Sal {bed.room}, plats {bed.code}").first.click()
    expect(board.locator("#panel .history")).to_contain_text("Uppskjuten · Amina Berg · Tillhörigheter kvar")
    board.locator("#panel").get_by_role("button", name="Lägg tillbaka").click()
    expect(board.locator("#panel")).to_contain_text("Ingen har den")
    expect(phone.locator(".job .state-line")).not_to_contain_text("Uppskjuten")  # heard live on the phone


def test_ward_staff_take_a_departure_back(open_as: Opener, hospital: Any) -> None:
    """Left by a tap at the bed, undone by a tap: the clean is withdrawn (edge-3)."""
    ward = open_as("ward_staff", "", size="tablet")
    tile = ward.locator("a.tile[data-state=occupied]").filter(has_not_text="Patient på ostädad").first
    name = f"#{tile.get_attribute('id')}"
    ward.locator(name).click()
    ward.locator("#panel").get_by_role("button", name="Patienten har lämnat").first.click()
    expect(ward.locator(f"{name}[data-state=dirty]")).to_be_attached()
    ward.locator("#panel").get_by_role("button", name="Ångra").first.click()
    expect(ward.locator(f"{name}[data-state=occupied]")).to_be_attached()


def test_the_name_is_shown_on_request_and_the_look_is_logged(open_as: Opener, hospital: Any) -> None:
    """The auditor sees who looked, and never the name (invariant 7)."""
    ward = open_as("ward_staff", "", size="tablet")
    ward.locator("a.tile[data-state=occupied]").first.click()
    ward.locator("#panel").get_by_role("button", name="Visa namn").first.click()
    expect(ward.locator("#panel [data-private]")).to_contain_text("loggat")
    log = open_as("auditor", "/logg/")
    expect(log.locator("tbody tr").first).to_contain_text("Jonas Lind")


def test_a_late_refresh_does_not_take_the_name_away(open_as: Opener, hospital: Any) -> None:
    """The panel asked for itself again before the name was asked for; its answer comes after, and is dropped."""
    ward = open_as("ward_staff", "", size="tablet")
    ward_id = int(ward.url.rstrip("/").rsplit("/", 1)[1])
    held: list[Route] = []
    ward.locator("a.tile[data-state=occupied]").first.click()
    expect(ward.locator("#panel").get_by_role("button", name="Visa namn")).to_be_visible()
    ward.route("**/plats/*/", lambda route: held.append(route) if route.request.method == "GET" else route.continue_())
    Bed(hospital, ward_id).send("A01")
    for _ in range(100):
        if held:
            break
        ward.wait_for_timeout(100)
    ward.locator("#panel").get_by_role("button", name="Visa namn").first.click()
    expect(ward.locator("#panel [data-private]")).to_contain_text("loggat")
    with ward.expect_response("**/plats/*/"):
        held[0].continue_()
    ward.wait_for_timeout(300)
    expect(ward.locator("#panel [data-private]")).to_contain_text("loggat", timeout=1000)


def test_lost_contact_is_said_and_mended(open_as: Opener, bed: Bed) -> None:
    """Without network the page says since when; with it, it shows what happened meanwhile."""
    board = open_as("coordinator", "/samordning/")
    keep_watch(board)
    board.context.set_offline(True)
    expect(board.locator("#contact")).to_contain_text(re.compile(r"Ingen kontakt sedan \d\d:\d\d"))
    bed.send("A01")
    board.context.set_offline(False)
    expect(board.locator(f"#bed-{bed.id}")).to_have_attribute("data-state", "occupied", timeout=15000)
    expect(board.locator("#contact")).to_have_text("Kontakt")
    assert board.evaluate("window.neverReloaded") is True


def test_a_page_works_by_keyboard_alone(open_as: Opener) -> None:
    """Skip link first; a tile opens its panel by Enter, Escape closes it and gives the focus back."""
    ward = open_as("ward_staff", "", size="desktop")
    ward.keyboard.press("Tab")
    assert ward.evaluate("document.activeElement.className") == "skip"
    tile = ward.locator("a.tile").first
    tile.focus()
    ward.keyboard.press("Enter")
    expect(ward.locator("#panel")).to_be_visible()
    ward.keyboard.press("Escape")
    expect(ward.locator("#panel")).not_to_be_visible()
    assert ward.evaluate("document.activeElement.id") == tile.get_attribute("id")

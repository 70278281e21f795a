"""A coordinator, a worker and a ward, each before their own page, live through one discharge; nobody reloads.

The messages go over MLLP from a sender of the test's own, into a hospital of the test's own: no other feed disturbs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Locator, Page, expect
from tests.browser.conftest import Opener

from vardnara.gateways.mllp.client import MllpClient

pytestmark = pytest.mark.browser
BED_OF_WARD_STAFF = """
    SELECT b.id, r.code, b.code, w.id, concat_ws('^', w.code, r.code, b.code, h.code) FROM hospital_bedplace b
    JOIN hospital_room r ON r.id = b.room_id JOIN hospital_ward w ON w.id = r.ward_id
    JOIN hospital_division d ON d.id = w.division_id JOIN hospital_hospital h ON h.id = d.hospital_id
    JOIN accounts_scope s ON s.ward_id = w.id JOIN accounts_user u ON u.id = s.user_id AND u.role = 'ward_staff'
    WHERE b.capacity = 1 AND NOT EXISTS (SELECT 1 FROM hospital_occupancy o WHERE o.bed_id = b.id)
    ORDER BY b.id LIMIT 1
"""


@pytest.fixture(scope="module")
def hospital(running_hospital: Callable[..., Any]) -> Any:
    """A running hospital where nothing happens but what the test sends."""
    return running_hospital(demo=True, fresh=True, options=("--no-feed",))


class Journal:
    """A patient record system with one patient, on one connection that stays open as a real one's does."""

    def __init__(self, port: int, visit: str, place: str) -> None:
        self._thread = ThreadPoolExecutor(1)  # this one belongs to the browser's event loop
        self._runner = self._thread.submit(asyncio.Runner).result()
        self._client = MllpClient("127.0.0.1", port)
        self._visit, self._place = visit, place

    def send(self, event: str) -> None:
        """Send one event and see it accepted."""
        now = f"{datetime.now(UTC):%Y%m%d%H%M%S.%f}"[:-2] + "+0000"
        pv1 = "|".join(["PV1", "1", "I", self._place, *[""] * 15, self._visit])
        message = (
            f"MSH|^~\\&|JOURNAL|TEST|VARDNARA||{now}||ADT^{event}|{self._visit}-{event}|P|2.5.1\r"
            f"EVN|{event}|{now}\rPID|1||{self._visit}^^^T||Prov^Petra\r{pv1}\r"
        )
        answer = self._do(self._client.send(message.encode()))
        assert answer is not None
        assert f"MSA|AA|{self._visit}-{event}".encode() in answer

    def close(self) -> None:
        self._do(self._client.close())
        self._thread.submit(self._runner.close).result()
        self._thread.shutdown()

    def _do[T](self, work: Coroutine[Any, Any, T]) -> T:
        return self._thread.submit(self._runner.run, work).result()


@dataclass
class Story:
    """The bed it happens in, its sender, and the three pages side by side."""

    bed_id: int
    place: str
    journal: Journal
    board: Page
    phone: Page
    ward: Page
    database_url: str

    def tile(self, page: Page) -> Locator:
        return page.locator(f"#bed-{self.bed_id}")

    def all_show(self, state: str) -> None:
        """The coordinator's and the ward's tile both come to this state by themselves."""
        for page in (self.board, self.ward):
            expect(self.tile(page)).to_have_attribute("data-state", state)

    def open_task(self) -> int:
        """The one task that waits at the bed."""
        with psycopg.connect(self.database_url) as connection:
            found = connection.execute(
                "SELECT id FROM service_task WHERE bed_id = %s AND state = 'open'", [self.bed_id]
            ).fetchall()
        assert len(found) == 1
        return int(found[0][0])


def sign_in(page: Page, name: str, password: str, path: str) -> Page:
    """Sign in as people do at a hospital, by name and password, and go to a page that is live."""
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", password)
    page.click("form.sign button")
    page.wait_for_load_state()
    page.goto(path)
    expect(page.locator("#contact:visible").first).to_have_attribute("data-state", "live")
    return page


@pytest.fixture
def story(open_as: Opener, hospital: Any) -> Iterator[Story]:
    """The three pages, signed in and live; at the end each is still the very page that was opened."""
    with psycopg.connect(hospital.database_url) as connection:
        bed_id, room, code, ward_id, name = connection.execute(BED_OF_WARD_STAFF).fetchone()
    users = hospital.users()
    pages = {
        "board": ("coordinator", "/samordning/", "desktop"),
        "phone": ("service_worker", "/arbete/", "phone"),
        "ward": ("ward_staff", f"/avdelning/{ward_id}/", "tablet"),
    }
    opened = {
        what: sign_in(open_as("", "/logga-in/", size=size), *users[role], path)
        for what, (role, path, size) in pages.items()
    }
    loads: list[str] = []
    for page in opened.values():
        page.evaluate("window.neverReloaded = true")
        page.on("framenavigated", lambda frame: loads.append(frame.url))
    journal = Journal(hospital.mllp_port, f"JOURNEY-{bed_id}", name)
    place = f"Sal {room}, plats {code}"
    yield Story(bed_id, place, journal, opened["board"], opened["phone"], opened["ward"], hospital.database_url)
    journal.close()
    assert loads == []
    for page in opened.values():
        assert page.evaluate("window.neverReloaded") is True


def test_a_discharge_becomes_a_ready_bed(story: Story) -> None:
    """Message in, task on board and phone, claimed, started and finished by taps, bed ready on the ward's board."""
    board, phone = story.board, story.phone
    expect(phone.locator(".job")).to_contain_text("Inget väntar")
    phone.locator("#open-work summary").tap()

    story.journal.send("A01")
    story.all_show("occupied")
    expect(board.locator("#red")).not_to_contain_text(story.place)
    story.journal.send("A03")
    story.all_show("dirty")
    task = story.open_task()
    expect(board.locator(f"#red #task-{task}")).to_contain_text("Hemgångsstäd")
    expect(board.locator(f"#red #task-{task}")).to_contain_text("Ingen har den")
    expect(story.ward.locator("#ward-list")).to_contain_text(story.place)
    expect(phone.locator(f"#open-work #open-{task}")).to_contain_text(story.place)
    expect(phone.locator(".job .where")).to_have_text(story.place)

    phone.locator(".thumb button.main").tap()  # taken
    expect(phone.locator(".thumb button.main")).to_have_id(f"do-starta-{task}")
    expect(board.locator(f"#going #task-{task}")).to_contain_text("Tagen · Amina Berg")
    expect(board.locator(f"#red #task-{task}")).to_have_count(0)
    phone.locator(".thumb button.main").tap()  # started
    expect(phone.locator(".thumb button.main")).to_have_id(f"do-klar-{task}")
    story.all_show("cleaning")
    phone.locator(".thumb button.main").tap()  # done
    expect(phone.locator(".notes")).to_contain_text(f"Klart. {story.place}.")
    story.all_show("ready")
    expect(story.tile(story.ward)).to_contain_text("Ledig")
    expect(board.locator(f"#going #task-{task}")).to_have_count(0)

    board.locator(f"#done-{task} a").click()
    steps = board.locator("#panel .history li > span")
    expect(steps).to_have_text(
        ["Skapad · patienten har lämnat", "Tagen · Amina Berg", "Startad · Amina Berg", "Klar · Amina Berg"]
    )


def test_a_discharge_taken_back_takes_its_clean_back(story: Story) -> None:
    """A13 after A03: the patient lies there again, and the open task leaves the board and the phone by itself."""
    board, phone = story.board, story.phone
    phone.locator("#open-work summary").tap()
    story.journal.send("A01")
    story.journal.send("A03")
    story.all_show("dirty")
    task = story.open_task()
    expect(board.locator(f"#red #task-{task}")).to_have_count(1)
    expect(phone.locator(f"#open-{task}")).to_be_visible()

    story.journal.send("A13")
    story.all_show("occupied")
    expect(board.locator(f"#task-{task}")).to_have_count(0)
    expect(story.ward.locator("#ward-list")).not_to_contain_text(story.place)
    expect(phone.locator(f"#open-{task}")).to_have_count(0)
    expect(phone.locator(".job")).to_contain_text("Inget väntar")

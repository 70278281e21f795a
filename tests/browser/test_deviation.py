"""A deviation with a picture, reported beside the work: with contact, without, and seen by the coordinator."""

from __future__ import annotations

import io
import time
from typing import Any

import psycopg
import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from tests.browser.conftest import Opener
from tests.browser.test_axe import violations
from tests.browser.test_offline import ask, kept

pytestmark = pytest.mark.browser
REPORTED = """
    SELECT d.note, p.width, p.height, p.jpeg, d.received_at - d.at < interval '1 minute', d.task_id IS NOT NULL
    FROM service_deviation d LEFT JOIN service_deviationpicture p ON p.deviation_id = d.key WHERE d.note = %s
"""


def photo() -> dict[str, Any]:
    """A picture larger than is kept, with a place written into it."""
    picture = Image.new("RGB", (3200, 2400), "orange")
    exif = picture.getexif()
    exif[0x010F] = "Hemlig kamera"
    written = io.BytesIO()
    picture.save(written, "JPEG", exif=exif)
    return {"name": "bild.jpg", "mimeType": "image/jpeg", "buffer": written.getvalue()}


def report(phone: Page, note: str) -> None:
    """What a worker does: open the sheet, say what, take a picture, send."""
    phone.locator(".job a[data-report]").click()
    sheet = phone.locator("#report")
    expect(sheet).to_be_visible()
    sheet.get_by_text("Något är trasigt").click()
    sheet.locator("textarea").fill(note)
    sheet.locator("input[type=file]").set_input_files(photo())
    expect(sheet.locator("canvas")).to_be_visible()
    assert violations(phone) == []
    sheet.get_by_role("button", name="Skicka").click()
    expect(sheet).to_be_hidden()


def reported(hospital: Any, note: str, patience_seconds: float = 20) -> list[Any]:
    """What the hospital has of it, once there is something."""
    ends = time.monotonic() + patience_seconds
    with psycopg.connect(hospital.database_url, autocommit=True) as connection:
        while not (rows := connection.execute(REPORTED, [note]).fetchall()) and time.monotonic() < ends:
            time.sleep(0.1)
    return rows


def test_a_deviation_with_and_without_contact(open_as: Opener, hospital: Any) -> None:
    """Sent at once; kept without contact, through a closed app too, and sent once; small and without its place."""
    phone = open_as("service_worker", "/arbete/", size="phone", service_worker=True)
    ask(open_as("ward_staff", size="tablet"), "Hämta sängen")
    kept(phone)
    board = open_as("coordinator", "/samordning/")
    report(phone, "Hjulet är av")
    expect(phone.locator("#reported")).to_have_text("Anmält.")
    ((_, width, height, jpeg, fresh, with_task),) = reported(hospital, "Hjulet är av")
    assert (width, height) == (1600, 1200) and b"Hemlig" not in jpeg and fresh and with_task
    expect(board.locator("#deviations")).to_contain_text("Avvikelser att ta hand om")

    phone.context.set_offline(True)
    report(phone, "Lampan är trasig")
    expect(phone.locator("#reported")).to_contain_text("sparad i telefonen")
    expect(phone.locator("#contact")).to_contain_text("1 att skicka")
    phone.reload()
    expect(phone.locator("#contact")).to_contain_text("1 att skicka")
    assert reported(hospital, "Lampan är trasig", 0) == []
    phone.context.set_offline(False)
    assert len(reported(hospital, "Lampan är trasig")) == 1
    expect(phone.locator("#contact")).to_have_text("Kontakt")

    board.goto("/samordning/avvikelser/")
    first = board.locator("li", has_text="Hjulet är av")
    expect(first.locator("img")).to_be_visible()
    assert violations(board) == []
    first.locator("input[name=note]").fill("Ny säng beställd")
    first.get_by_role("button", name="Åtgärdad").click()
    expect(board.locator("details")).to_contain_text("Hjulet är av")

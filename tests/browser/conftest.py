"""A real Chromium on a real running demo."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

SIZES = {"phone": (390, 844), "tablet": (1024, 768), "desktop": (1440, 900), "wall": (1920, 1080)}
ODD = (
    b"MSH|^~\\&|JOURNAL|TEST|VARDNARA||20260305100000+0100||ADT^A13|odd-1|P|2.5\rEVN|A13|20260305100000+0100\r"
    b"PID|1||O1^^^T||Udda^Ulla\rPV1|1|I|||||||||||||||||V-ODD-1\r",
    b"MSH|^~\\&|JOURNAL|TEST|VARDNARA||20260305100100+0100||ADT^A01|odd-2|P|2.5\rEVN|A01|20260305100100+0100\r"
    b"PID|1||O2^^^T||Ny^Nils\rPV1|1|I|NYBYGGET^7^1|||||||||||||||||V-ODD-2\r",
    b"MSH|^~\\&|LABB|TEST|VARDNARA||20260305100130+0100||ADT^A01|odd-4|P|2.5\rEVN|A01|20260305100130+0100\r"
    b"PID|1||O4^^^T||Labb^Lena\rPV1|1|I|NYBYGGET^7^1|||||||||||||||||V-ODD-4\r",
    b"MSH|^~\\&|JOURNAL|TEST|VARDNARA||20260305100140+0100||ADT^A01|odd-5|P|2.5\rEVN|A01|20260305100140+0100\r"
    b"PID|1||O5^^^T||Gang^Gun\rPV1|1|I|PAVILJONGEN|||||||||||||||||V-ODD-5\r"
    b"PV2" + b"|" * 41 + b"KONTAKTSMITTA\rAL1|1|FA|NOT^N\xf6tter^LOK\r",
    b"MSH|^~\\&|JOURNAL|TEST|VARDNARA||20260305100200+0100||ADT^A01|odd-3|P|2.5\rEVN|A01|20260305100200+0100\r",
)
expect.set_options(timeout=45_000)  # the machine may have other tests to run
COOKIES: dict[tuple[str, str], list[Any]] = {}  # of people who are signed in already
Opener = Callable[..., Page]


@pytest.fixture(scope="session")
def hospital(running_hospital: Callable[..., Any]) -> Any:
    """A running demo with a day behind it and messages that a person must look at, shared by a worker's tests."""
    running = running_hospital(demo=True, options=("--no-feed",))
    day, odd = running.data / "day.hl7", running.data / "odd.hl7"
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
    made = running.command("feed", "--days", "1", "--start", yesterday, "--out", str(day))
    assert made.returncode == 0, made.stderr
    odd.write_bytes(b"".join(ODD))
    for file, status in ((day, 0), (odd, 1)):  # of the odd ones, one is refused, as it should be
        sent = running.command("send", str(file), "--port", str(running.mllp_port), data=False)
        assert sent.returncode == status, sent.stderr
    settle(running)
    return running


def settle(running: Any, patience_seconds: float = 300) -> None:
    """Wait until no message waits to be applied."""
    ends = time.monotonic() + patience_seconds
    with psycopg.connect(running.database_url, autocommit=True) as connection:
        while connection.execute("SELECT count(*) FROM hospital_inboxmessage WHERE status = 'waiting'").fetchone()[0]:
            assert time.monotonic() < ends
            time.sleep(0.2)


MINE = """
    SELECT t.id FROM service_task t JOIN accounts_user u ON u.id = t.owner_id
    WHERE u.role = 'service_worker' AND u.demo AND t.state IN ('claimed', 'started', 'paused', 'delayed')
"""
SOON = "state = 'open' AND due_at < now() + interval '1 hour'"
OUT_OF_THE_WAY = f"""
    UPDATE service_task SET state = 'withdrawn', reason = 'no_longer_needed', finished_at = now()
    WHERE {SOON} AND plan_key IS NOT NULL;
    UPDATE service_task SET due_at = now() + interval '8 hours' WHERE {SOON};
    UPDATE service_task SET priority = 2 WHERE priority < 2
"""
HAND_BACK = """
    async id => { const token = document.cookie.match(/csrftoken=([^;]+)/)[1];
      await fetch(`/arbete/${id}/lamna/`, {method: 'POST', headers: {'X-CSRFToken': token}}); }
"""


def sign_in(page: Page, role: str) -> None:
    """One tap on the sign-in page; done when the first page is there, and with it the session."""
    page.click(f"button[name=role][value={role}]")
    page.wait_for_url(lambda url: "/logga-in/" not in url)


@pytest.fixture(scope="session")
def playwright(until_long_ones_end: ExitStack) -> Playwright:
    """What drives browsers: one for all tests of this process, for its event loop is the process's while it lives."""
    return until_long_ones_end.enter_context(sync_playwright())


@pytest.fixture(scope="module")
def browser(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-dev-shm-usage"])
    yield started
    started.close()


def page_opened(
    browser: Browser, hospital: Any, faults: list[str], role: str, *, size: str, theme: str, language: str, **more: Any
) -> Page:
    """A blank page of a person who is signed in, with a context of its own; what its console calls an error is told."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=theme,
        reduced_motion="reduce",
        has_touch=size == "phone",
        base_url=hospital.url,
        **more,
    )
    context.faults = faults
    known = COOKIES.get((hospital.url, role))
    context.add_cookies([{"name": "django_language", "value": language, "url": hospital.url}, *(known or [])])
    page = context.new_page()
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    if role and not known:
        page.goto("/logga-in/")
        sign_in(page, role)
        COOKIES[hospital.url, role] = context.cookies()
    return page


def nothing_waits(hospital: Any, open_as: Opener) -> None:
    """Nothing is in the worker's hands, nothing urgent, and nothing that the hour brings.

    What is late comes before what is urgent, so the day's planned work would too, once its hour has passed.
    """
    with psycopg.connect(hospital.database_url, autocommit=True) as connection:
        if left := connection.execute(MINE).fetchall():
            phone = open_as("service_worker", "/arbete/", size="phone")
            for (task_id,) in left:
                phone.evaluate(HAND_BACK, task_id)
            phone.close()
        assert not connection.execute(MINE).fetchall()
        connection.execute(OUT_OF_THE_WAY)


def real(faults: list[str]) -> list[str]:
    """What a console calls an error and is one of ours: no lost network, no refusal that the page expects."""
    return [fault for fault in faults if "net::ERR" not in fault and "status of 4" not in fault]


@pytest.fixture
def open_as(browser: Browser, hospital: Any) -> Iterator[Opener]:
    """``open_as(role, path, size=, theme=, language=, service_worker=)``: a page of a person, signed in by one tap.

    The test begins with nothing in the worker's hands (:func:`nothing_waits`). Everything that the page's console calls
    an error fails the test, the security policy's refusals among it.
    """
    faults: list[str] = []
    with ExitStack() as stack:

        def run(
            role: str,
            path: str = "",
            *,
            size: str = "desktop",
            theme: str = "light",
            language: str = "sv",
            service_worker: bool = False,
        ) -> Page:
            workers = "allow" if service_worker else "block"
            page = page_opened(
                browser, hospital, faults, role, size=size, theme=theme, language=language, service_workers=workers
            )
            stack.callback(page.context.close)
            if path or page.url == "about:blank":
                page.goto(path or ("/" if role else "/logga-in/"))
            return page

        nothing_waits(hospital, run)
        yield run
    assert not real(faults)

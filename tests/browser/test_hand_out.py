"""Handing out work in a real browser: dragged, by keyboard, and without JavaScript; two coordinators at once."""

from __future__ import annotations

from itertools import count
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Opener

pytestmark = pytest.mark.browser
PAGE = "/samordning/fordela/"
_number = count(1)


@pytest.fixture(scope="session")
def colleague(hospital: Any) -> str:
    """A second service worker, for somebody to hand work to."""
    code = "SELECT code FROM hospital_hospital WHERE invented"
    with psycopg.connect(hospital.database_url) as connection:
        found = connection.execute(code).fetchone()[0]
    words = ("user", "kollegan", "--role", "service_worker", "--hospital", found, "--name", "Kim Kollega")
    made = hospital.command(*words)
    assert made.returncode == 0, made.stderr
    return "Kim Kollega"


@pytest.fixture
def task(open_as: Opener, hospital: Any, colleague: str) -> str:
    """What the ward has just asked for; its words are its own."""
    words = f"Hämta kuddar {next(_number)}"
    with psycopg.connect(hospital.database_url) as connection:
        ward = connection.execute(
            "SELECT s.ward_id FROM accounts_scope s JOIN accounts_user u ON u.id = s.user_id"
            " WHERE u.role = 'ward_staff'"
        ).fetchone()[0]
    page = open_as("ward_staff", f"/avdelning/{ward}/")
    page.locator("button[popovertarget=request]").first.click()
    page.locator("#request [name=note]").fill(words)
    page.locator("#request button").first.click()
    page.wait_for_load_state()
    return words


def item(page: Page, words: str) -> Any:
    return page.locator(".hand-task", has_text=words)


def column(page: Page, name: str) -> Any:
    return page.locator(".hand-column", has=page.get_by_role("heading", name=name))


def hand(page: Page, words: str, name: str) -> None:
    """Tick and choose, by keyboard alone."""
    item(page, words).locator("input").focus()
    page.keyboard.press("Space")
    page.locator("#hand-owner").focus()
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def drag(page: Page, words: str, onto: Any) -> None:
    grip = item(page, words).locator(".grip")
    grip.scroll_into_view_if_needed()
    start, end = grip.bounding_box(), onto.bounding_box()
    page.mouse.move(start["x"] + 5, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(start["x"] + 40, start["y"] + 30)
    page.mouse.move(end["x"] + 30, end["y"] + 20, steps=5)


def test_by_keyboard_then_dragged_back_then_undone(open_as: Opener, task: str, colleague: str) -> None:
    """The same command either way; the page says what it did, and undoes it; a colleague's page follows by itself."""
    page, other = open_as("coordinator", PAGE), open_as("service_head", PAGE)
    expect(column(page, "Ingen har den").locator(".hand-task", has_text=task)).to_be_visible()
    hand(page, task, colleague)
    expect(column(page, colleague)).to_contain_text(task)
    expect(page.locator("#hand-told")).to_contain_text(f"1 uppgift flyttad till {colleague}.")
    expect(column(other, colleague)).to_contain_text(task)
    column(page, colleague).scroll_into_view_if_needed()
    drag(page, task, column(page, "Ingen har den"))
    expect(page.locator(".drag-ghost")).to_contain_text("Önskemål")
    page.mouse.up()
    expect(column(page, "Ingen har den")).to_contain_text(task)
    page.locator("#hand-undo").click()
    expect(column(page, colleague)).to_contain_text(task)
    expect(page.locator("#hand-told")).to_contain_text("Ångrat")


def test_a_drag_that_is_given_up_moves_nothing(open_as: Opener, task: str) -> None:
    page = open_as("coordinator", PAGE)
    drag(page, task, page.locator(".move-bar"))
    page.keyboard.press("Escape")
    page.mouse.up()
    expect(page.locator(".drag-ghost")).to_have_count(0)
    page.reload()
    expect(column(page, "Ingen har den")).to_contain_text(task)


def test_of_two_who_move_it_the_second_is_told(open_as: Opener, task: str, colleague: str) -> None:
    """The second page has lost contact with what changed; its move is refused in words, and the page is mended."""
    page, other = open_as("coordinator", PAGE), open_as("service_head")
    other.route("**/handelser/", lambda route: route.abort())
    other.goto(PAGE)
    expect(item(other, task)).to_be_visible()
    hand(page, task, colleague)
    expect(column(page, colleague)).to_contain_text(task)
    item(other, task).locator("input").check()
    somebody = other.locator("#hand-owner option:not([value='']):not([value='0'])").filter(has_not_text=colleague)
    other.locator("#hand-owner").select_option(somebody.first.get_attribute("value"))
    other.locator("#hand-bar button").click()
    expect(other.locator("#hand-told")).to_contain_text("Någon annan har flyttat uppgiften under tiden")
    expect(column(other, colleague)).to_contain_text(task)


def test_without_contact_nothing_is_claimed_to_be_done(open_as: Opener, task: str, colleague: str) -> None:
    page = open_as("coordinator", PAGE)
    page.route("**/flytta/", lambda route: route.abort())
    hand(page, task, colleague)
    expect(page.locator("#hand-told")).to_contain_text("Inget flyttades")
    expect(column(page, "Ingen har den")).to_contain_text(task)


def test_without_javascript(open_as: Opener, hospital: Any, task: str, colleague: str) -> None:
    """Tick, choose, press, undo: plain forms."""
    signed_in = open_as("coordinator").context
    context = signed_in.browser.new_context(java_script_enabled=False, base_url=hospital.url)
    try:
        context.add_cookies(signed_in.cookies())
        page = context.new_page()
        page.goto(PAGE)
        item(page, task).locator("input").check()
        option = page.locator("#hand-owner option", has_text=colleague).first.get_attribute("value")
        page.locator("#hand-owner").select_option(option)
        page.locator("#hand-bar button").click()
        expect(column(page, colleague)).to_contain_text(task)
        page.locator("#hand-undo").click()
        expect(column(page, "Ingen har den")).to_contain_text(task)
    finally:
        context.close()

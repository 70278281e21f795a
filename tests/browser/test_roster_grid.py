"""A roster typed in a real browser: arrows and codes, the rule that is broken, undo, and a day's panel by keyboard."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_roster_is_typed_and_undone(hospital: Any, open_as: Any) -> None:
    """Two codes typed stand in two days, the broken rest is marked at once, Ctrl+Z takes the second back."""
    with psycopg.connect(hospital.database_url) as connection:
        [roster] = connection.execute("SELECT max(id) FROM staffing_roster WHERE state = 'draft'").fetchone()
    page = open_as("service_head", f"/schema/{roster}/", size="desktop")
    row = page.locator(".roster tr[data-person]").first
    cells = row.locator("a[data-on]")
    cells.first.focus()
    page.keyboard.type("k2")
    expect(cells.first).to_contain_text("K2")
    expect(cells.nth(1)).to_be_focused()
    page.keyboard.type("d2")
    expect(cells.nth(1)).to_contain_text("D2")
    expect(row.locator("td.bad")).to_have_count(1)
    expect(page.locator("#roster-top")).to_contain_text("2 regelbrott")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page.locator("#panel .choice").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(cells.nth(1)).to_be_focused()
    page.keyboard.press("Control+z")
    expect(page.locator("#roster-top")).to_contain_text("0 regelbrott")
    cells.first.focus()
    page.keyboard.press("Delete")
    expect(cells.first).not_to_contain_text("K2")

"""README and docs say what is there: links, commands, events, and an example that works."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest

from vardnara.config.command.registry import COMMANDS
from vardnara.gateways.hl7.reader import EFFECTIVE, VISIT_EVENTS, adt_read
from vardnara.gateways.mllp.framing import messages_in_file

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
DEMO_BEDS = ROOT / "src/vardnara/apps/hospital/demo/beds.csv"
TAPS = {"LEFT", "CONFIRMED", "CONTAGION", "UNDO_LEFT", "UNDO_CONF"}
NOW = "20260305140500+0100"


def page_ids(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@cache
def anchors(page: Path) -> set[str]:
    """The fragments that a page's headings can be linked by, as forges make them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def link_faults(page: Path, text: str) -> list[str]:
    """Relative links and pictures of a page's text that lead nowhere, and pictures without words."""
    faults = []
    for shown, target in re.findall(r"(!?\[[^\]]*\])\(([^)\s]+)[^)]*\)", text):
        if shown == "![]":
            faults.append(f"{target}: a picture without words")
        if re.match(r"[a-z]+:", target):
            continue
        name, _, fragment = unquote(target).partition("#")
        there = (page.parent / name).resolve() if name else page
        if not there.exists() or not there.is_relative_to(ROOT):
            faults.append(f"{target}: no such file")
        elif fragment and fragment not in anchors(there):
            faults.append(f"{target}: no such heading")
    return faults + [
        f"{target}: no such picture"
        for target in re.findall(r'<(?:img|source)[^>]+src(?:set)?="([^"]+)"', text)
        if not (page.parent / target).exists()
    ]


def commands_named(text: str) -> set[str]:
    """The words after ``vardnara`` in code: lines of a block, and spans."""
    code = re.findall(r"`[^`\n]+`", text)
    code += re.findall(r"^(?: {4,}|\t).*$", text, re.MULTILINE)
    code += re.findall(r"^```.*?^```", text, re.MULTILINE | re.DOTALL)
    called = r"(?:^|[`/&;=]|^\s+|&& )\s*vardnara ([a-z_]+)"
    return {name for piece in code for name in re.findall(called, piece, re.MULTILINE)}


def event_rows(text: str) -> list[str]:
    """The events with a row of their own in the ADT page's table of events."""
    section = text.split("\n## Events\n")[1].split("\n## ")[0]
    return re.findall(r"^\| ([A-Z][A-Z0-9_]+) \|", section, re.MULTILINE)


def sample() -> bytes:
    """The message that the README lets a newcomer send, at a fixed time."""
    here = re.search(r"<<END\n(.*?)\nEND$", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    assert here, "the README has no message to paste"
    (message,) = messages_in_file(here[1].replace("$NOW", NOW).encode())
    return message


@pytest.mark.parametrize("page", PAGES, ids=page_ids)
def test_every_link_and_picture_leads_somewhere(page: Path) -> None:
    """A newcomer who follows a link arrives, also at a heading; a picture says in words what it shows."""
    assert link_faults(page, page.read_text()) == []


@pytest.mark.parametrize("page", PAGES, ids=page_ids)
def test_every_command_that_is_named_exists(page: Path) -> None:
    """No page tells anybody to run what is not there."""
    assert commands_named(page.read_text()) - COMMANDS.keys() == set()


def test_commands_are_found_in_code() -> None:
    """The look for commands sees blocks and spans, with and without a path, and no prose."""
    text = (
        "    vardnara one --x\n```sh\n.venv/bin/vardnara two\n```\nUse `vardnara three`; vardnara prose is not one.\n"
        "    $ a && vardnara four\n"
    )
    assert commands_named(text) == {"one", "two", "three", "four"}
    assert "verify" in commands_named((ROOT / "README.md").read_text())


def test_every_event_has_its_row() -> None:
    """The ADT page describes each event that has an effect and each tap, once, and no other."""
    rows = event_rows((ROOT / "docs/adt.md").read_text())
    assert sorted(rows) == sorted(EFFECTIVE | TAPS)


def test_the_message_of_the_readme_is_taken_and_names_a_demo_bed() -> None:
    """The first thing that a newcomer sends is accepted and has an effect on a bed that is there."""
    reading = adt_read(sample())
    assert reading.effective and reading.event == "A03" and reading.event in VISIT_EVENTS
    (subject,) = reading.subjects
    assert subject.visit is not None and subject.location is not None
    with DEMO_BEDS.open(newline="") as handle:
        beds = {(row["ward"], row["room"], row["code"], row["hospital"]) for row in csv.DictReader(handle)}
    assert tuple(subject.location) in beds

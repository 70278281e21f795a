"""The service worker's phone speaks more languages than the rest: whole, or not at all."""

from __future__ import annotations

import gettext
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation
from tests.house.test_languages import PACKAGE, SAME, entries
from tests.strategies.stage import Stage, stage_set

PHONE = [code for code, _ in settings.LANGUAGES if code not in settings.WHOLE_LANGUAGES]
PAGES = (
    *(PACKAGE / "config/templates").glob("*.html"),
    *(PACKAGE / "apps/accounts/templates/accounts").glob("[!a]*.html"),
    *(
        PACKAGE / f"apps/service/templates/service/{name}.html"
        for name in (
            "work", "_work", "_job", "_offline", "_report", "_deviation_fields", "deviation_new", "_sheets", "_sheet",
            "_thumb", "_do", "_open_list", "_shift", "shift", "found", "_checklist", "_how", "_steps", "_place",
        )
    ),
)  # fmt: skip
# what the code says on those pages, by context
CONTEXTS = frozenset(
    {
        "worker", "shift", "offline", "connection", "checklist", "found job", "task state", "task reason",
        "why this task", "warning", "instruction", "contagion", "delay", "pause", "priority", "zones",
    }
)  # fmt: skip
PLURALS = {"ar": 6, "pl": 4, "uk": 4}
LETTERS = {"ar": "\u0600-\u06ff", "pl": "a-zA-ZąćęłńóśźżĄĆĘŁŃÓŚŹŻ", "uk": "\u0400-\u04ff"}


def file_of(language: str) -> Path:
    return PACKAGE / "locale" / language / "LC_MESSAGES" / "django.po"


def translated(language: str) -> dict[tuple[str, str], list[str]]:
    return {entry[:2]: entry[2] for entry in entries(file_of(language))}


def on_the_phone() -> set[tuple[str, str]]:
    """(context, msgid) of all that a service worker may read."""
    found = {entry[:2] for entry in entries() if entry[0] in CONTEXTS}
    plain = r"""\{%\s*translate (["'])(.*?)\1 context ["'](.*?)["']"""
    block = r"""\{%\s*blocktranslate[^%]*context ["'](.*?)["'][^%]*%\}(.*?)\{%\s*(?:plural|endblocktranslate)"""
    for page in PAGES:
        text = page.read_text()
        found |= {(context, words) for _, words, context in re.findall(plain, text)}
        for context, words in re.findall(block, text, re.DOTALL):
            found.add((context, re.sub(r"\{\{\s*(\w+)\s*\}\}", r"%(\1)s", words)))
    return found


@pytest.mark.parametrize("language", PHONE)
def test_all_that_a_worker_reads_is_translated(language: str) -> None:
    known = translated(language)
    assert not on_the_phone() - known.keys()
    assert not [key for key, texts in known.items() if not all(texts)]


@pytest.mark.parametrize("language", PHONE)
def test_nothing_is_left_of_what_is_gone(language: str) -> None:
    """A text that was changed is translated anew; an old one does not stay behind."""
    assert not translated(language).keys() - {entry[:2] for entry in entries()}


@pytest.mark.parametrize("language", PHONE)
def test_what_is_filled_in_is_still_there(language: str) -> None:
    places = re.compile(r"%\(\w+\)s|\{\w+\}|</?\w+>")
    swedish = {entry[:2]: entry[2] for entry in entries()}
    for key, texts in translated(language).items():
        wanted = sorted(places.findall(swedish[key][0]))
        assert len(texts) == (PLURALS[language] if len(swedish[key]) > 1 else 1), key
        assert all(sorted(places.findall(text)) == wanted for text in texts if len(texts) == 1), key


@pytest.mark.parametrize("language", PHONE)
def test_it_is_the_language(language: str) -> None:
    """Written in its own letters, and not merely copied."""
    for (_, msgid), texts in translated(language).items():
        words = re.sub(r"%\(\w+\)s|\{\w+\}", "", msgid)
        if re.search("[a-z]{4}", words) and msgid not in SAME | {"Vardnara"}:
            assert re.search(f"[{LETTERS[language]}]", texts[0]), (msgid, texts[0])
            assert texts[0] != msgid, msgid


@pytest.mark.parametrize("language", PHONE)
def test_the_compiled_file_fits(language: str) -> None:
    with file_of(language).with_suffix(".mo").open("rb") as compiled:
        catalogue = gettext.GNUTranslations(compiled)._catalog
    for (context, msgid), texts in translated(language).items():
        key = f"{context}\x04{msgid}"
        assert (catalogue[key] if len(texts) == 1 else [catalogue[key, n] for n in range(len(texts))]) == (
            texts[0] if len(texts) == 1 else texts
        )


@pytest.fixture
def stage(db: None, settings: object) -> Stage:
    settings.DEMO = True
    return stage_set()


@pytest.mark.parametrize("language", PHONE)
def test_the_worker_chooses_it_and_nobody_else_gets_half_a_page(language: str, stage: Stage) -> None:
    """The phone in its own letters and direction; a coordinator whose browser asks for it gets Swedish."""
    worker = Client()
    worker.force_login(stage.users["service_worker"])
    worker.post("/sprak/", {"language": language, "next": "/arbete/"})
    page = worker.get("/arbete/").content.decode()
    assert f'<html lang="{language}"' in page and ('dir="rtl"' in page) is (language == "ar")
    with translation.override(language):
        assert str(translation.pgettext("worker", "Take it")) in page
    assert "Ta uppgiften" not in page and "Take it" not in page
    board = Client(headers={"accept-language": language})
    board.force_login(stage.users["coordinator"])
    page = board.get("/samordning/").content.decode()
    assert '<html lang="sv"' in page and "Behöver någon" in page
    assert f'value="{language}"' not in page
    assert (
        f'<html lang="{language}"' in Client(headers={"accept-language": language}).get("/logga-in/").content.decode()
    )


def test_every_page_that_a_worker_opens_is_looked_at() -> None:
    """The list above names templates that exist, and every part that they include."""
    included = set()
    for page in PAGES:
        included |= set(re.findall(r'include "service/(\w+)\.html"', page.read_text()))
    names = {page.stem for page in PAGES}
    assert included - names <= {"_command"}

"""The words of the patient's own pages, in their own languages: one file of ``words/`` each, whole or not at all."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header

FOLDER = Path(__file__).resolve().parent.parent / "words"
LANGUAGES = ("sv", "en", "fi", "ar", "fa", "so", "pl", "uk", "es", "tr")
RIGHT_TO_LEFT = ("ar", "fa")


@dataclass(frozen=True, slots=True)
class Words:
    """All that the pages say in one language. ``easy`` holds shorter sentences for some of ``ui``."""

    code: str
    ui: dict[str, str]
    easy: dict[str, str]
    meals: dict[str, str]
    allergens: dict[str, str]
    exclusions: dict[str, str]

    @property
    def direction(self) -> str:
        """Which way it is read."""
        return "rtl" if self.code in RIGHT_TO_LEFT else "ltr"

    def texts(self, *, easy: bool) -> dict[str, str]:
        """The sentences, the easy ones instead where there are such."""
        return self.ui | self.easy if easy else self.ui


@cache
def words_of(code: str) -> Words:
    """The words of a language."""
    with (FOLDER / f"{code}.toml").open("rb") as file:
        read: dict[str, Any] = tomllib.load(file)
    return Words(code=code, **read)


def names() -> list[tuple[str, str, str]]:
    """Each language with its own name and its direction."""
    return [(code, words_of(code).ui["name"], words_of(code).direction) for code in LANGUAGES]


def language_guess(request: HttpRequest) -> str:
    """The first language that the reader's browser asks for and these pages speak, else Swedish."""
    for asked, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "")[:200]):
        if (code := asked.partition("-")[0]) in LANGUAGES:
            return code
    return "sv"

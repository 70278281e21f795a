"""The patient's own pages speak ten languages: each whole, with the same places to fill in, in its own letters."""

from __future__ import annotations

import re
import string
import unicodedata
from pathlib import Path

import pytest

import vardnara
from vardnara.apps.meals.choices import Exclusion, MealKind
from vardnara.apps.meals.views.patient_words import FOLDER, LANGUAGES, RIGHT_TO_LEFT, Words, words_of

PAGES = sorted((Path(vardnara.__file__).parent / "apps/meals/templates/meals/patient").glob("*.html"))
CODE = [
    Path(vardnara.__file__).parent / f"apps/meals/{name}.py"
    for name in ("templatetags/patient", "views/patient", "views/patient_door")
]
SCRIPTS = {"ar": "ARABIC", "fa": "ARABIC", "uk": "CYRILLIC"}
OWN = {"fa": "گچپ", "fi": "äö", "pl": "ąęł", "es": "ñ¿ó", "tr": "ğış", "sv": "åäö", "uk": "іїє"}
SAME = {"kcal", "gluten", "alcohol"}
PARTS = ("ui", "easy", "meals", "allergens", "exclusions")


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def all_texts(words: Words) -> dict[str, str]:
    return {f"{part}.{key}": text for part in PARTS for key, text in getattr(words, part).items()}


def test_every_file_is_a_language_and_every_language_a_file() -> None:
    assert {path.stem for path in FOLDER.glob("*.toml")} == set(LANGUAGES) and len(LANGUAGES) >= 8


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_language_is_whole(code: str) -> None:
    """The keys of Swedish, no empty text, the same places; every meal, allergen and thing that one may not eat."""
    words, swedish = words_of(code), words_of("sv")
    texts, wanted = all_texts(words), all_texts(swedish)
    assert texts.keys() == wanted.keys()
    assert all(text.strip() for text in texts.values())
    assert {key: places(text) for key, text in texts.items()} == {key: places(text) for key, text in wanted.items()}
    assert set(words.easy) <= set(words.ui)
    assert set(words.meals) == set(MealKind.values) and set(words.exclusions) == set(Exclusion.values)
    assert list(words.allergens) == [str(n) for n in range(1, 15)]
    assert all(len(text) <= len(words.ui[key]) for key, text in words.easy.items())


@pytest.mark.parametrize("code", LANGUAGES)
def test_it_is_written_in_its_own_letters(code: str) -> None:
    """The script of the language throughout, letters that only it has somewhere, and nothing left in another's."""
    script = SCRIPTS.get(code, "LATIN")
    texts = all_texts(words_of(code))
    for key, text in texts.items():
        letters = [letter for letter in re.sub(r"\{\w+\}", "", text) if letter.isalpha()]
        assert letters and all(unicodedata.name(letter).startswith(script) for letter in letters), (key, text)
    assert all(letter in "".join(texts.values()) for letter in OWN.get(code, "a"))
    for other in LANGUAGES:
        if other != code:
            same = {key for key, text in all_texts(words_of(other)).items() if " " in text and texts[key] == text}
            assert not same, (other, same)
    assert (words_of(code).direction == "rtl") is (script == "ARABIC") is (code in RIGHT_TO_LEFT)


def test_the_pages_use_what_there_is() -> None:
    """No page asks for a text that no file has, and no text is there for nothing."""
    used = set()
    for page in PAGES:
        used |= set(re.findall(r"\bt\.(\w+)", page.read_text()))
    used |= {"small", "normal", "large"}  # a portion's own names
    code = "".join(path.read_text() for path in CODE)
    known = set(words_of("sv").ui)
    assert used <= known, used - known
    left = {key for key in known - used if f'"{key}"' not in code}
    assert left <= {"card"}, left

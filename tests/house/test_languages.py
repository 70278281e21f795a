"""Swedish is complete, and what is compiled is what was translated."""

from __future__ import annotations

import ast
import gettext
import re
import tomllib
from pathlib import Path

import pytest
from django.utils import translation

import vardnara
from vardnara.apps.accounts.views import answers
from vardnara.apps.service.templatetags import words

PACKAGE = Path(vardnara.__file__).parent
PO = PACKAGE / "locale" / "sv" / "LC_MESSAGES" / "django.po"
SAME = {
    "%(day)s: %(rule)s",
    "%(rule)s: %(found)s",
    "%(n)s person",
    "%(hours)d h",
    "%(hours)d h %(minutes)d min",
    "Register",
    "Budget",
    "Portion",
    "Macadamia",
    "Protein",
    "Salt",
    "Lupin",
    "Spelt",
    "Index",
    "Information, MBL 19 §",
    "Organ",
    "Organisation",
    "information",
    "kronor",
    "version",
    "budget",
    "Kronor",
    "Version",
    "Version %(n)s",
    "version %(n)s",
    "System",
    "Status",
    "Spill",
    "Lunch",
    "Normal",
    "Normal portion",
    "%(n)s portion",
    "Control id",
    "Division",
    "Controller",
    "Patient",
    "Period",
    "Risk",
    "Service",
    "Transport",
    "g protein",
    "lupin",
    "spelt",
}  # the same in both


def entries(file: Path = PO) -> list[tuple[str, str, list[str], bool]]:
    """(context, msgid, translations, fuzzy) of every entry of a file, the Swedish one if no other."""
    found = []
    for block in file.read_text().split("\n\n")[1:]:
        text: dict[str, str] = {}
        field = ""
        for line in block.splitlines():
            head = re.match(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?) (".*")$', line)
            if head:
                field = head[1]
                text[field] = ast.literal_eval(head[2])
            elif line.startswith('"'):
                text[field] += ast.literal_eval(line)
        if "msgid" in text:
            translations = [value for name, value in text.items() if name.startswith("msgstr")]
            found.append((text.get("msgctxt", ""), text["msgid"], translations, "#, fuzzy" in block))
    return found


def used_in_templates() -> set[tuple[str, str]]:
    """(context, msgid) of every plain {% translate %} of the pages."""
    found = set()
    for page in PACKAGE.rglob("templates/**/*.html"):
        for quote, text, context in re.findall(
            r"""\{% translate (["'])(.*?)\1 context ["'](.*?)["']""", page.read_text()
        ):
            found.add((context, text.replace(f"\\{quote}", quote)))
    return found


def used_in_code() -> set[tuple[str, str]]:
    """(context, msgid) of every pgettext of the code."""
    found = set()
    for module in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text())):
            name = getattr(getattr(node, "func", None), "id", "")
            if name in ("pgettext", "pgettext_lazy") and all(isinstance(arg, ast.Constant) for arg in node.args):
                found.add((node.args[0].value, node.args[1].value))
    return found


def test_swedish_is_complete() -> None:
    """No entry is empty or guessed."""
    assert not [entry[:2] for entry in entries() if entry[3] or not all(entry[2])]


def test_every_text_of_code_and_pages_is_in_the_file() -> None:
    """Nobody meets an English word on a Swedish page because a file was not renewed."""
    known = {entry[:2] for entry in entries()}
    assert not (used_in_code() | used_in_templates()) - known


def test_the_compiled_file_fits_the_text() -> None:
    """The .mo is committed and says what the .po says."""
    with PO.with_suffix(".mo").open("rb") as compiled:
        catalogue = gettext.GNUTranslations(compiled)._catalog
    for context, msgid, translations, _ in entries():
        key = f"{context}\x04{msgid}" if context else msgid
        if len(translations) > 1:
            assert [catalogue[key, number] for number in range(len(translations))] == translations
        else:
            assert catalogue[key] == translations[0]


def test_every_text_has_a_context_and_is_translated_on_purpose() -> None:
    """One English word can be two Swedish ones; a text that was merely copied is one of the few that are the same."""
    copied = [msgid for _, msgid, texts, _ in entries() if texts[0] == msgid and re.search("[a-z]{4}", msgid)]
    assert set(copied) <= SAME
    assert not [msgid for context, msgid, _, _ in entries() if not context]


def test_the_contagion_instruction_is_translated_word_for_word() -> None:
    """Every text that the cleaner reads of contagion.toml has its Swedish."""
    table = tomllib.loads((PACKAGE / "parameters" / "contagion.toml").read_text())
    texts = {text for row in table["class"] for text in (row["title"], row["agent"], *row["protection"], *row["steps"])}
    assert texts <= set(words.INSTRUCTION_WORDS)


def test_shipped_checklists_are_translated() -> None:
    """Every point that a worker ticks has its Swedish."""
    table = tomllib.loads((PACKAGE / "parameters" / "task_types.toml").read_text())
    rows = next(value for value in table.values() if isinstance(value, list))
    assert {
        point for row in rows for point in row.get("checklist", ())
    } <= words.CHECKLIST_WORDS.keys() | words.INSTRUCTION_WORDS.keys()


def codes_raised() -> set[str]:
    """The code of every RuleBroken that the apps raise."""
    found = set()
    for module in (PACKAGE / "apps").rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text())):
            if getattr(getattr(node, "func", None), "id", "") == "RuleBroken" and isinstance(
                node.args[0], ast.Constant
            ):
                found.add(node.args[0].value)
    return found


# never shown as a message: refused in the form, answered as a page, or a fault of our own
SILENT = {
    "bad_credentials",
    "no_demo",
    "unknown_import",
    "unknown_invoice",
    "unknown_reference",
    "no_hospital",
    "not_invented",
    "bed_used_again",  # kept as a conflict, whose words are in words.CONFLICTS
    "unknown_language",
    "unknown_zones",
    "unknown_agreement",
    "unknown_deviation",
    "unknown_field",
    "unknown_ward",
    "which_hospital",
    "unknown_hospital",
    "unknown_role",
}


def test_every_rule_that_says_no_says_it_in_words() -> None:
    """A code that a service raises has a sentence, or is known never to reach a reader."""
    assert not codes_raised() - set(answers.TEXTS) - SILENT


@pytest.mark.parametrize(("language", "word"), [("sv", "Hemgångsstäd"), ("en", "Discharge clean")])
def test_both_languages_speak(language: str, word: str) -> None:
    from vardnara.apps.service.choices import TaskKind

    with translation.override(language):
        assert str(TaskKind.DISCHARGE_CLEAN.label) == word

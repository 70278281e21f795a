"""What can be chosen in a special review (DOMAIN 2.6), and when its decision is reminded of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from vardnara.kernel.evidence import Evidence, evidence_read
from vardnara.parameters.loading import table_read

FILE = "special_review.toml"


@dataclass(frozen=True, slots=True)
class Word:
    """Something that can be chosen, in both languages."""

    code: str
    sv: str
    en: str

    def text(self, language: str) -> str:
        """The word in ``sv``, or in English for any other language."""
        return self.sv if language.startswith("sv") else self.en


@dataclass(frozen=True, slots=True)
class WordList:
    """A list of words with where it comes from."""

    code: str
    words: tuple[Word, ...]
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class DayList:
    """Days before a day at which it is reminded of, furthest first."""

    code: str
    days: tuple[int, ...]
    evidence: Evidence


@cache
def word_lists() -> dict[str, WordList]:
    """``category``, ``reason`` and ``alternative``."""
    rows = [
        WordList(
            code=row["code"],
            words=tuple(Word(word["code"], word["sv"], word["en"]) for word in row["words"]),
            evidence=evidence_read(row.get("evidence"), file=FILE, place=f"/list/{index}/evidence"),
        )
        for index, row in enumerate(table_read(FILE, "list"))
    ]
    return {row.code: row for row in rows}


@cache
def reminder_days() -> tuple[int, ...]:
    """How many days before its last day a decision on special review is reminded of, furthest first."""
    rows = [
        DayList(
            code=row["code"],
            days=tuple(sorted((int(day) for day in row["days"]), reverse=True)),
            evidence=evidence_read(row.get("evidence"), file=FILE, place=f"/days/{index}/evidence"),
        )
        for index, row in enumerate(table_read(FILE, "days"))
    ]
    return next(row.days for row in rows if row.code == "order_ends")


def words_of(name: str, language: str) -> list[tuple[str, str]]:
    """The codes of a list with their words in a language, in the order of the file."""
    return [(word.code, word.text(language)) for word in word_lists()[name].words]


def codes_of(name: str) -> frozenset[str]:
    """The codes of a list."""
    return frozenset(word.code for word in word_lists()[name].words)

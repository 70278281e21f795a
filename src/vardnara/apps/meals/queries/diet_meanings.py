"""What words of other systems mean now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from vardnara.apps.meals.choices import DietPart, FastingRule, WordUse
from vardnara.apps.meals.models import CodeMeaning
from vardnara.engines.diet.sent import FASTING_WORDS, Word

Targets = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Meanings:
    """What words mean, by sender, use, system and code."""

    table: Mapping[tuple[str, str, str, str], Targets]

    @classmethod
    def of_rows(cls, rows: Iterable[CodeMeaning]) -> Meanings:
        """From the rows that hold."""
        return cls(
            {
                (row.source_name, row.use, row.system, row.code): frozenset((part, code) for part, code in row.targets)
                for row in rows
            }
        )

    def of_word(self, source_name: str, word: Word) -> Targets | None:
        """The parts of a word; None where nobody has said. Of several codings every one that is known counts."""
        found: set[tuple[str, str]] = set()
        known = False
        for system, code in word.keys:
            for name, within in ((source_name, system), (source_name, ""), ("", system), ("", "")):
                targets = self.table.get((name, word.use, within, code))
                if targets is not None:
                    found |= targets
                    known = True
                    break
        if not known and word.use == WordUse.DIET and any(code in FASTING_WORDS for _, code in word.keys):
            return frozenset({(DietPart.FASTING.value, FastingRule.NOTHING.value)})
        return frozenset(found) if known else None


def meanings_now() -> Meanings:
    """What words mean now."""
    return Meanings.of_rows(CodeMeaning.objects.filter(ended_at__isnull=True))

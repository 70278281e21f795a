"""What words of other systems about diets may mean: proposals that somebody must confirm (F-11, F-13)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from vardnara.kernel.evidence import Evidence, evidence_read
from vardnara.parameters.loading import table_read

FILE = "diet_words.toml"


@dataclass(frozen=True, slots=True)
class DietWord:
    """A proposal: part and code of each target; none where the word restricts nothing."""

    use: str
    codes: frozenset[str]
    targets: tuple[tuple[str, str], ...]
    why: str
    evidence: Evidence


@cache
def diet_words() -> tuple[DietWord, ...]:
    """Every proposal, in the order of the file."""
    return tuple(
        DietWord(
            use=row["use"],
            codes=frozenset(code.casefold() for code in row["codes"]),
            targets=tuple((part, code) for part, code in row["targets"]),
            why=row["why"],
            evidence=evidence_read(row.get("evidence"), file=FILE, place=f"/word/{index}/evidence"),
        )
        for index, row in enumerate(table_read(FILE, "word"))
    )


def diet_word_propose(use: str, words: frozenset[str]) -> DietWord | None:
    """The first proposal for one of these codes or texts (casefolded); None where there is none."""
    return next((one for one in diet_words() if one.use == use and one.codes & words), None)

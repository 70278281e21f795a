"""What every import of the kitchen shares: a row read by its mapping, and what is found wanting."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import pgettext

from vardnara.apps.meals.constants import NUTRIENTS
from vardnara.gateways.food_file import number_read
from vardnara.gateways.food_label import Finding, claims_read, findings_of
from vardnara.gateways.tabular import Row
from vardnara.kernel.faults import Fault

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

    from vardnara.apps.meals.models import FoodImport

LARGEST = Decimal(10) ** 7
FINDINGS_MOST = 5000
CODE_LENGTH = 60
LETTERS = str.maketrans({"å": "a", "ä": "a", "ö": "o", "é": "e", "è": "e", "ü": "u", "æ": "a", "ø": "o"})


@dataclass(slots=True)
class Work:
    """An import while it is made. ``faults`` refuse it whole; ``findings`` are shown beside what was taken in."""

    hospital_id: int
    file_name: str
    mapping: Mapping[str, str]
    rows: Sequence[Row]
    options: Mapping[str, Any]
    actor: User
    at: datetime
    made: FoodImport
    faults: list[Fault] = field(default_factory=list)
    findings: list[dict[str, str]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def get(self, row: Row, name: str) -> str:
        """What a row says of a field; empty where no column is mapped to it."""
        return row.get(self.mapping.get(name, "")).strip()

    def fault(self, row: Row, name: str, wrong: str, expected: str = "") -> None:
        """The row cannot be taken in, so nothing is."""
        found = row.fault(self.mapping.get(name, ""), wrong, expected)
        self.faults.append(Fault(self.file_name, found.place, found.wrong, expected))

    def number(self, row: Row, name: str, *, above: bool = False) -> Decimal | None:
        """A number of a cell; None where it is empty. What cannot be read is a fault."""
        text = self.get(row, name)
        if not text:
            return None
        value = number_read(text)
        if value is None or abs(value) >= LARGEST or value < 0 or (above and value == 0):
            self.fault(row, name, text, pgettext("food import", "a number such as 1,5"))
            return None
        return value

    def nutrients(self, row: Row) -> dict[str, str]:
        """Nutrients of a row, code to decimal as text; a cell that is empty gives none."""
        found = {}
        for code in NUTRIENTS:
            value = self.number(row, code) if code in self.mapping else None
            if value is not None:
                found[code] = format(value.normalize(), "f")
        return found

    def find(self, row: Row | None, about: str, *found: Finding) -> None:
        """Keep what a person must look at, by row."""
        place = row.places[""] if row is not None else ""
        for one in found:
            if len(self.findings) < FINDINGS_MOST:
                self.findings.append(
                    {
                        "place": place,
                        "about": about,
                        "code": one.code,
                        "allergen": one.allergen,
                        "words": one.words[:200],
                    }
                )

    def count(self, name: str, n: int = 1) -> None:
        """Count something that was done."""
        self.counts[name] = self.counts.get(name, 0) + n

    def claimed(self, row: Row, about: str) -> dict[str, Any]:
        """What a row says of allergens, kept by its label; what does not fit is found. Nothing is declared by it."""
        said: dict[str, Any] = {}
        for name in ("contains", "may_contain"):
            if name in self.mapping:
                codes, unread = claims_read(self.get(row, name))
                said[name] = codes
                if unread:
                    said.setdefault("unread", []).extend(unread)
                    self.find(row, about, *(Finding("allergen_word", words=word) for word in unread))
        claims = said.get("contains")
        both = None if claims is None else [*claims, *said.get("may_contain", ())]
        if "label" in self.mapping:
            self.find(row, about, *findings_of(self.get(row, "label"), both))
        elif claims is None:
            self.find(row, about, Finding("no_label"))
        return said


def code_short(code: str) -> str:
    """A code of a file, short enough to be kept and still its own."""
    return code if len(code) <= CODE_LENGTH else f"{code[:47]}-{hashlib.sha256(code.encode()).hexdigest()[:12]}"


def code_of(name: str) -> str:
    """A code made of a name, for files that have none."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower().translate(LETTERS)).strip("-")[:60] or "x"

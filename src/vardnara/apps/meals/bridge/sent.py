"""What was sent, between rows and registers."""

from __future__ import annotations

from vardnara.apps.meals.choices import DietPart, WordUse
from vardnara.apps.meals.models import SentDiet
from vardnara.engines.diet.sent import Register, Word

NOT_MAPPED: dict[str, DietPart] = {  # where a word stands that means nothing to us yet
    WordUse.ALLERGY: DietPart.ALLERGEN,
    WordUse.DIET: DietPart.SPECIAL,
    WordUse.SUPPLEMENT: DietPart.SUPPLEMENT,
    WordUse.PREFERENCE: DietPart.EXCLUSION,
}
FIELDS = ("kind", "said_at", "state", "state_at", "replaces_at", "group", "starts_at", "ends_at")


def register_of(row: SentDiet) -> Register:
    """A row as the engine reads it."""
    return Register(
        key=row.key,
        words=tuple(Word.of_json(one) for one in row.words),
        **{name: getattr(row, name) for name in FIELDS},
    )


def register_into(row: SentDiet, register: Register) -> None:
    """The engine's register into its row."""
    row.words = [word.to_json() for word in register.words]
    for name in FIELDS:
        setattr(row, name, getattr(register, name))

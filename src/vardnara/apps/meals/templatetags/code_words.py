"""Words for parts of a diet and their codes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template

from vardnara.apps.accounts.choices import Profession
from vardnara.apps.meals.choices import (
    Aid,
    BaseDiet,
    DietPart,
    Exclusion,
    FastingRule,
    Portion,
    SpecialDiet,
    Supplement,
    Texture,
    WordUse,
)
from vardnara.apps.meals.templatetags.food_words import ALLERGENS

register = template.Library()
CODES: dict[str, list[tuple[str, Any]]] = {
    DietPart.ALLERGEN: list(ALLERGENS.items()),
    DietPart.BASE: list(BaseDiet.choices),
    DietPart.SPECIAL: list(SpecialDiet.choices),
    DietPart.TEXTURE: list(Texture.choices),
    DietPart.IDDSI: [(level, level) for level in "34567"],
    DietPart.FLUID: [(level, level) for level in "01234"],
    DietPart.EXCLUSION: list(Exclusion.choices),
    DietPart.PORTION: list(Portion.choices),
    DietPart.FASTING: list(FastingRule.choices),
    DietPart.SUPPLEMENT: list(Supplement.choices),
    DietPart.AID: list(Aid.choices),
}
CHOICES = [(part.value, part.label, CODES[part]) for part in DietPart if part in CODES]


@register.filter
def targets_words(targets: Iterable[tuple[str, str]]) -> str:
    """What a code means, in words."""
    return ", ".join(target_word(part, code) for part, code in targets)


@register.filter
def use_word(use: str) -> str:
    """What a word is about."""
    return str(WordUse(use).label)


@register.filter
def profession_word(profession: str) -> str:
    """A profession by its code."""
    return str(Profession(profession).label)


def target_word(part: str, code: str) -> str:
    """One part with its code, such as ``Texture: Timbale``."""
    words = dict(CODES[part])
    return f"{DietPart(part).label}: {words.get(code, code)}"

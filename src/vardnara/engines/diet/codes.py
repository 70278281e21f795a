"""The codes of diets: allergens, textures, IDDSI levels, and the causes for which a dish is refused.

References
----------
Regulation (EU) No 1169/2011, Annex II: the fourteen allergens, with cereals and nuts by name (STANDARDS F-01, F-02).
Konsistensguiden, recommended by Socialstyrelsen (F-20). IDDSI framework 2.0, 2019 (F-21).
"""

from __future__ import annotations

ALLERGENS = {
    "1": "cereals containing gluten",
    "1.1": "wheat",
    "1.2": "rye",
    "1.3": "barley",
    "1.4": "oats",
    "1.5": "spelt",
    "1.6": "khorasan wheat",
    "2": "crustaceans",
    "3": "eggs",
    "4": "fish",
    "5": "peanuts",
    "6": "soybeans",
    "7": "milk",
    "8": "nuts",
    "8.1": "almonds",
    "8.2": "hazelnuts",
    "8.3": "walnuts",
    "8.4": "cashew nuts",
    "8.5": "pecan nuts",
    "8.6": "Brazil nuts",
    "8.7": "pistachio nuts",
    "8.8": "macadamia nuts",
    "9": "celery",
    "10": "mustard",
    "11": "sesame seeds",
    "12": "sulphur dioxide and sulphites",
    "13": "lupin",
    "14": "molluscs",
}
WHEATS = ("1.1", "1.5", "1.6")  # in law spelt and khorasan are wheat, whatever number a kitchen gives them

TEXTURES = ("hel_delad", "grov_pate", "timbal", "gele", "flytande", "tjockflytande")  # from firm to liquid
IDDSI_LEVELS = range(8)
FOOD_LEVELS = range(3, 8)
FLUID_LEVELS = range(5)

CLEAR_FLUIDS = "clear_fluids"  # the flag of what may be had before surgery
REASONS = ("allergen", "may_contain", "unknown", "texture", "iddsi", "diet", "excluded", "fasting")
UNKNOWN_DIET = "unknown"  # detail of the reason where nobody has said what the patient may eat


def allergen_group(code: str) -> str:
    """The allergen of the law that a code belongs to: ``8.2`` and ``8`` to ``8``."""
    return code.partition(".")[0]


def _related(code: str) -> frozenset[str]:
    group = allergen_group(code)
    if code != group:
        return frozenset({code, group})
    return frozenset(other for other in ALLERGENS if allergen_group(other) == code)


RELATED = {code: _related(code) for code in ALLERGENS}
"""Declared codes that concern whoever avoids a code: a group its members, a member its group, never each other."""

"""What a recipe lacks, in plain English; pages build their own sentences from the codes."""

from __future__ import annotations

from vardnara.engines.recipe.result import Missing

SENTENCES = {
    "not_matched": "nobody has said which ingredient this is",
    "amount": "nobody has said how much",
    "piece_weight": "nobody knows what a piece weighs",
    "millilitre_weight": "nobody knows what a millilitre weighs",
    "recipe_weight": "nobody knows what the whole of it weighs",
    "recipe_portion": "nobody knows what a portion of it is",
    "value": "the composition table has no value",
    "portion": "nobody knows what a portion is",
    "declaration": "nobody has declared what it contains",
}


def missing_text(missing: Missing) -> str:
    """``Fish gratin > white sauce > flour: nobody knows what a piece weighs``."""
    return f"{' > '.join(missing.path)}: {SENTENCES[missing.code]}"

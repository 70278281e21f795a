"""The answer as the one document that ``vardnara diet check --json`` prints."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from vardnara.engines.diet import Dish, Verdict


def verdicts_document(answers: Iterable[tuple[Dish, Verdict]]) -> dict[str, Any]:
    """The dishes in the order given: id, status, change (null unless ``after_change``) and reasons."""
    return {
        "dishes": [
            {
                "id": dish.id,
                "status": verdict.status.value,
                "change": verdict.change,
                "reasons": [{"code": reason.code, "detail": reason.detail} for reason in verdict.reasons],
            }
            for dish, verdict in answers
        ]
    }

"""FHIR resources written by hand for tests."""

from __future__ import annotations

from typing import Any

P1 = {"identifier": {"system": "FJ", "value": "P1"}}


def nutrition_order(number: str = "n1", code: str = "NORM", **words: Any) -> dict[str, Any]:
    """An active order of one diet code for P1."""
    return {
        "resourceType": "NutritionOrder",
        "id": number,
        "status": "active",
        "intent": "order",
        "patient": P1,
        "dateTime": "2026-03-02",
        "oralDiet": {"type": [{"coding": [{"system": "L", "code": code, "display": code}]}]},
    } | words


def allergy_resource(number: str = "a1", code: str | None = "NUT", **words: Any) -> dict[str, Any]:
    """A food allergy of P1."""
    concept = {} if code is None else {"code": {"coding": [{"system": "L", "code": code, "display": code}]}}
    return {
        "resourceType": "AllergyIntolerance",
        "id": number,
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "patient": P1,
        **concept,
    } | words

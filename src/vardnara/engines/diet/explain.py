"""Reasons in plain English; pages build their own sentences from the codes."""

from __future__ import annotations

from vardnara.engines.diet.codes import ALLERGENS, CLEAR_FLUIDS
from vardnara.engines.diet.result import Reason, Verdict

SENTENCES = {
    "allergen": "contains {what}",
    "may_contain": "may contain {what}",
    "unknown": "not known whether it contains {what}",
    "texture": "not verified as {what}",
    "iddsi": "not verified at IDDSI {what}",
    "diet": "not in the diet {what}",
    "excluded": "is or contains {what}",
    "fasting": "fasting",
}


def reason_text(reason: Reason) -> str:
    """One reason: ``contains eggs``."""
    if reason.code == "fasting" and reason.detail == CLEAR_FLUIDS:
        return "fasting, clear fluids only"
    if reason.code == "diet" and reason.detail == "unknown":
        return "the patient's diet is not known"
    what = ALLERGENS.get(reason.detail, reason.detail) if reason.code in ("allergen", "may_contain", "unknown") else ""
    return SENTENCES[reason.code].format(what=what or reason.detail)


def verdict_text(verdict: Verdict) -> str:
    """All reasons of a verdict, by semicolons; empty where there is none."""
    return "; ".join(reason_text(reason) for reason in verdict.reasons)

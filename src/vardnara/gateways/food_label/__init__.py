"""Ingredient labels in Swedish: which allergens they name, with negations, and where that does not fit a list."""

from vardnara.gateways.food_label.read import Finding, LabelSaid, claims_read, findings_of, label_read

__all__ = ["Finding", "LabelSaid", "claims_read", "findings_of", "label_read"]

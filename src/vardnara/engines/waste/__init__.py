"""Which ordered portion was wasted, and why: the order's history joined with the bed's and the diet's."""

from vardnara.engines.waste.data import BedKind, BedStep, Cause, Fast, Meal, OrderKind, OrderStep, Said
from vardnara.engines.waste.explain import finding_text
from vardnara.engines.waste.result import Evidence, Extent, Finding, Side, Sure, Timing
from vardnara.engines.waste.settle import waste_settle

__all__ = [
    "BedKind",
    "BedStep",
    "Cause",
    "Evidence",
    "Extent",
    "Fast",
    "Finding",
    "Meal",
    "OrderKind",
    "OrderStep",
    "Said",
    "Side",
    "Sure",
    "Timing",
    "finding_text",
    "waste_settle",
]

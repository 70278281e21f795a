"""What a patient gets at a meal: the first that is safe on a ladder of wishes, defaults and fallbacks (mech-15)."""

from vardnara.engines.selection.data import Option, Step
from vardnara.engines.selection.result import Fit, Selected
from vardnara.engines.selection.select import fit, select

__all__ = ["Fit", "Option", "Selected", "Step", "fit", "select"]

"""What an event does to stays and beds: a fold of one visit's events into where the patient lay and when."""

from vardnara.engines.adt.data import Event, Place, SentPlace
from vardnara.engines.adt.fold import fold
from vardnara.engines.adt.result import Fold, Left, Outcome, Segment, Status, Stay, Verdict

__all__ = ["Event", "Fold", "Left", "Outcome", "Place", "Segment", "SentPlace", "Status", "Stay", "Verdict", "fold"]

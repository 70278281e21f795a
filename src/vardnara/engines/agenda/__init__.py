"""The work of a day: what agreements and the calendar make of it, task by task."""

from vardnara.engines.agenda.build import agenda_build
from vardnara.engines.agenda.data import Entry, Need, WardDay
from vardnara.engines.agenda.result import Agenda, Planned

__all__ = ["Agenda", "Entry", "Need", "Planned", "WardDay", "agenda_build"]

"""What a day is laid out from."""

from __future__ import annotations

from dataclasses import dataclass

from vardnara.engines.agreement import EVERY_DAY
from vardnara.kernel.recurrence import ALWAYS, Recurrence
from vardnara.kernel.time_window import TimeWindow
from vardnara.parameters.task_norms import Driver


@dataclass(frozen=True, slots=True)
class Need:
    """A kind of task that is done on a ward, and when it usually is.

    Parameters
    ----------
    type_id, ward_id
        Which, and where.
    each_bed
        One task for each bed that needs it, else one for the ward.
    driver
        What the minutes follow.
    fixed_minutes, unit_minutes
        Typical minutes of the norm; both None where no norm is known.
    usual
        Days (1 Monday to 7 Sunday, 8 holiday, 9 eve), window and number of times, for days that no agreement speaks of.
    party
        Whose it is on such a day; empty: nobody's, and it shows as unowned.
    """

    type_id: int
    ward_id: int
    each_bed: bool
    driver: Driver
    fixed_minutes: float | None = None
    unit_minutes: float | None = None
    usual: tuple[tuple[frozenset[int], TimeWindow, int], ...] = ()
    party: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of an agreement that is valid on the day; it must have a need with the same type and ward.

    Parameters
    ----------
    line_id
        Tells it from others.
    type_id, ward_id, party
        What, where and whose.
    days, window
        As of a rule of ``engines/agreement``.
    recurrence
        Which of those days, where not every one; its own window is not looked at.
    times
        How often within the window.
    """

    line_id: int
    type_id: int
    ward_id: int
    party: str
    days: frozenset[int] = EVERY_DAY
    window: TimeWindow = ALWAYS
    recurrence: Recurrence | None = None
    times: int = 1


@dataclass(frozen=True, slots=True)
class WardDay:
    """What drives the work of a ward on the day.

    Parameters
    ----------
    ward_id
        Which.
    beds
        Beds that each get their own task: those somebody lies in and that have not been turned over today.
    n_beds, n_patients
        Staffed beds, and people lying in beds.
    square_metres
        Floor area, 0 where not known.
    """

    ward_id: int
    beds: tuple[int, ...] = ()
    n_beds: int = 0
    n_patients: int = 0
    square_metres: float = 0

    def units(self, driver: Driver) -> float:
        """How many units of a driver a task of the ward is for; what comes by events counts one each."""
        if driver is Driver.BED:
            return self.n_beds
        if driver in (Driver.OCCUPIED_BED, Driver.PATIENT, Driver.MEAL):
            return self.n_patients
        return self.square_metres if driver is Driver.SQUARE_METRE else 1

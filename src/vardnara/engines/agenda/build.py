"""Lays out one local date."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from vardnara.engines.agenda.data import Entry, Need, WardDay
from vardnara.engines.agenda.result import Agenda, Planned
from vardnara.kernel.calendar import day_kind
from vardnara.kernel.local_time import STOCKHOLM
from vardnara.kernel.time_window import TimeWindow


def agenda_build(
    on: date,
    entries: Iterable[Entry],
    needs: Iterable[Need],
    wards: Iterable[WardDay],
    *,
    zone: ZoneInfo = STOCKHOLM,
) -> Agenda:
    """Lay out the planned work of one local date.

    A kind of task follows the agreement's lines on the days that they speak of. On a day that none of them speaks of it
    follows its usual times, and is nobody's unless the need says otherwise: work does not vanish because nobody agreed
    on it.

    Parameters
    ----------
    on
        Local date; a day of 23 or 25 hours is as good as any.
    entries
        Lines valid on the date.
    needs
        What is done where; one for each pair of type and ward.
    wards
        What drives the work; a need of a ward that is not among them makes nothing.
    zone
        Whose clock it is.

    Returns
    -------
    Agenda
        Same input, same result; the order of the input does not matter.
    """
    day_number = day_kind(on).day_number
    todays: dict[tuple[int, int], list[Entry]] = defaultdict(list)
    for entry in entries:
        if day_number in entry.days:  # a day between two times of a frequency is spoken of, and free
            here = todays[entry.type_id, entry.ward_id]
            if entry.recurrence is None or entry.recurrence.occurs_on(on):
                here.append(entry)
    facts = {ward.ward_id: ward for ward in wards}
    slots: dict[tuple[TimeWindow, int], tuple[tuple[datetime, datetime], ...]] = {}

    def slots_of(window: TimeWindow, times: int) -> tuple[tuple[datetime, datetime], ...]:
        if (window, times) not in slots:
            slots[window, times] = tuple(_slots(window, times, on, zone))
        return slots[window, times]

    planned: list[Planned] = []
    for need in needs:
        ward = facts.get(need.ward_id)
        if ward is None:
            continue
        lines = todays.get((need.type_id, need.ward_id))
        said: list[tuple[int | None, str, TimeWindow, int]] = (
            [(entry.line_id, entry.party, entry.window, entry.times) for entry in lines]
            if lines is not None
            else [(None, need.party, window, times) for days, window, times in need.usual if day_number in days]
        )
        for line_id, party, window, times in said:
            name = str(line_id) if line_id is not None else f"u{need.type_id}.{need.ward_id}.{window.start_minutes}"
            for number, (starts_at, due_at) in enumerate(slots_of(window, times)):
                head = f"{name}/{on.isoformat()}/{number}"
                if need.each_bed:
                    minutes = _minutes(need, 1)
                    planned += [
                        Planned(
                            f"{head}/{bed}", line_id, need.type_id, need.ward_id, bed, party, starts_at, due_at, minutes
                        )
                        for bed in ward.beds
                    ]
                else:
                    minutes = _minutes(need, ward.units(need.driver))
                    planned.append(
                        Planned(head, line_id, need.type_id, need.ward_id, None, party, starts_at, due_at, minutes)
                    )
    planned.sort(key=lambda one: (one.starts_at, one.ward_id, one.key))
    return Agenda(on, tuple(planned))


def _slots(window: TimeWindow, times: int, on: date, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """The window in ``times`` equal parts of real time."""
    start, end = window.interval(on, zone)
    for number in range(times):
        yield start + (end - start) * number / times, start + (end - start) * (number + 1) / times


def _minutes(need: Need, units: float) -> float | None:
    if need.fixed_minutes is None or need.unit_minutes is None:
        return None
    return need.fixed_minutes + need.unit_minutes * units

"""Judges a laid-out day from the agreement's words alone. Knows nothing of the engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

from vardnara.engines.agenda.data import Entry, Need, WardDay
from vardnara.engines.agenda.result import Agenda
from vardnara.kernel.calendar import day_kind
from vardnara.kernel.local_time import STOCKHOLM

ONE_DAY = timedelta(days=1)


def agenda_faults(
    agenda: Agenda, entries: Iterable[Entry], needs: Iterable[Need], wards: Iterable[WardDay]
) -> tuple[str, ...]:
    """Everything in the day that nobody asked for, and everything asked for that is not in it.

    Returns
    -------
    tuple of str
        One sentence each, empty where the day is right.
    """
    faults = []
    lines = {entry.line_id: entry for entry in entries}
    wanted = {(need.type_id, need.ward_id): need for need in needs}
    facts = {ward.ward_id: ward for ward in wards}
    today = day_kind(agenda.on).day_number
    seen = Counter(one.key for one in agenda.planned)
    faults += [f"{key} stands {times} times" for key, times in seen.items() if times > 1]
    made: Counter[tuple[int | None, int, int]] = Counter()
    for one in agenda.planned:
        need = wanted.get((one.type_id, one.ward_id))
        if need is None:
            faults.append(f"{one.key}: nobody needs it")
            continue
        if one.starts_at >= one.due_at and (one.due_at - one.starts_at).total_seconds() < 0:
            faults.append(f"{one.key}: is due before it begins")
        begins = one.starts_at.astimezone(STOCKHOLM)
        windows = [lines[one.line_id].window] if one.line_id in lines else [window for _, window, _ in need.usual]
        if begins.date() != agenda.on and not any(window.crosses_midnight for window in windows):
            faults.append(f"{one.key}: begins on {begins.date()}")
        if need.each_bed != (one.bed_id is not None) or (
            one.bed_id is not None and one.bed_id not in facts[one.ward_id].beds
        ):
            faults.append(f"{one.key}: wrong bed {one.bed_id}")
        made[one.line_id, one.type_id, one.ward_id] += 1
    for (type_id, ward_id), need in wanted.items():
        if ward_id not in facts:
            continue
        copies = len(facts[ward_id].beds) if need.each_bed else 1
        here = [
            entry
            for entry in lines.values()
            if (entry.type_id, entry.ward_id) == (type_id, ward_id)
            and today in entry.days
            and (entry.recurrence is None or agenda.on in set(entry.recurrence.dates(agenda.on, agenda.on + ONE_DAY)))
        ]
        expected: Counter[tuple[int | None, int, int]] = Counter(
            {(entry.line_id, type_id, ward_id): entry.times * copies for entry in here}
        )
        spoken = any(
            (entry.type_id, entry.ward_id) == (type_id, ward_id) and today in entry.days for entry in lines.values()
        )
        if not spoken:
            expected[None, type_id, ward_id] = copies * sum(times for days, _, times in need.usual if today in days)
        faults += [
            f"type {key[1]} on ward {key[2]} by line {key[0]}: {made[key]} instead of {number}"
            for key, number in expected.items()
            if made[key] != number
        ]
        for key in expected:
            del made[key]
    faults += [
        f"type {key[1]} on ward {key[2]}: {number} too many" for key, number in made.items() if key[1:] in wanted
    ]
    return tuple(faults)

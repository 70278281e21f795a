"""Independent judge of a fold: reads only events and result, never the solver."""

from __future__ import annotations

from collections.abc import Iterable

from vardnara.engines.adt.data import Event
from vardnara.engines.adt.result import Fold, Status


def check(events: Iterable[Event], result: Fold) -> tuple[str, ...]:
    """Everything about ``result`` that cannot be right for ``events``; empty when nothing was found.

    Checked: every event has one outcome; segments are in order, not empty and do not overlap; only an open stay has an
    open segment and at most one; an ended stay says when the patient left and has no later segment; every departure
    ends a segment at its time, or is of a known event and from a bed that some event names.
    """
    known = {event.serial: event for event in events}
    named_places = {place for event in known.values() for place in (event.location, event.prior)}
    faults: list[str] = []
    if set(result.outcomes) != set(known):
        faults.append(f"outcomes for {sorted(result.outcomes)}, events {sorted(known)}")
    for index, stay in enumerate(result.stays):
        name = f"stay {index}"
        for before, after in zip(stay.segments, stay.segments[1:], strict=False):
            if before.end is None or before.end > after.start:
                faults.append(f"{name}: segments overlap at {after.start}")
        for segment in stay.segments:
            if segment.end is not None and segment.end <= segment.start:
                faults.append(f"{name}: empty segment at {segment.start}")
            if segment.opened_by not in known:
                faults.append(f"{name}: segment opened by unknown event {segment.opened_by}")
        still_there = [segment for segment in stay.segments if segment.end is None]
        if len(still_there) > 1 or (still_there and stay.status is not Status.OPEN):
            faults.append(f"{name}: {stay.status} with {len(still_there)} open segments")
        if (stay.status is Status.ENDED) != (stay.left_at is not None):
            faults.append(f"{name}: {stay.status} but left at {stay.left_at}")
        if stay.left_at is not None and any((s.end or s.start) > stay.left_at for s in stay.segments):
            faults.append(f"{name}: in a bed after leaving")
        ends = {(segment.place, segment.end) for segment in stay.segments}
        for left in stay.left:
            named = left.by in known and left.place in named_places
            if (left.place, left.at) not in ends and not named:
                faults.append(f"{name}: departure from {left.place} that nothing explains")
        if stay.needs_place and stay.status is not Status.OPEN:
            faults.append(f"{name}: {stay.status} needs no place")
    return tuple(faults)

"""Judges a feed without knowing how it was made."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import pairwise
from typing import NamedTuple

from vardnara.engines.feed.data import FeedEvent, FeedHospital, FeedPlace, FeedVisit

CANCELS = {"A11": ("A01",), "A12": ("A02",), "A13": ("A03",)}
ARRIVALS = {"A01", "A02", "A04", "A06", "A17"}
DEPARTURES = {"A03", "A07"}
NEVER = datetime.max.replace(tzinfo=UTC)


class Step(NamedTuple):
    """The visit is at ``place`` from ``at`` on; None: nowhere."""

    at: datetime
    code: str
    place: FeedPlace | None
    patient: str


class Lying(NamedTuple):
    """Somebody lay somewhere, half-open in time."""

    place: FeedPlace
    since: datetime
    until: datetime
    visit: str
    patient: str


def feed_check(events: Iterable[FeedEvent], hospital: FeedHospital) -> tuple[str, ...]:
    """Every promise that the feed breaks, one sentence each.

    Promises: places exist; messages leave in order and are numbered once; what is recorded of a visit is recorded in
    order and not before it happened; a cancel names an event that stands; a place never has more patients than it
    holds; nobody is in two places; nobody arrives in a closed bed.

    Parameters
    ----------
    events
        A feed from its beginning, without patients from before it.
    hospital
        Where it plays.

    Returns
    -------
    tuple of str
        Empty when all is well.
    """
    wrong: list[str] = []
    unique = _post_check(list(events), wrong)
    capacity = {bed.place: bed.capacity for ward in hospital.wards for bed in ward.beds}
    wards = {(ward.code, ward.facility) for ward in hospital.wards}
    steps: dict[str, list[Step]] = defaultdict(list)
    merged: dict[str, str] = {}
    recorded: dict[str, datetime] = {}
    closures: dict[FeedPlace, list[tuple[datetime, datetime]]] = defaultdict(list)
    for event in sorted(unique, key=lambda one: (one.recorded_at, one.serial)):
        for visit in (event.visit, event.second):
            if visit is None:
                continue
            _record_check(event, visit, recorded, wrong)
            if visit.place is not None and (visit.place.bed or visit.place.room):
                if visit.place not in capacity:
                    wrong.append(f"{event.code} {event.serial}: no place {visit.place}")
            elif visit.place is not None and (visit.place.ward, visit.place.facility) not in wards:
                wrong.append(f"{event.code} {event.serial}: no ward {visit.place}")
            _step(event, visit, steps[visit.number], wrong)
        if event.code == "A40" and event.visit is not None:
            merged[event.merged] = event.visit.patient.identifier
    for event in sorted((one for one in unique if one.bed is not None), key=lambda one: (one.effect_at, one.serial)):
        if event.bed is None:
            continue
        if event.bed_status == "C":
            closures[event.bed].append((event.effect_at, NEVER))
        elif closures[event.bed] and closures[event.bed][-1][1] == NEVER:
            closures[event.bed][-1] = (closures[event.bed][-1][0], event.effect_at)
    lying = [one for number, path in steps.items() for one in _intervals(number, path, merged)]
    _places_check(lying, capacity, closures, wrong)
    _people_check(lying, wrong)
    return tuple(wrong)


def _post_check(events: list[FeedEvent], wrong: list[str]) -> list[FeedEvent]:
    last: datetime | None = None
    seen: dict[int, FeedEvent] = {}
    for event in events:
        leaves = event.sent_at
        first = seen.get(event.serial)
        if event.resent:
            if first is None or first != event._replace(resent=False):
                wrong.append(f"{event.code} {event.serial}: resent but not the same")
            continue
        if first is not None:
            wrong.append(f"{event.code} {event.serial}: number used twice")
        if last is not None and leaves < last:
            wrong.append(f"{event.code} {event.serial}: leaves before the one before it")
        last = leaves
        seen[event.serial] = event
    return list(seen.values())


def _record_check(event: FeedEvent, visit: FeedVisit, recorded: dict[str, datetime], wrong: list[str]) -> None:
    before = recorded.get(visit.number)
    if before is not None and event.recorded_at <= before:
        wrong.append(f"{event.code} {event.serial}: recorded out of order in {visit.number}")
    recorded[visit.number] = event.recorded_at
    if not event.effect_at <= event.recorded_at <= event.sent_at:
        wrong.append(f"{event.code} {event.serial}: recorded before it happened, or sent before recorded")


def _step(event: FeedEvent, visit: FeedVisit, path: list[Step], wrong: list[str]) -> None:
    patient = visit.patient.identifier
    if event.code in ARRIVALS:
        path.append(Step(event.effect_at, event.code, visit.place, patient))
    elif event.code in DEPARTURES:
        if not path or path[-1].code == "A03":
            wrong.append(f"{event.code} {event.serial}: {visit.number} is not here")
        path.append(Step(event.effect_at, event.code, None, patient))
    elif event.code in CANCELS:
        if not path or path[-1].code not in CANCELS[event.code] or path[-1].at != event.effect_at:
            wrong.append(f"{event.code} {event.serial}: nothing to cancel in {visit.number}")
            return
        path.pop()
        back = path[-1].place if path else None
        if event.code != "A11" and visit.place != back:
            wrong.append(f"{event.code} {event.serial}: goes back to {visit.place}, was in {back}")
    elif event.code == "A23":
        path.clear()


def _intervals(number: str, path: list[Step], merged: dict[str, str]) -> list[Lying]:
    ends = [*(step.at for step in path[1:]), NEVER][: len(path)]
    found = []
    for step, end in zip(path, ends, strict=True):
        if step.place is not None and step.place.bed and end > step.at:
            found.append(Lying(step.place, step.at, end, number, merged.get(step.patient, step.patient)))
    return found


def _places_check(
    lying: list[Lying],
    capacity: dict[FeedPlace, int],
    closures: dict[FeedPlace, list[tuple[datetime, datetime]]],
    wrong: list[str],
) -> None:
    by_place: dict[FeedPlace, list[Lying]] = defaultdict(list)
    for one in lying:
        by_place[one.place].append(one)
    for place, ones in by_place.items():
        present: Counter[datetime] = Counter()
        for one in ones:
            present[one.since] += 1
            present[one.until] -= 1
        count = 0
        for at in sorted(present):
            count += present[at]
            if count > capacity.get(place, 0):
                wrong.append(f"{place}: {count} patients at {at}")
        for since, until in closures.get(place, ()):
            inside = [one.visit for one in ones if one.since < until and since < one.until]
            wrong += [f"{place}: {visit} lies in a closed bed" for visit in inside]


def _people_check(lying: list[Lying], wrong: list[str]) -> None:
    by_person: dict[str, list[Lying]] = defaultdict(list)
    for one in lying:
        by_person[one.patient].append(one)
    for person, ones in by_person.items():
        ones.sort(key=lambda one: one.since)
        for earlier, later in pairwise(ones):
            if later.since < earlier.until:
                wrong.append(f"{person} is in {earlier.place} and {later.place} at {later.since}")

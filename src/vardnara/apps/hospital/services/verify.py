"""Proves on the data what the house promises (invariants 1 and 2), naming each row that breaks a promise.

It reads rows and messages, folds every stream again and compares; it shares no code with the writers but the engine.
Higher apps add their own checks to ``CHECKS``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import batched

from django.db import connection
from django.db.models import Max

from vardnara.apps.hospital.bridge import event_of_record
from vardnara.apps.hospital.models import AdtRecord, BedState, Departure, InboxMessage, Occupancy, Stay, Stream
from vardnara.engines.adt import Fold, fold
from vardnara.engines.adt.check import check
from vardnara.gateways.hl7.reader import digest
from vardnara.parameters.contagion import strictest

CHUNK = 500  # streams held in memory at once


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that breaks a promise."""

    invariant: int
    row: str
    text: str

    def __str__(self) -> str:
        return f"invariant {self.invariant}: {self.row}: {self.text}"


def broken_invariants() -> list[Broken]:
    """Every row that breaks invariants 1 to 3; empty when the data hold what was promised."""
    return [broken for look in CHECKS for broken in look()]


def messages_applied_once() -> Iterator[Broken]:
    """Invariant 1: a message is there as it came, and what it says was recorded once for each patient it names."""
    last = InboxMessage.objects.aggregate(last=Max("pk"))["last"] or 0
    for start in range(0, last + 1, 2000):
        for pk, raw, stored in InboxMessage.objects.filter(pk__gt=start, pk__lte=start + 2000).values_list(
            "pk", "raw", "digest"
        ):
            if digest(bytes(raw)) != bytes(stored):
                yield Broken(1, f"message {pk}", "its bytes are not the ones that were received")
    yield from _rows(
        1,
        "SELECT 'message ' || message_id, 'recorded ' || count(*) || ' times in stream ' || stream_id"
        " FROM hospital_adtrecord WHERE message_id IS NOT NULL GROUP BY message_id, stream_id HAVING count(*) > 1",
    )
    yield from _rows(
        1,
        "SELECT 'message ' || m.id, 'is ' || m.status || ' but was never recorded' FROM hospital_inboxmessage m"
        " WHERE m.status = 'applied' AND m.trigger_event = ANY (ARRAY['A01','A02','A03','A04','A06','A07','A11','A12',"
        "'A13','A16','A17','A21','A22','A23']) AND m.message_type = 'ADT'"
        " AND NOT EXISTS (SELECT 1 FROM hospital_adtrecord r WHERE r.message_id = m.id)",
    )
    yield from _rows(
        1,
        "SELECT 'message ' || m.id, 'is waiting but was recorded' FROM hospital_inboxmessage m"
        " JOIN hospital_adtrecord r ON r.message_id = m.id WHERE m.status = 'refused'",
    )


def stays_follow_records() -> Iterator[Broken]:
    """Invariant 1: stays, occupancies and departures are what all events of the stream say, in order."""
    for chunk in batched(Stream.objects.order_by("pk").values_list("pk", "by_visit"), CHUNK, strict=False):
        by_visit = dict(chunk)
        records: dict[int, list[AdtRecord]] = defaultdict(list)
        for record in AdtRecord.objects.filter(stream__in=by_visit).order_by("pk"):
            records[record.stream_id].append(record)
        stays: dict[int, list[Stay]] = defaultdict(list)
        for stay in Stay.objects.filter(stream__in=by_visit).order_by("serial"):
            stays[stay.stream_id].append(stay)
        held: dict[int, list[tuple[datetime, datetime | None]]] = defaultdict(list)
        for stay_id, during in Occupancy.objects.filter(stay__stream__in=by_visit).values_list("stay_id", "during"):
            held[stay_id].append((during.lower, during.upper))
        for stream_id, whole in by_visit.items():
            events = [event_of_record(record) for record in records[stream_id]]
            result = fold(events, by_visit=whole, strictest=strictest)
            for fault in check(events, result):
                yield Broken(1, f"stream {stream_id}", fault)
            yield from _compare(stream_id, result, stays[stream_id], held)


def _compare(
    stream_id: int, result: Fold, rows: list[Stay], held: dict[int, list[tuple[datetime, datetime | None]]]
) -> Iterator[Broken]:
    if len(rows) < len(result.stays):
        yield Broken(1, f"stream {stream_id}", f"{len(rows)} stays, {len(result.stays)} expected")
    for row, stay in zip(rows, result.stays, strict=False):
        name = f"stay {row.pk}"
        if (row.status, row.left_at) != (stay.status.value, stay.left_at):
            yield Broken(1, name, f"is {row.status} left {row.left_at}, expected {stay.status} left {stay.left_at}")
        allowed = [(segment.start, segment.end) for segment in stay.segments]
        for lower, upper in held[row.pk]:
            if not any(upper == end and lower >= start for start, end in allowed):
                yield Broken(1, name, f"lies in a bed from {lower} to {upper}, which no event says")
        should_lie = any(end is None for _, end in allowed)
        lies = any(upper is None for _, upper in held[row.pk])
        if should_lie and not lies and not row.without_place:
            yield Broken(1, name, "should lie in a bed, does not, and is not shown as without a place")
        if lies and row.without_place:
            yield Broken(2, name, "is shown as without a place but lies in a bed")
    for row in rows[len(result.stays) :]:
        if row.status != "cancelled":
            yield Broken(1, f"stay {row.pk}", f"is {row.status} though no event speaks of it")


def beds_hold_what_they_may() -> Iterator[Broken]:
    """Invariant 2: no place has more occupants than it is declared for, and the facts about a bed do not contradict."""
    yield from _rows(
        2,
        "SELECT 'bed ' || a.bed_id, 'stays ' || a.stay_id || ' and ' || b.stay_id || ' overlap in slot ' || a.slot"
        " FROM hospital_occupancy a JOIN hospital_occupancy b"
        " ON a.bed_id = b.bed_id AND a.slot = b.slot AND a.id < b.id AND a.during && b.during",
    )
    yield from _rows(
        2,
        "SELECT 'bed ' || o.bed_id, count(*) || ' occupants, declared for ' || b.capacity FROM hospital_occupancy o"
        " JOIN hospital_bedplace b ON b.id = o.bed_id WHERE upper_inf(o.during)"
        " GROUP BY o.bed_id, b.capacity HAVING count(*) > b.capacity",
    )
    yield from _rows(
        2,
        "SELECT 'stay ' || s.id, 'is ' || s.status || ' but lies in bed ' || o.bed_id FROM hospital_stay s"
        " JOIN hospital_occupancy o ON o.stay_id = s.id WHERE upper_inf(o.during) AND s.status <> 'open'",
    )
    yield from _rows(
        2,
        "SELECT 'stay ' || stay_id, 'lies in ' || count(*) || ' beds at once' FROM hospital_occupancy"
        " WHERE upper_inf(during) GROUP BY stay_id HAVING count(*) > 1",
    )
    yield from _rows(
        2,
        "SELECT 'bed ' || b.id, 'has no state' FROM hospital_bedplace b"
        " LEFT JOIN hospital_bedstate s ON s.bed_id = b.id WHERE s.bed_id IS NULL",
    )
    voided = Departure.objects.filter(voided_at__isnull=False).values("pk")
    yield from (
        Broken(2, f"bed {bed_id}", "is dirty because of a departure that was cancelled")
        for bed_id in _dirty_because(voided)
    )


def _dirty_because(departures: object) -> list[int]:
    return list(BedState.objects.filter(dirty_departure__in=departures).values_list("bed_id", flat=True))


def _rows(invariant: int, sql: str) -> Iterator[Broken]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        for row, text in cursor.fetchall():
            yield Broken(invariant, row, text)


CHECKS: list[Callable[[], Iterator[Broken]]] = [messages_applied_once, stays_follow_records, beds_hold_what_they_may]

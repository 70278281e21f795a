"""Writes what the fold of a stream says into stays, occupancies, departures and bed states.

Always from the whole record, so it can be done again at any time with the same result. One writer at a time: whoever
projects holds ``STATE_LOCK`` until commit. Rows are locked beds first, in id order, then tasks (by the receivers).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q

from vardnara.apps.hospital.bridge import event_of_record
from vardnara.apps.hospital.choices import Cleanliness, StayStatus
from vardnara.apps.hospital.events import (
    BedDirtied,
    DepartureVoided,
    StayChanged,
    bed_changed,
    bed_dirtied,
    departure_voided,
    stays_changed,
)
from vardnara.apps.hospital.models import AdtRecord, BedPlace, BedState, Departure, Occupancy, Stay, Stream
from vardnara.apps.hospital.queries.beds import bed_facts
from vardnara.apps.hospital.services.bulk import rows_update
from vardnara.apps.hospital.services.live import changes_gathered, changes_notify
from vardnara.apps.hospital.services.places import Named, ResolvedPlace, places_resolve
from vardnara.engines.adt import Fold, Left, Segment, fold
from vardnara.engines.adt import Stay as FoldedStay
from vardnara.parameters.contagion import strictest

STATE_LOCK = 0x5641_5244  # advisory lock of everything that writes stays and occupancies


def state_lock() -> None:
    """Wait for, and hold until commit, the right to write stays, occupancies and bed states."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [STATE_LOCK])


@dataclass(slots=True)
class Held:
    """An occupancy row as it is or shall be."""

    stay_id: int
    bed_id: int
    slot: int
    start: datetime
    end: datetime | None

    def overlaps(self, start: datetime, end: datetime | None) -> bool:
        return (end is None or self.start < end) and (self.end is None or start < self.end)


@dataclass(slots=True)
class Wanted:
    """One stay of a fold beside its row, with its places resolved."""

    row: Stay
    stay: FoldedStay
    sender_id: int | None
    segments: list[tuple[Segment, int]] = field(default_factory=list)
    unplaced: set[int] = field(default_factory=set)  # indexes of segments that found no slot
    warnings: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Projection:
    """What changed, for those who react and for open pages."""

    beds: set[int] = field(default_factory=set)
    wards: set[int] = field(default_factory=set)
    stays: set[int] = field(default_factory=set)
    dirtied: list[BedDirtied] = field(default_factory=list)
    voided: list[DepartureVoided] = field(default_factory=list)


def streams_project(stream_ids: Iterable[int], *, at: datetime) -> None:
    """Project streams, let higher apps react, and tell open pages. Needs ``state_lock``."""
    total = Projection()
    streams_gather(Stream.objects.filter(pk__in=set(stream_ids)), total, at=at)
    projection_announce(total, at=at)


def streams_gather(streams: Iterable[Stream], total: Projection, *, at: datetime) -> set[int]:
    """Project streams and, after them, the stays that waited for a bed that became free.

    What changed is added to ``total``. Returns the messages that the outcome of some record changed for. A transaction
    that gathers more than once announces once, at its end: beds are locked before tasks, everywhere.
    """
    messages: set[int] = set()
    todo = {stream.pk: stream for stream in streams}
    done: set[int] = set()
    while todo:
        freed = _project(todo, total, at=at, messages=messages)
        done |= todo.keys()
        waiting = Stream.objects.filter(stays__without_place=True, stays__wanted_bed__in=freed).exclude(pk__in=done)
        todo = {stream.pk: stream for stream in waiting} if freed else {}
    return messages


def _project(streams: dict[int, Stream], out: Projection, *, at: datetime, messages: set[int]) -> set[int]:
    """Returns the beds that somebody was taken out of."""
    folds, senders = _fold_streams(streams, messages)
    wanted = _stay_rows(streams, folds, senders, at=at)
    places = _resolve(wanted, at=at)
    freed = _place_stays(wanted, places, out)
    _write_stays(wanted, places, out, at=at)
    _write_departures(wanted, places, out, at=at)
    return freed


def _fold_streams(streams: dict[int, Stream], messages: set[int]) -> tuple[dict[int, Fold], dict[int, int | None]]:
    """Fold each stream and write the outcomes that changed back to the records."""
    by_stream: dict[int, list[AdtRecord]] = defaultdict(list)
    for record in AdtRecord.objects.filter(stream__in=streams).order_by("pk"):
        by_stream[record.stream_id].append(record)
    folds: dict[int, Fold] = {}
    senders: dict[int, int | None] = {}
    changed = []
    for stream_id, stream in streams.items():
        records = by_stream[stream_id]
        result = fold([event_of_record(record) for record in records], by_visit=stream.by_visit, strictest=strictest)
        folds[stream_id] = result
        senders[stream_id] = next((r.payload.get("sender") for r in records if r.payload.get("sender")), None)
        for record in records:
            outcome = result.outcomes[record.pk]
            if (record.outcome, record.reason) != (outcome.verdict.value, outcome.reason):
                record.outcome, record.reason = outcome.verdict.value, outcome.reason
                changed.append(record)
                if record.message_id is not None:
                    messages.add(record.message_id)
    rows_update(changed, ["outcome", "reason"])
    return folds, senders


def _stay_rows(
    streams: dict[int, Stream], folds: dict[int, Fold], senders: dict[int, int | None], *, at: datetime
) -> list[Wanted]:
    """A row for each folded stay; a row that the fold no longer knows becomes a cancelled stay."""
    rows = {(row.stream_id, row.serial): row for row in Stay.objects.filter(stream__in=streams)}
    fresh = []
    for stream_id, result in folds.items():
        for serial in range(len(result.stays)):
            if (stream_id, serial) not in rows:
                stream = streams[stream_id]
                number = stream.key.rsplit(":", 1)[-1] if stream.by_visit else ""
                fresh.append(
                    Stay(
                        stream=stream,
                        serial=serial,
                        patient_id=stream.patient_id,
                        visit_number=number[:120],
                        status=StayStatus.EXPECTED,
                        changed_at=at,
                    )
                )
    for row in Stay.objects.bulk_create(fresh):
        rows[row.stream_id, row.serial] = row
    gone = FoldedStay(**{**dict.fromkeys(FoldedStay.__slots__), **_CANCELLED})
    wanted = []
    for (stream_id, serial), row in sorted(rows.items()):
        stays = folds[stream_id].stays
        wanted.append(Wanted(row, stays[serial] if serial < len(stays) else gone, senders[stream_id]))
    return wanted


_CANCELLED = {
    "status": StayStatus.CANCELLED,
    "patient_class": "",
    "segments": (),
    "left": (),
    "needs_place": False,
    "contagion": "",
    "warnings": (),
}


def _resolve(wanted: list[Wanted], *, at: datetime) -> dict[Named, ResolvedPlace]:
    """Every place that the stays name."""
    names: set[Named] = set()
    for want in wanted:
        stay = want.stay
        for place in (
            *(segment.place for segment in stay.segments),
            *(left.place for left in stay.left),
            stay.location,
            stay.pending,
        ):
            if place is not None:
                names.add((want.sender_id, place))
    return places_resolve(names, at=at)


def _place_stays(wanted: list[Wanted], places: dict[Named, ResolvedPlace], out: Projection) -> set[int]:
    """Make the occupancy rows of these stays what their segments say, as far as the beds have room.

    Returns the beds that somebody was taken out of.
    """
    rows = {want.row.pk: want for want in wanted}
    existing: dict[tuple[int, int, datetime, datetime | None], Occupancy] = {
        (row.stay_id, row.bed_id, row.during.lower, row.during.upper): row
        for row in Occupancy.objects.filter(stay__in=rows)
    }
    keep: set[tuple[int, int, datetime, datetime | None]] = set()
    missing: list[tuple[Wanted, int, int, datetime, datetime | None]] = []
    for want in wanted:
        for index, segment in enumerate(want.stay.segments):
            bed_id = places[want.sender_id, segment.place].bed_id
            assert bed_id is not None
            want.segments.append((segment, bed_id))
            key = (want.row.pk, bed_id, segment.start, segment.end)
            if key in existing:
                keep.add(key)
            else:
                missing.append((want, index, bed_id, segment.start, segment.end))
    drop = [row for key, row in existing.items() if key not in keep]
    if not missing and not drop:
        return set()
    beds = {row.bed_id for row in drop} | {bed_id for _, _, bed_id, _, _ in missing}
    rows_locked = BedPlace.objects.select_for_update().filter(pk__in=beds).order_by("pk")
    capacity = dict(rows_locked.values_list("pk", "capacity"))
    if drop:
        Occupancy.objects.filter(pk__in=[row.pk for row in drop]).delete()
    _insert(missing, capacity)
    out.beds |= beds
    out.stays |= {row.stay_id for row in drop} | {want.row.pk for want, *_ in missing}
    return {row.bed_id for row in drop}


def _insert(missing: list[tuple[Wanted, int, int, datetime, datetime | None]], capacity: dict[int, int]) -> None:
    """Find a free slot for each missing occupancy, earliest first.

    A place that is still taken leaves a present stay without a place; one that became free a little later than stated
    is taken from then on (clocks of two messages differ). Overlapping history is left out with a warning.
    """
    if not missing:
        return
    bed_ids = {bed_id for _, _, bed_id, _, _ in missing}
    earliest = min(start for *_, start, _ in missing)
    held: dict[int, list[Held]] = defaultdict(list)
    for row in Occupancy.objects.filter(bed__in=bed_ids, during__overlap=DateTimeTZRange(earliest, None)):
        held[row.bed_id].append(Held(row.stay_id, row.bed_id, row.slot, row.during.lower, row.during.upper))
    fresh = []
    for want, index, bed_id, start, end in sorted(missing, key=lambda item: (item[3], item[0].row.pk)):
        slot, start = _free_slot(held[bed_id], capacity[bed_id], start, end)
        if slot is None:
            want.unplaced.add(index)
            want.warnings.append("bed_occupied" if end is None else "history_conflict")
            continue
        held[bed_id].append(Held(want.row.pk, bed_id, slot, start, end))
        fresh.append(Occupancy(stay_id=want.row.pk, bed_id=bed_id, slot=slot, during=DateTimeTZRange(start, end)))
    Occupancy.objects.bulk_create(fresh)


def _free_slot(held: list[Held], capacity: int, start: datetime, end: datetime | None) -> tuple[int | None, datetime]:
    """The first slot free throughout, else the one that becomes free first before ``end``; None where there is none."""
    best: tuple[datetime, int] | None = None
    for slot in range(1, capacity + 1):
        taken = [row for row in held if row.slot == slot and row.overlaps(start, end)]
        if not taken:
            return slot, start
        if all(row.end is not None for row in taken):
            free_from = max(row.end for row in taken if row.end is not None)
            if (end is None or free_from < end) and (best is None or free_from < best[0]):
                best = (free_from, slot)
    return (best[1], best[0]) if best else (None, start)


def _write_stays(wanted: list[Wanted], places: dict[Named, ResolvedPlace], out: Projection, *, at: datetime) -> None:
    """Bring the stay rows up to what was folded."""
    changed = []
    for want in wanted:
        values = _stay_values(want, places)
        row = want.row
        if all(getattr(row, name) == value for name, value in values.items()):
            continue
        for ward_id in (row.ward_id, values["ward_id"]):
            if ward_id is not None:
                out.wards.add(ward_id)
        for bed_id in (row.pending_bed_id, values["pending_bed_id"], row.wanted_bed_id, values["wanted_bed_id"]):
            if bed_id is not None:
                out.beds.add(bed_id)
        for name, value in values.items():
            setattr(row, name, value)
        out.beds.update(bed_id for segment, bed_id in want.segments if segment.end is None)
        row.changed_at = at
        out.stays.add(row.pk)
        changed.append(row)
    if changed:
        names = [name.removesuffix("_id") for name in values]
        rows_update(changed, [*names, "changed_at"])


def _stay_values(want: Wanted, places: dict[Named, ResolvedPlace]) -> dict[str, object]:
    """The columns of a stay as its fold and placing say."""
    stay = want.stay
    last = len(want.segments) - 1
    in_segment = bool(want.segments) and want.segments[-1][0].end is None
    placed = in_segment and last not in want.unplaced
    here = places.get((want.sender_id, stay.location)) if stay.location else None
    ward_id = here.ward_id if here else None
    if in_segment:
        ward_id = places[want.sender_id, want.segments[-1][0].place].ward_id
    pending = places.get((want.sender_id, stay.pending)) if stay.pending else None
    open_now = stay.status == StayStatus.OPEN
    return {
        "status": StayStatus(stay.status).value,
        "patient_class": stay.patient_class[:4],
        "ward_id": ward_id,
        "location_text": str(stay.location)[:400] if stay.location else "",
        "wanted_bed_id": want.segments[-1][1] if in_segment and not placed else None,
        "without_place": open_now and stay.needs_place and not placed,
        "admitted_at": stay.admitted_at,
        "discharge_ordered_at": stay.discharge_ordered_at,
        "discharge_confirmed_at": stay.discharge_confirmed_at,
        "discharged_at": stay.discharged_at,
        "left_at": stay.left_at,
        "expected_discharge_at": stay.expected_discharge_at,
        "on_leave_since": stay.on_leave_since,
        "leave_until": stay.leave_until,
        "pending_bed_id": pending.bed_id if pending else None,
        "contagion_class": stay.contagion[:1],
        "warnings": [*stay.warnings, *dict.fromkeys(want.warnings)],
    }


def _write_departures(
    wanted: list[Wanted], places: dict[Named, ResolvedPlace], out: Projection, *, at: datetime
) -> None:
    """Record who left which bed, and what that does to the bed; take back what was cancelled."""
    rows = {want.row.pk: want for want in wanted}
    existing = {
        (row.stay_id, row.bed_id, row.record_id): row
        for row in Departure.objects.filter(stay__in=rows, voided_at__isnull=True)
    }
    desired: dict[tuple[int, int, int], Left] = {}
    for want in wanted:
        never_there = {(want.segments[index][1], want.segments[index][0].closed_by) for index in want.unplaced}
        for left in want.stay.left:
            bed_id = places[want.sender_id, left.place].bed_id
            if bed_id is not None and (bed_id, left.by) not in never_there:
                desired[want.row.pk, bed_id, left.by] = left
    voided = [row for key, row in existing.items() if key not in desired]
    fresh = [
        Departure(stay_id=key[0], bed_id=key[1], record_id=key[2], left_at=left.at, contagion_class=left.contagion[:1])
        for key, left in desired.items()
        if key not in existing
    ]
    moved = []
    for key, left in desired.items():
        row = existing.get(key)
        if row is not None and (row.left_at != left.at or row.contagion_class != left.contagion[:1]):
            row.left_at, row.contagion_class = left.at, strictest((row.contagion_class, left.contagion[:1]))
            moved.append(row)
    rows_update(moved, ["left_at", "contagion_class"])
    if not voided and not fresh:
        return
    beds = {row.bed_id for row in (*voided, *fresh)}
    states = {
        state.bed_id: state
        for state in BedState.objects.select_for_update()
        .filter(bed__in=beds)
        .order_by("bed_id")
        .select_related("bed__room")
    }
    for row in voided:
        row.voided_at = at
    rows_update(voided, ["voided_at"])
    fresh.sort(key=lambda row: (row.left_at, row.record_id))
    before = {bed_id: state.cleanliness for bed_id, state in states.items()}
    dirties = {key_of(row): _dirties(row, states[row.bed_id]) for row in fresh}
    for row in fresh:
        row.cleanliness_before = before[row.bed_id]
        if dirties[key_of(row)]:
            before[row.bed_id] = Cleanliness.DIRTY
    for row in Departure.objects.bulk_create(fresh):
        if dirties[key_of(row)]:
            _dirty_bed(row, states[row.bed_id], out)
    for row in voided:
        _restore_bed(row, states[row.bed_id], out, at=at)
    for state in states.values():
        state.changed_at = at
    rows_update(states.values(), ["cleanliness", "cleanliness_at", "dirty_departure", "contagion_class", "changed_at"])
    out.beds |= beds


def key_of(departure: Departure) -> tuple[int, int, int]:
    """What tells a departure from others: who left which bed by which record."""
    return departure.stay_id, departure.bed_id, departure.record_id


def _dirties(departure: Departure, state: BedState) -> bool:
    """The bed is dirty unless somebody else still lies there (edge-7) or it was cleaned since (a late event)."""
    if state.cleaned_at is not None and state.cleaned_at > departure.left_at:
        return False
    if state.bed.capacity == 1:
        return True
    others = Occupancy.objects.filter(bed=state.bed_id, during__contains=departure.left_at)
    return not others.exclude(stay=departure.stay_id).exists()


def _dirty_bed(departure: Departure, state: BedState, out: Projection) -> None:
    """Make the bed dirty for the strictest class of all causes."""
    state.cleanliness = Cleanliness.DIRTY
    state.cleanliness_at = departure.left_at
    state.dirty_departure = departure
    state.contagion_class = strictest(
        (state.contagion_class, departure.contagion_class, state.bed.room.contagion_class)
    )
    out.dirtied.append(
        BedDirtied(
            bed_id=state.bed_id,
            ward_id=state.bed.room.ward_id,
            departure_id=departure.pk,
            cause="departure",
            at=departure.left_at,
            contagion_class=state.contagion_class,
        )
    )


def _restore_bed(departure: Departure, state: BedState, out: Projection, *, at: datetime) -> None:
    """Undo what a cancelled departure did to its bed, unless another one left it dirty as well."""
    if state.dirty_departure_id == departure.pk:
        since = Q(left_at__gt=state.cleaned_at) if state.cleaned_at else Q()
        others = Departure.objects.filter(since, bed=departure.bed_id, voided_at__isnull=True)
        newest_first = others.order_by("-left_at", "-pk")  # one that left company behind dirtied nothing
        state.dirty_departure = next((other for other in newest_first if _dirties(other, state)), None)
        if state.dirty_departure is None and departure.cleanliness_before == Cleanliness.CLEAN:
            state.cleanliness = Cleanliness.CLEAN
            state.cleanliness_at = at
            state.contagion_class = ""
    out.voided.append(
        DepartureVoided(
            departure_id=departure.pk,
            bed_id=departure.bed_id,
            ward_id=state.bed.room.ward_id,
            bed_dirty=state.cleanliness != Cleanliness.CLEAN,
            contagion_class=state.contagion_class,
            at=at,
            reason="departure_cancelled",
        )
    )


def projection_announce(total: Projection, *, at: datetime) -> None:
    """Let the higher apps react in this transaction, then tell open pages."""
    with changes_gathered():
        if total.dirtied:
            bed_dirtied.send(None, events=total.dirtied)
        if total.voided:
            departure_voided.send(None, events=total.voided)
        facts = bed_facts(total.beds, at=at) if total.beds else []
        if facts:
            bed_changed.send(None, events=facts)
        if total.stays:
            stays_changed.send(None, events=[StayChanged(stay_id, at) for stay_id in sorted(total.stays)])
        changes_notify(beds=total.beds, wards=total.wards | {fact.ward_id for fact in facts})

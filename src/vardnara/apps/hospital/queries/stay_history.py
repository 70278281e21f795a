"""Where patients were and when each step was known here: for what is joined with it afterwards. No names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from vardnara.apps.hospital.models import AdtRecord, Occupancy, Stay
from vardnara.engines.adt.data import TAP_LEFT

ADMITTED, MOVED, LEAVE, BACK, DISCHARGED = "admitted", "moved", "leave", "back", "discharged"
ENDING = ("A03", TAP_LEFT, "A11", "A23")


@dataclass(frozen=True, slots=True)
class StayStep:
    """A step of a stay: when it took effect, and when its message or tap came. ``ref`` names the record.

    ``ward_id`` is where the patient is from then on, None where it says nothing of that.
    """

    kind: str
    at: datetime
    known_at: datetime
    ref: str
    ward_id: int | None = None
    until: datetime | None = None


def stay_histories(*, stay_ids: Collection[int]) -> dict[int, tuple[StayStep, ...]]:
    """The steps of stays as the record has them now, in order of effect; cancelled events are not among them.

    Three queries, however many stays. What nobody's message says the moment of is known from when it took effect.
    """
    stays = list(Stay.objects.filter(pk__in=set(stay_ids)))
    lying: dict[int, list[Occupancy]] = defaultdict(list)
    for row in Occupancy.objects.filter(stay__in=stays).select_related("bed__room").order_by("during"):
        lying[row.stay_id].append(row)
    records: dict[int, list[AdtRecord]] = defaultdict(list)
    streams = {stay.stream_id for stay in stays}
    told = AdtRecord.objects.filter(stream__in=streams, outcome="applied", reason="").select_related("message")
    for record in told.defer("message__raw", "message__acknowledgement").order_by("effect_at", "pk"):
        records[record.stream_id].append(record)
    return {stay.pk: _steps(stay, lying[stay.pk], records[stay.stream_id]) for stay in stays}


def _steps(stay: Stay, lying: list[Occupancy], records: list[AdtRecord]) -> tuple[StayStep, ...]:
    steps = []
    if stay.admitted_at is not None:
        steps.append(_step(ADMITTED, stay.admitted_at, records, first=lying[0].bed.room.ward_id if lying else None))
    for row in lying:
        if stay.admitted_at is None or row.during.lower > stay.admitted_at:
            steps.append(_step(MOVED, row.during.lower, records, first=row.bed.room.ward_id))
    for record in records:
        if record.code not in ("A21", "A22") or not _during(stay, record.effect_at):
            continue
        until = record.payload.get("leave_until")
        steps.append(
            StayStep(
                LEAVE if record.code == "A21" else BACK,
                record.effect_at,
                _known(record),
                f"record:{record.pk}",
                until=datetime.fromisoformat(until) if until else None,
            )
        )
    if stay.left_at is not None:
        steps.append(_step(DISCHARGED, stay.left_at, [one for one in records if one.code in ENDING] or records))
    return tuple(sorted(steps, key=lambda step: (step.at, step.kind)))


def _during(stay: Stay, at: datetime) -> bool:
    """Whether an instant lies in the stay; a stream without visit numbers holds several."""
    return (stay.admitted_at is None or stay.admitted_at <= at) and (stay.left_at is None or at <= stay.left_at)


def _step(kind: str, at: datetime, records: list[AdtRecord], first: int | None = None) -> StayStep:
    """A step of the projection with the first record that took effect then."""
    found = [record for record in records if record.effect_at == at]
    if not found:  # a place that was still taken is taken a little later than was told
        found = [record for record in records if record.effect_at < at][-1:]
    if not found:
        return StayStep(kind, at, at, "", first)
    record = min(found, key=lambda one: (_known(one), one.pk))
    return StayStep(kind, at, _known(record), f"record:{record.pk}", first)


def _known(record: AdtRecord) -> datetime:
    """When it was here: the message's receipt, or the tap's own time."""
    return record.message.received_at if record.message is not None else record.recorded_at

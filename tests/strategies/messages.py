"""HL7 messages written by hand for tests, and a small hospital for them to speak of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import count

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.models import Scope, User
from vardnara.apps.hospital.models import (
    BedPlace,
    BedState,
    Division,
    Hospital,
    InboxMessage,
    Region,
    Room,
    Ward,
)
from vardnara.apps.hospital.services.applying import inbox_apply
from vardnara.gateways.hl7.reader import adt_read, digest

T0 = datetime(2026, 3, 2, 8, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return T0 + timedelta(minutes=minutes)


def stamp(minutes: float) -> str:
    return at(minutes).strftime("%Y%m%d%H%M%S+0000")


_control = count(1)


def adt(
    event: str,
    minute: float,
    bed: str = "",
    *,
    patient: str = "P1",
    visit: str = "V1",
    ward: str = "K31",
    prior: str = "",
    pending: str = "",
    effect: float | None = None,
    patient_class: str = "I",
    precaution: str = "",
    control: str = "",
    merge: str = "",
    merge_visit: str = "",
    status: str = "",
    second: tuple[str, str, str] | None = None,
) -> bytes:
    """An ADT message about bed ``1-2`` (room 1, bed 2) of a ward, recorded ``minute`` minutes after T0."""

    def pl(text: str) -> str:
        return f"{ward}^" + "^".join(text.split("-")) if text else ward

    def visit_lines(patient: str, visit: str, bed: str) -> list[str]:
        pv1 = ["PV1", "1", patient_class, pl(bed), "", "", pl(prior) if prior else "", *[""] * 12, visit, *[""] * 22]
        pv1.append(pl(pending) if pending else "")
        pv2 = ["PV2", *[""] * 40, precaution]
        return [f"PID|1||{patient}^^^FJ||Berg^{patient}||19500102|F", "|".join(pv1), "|".join(pv2)]

    lines = [
        rf"MSH|^~\&|EHR|FJ|VN|FJ|{stamp(minute)}||ADT^{event}|{control or f'C{next(_control)}'}|P|2.5.1",
        f"EVN|{event}|{stamp(minute)}||||{stamp(minute if effect is None else effect)}",
    ]
    if event == "A20":
        lines.append(f"NPU|{pl(bed)}|{status}")
    else:
        lines += visit_lines(patient, visit, bed)
    if merge:
        lines.append(f"MRG|{merge}^^^FJ||||{merge_visit}")
    if second:
        lines += visit_lines(*second)
    return "\r".join(line.rstrip("|") for line in lines).encode() + b"\r"


def small_hospital() -> Hospital:
    """Two wards: K31 with rooms 1 (shared: beds 1, 2) and 2 (single: bed 1); BB with a place for mother and child."""
    region = Region.objects.create(code="R", name="Prov")
    hospital = Hospital.objects.create(region=region, code="FJ", name="Provsjukhuset", invented=True)
    division = Division.objects.create(hospital=hospital, code="K", name="Kirurgi")
    for ward_code, rooms in {"K31": {"1": ["1", "2"], "2": ["1"]}, "M52": {"1": ["1"]}, "BB": {"1": ["1"]}}.items():
        ward = Ward.objects.create(division=division, code=ward_code, name=ward_code)
        for room_code, beds in rooms.items():
            kind = "single" if len(beds) == 1 else "shared"
            room = Room.objects.create(ward=ward, code=room_code, kind=kind)
            for bed_code in beds:
                bed = BedPlace.objects.create(room=room, code=bed_code, capacity=2 if ward_code == "BB" else 1)
                BedState.objects.create(bed=bed)
    return hospital


def bed(text: str, ward: str = "K31") -> BedPlace:
    """The bed place ``room-bed`` of a ward."""
    room, code = text.split("-")
    return BedPlace.objects.get(room__ward__code=ward, room__code=room, code=code)


def person(role: Role, name: str, hospital: Hospital | None, ward: Ward | None = None) -> User:
    """A user with a role, reaching a hospital, one ward of it, or nothing."""
    user = User.objects.create(username=name, role=role)
    if hospital is not None:
        Scope.objects.create(user=user, hospital=hospital, ward=ward)
    return user


def receive(*messages: bytes) -> list[InboxMessage]:
    """Put messages into the inbox as the listener does, without applying them."""
    rows = []
    for raw in messages:
        reading = adt_read(raw)
        rows.append(
            InboxMessage.objects.create(
                raw=raw,
                digest=digest(raw),
                received_at=reading.recorded_at,
                application=reading.header.application,
                facility=reading.header.facility,
                control_id=reading.header.control_id,
                message_type=reading.header.message_type,
                trigger_event=reading.event,
                version=reading.header.version,
                status="waiting" if reading.effective else "ignored",
            )
        )
    return rows


def apply(*messages: bytes, one_by_one: bool = False) -> list[tuple[str, str]]:
    """Receive and apply; returns status and reason of each message."""
    groups: Iterable[tuple[bytes, ...]] = [(m,) for m in messages] if one_by_one else [messages]
    rows: list[InboxMessage] = []
    for group in groups:
        rows += receive(*group)
        while inbox_apply(at=at(10_000)):
            pass
    for row in rows:
        row.refresh_from_db(fields=["status", "reason"])
    return [(row.status, row.reason) for row in rows]

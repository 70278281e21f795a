"""From bytes to what an ADT message says, and whether it can be accepted at all.

Only what is known on receipt is refused: framing, header, parse, required field, version, processing id (CONTRACT 1.3).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from vardnara.engines.adt.data import Place
from vardnara.engines.diet.sent import Word
from vardnara.gateways.hl7.diet import (
    Allergies,
    DietOrder,
    allergies_read,
    diet_field_read,
    orders_diet,
    orders_missing,
    orders_read,
)
from vardnara.gateways.hl7.er7 import Er7Error, Er7Message, Segment, er7_read
from vardnara.gateways.hl7.time import date_read, instant_read

VERSIONS = frozenset(
    {"2.1", "2.2", "2.3", "2.3.1", "2.4", "2.5", "2.5.1", "2.6", "2.7", "2.7.1", "2.8", "2.8.1", "2.8.2", "2.9"}
)
PERSON_EVENTS = frozenset({"A28", "A29", "A31", "A60"})
IDENTITY_EVENTS = frozenset({"A34", "A40", "A44", "A45", "A47"})
VISIT_EVENTS = frozenset(
    {
        *("A01", "A02", "A03", "A04", "A05", "A06", "A07", "A08", "A11", "A12", "A13", "A14", "A15", "A16", "A17"),
        *("A21", "A22", "A23", "A25", "A26", "A27", "A38", "A52", "A53"),
    }
)
BED_EVENTS = frozenset({"A20"})
EFFECTIVE = VISIT_EVENTS | PERSON_EVENTS | IDENTITY_EVENTS | BED_EVENTS


@dataclass(frozen=True, slots=True)
class SenderRules:
    """How one sender is read (CONTRACT 1.7)."""

    time_zone: str = "Europe/Stockholm"
    charset: str = "8859/1"
    processing_ids: str = "PT"
    a03_administrative: bool = False


@dataclass(frozen=True, slots=True)
class Header:
    """MSH, as far as it could be read."""

    application: str = ""
    facility: str = ""
    receiving_application: str = ""
    receiving_facility: str = ""
    sent: str = ""
    message_type: str = ""
    trigger: str = ""
    structure: str = ""
    control_id: str = ""
    processing_id: str = ""
    version: str = ""
    accept_ack: str = ""
    application_ack: str = ""
    charset: str = ""
    codec: str = "iso8859-1"

    @property
    def enhanced(self) -> bool:
        """Enhanced acknowledgement mode: at least one of MSH-15 and MSH-16 is valued (H-03)."""
        return bool(self.accept_ack or self.application_ack)


@dataclass(frozen=True, slots=True)
class Identifier:
    """A patient identifier within its issuer's domain."""

    value: str
    issuer: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """One patient of a message with the visit that it is about (PID, PV1, PV2, and MRG for the identity events)."""

    patient: Identifier
    family_name: str = ""
    given_name: str = ""
    born_on: date | None = None
    sex: str = ""
    visit: Identifier | None = None
    patient_class: str = ""
    location: Place | None = None
    prior: Place | None = None
    pending: Place | None = None
    admitted_at: datetime | None = None
    discharged_at: datetime | None = None
    expected_discharge_at: datetime | None = None
    leave_until: datetime | None = None
    precaution: str | None = None
    merged_patient: Identifier | None = None
    merged_visit: Identifier | None = None
    allergies: Allergies | None = None
    diet_words: tuple[Word, ...] | None = None


@dataclass(frozen=True, slots=True)
class AdtReading:
    """What a message says. ``subjects`` is empty for A20, which speaks of a bed (``bed``, ``bed_status``); ``orders``
    are diet orders (ORM^O01, OMD^O03)."""

    header: Header
    event: str
    recorded_at: datetime
    effect_at: datetime
    subjects: tuple[Subject, ...] = ()
    bed: Place | None = None
    bed_status: str = ""
    orders: tuple[DietOrder, ...] = ()
    effective: bool = True
    notes: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Judged:
    """What a message is, as far as its acknowledgement depends on it."""

    header: Header
    event: str
    effective: bool


class Refusal(Exception):
    """Why a message is not accepted: answer code (``AE`` or ``AR``), condition of table 0357, ERR-2 location, text."""

    def __init__(self, answer: str, condition: str, location: str, text: str) -> None:
        super().__init__(text)
        self.answer = answer
        self.condition = condition
        self.location = location
        self.text = text

    def __str__(self) -> str:
        return f"{self.answer} {self.condition} {self.location}: {self.text}"


def header_read(raw: bytes, *, default_charset: str = "8859/1") -> Header:
    """The header of a message, or a Refusal where there is none to answer to."""
    try:
        return _header(er7_read(raw, default_charset=default_charset, header_only=True))
    except Er7Error as error:
        raise Refusal(
            "AR" if error.condition == "100" else "AE", error.condition, error.location, error.text
        ) from error


def header_salvage(raw: bytes) -> Header:
    """As much of a header as an answer can be addressed to, from a message that cannot be read; empty where nothing."""
    try:
        return _header(er7_read(raw, header_only=True, codec="iso8859-1"))
    except (Er7Error, UnicodeError):
        return Header()


def digest(raw: bytes) -> bytes:
    """SHA-256 without MSH-7, which a resend may set anew (CONTRACT 1.1); trailing line ends do not count."""
    line, separator, rest = _first_line(raw.strip(b"\r\n"))
    delimiter = line[3:4]
    if line.startswith(b"MSH") and delimiter:
        fields = line.split(delimiter)
        if len(fields) > 6:
            fields[6] = b""
        line = delimiter.join(fields)
    return hashlib.sha256(line + separator + rest).digest()


def adt_read(raw: bytes, rules: SenderRules | None = None) -> AdtReading:
    """Read and judge a message.

    Parameters
    ----------
    raw
        The bytes between the frame characters.
    rules
        How this sender is read.

    Returns
    -------
    AdtReading
        ``effective`` is false for types and events that change nothing here: accepted, stored, counted as ignored.

    Raises
    ------
    Refusal
        The message cannot be accepted; says with which answer, code and place.
    """
    rules = rules or SenderRules()
    message, judged, evn = _judge(raw, rules, None)
    header, event = judged.header, judged.event
    recorded_at, effect_at = _times(header, evn, ZoneInfo(rules.time_zone), required=judged.effective)
    if not judged.effective:
        return AdtReading(header, event, recorded_at, effect_at, effective=False)
    if event in BED_EVENTS:
        npu = message.first("NPU")
        assert npu is not None
        return AdtReading(header, event, recorded_at, effect_at, bed=_place(npu, 1), bed_status=npu.component(2))
    zone = ZoneInfo(rules.time_zone)
    subjects = tuple(_subject(group, header, event, zone) for group in _groups(message))
    orders = orders_read(message.segments, zone) if header.message_type != "ADT" else ()
    return AdtReading(header, event, recorded_at, effect_at, subjects=subjects, orders=orders)


def message_judge(raw: bytes, header: Header, rules: SenderRules) -> Judged:
    """Only the judgement of :func:`adt_read`, for receipt: what a message is, or a Refusal. Half the work of reading.

    ``header`` is what :func:`header_read` gave for the same bytes.
    """
    _, judged, evn = _judge(raw, rules, header)
    _times(judged.header, evn, ZoneInfo(rules.time_zone), required=judged.effective)
    return judged


def _judge(raw: bytes, rules: SenderRules, header: Header | None) -> tuple[Er7Message, Judged, Segment | None]:
    """Read the segments and refuse what cannot be accepted. A header that was read already is not read again."""
    try:
        message = er7_read(raw, default_charset=rules.charset)
    except Er7Error as error:
        answer = "AR" if error.condition == "100" and error.location == "MSH" else "AE"
        raise Refusal(answer, error.condition, error.location, error.text) from error
    if header is None or header.codec != message.codec:
        header = _header(message)
    _judge_header(header, rules)
    evn = message.first("EVN")
    event = header.trigger or (evn.component(1) if evn is not None else "")
    if header.message_type == "ADT" and not event:
        raise Refusal("AE", "101", "MSH^1^9^2", "trigger event is missing")
    effective = (header.message_type == "ADT" and event in EFFECTIVE) or orders_diet(
        header.message_type, event, message.segments
    )
    if effective:
        _judge_content(message, header, event)
    return message, Judged(header, event, effective), evn


def _judge_content(message: Er7Message, header: Header, event: str) -> None:
    """Refuse a message that lacks what its event cannot do without."""
    if event in BED_EVENTS:
        _judge_bed(message)
        return
    groups = _groups(message)
    if not groups:
        raise Refusal("AE", "100", "PID", "segment PID is missing")
    if header.message_type != "ADT":
        if (missing := orders_missing(message.segments)) is not None:
            raise Refusal("AE", missing.condition, missing.location, missing.text)
        event = ""
    if event == "A17" and len(groups) < 2:
        raise Refusal("AE", "100", "PID", "a swap names two patients")
    for index, group in enumerate((each.one for each in groups), start=1):
        if _patient(group["PID"], header) is None:
            raise Refusal("AE", "101", f"PID^{index}^3", "patient identifier is missing")
        if event in VISIT_EVENTS and "PV1" not in group:
            raise Refusal("AE", "100", f"PV1^{index}", "segment PV1 is missing")
        if event in IDENTITY_EVENTS:
            if "MRG" not in group:
                raise Refusal("AE", "100", f"MRG^{index}", "segment MRG is missing")
            if _identifier(group["MRG"], 1, header) is None:
                raise Refusal("AE", "101", f"MRG^{index}^1", "prior patient identifier is missing")


def _judge_bed(message: Er7Message) -> None:
    """A20: NPU says which bed and which status."""
    npu = message.first("NPU")
    if npu is None:
        raise Refusal("AE", "100", "NPU", "segment NPU is missing")
    bed = _place(npu, 1)
    if bed is None or not bed.is_bed:
        raise Refusal("AE", "101", "NPU^1^1", "bed location is missing")
    if not npu.component(2):
        raise Refusal("AE", "101", "NPU^1^2", "bed status is missing")


def _first_line(raw: bytes) -> tuple[bytes, bytes, bytes]:
    """The first segment, its terminator, and the rest."""
    ends = [index for index in (raw.find(b"\r"), raw.find(b"\n")) if index >= 0]
    if not ends:
        return raw, b"", b""
    end = min(ends)
    return raw[:end], raw[end : end + 1], raw[end + 1 :]


def _header(message: Er7Message) -> Header:
    """MSH as a header."""
    msh = message.msh
    return Header(
        application=msh.component(3),
        facility=msh.component(4),
        receiving_application=msh.field(5),
        receiving_facility=msh.field(6),
        sent=msh.component(7),
        message_type=msh.component(9, 1),
        trigger=msh.component(9, 2),
        structure=msh.component(9, 3),
        control_id=msh.component(10),
        processing_id=msh.component(11),
        version=msh.component(12),
        accept_ack=msh.component(15).upper(),
        application_ack=msh.component(16).upper(),
        charset=msh.field(18),
        codec=message.codec,
    )


def _judge_header(header: Header, rules: SenderRules) -> None:
    """Refuse what MSH alone shows to be unacceptable."""
    for value, number, name in (
        (header.message_type, 9, "message type"),
        (header.control_id, 10, "message control id"),
        (header.processing_id, 11, "processing id"),
        (header.version, 12, "version id"),
    ):
        if not value:
            raise Refusal("AE", "101", f"MSH^1^{number}", f"{name} is missing")
    if header.version not in VERSIONS:
        raise Refusal("AR", "203", "MSH^1^12", f"version {header.version} is not known")
    if header.processing_id not in set(rules.processing_ids):
        raise Refusal("AR", "202", "MSH^1^11", f"processing id {header.processing_id} is not accepted from this sender")
    if not header.sent and header.version >= "2.5":
        raise Refusal("AE", "101", "MSH^1^7", "date and time of message is missing")


def _times(header: Header, evn: Segment | None, zone: ZoneInfo, *, required: bool) -> tuple[datetime, datetime]:
    """Recorded (EVN-2, else MSH-7) and effect (EVN-6, else as recorded)."""
    sent = instant_read(header.sent, zone)
    if header.sent and sent is None:
        raise Refusal("AE", "102", "MSH^1^7", f"{header.sent} is not a time")
    recorded_text = evn.component(2) if evn is not None else ""
    recorded = instant_read(recorded_text, zone)
    if required and recorded_text not in ("", '""') and recorded is None:
        raise Refusal("AE", "102", "EVN^1^2", f"{recorded_text} is not a time")
    recorded = recorded or sent
    if recorded is None:
        raise Refusal("AE", "101", "EVN^1^2", "neither EVN-2 nor MSH-7 says when")
    effect = instant_read(evn.component(6), zone) if evn is not None else None
    return recorded, effect or recorded


@dataclass(slots=True)
class _Group:
    """The segments of one patient."""

    one: dict[str, Segment]
    allergies: list[Segment] = field(default_factory=list)


def _groups(message: Er7Message) -> list[_Group]:
    """One group for each PID, with the PV1, PV2, MRG, AL1 and IAM that follow it."""
    groups: list[_Group] = []
    for segment in message.segments:
        if segment.name == "PID":
            groups.append(_Group({"PID": segment}))
        elif groups and segment.name in ("PV1", "PV2", "MRG"):
            groups[-1].one.setdefault(segment.name, segment)
        elif groups and segment.name in ("AL1", "IAM"):
            groups[-1].allergies.append(segment)
    return groups


def _patient(pid: Segment, header: Header) -> Identifier | None:
    """PID-3, or PID-2 of older versions."""
    return _identifier(pid, 3, header) or _identifier(pid, 2, header)


def _subject(found: _Group, header: Header, event: str, zone: ZoneInfo) -> Subject:
    """One patient of a message that was judged to be complete."""
    group = found.one
    pid, pv1, pv2, mrg = group["PID"], group.get("PV1"), group.get("PV2"), group.get("MRG")
    patient = _patient(pid, header)
    assert patient is not None
    precaution = pv2.component(41) if pv2 is not None else ""
    return Subject(
        patient=patient,
        family_name=pid.component(5, 1),
        given_name=pid.component(5, 2),
        born_on=date_read(pid.component(7)),
        sex=pid.component(8),
        merged_patient=_identifier(mrg, 1, header) if mrg is not None else None,
        merged_visit=_identifier(mrg, 5, header) if mrg is not None else None,
        visit=_identifier(pv1, 19, header) if pv1 is not None else None,
        patient_class=pv1.component(2) if pv1 is not None else "",
        location=_place(pv1, 3) if pv1 is not None else None,
        prior=_place(pv1, 6) if pv1 is not None else None,
        pending=_place(pv1, 42) if pv1 is not None else None,
        admitted_at=instant_read(pv1.component(44), zone) if pv1 is not None else None,
        discharged_at=instant_read(pv1.component(45), zone) if pv1 is not None else None,
        expected_discharge_at=instant_read(pv2.component(9), zone) if pv2 is not None else None,
        leave_until=instant_read(pv2.component(47), zone) if pv2 is not None else None,
        precaution=precaution if precaution not in ("", '""') else None,
        allergies=allergies_read(found.allergies, event),
        diet_words=diet_field_read(pv1) if pv1 is not None else None,
    )


def _identifier(segment: Segment, number: int, header: Header) -> Identifier | None:
    """The first usable identifier of a CX field; without an issuer the sending facility is its domain."""
    for repetition in segment.repetitions(number):
        value = segment.component(number, 1, repetition=repetition)
        if value and value != '""':
            issuer = segment.component(number, 4, repetition=repetition) or header.facility
            return Identifier(value, issuer, segment.component(number, 5, repetition=repetition))
    return None


def _place(segment: Segment, number: int) -> Place | None:
    """A PL field, or None where it names nothing."""
    parts = [segment.component(number, component) for component in (1, 2, 3, 4)]
    point_of_care, room, bed, facility = ("" if part == '""' else part for part in parts)
    return Place(point_of_care, room, bed, facility) if point_of_care or room or bed else None

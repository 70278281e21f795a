"""Writes feed events as HL7 v2.5 messages in ER7, the pipe notation.

References
----------
HL7 v2.5, chapter 2 (encoding, MSH) and chapter 3 (ADT events and their structures).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from vardnara.engines.feed import FeedEvent, FeedPatient, FeedPlace, FeedVisit
from vardnara.kernel.local_time import STOCKHOLM

STRUCTURES = {
    "A01": "ADT_A01", "A02": "ADT_A02", "A03": "ADT_A03", "A04": "ADT_A01", "A05": "ADT_A05", "A06": "ADT_A06",
    "A07": "ADT_A06", "A08": "ADT_A01", "A11": "ADT_A09", "A12": "ADT_A12", "A13": "ADT_A01", "A14": "ADT_A05",
    "A15": "ADT_A15", "A16": "ADT_A16", "A17": "ADT_A17", "A20": "ADT_A20", "A21": "ADT_A21", "A22": "ADT_A21",
    "A23": "ADT_A21", "A25": "ADT_A21", "A26": "ADT_A21", "A27": "ADT_A21", "A28": "ADT_A05", "A31": "ADT_A05",
    "A38": "ADT_A38", "A40": "ADT_A39", "A52": "ADT_A52", "A53": "ADT_A52",
}  # fmt: skip
PERSON_EVENTS = {"A28", "A31"}
ESCAPES = str.maketrans({"\\": "\\E\\", "|": "\\F\\", "^": "\\S\\", "&": "\\T\\", "~": "\\R\\", "\r": " ", "\n": " "})
APPLICATION = "VARDNARA-FEED"
ISSUER = "FJALLHEM"


@dataclass(frozen=True, slots=True)
class FeedSender:
    """Who the messages say they come from.

    Parameters
    ----------
    run
        Beginning of every control id; with the event's serial it makes MSH-10 unique.
    facility
        MSH-4, as a rule the hospital's code.
    application
        MSH-3.
    issuer
        Who issued the patients' identifiers (PID-3.4); an invented one.
    """

    run: str
    facility: str
    application: str = APPLICATION
    issuer: str = ISSUER


def control_id(sender: FeedSender, serial: int) -> str:
    """MSH-10 of an event."""
    return f"{sender.run}-{serial}"


def message_write(event: FeedEvent, sender: FeedSender) -> bytes:
    r"""One message as bytes in UTF-8, each segment ended by ``\r``.

    Parameters
    ----------
    event
        What happened. The same event gives the same bytes.
    sender
        Whom it comes from.

    Returns
    -------
    bytes
        Without MLLP frame.

    Notes
    -----
    Times are wall times of Europe/Stockholm with their offset, so the hour that autumn brings twice is never in doubt.
    The processing id is ``T``: the people are invented.
    """
    code = event.code
    segments = [
        f"MSH|^~\\&|{_escaped(sender.application)}|{_escaped(sender.facility)}|VARDNARA||{_time(event.sent_at)}||"
        f"ADT^{code}^{STRUCTURES[code]}|{_escaped(control_id(sender, event.serial))}|T|2.5||||||UNICODE UTF-8",
        f"EVN|{code}|{_time(event.recorded_at)}||||{_time(event.effect_at)}",
    ]
    if event.visit is not None:
        segments.append(_pid(event.visit.patient, sender))
        if event.merged:
            segments.append(f"MRG|{_escaped(event.merged)}^^^{_escaped(sender.issuer)}^PI")
        elif code in PERSON_EVENTS:
            segments.append("PV1|1|N")
        else:
            segments += _visit(event.visit)
    if event.second is not None:
        segments += [_pid(event.second.patient, sender), _visit(event.second)[0]]
    if event.bed is not None:
        segments.append(f"NPU|{_place(event.bed)}|{event.bed_status}")
    segments.append("")
    return "\r".join(segments).encode()


def messages_write(events: Iterable[FeedEvent], sender: FeedSender) -> Iterator[bytes]:
    """Each event's message in turn; see :func:`message_write`."""
    for event in events:
        yield message_write(event, sender)


def _pid(patient: FeedPatient, sender: FeedSender) -> str:
    born = patient.born_on.strftime("%Y%m%d") if isinstance(patient.born_on, date) else ""
    name = f"{_escaped(patient.family_name)}^{_escaped(patient.given_name)}"
    return f"PID|1||{_escaped(patient.identifier)}^^^{_escaped(sender.issuer)}^PI||{name}||{born}|{patient.sex}"


def _visit(visit: FeedVisit) -> list[str]:
    """PV1, and PV2 where it has anything to say. A visit still expected has its time in PV2-8 instead of PV1-44."""
    expected = visit.patient_class == "P"
    admitted = _time(visit.admitted_at)
    pv1 = (
        f"PV1|1|{visit.patient_class}|{_place(visit.place)}|||{_place(visit.prior)}{'|' * 13}{_escaped(visit.number)}"
        f"{'|' * 23}{_place(visit.pending)}||{'' if expected else admitted}|{_time(visit.left_at)}"
    ).rstrip("|")
    precaution = visit.precaution
    shown = f"{precaution}^Smitta klass {precaution}^{ISSUER}" if precaution else "" if precaution is None else '""'
    pv2 = (
        f"PV2{'|' * 8}{admitted if expected else ''}|{_time(visit.expected_discharge_at)}"
        f"{'|' * 32}{shown}{'|' * 6}{_time(visit.leave_until_at)}"
    ).rstrip("|")
    return [pv1] if pv2 == "PV2" else [pv1, pv2]


@lru_cache(maxsize=4096)
def _place(place: FeedPlace | None) -> str:
    if place is None:
        return ""
    return "^".join(map(_escaped, place)).rstrip("^")


@lru_cache(maxsize=4096)
def _escaped(text: str) -> str:
    return text.translate(ESCAPES)


@lru_cache(maxsize=64)
def _time(at: datetime | None) -> str:
    if at is None:
        return ""
    return at.astimezone(STOCKHOLM).strftime("%Y%m%d%H%M%S%z")

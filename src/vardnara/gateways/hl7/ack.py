"""Acknowledgements: MSA, and ERR where something was wrong, in the sender's own version and charset."""

from __future__ import annotations

from datetime import UTC, datetime

from vardnara.gateways.hl7.reader import Header, Refusal

CONDITIONS = {
    "0": "Message accepted",
    "100": "Segment sequence error",
    "101": "Required field missing",
    "102": "Data type error",
    "103": "Table value not found",
    "200": "Unsupported message type",
    "201": "Unsupported event code",
    "202": "Unsupported processing id",
    "203": "Unsupported version id",
    "207": "Application internal error",
}
WANTED = {"AL": (True, True), "": (False, False), "NE": (False, False), "ER": (False, True), "SU": (True, False)}


def answers_wanted(header: Header) -> tuple[tuple[bool, bool], tuple[bool, bool]]:
    """Which acknowledgements the sender asked for: accept-level (ok, error), then application-level (ok, error).

    Original mode, with MSH-15 and MSH-16 both empty, always gets an application acknowledgement (H-03, H-04).
    """
    if not header.enhanced:
        return (False, False), (True, True)
    return WANTED.get(header.accept_ack, (True, True)), WANTED.get(header.application_ack, (True, True))


def acknowledgement_codes(header: Header, *, refused: str = "") -> list[str]:
    """The codes to answer with, in order: ``CA`` before ``AA``; for a refusal ``CE``/``CR`` and ``AE``/``AR``.

    Where accept-level and application-level are both wanted both are sent, the accept-level first. Parking after
    receipt is never answered, so the application-level answer can follow at once.
    """
    accept, application = answers_wanted(header)
    letter = refused[1:] if refused else "A"
    which = 1 if refused else 0
    codes = []
    if accept[which]:
        codes.append("C" + letter)
    if application[which] and not (refused and codes):
        codes.append("A" + letter)
    return codes


def acknowledgement(
    header: Header, code: str, *, at: datetime, serial: str, refusal: Refusal | None = None, text: str = ""
) -> bytes:
    """One acknowledgement message, without frame.

    Parameters
    ----------
    header
        Of the message that is answered; may be nearly empty where that could not be read.
    code
        MSA-1.
    at
        Now (aware).
    serial
        MSH-10 of the acknowledgement.
    refusal
        What was wrong; makes the ERR segment.
    text
        MSA-3.
    """
    version = header.version if header.version[:1] == "2" else "2.5.1"
    kind = _kind(header, code, version)
    stamp = at.astimezone(UTC).strftime("%Y%m%d%H%M%S+0000")
    msh = [
        "MSH",
        "^~\\&",
        *(_plain(part) for part in (header.receiving_application, header.receiving_facility)),
        *(_escape(part) for part in (header.application, header.facility)),
        stamp,
        "",
        kind,
        serial,
        _escape(header.processing_id) or "P",
        version,
        *[""] * 5,
        header.charset if header.codec != "iso8859-1" or header.charset else "",
    ]
    lines = ["|".join(msh).rstrip("|"), "|".join(["MSA", code, _escape(header.control_id), _escape(text)]).rstrip("|")]
    if refusal is not None:
        condition = f"{refusal.condition}^{CONDITIONS.get(refusal.condition, '')}^HL70357"
        if version >= "2.5":
            lines.append(f"ERR||{refusal.location}|{condition}|E||||{_escape(refusal.text)}")
        else:
            lines.append(f"ERR|{refusal.location}^{refusal.condition}&{CONDITIONS.get(refusal.condition, '')}")
    return ("\r".join(lines) + "\r").encode(header.codec, errors="replace")


def _kind(header: Header, code: str, version: str) -> str:
    """MSH-9: ACK, but the application's answer to a diet order is ORD^O04 (H-30)."""
    old = version < "2.4" and not header.structure
    if (header.message_type, header.trigger) == ("OMD", "O03") and code.startswith("A"):
        return "ORD^O04" if old else "ORD^O04^ORD_O04"
    return "ACK" if old or not header.trigger else f"ACK^{header.trigger}^ACK"


def as_duplicate(acknowledgements: bytes) -> bytes:
    """The stored acknowledgement again, with ``duplicate`` in MSA-3 (CONTRACT 1.1)."""
    out = []
    for line in acknowledgements.split(b"\r"):
        if line.startswith(b"MSA|"):
            fields = line.split(b"|")
            fields += [b""] * (4 - len(fields))
            fields[3] = b"duplicate"
            line = b"|".join(fields)
        out.append(line)
    return b"\r".join(out)


def _escape(text: str) -> str:
    """Escape the standard delimiters."""
    return (
        text.replace("\\", "\\E\\")
        .replace("|", "\\F\\")
        .replace("^", "\\S\\")
        .replace("&", "\\T\\")
        .replace("~", "\\R\\")
    )


def _plain(field: str) -> str:
    """A field of the sender that goes back as it came, where its delimiters are the standard ones."""
    return field if "|" not in field and "\r" not in field else ""

"""JSON with an HMAC over time and body. ``docs/escalation.webhook.schema.json`` is its schema."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from vardnara.gateways.posting import Answer, post

VERSION: Final = 1
SIGNATURE_HEADER: Final = "X-Vardnara-Signature"
SLACK_SECONDS: Final = 300  # how old a signature may be to the receiver


@dataclass(frozen=True, slots=True)
class Notice:
    """What a receiver is told. No patient's identity, no diagnosis: places and work only.

    Parameters
    ----------
    id
        The same for every try of one message: a receiver that has it already has seen a repeat.
    kind
        ``escalation`` or ``test``.
    trigger
        What stands still: ``unowned late urgent contagion unclean_bed silent``; empty in a test.
    level, turn
        1 is the lowest level; 1 is the first time that it is told.
    hospital, ward, place, work
        Where and what, in words; empty where there is none.
    since
        When it began (aware).
    text
        One sentence, fit for a short message.
    url
        Where a signed-in person sees more; empty where the installation's address is not known.
    """

    id: str
    kind: str
    trigger: str
    level: int
    turn: int
    hospital: str
    ward: str
    place: str
    work: str
    since: datetime
    text: str
    url: str = ""


def notice_body(notice: Notice) -> bytes:
    """The message as it is sent and signed."""
    told = asdict(notice) | {"version": VERSION, "since": notice.since.isoformat()}
    return json.dumps(told, ensure_ascii=False, sort_keys=True).encode()


def signature(secret: str, body: bytes, at: datetime) -> str:
    """``t=UNIX,v1=HEX``: HMAC-SHA256 with the webhook's secret over the time, a full stop and the body."""
    seconds = str(int(at.timestamp()))
    digest = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={digest}"


def signature_valid(secret: str, body: bytes, header: str, now: datetime) -> bool:
    """What a receiver checks: the signature is ours, and not older than five minutes."""
    said = dict(part.partition("=")[::2] for part in header.split(","))
    if not said.get("t", "").isdecimal():
        return False
    at = datetime.fromtimestamp(int(said["t"]), now.tzinfo)
    fresh = abs((now - at).total_seconds()) <= SLACK_SECONDS
    return fresh and hmac.compare_digest(signature(secret, body, at), header)


def webhook_send(url: str, secret: str, notice: Notice, *, at: datetime, timeout_seconds: float) -> Answer:
    """Send a notice; raises as :func:`vardnara.gateways.posting.post` does."""
    body = notice_body(notice)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Vardnara",
        "Idempotency-Key": notice.id,
        SIGNATURE_HEADER: signature(secret, body, at),
    }
    return post(url, body, headers, timeout_seconds=timeout_seconds)

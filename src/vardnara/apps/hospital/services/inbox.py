"""The inbox: a message is committed, then acknowledged, never the other way round (invariant 1, H-05).

Messages of all connections that wait at the same moment are stored in one transaction, so that eight senders cost
hardly more commits than one. Applying what they say is somebody else's work (``services.applying``).
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache

import psycopg

from vardnara.apps.hospital.choices import MessageStatus
from vardnara.apps.hospital.events import INBOX_CHANNEL
from vardnara.gateways.hl7.ack import acknowledgement, acknowledgement_codes, as_duplicate
from vardnara.gateways.hl7.reader import Header, Refusal, SenderRules, adt_read, digest, header_read
from vardnara.gateways.mllp.framing import END, Received

logger = logging.getLogger(__name__)

BATCH = 32  # messages in one transaction; one prepared statement for each size
START_SECONDS = 2  # how long a start waits for the database before it begins to listen
RULES_SECONDS = 5  # how old the senders' settings may be

# The columns of a message on its way in: name, type, how psycopg sends it. Values travel as scalars: arrays took three
# times the processor time of the whole round trip.
COLUMNS = (
    ("raw", "%b::bytea"),
    ("digest", "%b::bytea"),
    ("received_at", "%s::timestamptz"),
    ("application", "%s::text"),
    ("facility", "%s::text"),
    ("control_id", "%s::text"),
    ("message_type", "%s::text"),
    ("trigger_event", "%s::text"),
    ("version", "%s::text"),
    ("status", "%s::text"),
    ("reason", "%s::text"),
    ("acknowledgement", "%b::bytea"),
)


@cache
def store_statement(n: int) -> str:
    """Store ``n`` messages, tell the worker, and return each one's stored acknowledgement, in one round trip.

    A message that was refused and is now acceptable takes the place of its refusal; any other repeat only counts.
    """
    names = ", ".join(name for name, _ in COLUMNS)
    row = f"({', '.join(placeholder for _, placeholder in COLUMNS)})"
    mended = "m.status = 'refused' AND excluded.status <> 'refused'"
    return f"""
        WITH stored AS (
            INSERT INTO hospital_inboxmessage AS m ({names}, control_id_reused, duplicates)
            SELECT i.*, EXISTS (
                SELECT 1 FROM hospital_inboxmessage o
                WHERE o.application = i.application AND o.facility = i.facility AND o.control_id = i.control_id
                  AND o.control_id <> '' AND o.status <> 'refused'
            ), 0
            FROM (VALUES {", ".join([row] * n)}) AS i ({names})
            ON CONFLICT ON CONSTRAINT hospital_message_once DO UPDATE SET
                duplicates = m.duplicates + CASE WHEN {mended} THEN 0 ELSE 1 END,
                acknowledgement = CASE WHEN {mended} THEN excluded.acknowledgement ELSE m.acknowledgement END,
                reason = CASE WHEN {mended} THEN '' ELSE m.reason END,
                status = CASE WHEN m.status = 'refused' THEN excluded.status ELSE m.status END
            RETURNING m.application, m.facility, m.control_id, m.digest, m.acknowledgement
        ), told AS (SELECT pg_notify('{INBOX_CHANNEL}', ''))
        SELECT stored.* FROM stored, told
    """  # noqa: S608  (names and placeholders only)


@dataclass(slots=True)
class Entry:
    """One message on its way into the inbox, with who waits for its acknowledgement."""

    raw: bytes
    digest: bytes
    received_at: datetime
    header: Header
    status: str
    reason: str
    acknowledgement: bytes
    stored: asyncio.Future[bytes] = field(repr=False)

    def values(self) -> tuple[object, ...]:
        """In the order of ``COLUMNS``."""
        header = self.header
        return (
            self.raw,
            self.digest,
            self.received_at,
            header.application,
            header.facility,
            header.control_id,
            header.message_type,
            header.trigger,
            header.version,
            str(self.status),
            self.reason,
            self.acknowledgement,
        )

    @property
    def key(self) -> tuple[str, str, str, bytes]:
        """What makes a message the same message (CONTRACT 1.1)."""
        return self.header.application, self.header.facility, self.header.control_id, self.digest


class InboxWriter:
    """Stores what arrives, from any number of connections, and hands back the acknowledgements to send.

    Parameters
    ----------
    address
        ``postgresql://`` address of the database.
    clock
        Reads the time (aware); the only clock here.
    """

    def __init__(self, address: str, clock: Callable[[], datetime]) -> None:
        self._address = address
        self._clock = clock
        self._waiting: deque[Entry] = deque()
        self._wake = asyncio.Event()
        self._ticker: asyncio.Task[None] | None = None
        self._rules: dict[tuple[str, str], SenderRules] = {}
        self._rules_known = asyncio.Event()
        self._serial = itertools.count(1)
        self._stem = f"V{time.time_ns() // 1_000_000:x}"
        self._task: asyncio.Task[None] | None = None
        self.rounds = 0

    async def start(self) -> None:
        """Connect and read the senders' settings; a database that is away for longer is waited for while receiving."""
        self._task = asyncio.create_task(self._run())
        self._ticker = asyncio.create_task(self._tick())
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._rules_known.wait(), START_SECONDS)

    async def stop(self) -> None:
        """Stop; whoever still waits gets no acknowledgement and sends again."""
        for task in (self._ticker, self._task):
            if task is not None:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task

    async def receive(self, received: Received) -> Sequence[bytes]:
        """Store one received message and return the acknowledgements to send back, after commit.

        Raises
        ------
        ConnectionError
            It could not be stored: the connection is to be closed without an answer, and the sender resends.
        """
        entry = self._judge(received)
        self._waiting.append(entry)
        self._wake.set()
        answer = await entry.stored
        return answer.split(END) if answer else ()

    def _judge(self, received: Received) -> Entry:
        """Read the message as far as the answer needs it."""
        at = self._clock()
        raw = received.message
        header, refusal, status = Header(), None, MessageStatus.WAITING
        try:
            if received.fault == "too_long":
                raise Refusal("AR", "207", "MSH", "the message is longer than this listener takes")
            if received.fault:
                raise Refusal("AR", "100", "MSH", "bytes outside an MLLP frame")
            header = header_read(raw)
            rules = self._rules.get((header.application, header.facility), SenderRules())
            reading = adt_read(raw, rules)
            header = reading.header
            if not reading.effective:
                status = MessageStatus.IGNORED
        except Refusal as no:
            refusal, status = no, MessageStatus.REFUSED
        codes = acknowledgement_codes(header, refused=refusal.answer if refusal else "")
        answers = [
            acknowledgement(
                header,
                code,
                at=at,
                serial=f"{self._stem}{next(self._serial)}",
                refusal=refusal,
                text=refusal.text if refusal else "",
            )
            for code in codes
        ]
        return Entry(
            raw=raw,
            digest=digest(raw),
            received_at=at,
            header=_shortened(header),
            status=status,
            reason=str(refusal)[:400] if refusal else "",
            acknowledgement=END.join(answers),
            stored=asyncio.get_running_loop().create_future(),
        )

    async def _run(self) -> None:
        """Keep a connection and store batches; after a lost connection answer nobody, reconnect, go on."""
        pause = 0.1
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(self._address, autocommit=True) as connection:
                    pause = 0.1
                    await self._store_batches(connection)
            except (psycopg.Error, OSError) as error:
                logger.warning("inbox storage is away: %s", error)
                self._give_up()
                await asyncio.sleep(pause)
                pause = min(pause * 2, 2)

    async def _tick(self) -> None:
        """Turn the storing loop once a second even when nothing comes, as its sign of life."""
        while True:
            await asyncio.sleep(1)
            self._wake.set()

    async def _store_batches(self, connection: psycopg.AsyncConnection) -> None:
        rules_read = 0.0
        held: list[Entry] = []
        while True:
            self.rounds += 1
            if time.monotonic() - rules_read > RULES_SECONDS:
                await self._read_rules(connection)
                rules_read = time.monotonic()
            if not held and not self._waiting:
                self._wake.clear()
                await self._wake.wait()
            while len(held) < BATCH and self._waiting:
                held.append(self._waiting.popleft())
            if not held:
                continue
            batch, held = _distinct(held)
            try:
                await self._store(connection, batch)
            except BaseException:
                for entry in (*batch, *held):
                    if not entry.stored.done():
                        entry.stored.set_exception(ConnectionResetError("not stored"))
                raise

    async def _store(self, connection: psycopg.AsyncConnection, batch: list[Entry]) -> None:
        """Store a batch of different messages in one transaction and resolve their waiters."""
        values = [value for entry in batch for value in entry.values()]
        cursor = await connection.execute(store_statement(len(batch)), values, prepare=True)
        answers = {(*row[:3], bytes(row[3])): bytes(row[4]) for row in await cursor.fetchall()}
        for entry in batch:
            answer = answers[entry.key]
            if answer != entry.acknowledgement:
                answer = as_duplicate(answer)
            if not entry.stored.done():
                entry.stored.set_result(answer)

    async def _read_rules(self, connection: psycopg.AsyncConnection) -> None:
        cursor = await connection.execute(
            "SELECT application, facility, time_zone, charset, processing_ids, a03_administrative FROM hospital_sender"
        )
        self._rules = {(row[0], row[1]): SenderRules(*row[2:]) for row in await cursor.fetchall()}
        self._rules_known.set()

    def _give_up(self) -> None:
        """Nobody who waits now gets an answer: what was not stored is not acknowledged."""
        while self._waiting:
            entry = self._waiting.popleft()
            if not entry.stored.done():
                entry.stored.set_exception(ConnectionResetError("not stored"))


def _distinct(held: list[Entry]) -> tuple[list[Entry], list[Entry]]:
    """Entries that may share a transaction, and those held for the next: a repeat, or a control id used twice.

    A control id is used twice in one moment only by a sender that reuses it; holding the second keeps the flag exact.
    """
    batch: dict[tuple[str, str, str], Entry] = {}
    later: list[Entry] = []
    for entry in held:
        if entry.key[:3] in batch:
            later.append(entry)
        else:
            batch[entry.key[:3]] = entry
    return list(batch.values()), later


def _shortened(header: Header) -> Header:
    """The header with its texts cut to what the columns hold; HL7 itself allows a control id of 199 characters."""
    limits = {"application": 200, "facility": 200, "control_id": 200, "message_type": 10, "trigger": 10, "version": 20}
    if all(len(getattr(header, name)) <= limit for name, limit in limits.items()):
        return header
    return replace(header, **{name: getattr(header, name)[:limit] for name, limit in limits.items()})

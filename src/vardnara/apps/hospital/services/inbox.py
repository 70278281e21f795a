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
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any

import psycopg

from vardnara.apps.hospital.choices import MessageStatus
from vardnara.apps.hospital.events import INBOX_CHANNEL
from vardnara.gateways.hl7.ack import acknowledgement, acknowledgement_codes, as_duplicate
from vardnara.gateways.hl7.reader import (
    Header,
    Refusal,
    SenderRules,
    digest,
    header_read,
    header_salvage,
    message_judge,
)
from vardnara.gateways.mllp.framing import END, Received

logger = logging.getLogger(__name__)

BATCH = 32  # messages in one transaction; one prepared statement for each size
DEFAULT_RULES = SenderRules()
START_SECONDS = 2  # how long a start waits for the database before it begins to listen
TELL_SECONDS = 0.003  # how long after a commit the worker is told, once for all that came meanwhile
STORE_SECONDS = 20  # a commit that takes longer is given up; its senders send again
RULES_SECONDS = 5  # how old the senders' settings may be

NEW_SENDERS = 20  # senders listed in one round; more than a few new ones at once is noise on the line
NEW_SENDER = """
INSERT INTO hospital_sender (
    application, facility, time_zone, charset, processing_ids, a03_administrative, contagion_codes, confirmed
) VALUES (%s, %s, 'Europe/Stockholm', '8859/1', 'PT', false, '{}', false) ON CONFLICT DO NOTHING
"""

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
    """Store ``n`` messages and return each one's stored acknowledgement, in one round trip.

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
        )
        SELECT * FROM stored
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
    stored: asyncio.Future[Sequence[bytes]] = field(repr=False)

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
    """Stores what arrives, from any number of connections, and brings back the acknowledgements to send.

    What the event loop has read in one turn is stored in one statement. A single message is stored in the loop itself:
    handing it to a thread or to the selector would double its system calls, which are most of its time. Several at once
    are stored in a thread, and what arrives meanwhile is the next batch.

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
        self._storing = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="inbox")
        self._thread_busy = False
        self._told: asyncio.TimerHandle | None = None
        self._rules: dict[tuple[str, str], SenderRules] = {}
        self._unheard: set[tuple[str, str]] = set()
        self._serial = itertools.count(1)
        self._stem = f"V{time.time_ns() // 1_000_000:x}"
        self._connection: psycopg.Connection | None = None
        self._keeper: asyncio.Task[None] | None = None
        self.rounds = 0

    async def start(self) -> None:
        """Connect and read the senders' settings; a database that is away for longer is waited for while listening."""
        self._keeper = asyncio.create_task(self._keep())
        ends = time.monotonic() + START_SECONDS
        while self._connection is None and time.monotonic() < ends:
            await asyncio.sleep(0.01)

    async def stop(self) -> None:
        """Stop; whoever still waits gets no acknowledgement and sends again."""
        if self._keeper is not None:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper
        self._thread.shutdown(wait=True, cancel_futures=True)
        self._lose()

    def receive(self, received: Received) -> asyncio.Future[Sequence[bytes]]:
        """Take one received message; the future brings the acknowledgements to send back, after commit.

        It fails with ``ConnectionResetError`` where the message could not be stored: the connection is then to be
        closed without an answer, and the sender sends again.
        """
        entry = self._judge(received)
        self._waiting.append(entry)
        self._store_soon()
        return entry.stored

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
            judged = message_judge(raw, header, self._rules.get((header.application, header.facility), DEFAULT_RULES))
            header = judged.header
            if not judged.effective:
                status = MessageStatus.IGNORED
        except Refusal as no:
            refusal, status = no, MessageStatus.REFUSED
            header = header if header.control_id else header_salvage(raw)
        if header.message_type and (header.application, header.facility) not in self._rules:
            self._unheard.add((header.application[:200], header.facility[:200]))
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

    def _store_waiting(self) -> None:
        """Store what was read by now: a single message in the loop, several in a thread while the loop reads on."""
        self._storing = False
        if self._thread_busy or not self._waiting:
            return
        batch, later = _distinct([self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))])
        self._waiting.extendleft(reversed(later))
        if self._connection is None:
            self._failed(batch, psycopg.OperationalError("no connection"))
        elif len(batch) == 1:
            try:
                self._stored(batch, _store(self._connection, batch))
            except (psycopg.Error, OSError) as error:
                self._failed(batch, error)
        else:
            self._thread_busy = True
            loop = asyncio.get_running_loop()
            storing = loop.run_in_executor(self._thread, _store, self._connection, batch)
            storing.add_done_callback(lambda done: self._thread_done(batch, done))
        if self._waiting and not self._thread_busy:
            self._store_soon()

    def _store_soon(self) -> None:
        if not self._storing:
            self._storing = True
            asyncio.get_running_loop().call_soon(self._store_waiting)

    def _thread_done(self, batch: list[Entry], done: asyncio.Future[list[tuple[Any, ...]]]) -> None:
        self._thread_busy = False
        error = done.exception() if not done.cancelled() else asyncio.CancelledError()
        if error is None:
            self._stored(batch, done.result())
            self._store_waiting()
        else:
            self._failed(batch, error)

    def _failed(self, batch: list[Entry], error: BaseException) -> None:
        logger.warning("messages could not be stored and are not acknowledged: %s", str(error).strip())
        self._waiting.extendleft(reversed(batch))
        self._lose()

    def _stored(self, batch: list[Entry], rows: list[tuple[Any, ...]]) -> None:
        """Resolve the waiters of a batch that is committed, and have the worker told."""
        answers = {(*row[:3], bytes(row[3])): bytes(row[4]) for row in rows}
        for entry in batch:
            answer = answers[entry.key]
            if answer != entry.acknowledgement:
                answer = as_duplicate(answer)
            if not entry.stored.done():
                entry.stored.set_result(answer.split(END) if answer else ())
        if self._told is None:
            self._told = asyncio.get_running_loop().call_later(TELL_SECONDS, self._tell)

    def _tell(self) -> None:
        """Tell the worker that something waits; apart from storing, where it would cost a third of each commit."""
        self._told = None
        if self._thread_busy:
            self._told = asyncio.get_running_loop().call_later(TELL_SECONDS, self._tell)
        elif self._connection is not None:
            try:
                self._connection.execute(f"NOTIFY {INBOX_CHANNEL}")
            except psycopg.Error as error:
                logger.warning("the worker was not told: %s", str(error).strip())
                self._lose()

    def _lose(self) -> None:
        """Nobody who waits now gets an answer: what was not stored is not acknowledged."""
        while self._waiting:
            entry = self._waiting.popleft()
            if not entry.stored.done():
                entry.stored.set_exception(ConnectionResetError("not stored"))
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    async def _keep(self) -> None:
        """Keep a connection, keep the senders' settings fresh, and count rounds as a sign of life."""
        rules_read = 0.0
        while True:
            try:
                if self._connection is None or self._connection.closed:
                    self._connection = None
                    connection = await asyncio.to_thread(self._connect)
                    self._read_rules(connection)
                    self._connection, rules_read = connection, time.monotonic()
                elif time.monotonic() - rules_read > RULES_SECONDS:
                    self._read_rules(self._connection)
                    rules_read = time.monotonic()
                self.rounds += 1
                await asyncio.sleep(1)
            except (psycopg.Error, OSError) as error:
                logger.warning("inbox storage is away: %s", str(error).strip())
                self._lose()
                await asyncio.sleep(0.2)

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(
            self._address, autocommit=True, connect_timeout=5, options=f"-c statement_timeout={STORE_SECONDS}s"
        )

    def _read_rules(self, connection: psycopg.Connection) -> None:
        """Read how senders are read; one heard for the first time is listed, so that a person can set it."""
        for application, facility in list(self._unheard)[:NEW_SENDERS]:
            connection.execute(NEW_SENDER, [application, facility])
        self._unheard.clear()
        cursor = connection.execute(
            "SELECT application, facility, time_zone, charset, processing_ids, a03_administrative FROM hospital_sender"
        )
        self._rules = {(row[0], row[1]): SenderRules(*row[2:]) for row in cursor.fetchall()}


def _store(connection: psycopg.Connection, batch: list[Entry]) -> list[tuple[Any, ...]]:
    """Store a batch of different messages in one transaction; the stored acknowledgement of each."""
    values = [value for entry in batch for value in entry.values()]
    return connection.execute(store_statement(len(batch)), values, prepare=True).fetchall()


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

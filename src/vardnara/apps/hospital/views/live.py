"""Live pages: one LISTEN per web process, fanned out to every open page as server-sent events.

The database announces ids only. The hub reads the announcements on one connection of its own and hands each to the
streams of that process; a stream lets through what its reader may reach. The page then fetches what it shows again, so
nothing is ever shown that an ordinary page would not show. Where many read the same page, its parts are rendered once
and travel in the stream themselves (``pushing``).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import psycopg
from asgiref.sync import sync_to_async
from django.db import connection
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.views.access import allow
from vardnara.apps.hospital.events import CHANGES_CHANNEL
from vardnara.apps.hospital.queries.boards import bed_wards, ward_ids_in_reach
from vardnara.apps.hospital.views.pushing import ASK, Board, BoardKey, board_of, connection_return, session_holds
from vardnara.kernel.errors import RuleBroken

logger = logging.getLogger("vardnara.live")

BEAT_SECONDS = 10  # a quiet stream says so this often; the page calls contact lost after three missed beats
QUEUE_LIMIT = 256  # announcements that a slow reader may lag before it is told to read everything again
RETRY_SECONDS = (0.2, 0.5, 1, 2, 5)
INBOX_ROLES = frozenset({Role.INTEGRATOR, Role.ADMINISTRATOR, Role.AUDITOR, Role.COORDINATOR, Role.SERVICE_HEAD})
PARTIES = frozenset({Role.UNION_REP, Role.SAFETY_REP})  # they see cases that are shared with them, and no ward
MATTER_ROLES = frozenset(set(Role) - {Role.SERVICE_WORKER, Role.WARD_STAFF, Role.KITCHEN, Role.INTEGRATOR} - PARTIES)
REFRESH = {"refresh": True}
LOST = {"lost": True}
BEAT: dict[str, object] = {"beat": True}


@dataclass(eq=False)
class Subscriber:
    """One open page and what it may hear of."""

    wards: frozenset[int]
    inbox: bool
    matters: bool = False
    board: BoardKey | None = None  # of a page whose parts are pushed to it
    session: str = ""
    user_id: int = 0
    queue: asyncio.Queue[dict[str, object] | bytes] = field(default_factory=lambda: asyncio.Queue(QUEUE_LIMIT))

    def put(self, change: dict[str, object] | bytes) -> None:
        """Hand over a change; a reader that lags too far is told to read everything again instead."""
        try:
            self.queue.put_nowait(change)
        except asyncio.QueueFull:
            while not self.queue.empty():
                self.queue.get_nowait()
            self.queue.put_nowait(REFRESH)


@dataclass
class Hub:
    """The process's one listening connection and the pages behind it. Lives in one event loop."""

    subscribers: set[Subscriber] = field(default_factory=set)
    task: asyncio.Task[None] | None = None
    listening: bool = False
    ward_of_bed: dict[int, int] = field(default_factory=dict)
    boards: dict[BoardKey, Board] = field(default_factory=dict)

    def join(self, subscriber: Subscriber) -> None:
        """Add a page, and start to listen when it is the first."""
        self.subscribers.add(subscriber)
        if subscriber.board is not None:
            self.boards.setdefault(subscriber.board, Board(subscriber.board)).join(subscriber)
        if self.task is None or self.task.done():
            self.task = asyncio.get_running_loop().create_task(self._run())

    def leave(self, subscriber: Subscriber) -> None:
        """Drop a page, and stop to listen after the last."""
        self.subscribers.discard(subscriber)
        if subscriber.board is not None and self.boards[subscriber.board].leave(subscriber):
            del self.boards[subscriber.board]
        if not self.subscribers and self.task is not None:
            self.task.cancel()
            self.task = None
            self.listening = False

    def tell(self, change: dict[str, object]) -> None:
        for subscriber in self.subscribers:
            subscriber.put(change)

    async def _run(self) -> None:
        tries = 0
        while True:
            try:
                async with await _connect() as database:
                    await database.execute(f"LISTEN {CHANGES_CHANNEL}")
                    tries = 0
                    self.listening = True
                    self.tell(REFRESH)
                    async for notification in database.notifies():
                        await self._spread(notification.payload)
            except (psycopg.Error, OSError) as error:
                logger.warning("listening connection lost", extra={"data": {"error": str(error)[:200]}})
            if self.listening:
                self.listening = False
                self.tell(LOST)
            await asyncio.sleep(RETRY_SECONDS[min(tries, len(RETRY_SECONDS) - 1)])
            tries += 1

    async def _spread(self, payload: str) -> None:
        """Hand an announcement to every page that may hear of some of it."""
        try:
            change = json.loads(payload)
        except ValueError:
            logger.warning("announcement that cannot be read", extra={"data": {"payload": payload[:80]}})
            return
        beds = change.get("beds", [])
        if any(bed not in self.ward_of_bed for bed in beds):
            self.ward_of_bed = await sync_to_async(_bed_wards_once)()
        for board in self.boards.values():
            board.note(self._part(change, board.key.wards, inbox=False))
        for subscriber in self.subscribers:
            if subscriber.board is None:
                part = self._part(change, subscriber.wards, inbox=subscriber.inbox)
                if change.get("matters") and subscriber.matters:
                    part["matters"] = True
                if part:
                    subscriber.put(part)

    def _part(self, change: dict[str, object], reach: frozenset[int], *, inbox: bool) -> dict[str, object]:
        wards = change.get("wards", [])
        part: dict[str, object] = {
            "beds": [bed for bed in change.get("beds", []) if self.ward_of_bed.get(bed) in reach],
            "wards": [ward for ward in wards if ward in reach],
            "tasks": change.get("tasks", []) if not wards or reach.intersection(wards) else [],
            "inbox": bool(change.get("inbox")) and inbox,
        }
        return {name: value for name, value in part.items() if value}


def _bed_wards_once() -> dict[int, int]:
    try:
        return bed_wards()
    finally:
        connection_return()


async def _connect() -> psycopg.AsyncConnection:
    """A connection of the hub's own, to the database that Django uses."""
    params = dict(connection.get_connection_params())
    for name in ("context", "cursor_factory", "pool", "server_side_binding", "prepare_threshold"):
        params.pop(name, None)
    params.update(autocommit=True, keepalives_idle=30, keepalives_interval=10, keepalives_count=3)
    return await psycopg.AsyncConnection.connect(**params)


_hubs: dict[int, Hub] = {}


def hub() -> Hub:
    """The hub of the running event loop: one a process in service, one a loop in tests."""
    return _hubs.setdefault(id(asyncio.get_running_loop()), Hub())


def _frame(event: str, data: dict[str, object]) -> bytes:
    return f"event: {event}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n".encode()


async def stream(subscriber: Subscriber) -> AsyncIterator[bytes]:
    """The events of one page until it goes away. Changes that are already waiting travel together.

    Parts are pushed only as long as the reader's session is what it was when the page was opened.
    """
    here = hub()
    here.join(subscriber)
    checked = time.monotonic()
    try:
        yield b"retry: 1000\n\n"
        if here.listening:
            subscriber.put(REFRESH)
        while True:
            try:
                change = await asyncio.wait_for(subscriber.queue.get(), BEAT_SECONDS)
            except TimeoutError:
                change = BEAT
            if subscriber.board is not None and time.monotonic() - checked > BEAT_SECONDS:
                checked = time.monotonic()
                if not await sync_to_async(session_holds)(subscriber.session, subscriber.board):
                    yield _frame("change", REFRESH)  # the page asks, and is sent where it belongs
                    return
            if isinstance(change, bytes):
                yield change
            elif change is REFRESH and subscriber.board is not None:
                here.boards[subscriber.board].renew(subscriber)
            elif change is ASK:
                yield _frame("change", REFRESH)
            elif change is BEAT or change is LOST:
                listening = here.listening and change is BEAT
                yield _frame("beat", {"listening": listening, "now": timezone.now().isoformat()})
            else:
                yield _frame("change", change)
    finally:
        with contextlib.suppress(RuntimeError):
            here.leave(subscriber)


def _subscriber(request: HttpRequest) -> Subscriber:
    """What a user may hear of. The database connection goes back at once: a stream may stay open for days."""
    user = request.user
    try:
        try:
            wards = frozenset() if user.role in PARTIES else ward_ids_in_reach(actor=user)
        except RuleBroken:
            wards = frozenset()
        board = board_of(request.GET.get("delar", ""), user=user, wards=wards)
        session = request.session.session_key or ""
        return Subscriber(
            wards=wards,
            inbox=user.role in INBOX_ROLES,
            matters=user.role in MATTER_ROLES,
            board=board,
            session=session,
            user_id=user.pk,
        )
    finally:
        connection_return()


@allow(*Role)
async def events(request: HttpRequest) -> StreamingHttpResponse:
    """The stream of changes for one page."""
    subscriber = await sync_to_async(_subscriber)(request)
    return StreamingHttpResponse(
        stream(subscriber),
        content_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )

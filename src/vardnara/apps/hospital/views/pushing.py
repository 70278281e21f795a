"""Parts that say the same to everybody with the same reach: rendered once, and pushed to every page that shows them.

Thirty open boards would ask thirty times for the same few tiles. A view marked ``shared`` gives parts that depend on
nothing but its address, the reader's role, wards and language; for each such combination there is one ``Board``, which
renders what has changed and hands the same bytes to all its readers, in order. Nobody gets a board by another's rights:
role and wards are part of what a board is, and a reader's session is looked at again as long as the stream lasts.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, QueryDict
from django.urls import Resolver404, resolve
from django.utils import translation

from vardnara.apps.hospital.queries.boards import ward_ids_in_reach
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.auth.models import AbstractUser as User
    from django.http import HttpResponse

logger = logging.getLogger("vardnara.live")

PACE_SECONDS = 0.08  # from one rendering to the next: what changes meanwhile goes out together
IDS_LIMIT = 300  # more ids than this and everything is rendered
DUE_LATEST_SECONDS = 3600.0  # the clock may be set meanwhile
DUE_HEADER = "Vardnara-Due"  # when a part changes without any event: the next moment at which something is late
ASK: dict[str, object] = {"ask": True}  # what could not be rendered for all, each page asks for itself
NAMES = ("beds", "wards", "tasks")


def shared[View: Callable[..., HttpResponse]](view: View) -> View:
    """Mark a view of parts that are the same for every reader with the same role, wards and language."""
    view.shared = True  # type: ignore[attr-defined]
    return view


@dataclass(frozen=True, slots=True)
class BoardKey:
    """What the content of a board depends on."""

    address: str
    role: str
    wards: frozenset[int]
    language: str


class Reader(Protocol):
    """An open page that takes what is pushed. Boards are rendered with the eyes of one of their readers."""

    user_id: int

    def put(self, change: dict[str, object] | bytes) -> None:
        """Take a frame, or a word on what to do."""


def connection_return() -> None:
    """Give the database connection back now: a stream stays open for days and must not hold one."""
    if not connection.in_atomic_block:
        connection.close()


def board_of(address: str, *, user: User, wards: frozenset[int]) -> BoardKey | None:
    """The board of the parts at an address; None where they are not shared or the user may not read them."""
    if not address or len(address) > 500:
        return None
    try:
        view = resolve(address.partition("?")[0]).func
    except Resolver404:
        return None
    if not getattr(view, "shared", False) or user.role not in view.access.roles:
        return None
    return BoardKey(address, user.role, wards, translation.get_language() or "")


def session_holds(session_key: str, key: BoardKey) -> bool:
    """Whether the reader is still signed in, with the role and the wards that the board has."""
    try:
        user_id = SessionStore(session_key).get("_auth_user_id")
        return user_id is not None and _user_of(user_id, key) is not None
    finally:
        connection_return()


def _user_of(user_id: int | str, key: BoardKey) -> User | None:
    """The user, if still one who may read the board and sees just what it shows."""
    user = get_user_model().objects.filter(pk=user_id, is_active=True).first()
    if user is not None and user.demo and not settings.DEMO:
        return None
    try:
        return user if user and user.role == key.role and ward_ids_in_reach(actor=user) == key.wards else None
    except RuleBroken:
        return None


@dataclass
class Board:
    """One set of shared parts and the pages that show it. Lives in one event loop."""

    key: BoardKey
    _readers: set[Reader] = field(default_factory=set)
    _new: set[Reader] = field(default_factory=set)  # who are to get everything
    _changes: dict[str, set[int]] = field(default_factory=lambda: {name: set() for name in NAMES})
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _due: asyncio.TimerHandle | None = None
    _is_due: bool = False
    _seen_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    _task: asyncio.Task[None] | None = None

    def join(self, reader: Reader) -> None:
        """Add a page; it gets nothing before ``renew``."""
        self._readers.add(reader)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run())

    def leave(self, reader: Reader) -> bool:
        """Drop a page; True after the last."""
        self._readers.discard(reader)
        self._new.discard(reader)
        if self._readers:
            return False
        if self._task is not None:
            self._task.cancel()
        if self._due is not None:
            self._due.cancel()
        return True

    def renew(self, reader: Reader) -> None:
        """Give a page everything, in its turn."""
        self._new.add(reader)
        self._wake.set()

    def note(self, change: dict[str, list[int]]) -> None:
        """Something has changed: ids by name."""
        for name in NAMES:
            self._changes[name].update(change.get(name, ()))
        if change:
            self._wake.set()

    def _fall_due(self) -> None:
        self._is_due = True
        self._wake.set()

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            began = time.monotonic()
            self._wake.clear()
            new, self._new = self._new, set()
            changes, self._changes = self._changes, {name: set() for name in NAMES}
            since, self._seen_at = self._seen_at, datetime.now(UTC)
            due, self._is_due = self._is_due, False
            if (old := self._readers - new) and (due or any(changes.values())):
                self._hand(await self._rendered(changes, since), old)
            if new:
                self._hand(await self._rendered(None, since), new)
            await asyncio.sleep(max(0.0, began + PACE_SECONDS - time.monotonic()))

    def _hand(self, frame: bytes | None, readers: set[Reader]) -> None:
        for reader in readers & self._readers:
            reader.put(ASK if frame is None else frame)

    async def _rendered(self, changes: dict[str, set[int]] | None, since: datetime) -> bytes | None:
        """The parts that have changed, or all of them without ``changes``, as a frame; None where that failed."""
        try:
            html, due = await sync_to_async(self._render, thread_sensitive=False)(changes, since)
        except Exception as error:  # whatever it is: pages that hear nothing would show what is no longer so
            logger.warning("shared parts not rendered", extra={"data": {"error": repr(error)[:200]}})
            return None
        if self._due is not None:
            self._due.cancel()
            self._due = None
        if due is not None:
            wait = min(max((due - datetime.now(UTC)).total_seconds(), 0.0) + 0.2, DUE_LATEST_SECONDS)
            self._due = asyncio.get_running_loop().call_later(wait, self._fall_due)
        data = json.dumps({"html": html, "quiet": changes is None}, ensure_ascii=False, separators=(",", ":"))
        return f"event: parts\ndata: {data}\n\n".encode()

    def _render(self, changes: dict[str, set[int]] | None, since: datetime) -> tuple[str, datetime | None]:
        """Ask the view as a page would, in a thread of its own."""
        path, _, query = self.key.address.partition("?")
        words = QueryDict(query, mutable=True)
        words["sedan"] = since.isoformat()
        if changes is None or sum(map(len, changes.values())) > IDS_LIMIT:
            words["alla"] = "1"
        else:
            for name in NAMES:
                words[name] = ",".join(map(str, sorted(changes[name])))
        request = HttpRequest()
        request.method, request.path, request.path_info = "GET", path, path
        request.GET = words
        request.resolver_match = resolve(path)
        try:
            user_ids = sorted({reader.user_id for reader in self._readers})
            request.user = next(filter(None, (_user_of(user_id, self.key) for user_id in user_ids)), None)
            if request.user is None:
                raise PermissionDenied("nobody who reads this board may")
            with translation.override(self.key.language):
                response = request.resolver_match.func(request, **request.resolver_match.kwargs)
        finally:
            connection_return()
        due = response.headers.get(DUE_HEADER)
        return response.content.decode(), datetime.fromisoformat(due) if due else None

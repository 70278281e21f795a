"""A part's sign of life, written by the part's own loop, so that a part that is alive but does not work is seen.

Call :meth:`Heartbeat.beat` (or :meth:`Heartbeat.beat_async`) once in every round of the loop, never from a thread
beside it: a loop that stands still must let the sign stand still. It writes at most once a second, on a connection of
its own, by the database's clock. A database that does not answer never ends a part; it only stops the sign.
"""

from __future__ import annotations

import logging
import os
import socket
import time
from contextlib import suppress

import psycopg

BEAT_SECONDS = 1.0
FORGOTTEN_AFTER = "10 minutes"  # a nameless process of this machine that was killed leaves its row behind

WRITE = """
INSERT INTO hospital_partheartbeat (part, instance, started_at, beat_at, restarts, note)
VALUES (%(part)s, %(instance)s, clock_timestamp(), clock_timestamp(), 0, '')
ON CONFLICT (part, instance) DO UPDATE SET beat_at = excluded.beat_at,
  started_at = CASE WHEN %(first)s THEN excluded.started_at ELSE hospital_partheartbeat.started_at END
"""
FORGET = """
DELETE FROM hospital_partheartbeat WHERE part = %(part)s AND starts_with(instance, %(machine)s)
  AND beat_at < clock_timestamp() - %(forgotten_after)s::interval
"""
LEAVE = "DELETE FROM hospital_partheartbeat WHERE part = %(part)s AND instance = %(instance)s"

logger = logging.getLogger(__name__)


class Heartbeat:
    """The sign of life of one part.

    Parameters
    ----------
    part
        ``web``, ``listener``, ``worker``, ...
    instance
        Which one, where several run; by default ``VARDNARA_INSTANCE``, else machine and process number.
    url
        Address of the database; by default ``DATABASE_URL``.
    """

    def __init__(self, part: str, instance: str | None = None, *, url: str | None = None) -> None:
        named = instance or os.environ.get("VARDNARA_INSTANCE")
        machine = f"{socket.gethostname()[:60]}:"
        self.part = part
        self.instance = named or f"{machine}{os.getpid()}"
        self.url = os.environ.get("DATABASE_URL", "") if url is None else url
        self._nameless = named is None
        self._values: dict[str, str | bool] = {
            "part": part,
            "instance": self.instance,
            "machine": machine,
            "first": True,
        }
        self._values["forgotten_after"] = FORGOTTEN_AFTER
        self._next = 0.0
        self._failing = False
        self._connection: psycopg.Connection | None = None
        self._connection_async: psycopg.AsyncConnection | None = None

    def _due(self) -> bool:
        now = time.monotonic()
        if now < self._next:
            return False
        self._next = now + BEAT_SECONDS
        return True

    def _statements(self) -> list[str]:
        return [FORGET, WRITE] if self._values["first"] and self._nameless else [WRITE]

    def _written(self) -> None:
        self._values["first"] = False
        self._failing = False

    def _failed(self, error: Exception) -> None:
        if not self._failing:
            logger.warning("heartbeat of %s not written: %s", self.part, str(error).strip())
        self._failing = True

    def beat(self) -> None:
        """Write the sign if a second has passed."""
        if not self._due():
            return
        try:
            if self._connection is None:
                self._connection = psycopg.connect(self.url, autocommit=True, connect_timeout=5)
            for statement in self._statements():
                self._connection.execute(statement, self._values)
            self._written()
        except psycopg.Error as error:
            self._failed(error)
            self._drop()

    async def beat_async(self) -> None:
        """Write the sign if a second has passed, without holding up the event loop."""
        if not self._due():
            return
        try:
            if self._connection_async is None:
                connect = psycopg.AsyncConnection.connect
                self._connection_async = await connect(self.url, autocommit=True, connect_timeout=5)
            for statement in self._statements():
                await self._connection_async.execute(statement, self._values)
            self._written()
        except psycopg.Error as error:
            self._failed(error)
            await self._drop_async()

    def close(self) -> None:
        """End in order: a nameless instance takes its row along, a named one is expected back."""
        if self._connection is not None and self._nameless:
            with suppress(psycopg.Error):
                self._connection.execute(LEAVE, self._values)
        self._drop()

    async def close_async(self) -> None:
        """As :meth:`close`."""
        if self._connection_async is not None and self._nameless:
            with suppress(psycopg.Error):
                await self._connection_async.execute(LEAVE, self._values)
        await self._drop_async()

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    async def _drop_async(self) -> None:
        if self._connection_async is not None:
            await self._connection_async.close()
            self._connection_async = None

"""The pages: Django under uvicorn, with a heartbeat from the server's own event loop."""

from __future__ import annotations

import asyncio
import os
import socket
from contextlib import suppress

import uvicorn
from django.urls import get_resolver

from vardnara.config.parts.heartbeat import BEAT_SECONDS, Heartbeat

GRACE_SECONDS = 1  # live pages stay open for ever: they are cut off and connect again by themselves


class Server(uvicorn.Server):
    """A server that shows its sign of life and ends quietly when told to."""

    async def _serve(self, sockets: list[object] | None = None) -> None:
        heart = asyncio.create_task(self._beat())
        try:
            await super()._serve(sockets)  # type: ignore[arg-type]
        finally:
            heart.cancel()
            with suppress(asyncio.CancelledError):
                await heart
        self._captured_signals.clear()  # being told to stop is not a failure

    async def _beat(self) -> None:
        heartbeat = Heartbeat("web")
        try:
            while True:
                if self.started:
                    await heartbeat.beat_async()
                await asyncio.sleep(BEAT_SECONDS / 2)
        finally:
            await heartbeat.close_async()


def main(*, host: str, port: int, door: int | None = None) -> int:
    """Serve the pages until SIGTERM or SIGINT; open streams end within two seconds.

    ``door`` is a socket that whoever started us has bound, instead of ``host`` and ``port``; others may serve it too.
    """
    os.environ.setdefault("VARDNARA_DB_POOL", "1")
    config = uvicorn.Config(
        "vardnara.config.asgi:application",
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=GRACE_SECONDS,
        proxy_headers=True,
    )
    _ = get_resolver().url_patterns  # what is wrong with the pages ends the part now, not at the first visit
    server = Server(config)
    server.run(None if door is None else [socket.socket(fileno=door)])
    return 0 if server.started else 1

"""The MLLP listener: one asyncio loop that receives, stores and answers. Knows nothing of what messages mean."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from datetime import UTC, datetime

from vardnara.apps.hospital.services.inbox import InboxWriter
from vardnara.config.parts.heartbeat import Heartbeat
from vardnara.gateways.mllp.server import MllpServer, tls_context

logger = logging.getLogger(__name__)


def main(
    *,
    host: str,
    port: int,
    tls_certificate: str | None = None,
    tls_key: str | None = None,
    tls_client_ca: str | None = None,
    max_message_bytes: int,
) -> int:
    """Listen until SIGTERM or SIGINT; returns the exit status."""
    tls = tls_context(tls_certificate, tls_key, tls_client_ca) if tls_certificate and tls_key else None
    return asyncio.run(_serve(host, port, tls, max_message_bytes))


async def _serve(host: str, port: int, tls: object, max_message_bytes: int) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    writer = InboxWriter(os.environ["DATABASE_URL"], lambda: datetime.now(UTC))
    server = MllpServer(writer.receive, max_bytes=max_message_bytes)
    await writer.start()
    try:
        await server.start(host, port, tls)  # type: ignore[arg-type]
    except OSError as error:
        print(f"vardnara listen: cannot listen on {host}:{port}: {error.strerror or error}", file=sys.stderr)
        await writer.stop()
        return 1
    heartbeat = Heartbeat("listener")
    rounds = -1
    while not stop.is_set():
        # the storing loop turns at least once a second; only then is this part said to work
        if writer.rounds != rounds:
            rounds = writer.rounds
            await heartbeat.beat_async()
        try:
            await asyncio.wait_for(stop.wait(), 0.5)
        except TimeoutError:
            continue
    await server.stop()
    await writer.stop()
    await heartbeat.close_async()
    return 0

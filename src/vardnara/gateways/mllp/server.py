"""An asyncio MLLP server: many connections, any split of frames, optional TLS with client certificates."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import ssl
from collections.abc import Awaitable, Callable, Sequence

from vardnara.gateways.mllp.framing import Deframer, Received, frame

logger = logging.getLogger(__name__)

Handler = Callable[[Received], Awaitable[Sequence[bytes]]]


class MllpServer:
    """Hands each message to ``handler`` and writes back what it returns, in the order of receipt on each connection.

    Parameters
    ----------
    handler
        Coroutine from a received message to the answers to send (none, one, or accept then application level). It
        must not return before the message is safely stored.
    max_bytes
        Largest message.
    idle_seconds
        A connection that is silent for so long is closed.
    """

    def __init__(self, handler: Handler, *, max_bytes: int, idle_seconds: float = 3600) -> None:
        self._handler = handler
        self._max_bytes = max_bytes
        self._idle_seconds = idle_seconds
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    @property
    def connections(self) -> int:
        """How many connections are open now."""
        return len(self._connections)

    async def start(self, host: str, port: int, tls: ssl.SSLContext | None = None) -> int:
        """Listen; returns the port, which is chosen by the system where ``port`` is 0."""
        self._server = await asyncio.start_server(self._serve, host, port, ssl=tls, backlog=256)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Stop listening and close what is open. A message that was not stored is not answered: its sender resends."""
        if self._server is not None:
            self._server.close()
        for task in list(self._connections):
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            await self._converse(reader, writer)
        except (ConnectionError, TimeoutError, ssl.SSLError, asyncio.CancelledError):
            pass
        except Exception:
            logger.exception("an MLLP connection was closed after an unexpected error")
        finally:
            self._connections.discard(task)
            writer.close()
            with contextlib.suppress(Exception, asyncio.CancelledError):
                await asyncio.wait_for(writer.wait_closed(), 2)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        deframer = Deframer(self._max_bytes)
        loop = asyncio.get_running_loop()
        heard = loop.time()

        def close_if_silent() -> None:
            silent = loop.time() - heard
            if silent >= self._idle_seconds:
                writer.transport.abort()
            else:
                timers[0] = loop.call_later(self._idle_seconds - silent, close_if_silent)

        timers = [loop.call_later(self._idle_seconds, close_if_silent)]
        try:
            while packet := await reader.read(65536):
                heard = loop.time()
                for received in deframer.feed(packet):
                    for answer in await self._handler(received):
                        writer.write(frame(answer))
                await writer.drain()
        finally:
            timers[0].cancel()


def tls_context(certificate: str, key: str, client_ca: str | None) -> ssl.SSLContext:
    """TLS for the listener; with ``client_ca`` a client without a certificate of that authority is refused."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    if client_ca:
        context.load_verify_locations(client_ca)
        context.verify_mode = ssl.CERT_REQUIRED
    return context

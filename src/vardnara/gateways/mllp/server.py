"""An asyncio MLLP server: many connections, any split of frames, optional TLS with client certificates."""

from __future__ import annotations

import asyncio
import ssl
from collections import deque
from collections.abc import Callable, Sequence

from vardnara.gateways.mllp.framing import Deframer, Received, frame

Handler = Callable[[Received], "asyncio.Future[Sequence[bytes]]"]
UNANSWERED = 64  # messages of one connection that may wait for an answer before it is no longer read


class MllpServer:
    """Hands each message to ``handler`` and writes back what its future brings, in the order of receipt.

    Parameters
    ----------
    handler
        From a received message to a future of the answers to send (none, one, or accept then application level). The
        future must not be resolved before the message is safely stored; where it fails, the connection is closed
        without an answer, and the sender sends again.
    max_bytes
        Largest message.
    idle_seconds
        A connection that is silent for so long is closed.
    """

    def __init__(self, handler: Handler, *, max_bytes: int, idle_seconds: float = 3600) -> None:
        self.handler = handler
        self.max_bytes = max_bytes
        self.idle_seconds = idle_seconds
        self.open: set[_Connection] = set()
        self._server: asyncio.Server | None = None

    async def start(self, host: str, port: int, tls: ssl.SSLContext | None = None) -> int:
        """Listen; returns the port, which is chosen by the system where ``port`` is 0."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Connection(self), host, port, ssl=tls, backlog=256)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Stop listening and close what is open. A message that was not stored is not answered: its sender resends."""
        if self._server is not None:
            self._server.close()
        for connection in list(self.open):
            connection.abort()
        await asyncio.sleep(0)


class _Connection(asyncio.Protocol):
    """One sender's connection. No task for each message: answers are written as their futures come in, in order."""

    def __init__(self, server: MllpServer) -> None:
        self._server = server
        self._deframer = Deframer(server.max_bytes)
        self._waiting: deque[asyncio.Future[Sequence[bytes]]] = deque()
        self._loop = asyncio.get_running_loop()
        self._heard = self._loop.time()
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._reading = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._server.open.add(self)
        self._timer = self._loop.call_later(self._server.idle_seconds, self._close_if_silent)

    def connection_lost(self, exc: Exception | None) -> None:
        self._server.open.discard(self)
        self._transport = None
        if self._timer is not None:
            self._timer.cancel()

    def abort(self) -> None:
        """Close at once."""
        if self._transport is not None:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        self._heard = self._loop.time()
        for received in self._deframer.feed(data):
            stored = self._server.handler(received)
            self._waiting.append(stored)
            stored.add_done_callback(self._answer)
        self._read(len(self._waiting) < UNANSWERED)

    def pause_writing(self) -> None:
        self._read(False)

    def resume_writing(self) -> None:
        self._read(True)

    def _answer(self, _: asyncio.Future[Sequence[bytes]]) -> None:
        """Write every answer whose turn has come."""
        while self._waiting and self._waiting[0].done():
            stored = self._waiting.popleft()
            if stored.cancelled() or stored.exception() is not None:
                self.abort()
            elif self._transport is not None:
                for answer in stored.result():
                    self._transport.write(frame(answer))
        self._read(len(self._waiting) < UNANSWERED)

    def _read(self, wanted: bool) -> None:
        """Read on, or let the sender wait."""
        if self._transport is None or wanted == self._reading or self._transport.is_closing():
            return
        self._reading = wanted
        if wanted:
            self._transport.resume_reading()
        else:
            self._transport.pause_reading()

    def _close_if_silent(self) -> None:
        silent = self._loop.time() - self._heard
        if silent >= self._server.idle_seconds and not self._waiting:
            self.abort()
        else:
            wait = max(1.0, self._server.idle_seconds - silent)
            self._timer = self._loop.call_later(wait, self._close_if_silent)


def tls_context(certificate: str, key: str, client_ca: str | None) -> ssl.SSLContext:
    """TLS for the listener; with ``client_ca`` a client without a certificate of that authority is refused."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    if client_ca:
        context.load_verify_locations(client_ca)
        context.verify_mode = ssl.CERT_REQUIRED
    return context

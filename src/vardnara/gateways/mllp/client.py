"""An asyncio MLLP client that sends as a real sender does: one message at a time, waiting for its answer."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from types import TracebackType

from vardnara.gateways.mllp.framing import Deframer, frame
from vardnara.kernel.errors import GatewayError


class MllpClient:
    """One connection.

    Parameters
    ----------
    host, port
        The listener.
    timeout_seconds
        How long to wait for a connection, and for an answer.
    tls
        TLS context, or None for plain TCP.
    """

    def __init__(self, host: str, port: int, *, timeout_seconds: float = 30, tls: ssl.SSLContext | None = None) -> None:
        self._host = host
        self._port = port
        self._timeout = timeout_seconds
        self._tls = tls
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._deframer = Deframer(1 << 24)
        self._answers: list[bytes] = []

    async def connect(self) -> None:
        """Open the connection.

        Raises
        ------
        GatewayError
            ``no_connection`` where nothing answers.
        """
        try:
            self._reader, self._writer = await asyncio.wait_for(
                asyncio.open_connection(self._host, self._port, ssl=self._tls), self._timeout
            )
        except (OSError, TimeoutError) as error:
            raise GatewayError("no_connection", f"{self._host}:{self._port}: {error}") from error

    async def send(self, message: bytes, *, answers: int = 1) -> bytes | None:
        """Send one message and return its (last) answer; None where ``answers`` is 0 or none came in time.

        Raises
        ------
        GatewayError
            ``connection_lost`` where the other side closed; the message may or may not have been stored.
        """
        if self._writer is None:
            await self.connect()
        assert self._writer is not None
        try:
            self._writer.write(frame(message))
            await self._writer.drain()
            answer = None
            for _ in range(answers):
                answer = await asyncio.wait_for(self._next(), self._timeout)
            return answer
        except TimeoutError:
            return None
        except OSError as error:
            raise GatewayError("connection_lost", str(error)) from error

    async def close(self) -> None:
        """Close the connection."""
        if self._writer is not None:
            self._writer.close()
            with contextlib.suppress(OSError, ssl.SSLError):
                await self._writer.wait_closed()
            self._writer = self._reader = None

    async def _next(self) -> bytes:
        assert self._reader is not None
        while not self._answers:
            packet = await self._reader.read(65536)
            if not packet:
                raise GatewayError("connection_lost", "the other side closed the connection")
            self._answers += [received.message for received in self._deframer.feed(packet)]
        return self._answers.pop(0)

    async def __aenter__(self) -> MllpClient:
        await self.connect()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

"""Frames: 0x0B, the message, 0x1C 0x0D. Any split over packets is legal; noise between frames is not lost silently."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

START = b"\x0b"
END = b"\x1c\r"


def frame(message: bytes) -> bytes:
    """The message as it goes over the wire."""
    return START + message + END


@dataclass(frozen=True, slots=True)
class Received:
    """One message, or a fault of the framing with the bytes that it is about."""

    message: bytes
    fault: str = ""


class Deframer:
    """Feeds on packets, yields messages.

    Parameters
    ----------
    max_bytes
        A frame that grows beyond this is a fault (``too_long``); the stream is then skipped to the frame's end.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max = max_bytes
        self._buffer = bytearray()
        self._scanned = 0
        self._in_frame = False
        self._skipping = False

    def feed(self, packet: bytes) -> Iterator[Received]:
        """The messages that are complete after ``packet``, in order, with framing faults among them."""
        self._buffer += packet
        while True:
            if self._in_frame:
                end = self._buffer.find(END, max(self._scanned - 1, 0))
                if end < 0:
                    self._scanned = len(self._buffer)
                    if len(self._buffer) > self._max and not self._skipping:
                        self._skipping = True
                        yield Received(bytes(self._buffer[:1024]), "too_long")
                    if self._skipping:
                        del self._buffer[:-1]
                        self._scanned = 0
                    return
                message = bytes(self._buffer[:end])
                del self._buffer[: end + len(END)]
                too_long = len(message) > self._max
                if not self._skipping:
                    yield Received(message[:1024] if too_long else message, "too_long" if too_long else "")
                self._in_frame = self._skipping = False
            else:
                start = self._buffer.find(START)
                noise = bytes(self._buffer if start < 0 else self._buffer[:start])
                if start < 0:
                    if len(noise.strip(b"\r\n \t\x00")) > 0 and len(noise) >= 3:
                        self._buffer.clear()
                        yield Received(noise[:1024], "no_start")
                    elif len(noise) > 64:
                        self._buffer.clear()
                    return
                if noise.strip(b"\r\n \t\x00"):
                    yield Received(noise[:1024], "no_start")
                del self._buffer[: start + 1]
                self._in_frame = True
            self._scanned = 0


def messages_in_file(content: bytes) -> Iterator[bytes]:
    """The messages of a file in any framing: MLLP frames, or plain text where each begins at a line with ``MSH``.

    Segment ends become CR, as on the wire. BHS/FHS batch envelopes are left out; what they hold is read.
    """
    if START in content:
        deframer = Deframer(max_bytes=max(len(content), 1))
        yield from (received.message for received in deframer.feed(content) if not received.fault)
        return
    if content[:3] == b"\xef\xbb\xbf":
        content = content[3:]
    lines: list[bytes] = []
    for line in content.replace(b"\r\n", b"\r").replace(b"\n", b"\r").split(b"\r"):
        if line[:3] == b"MSH" and lines:
            yield b"\r".join(lines) + b"\r"
            lines = []
        if line[:3] in (b"FHS", b"BHS", b"BTS", b"FTS"):
            continue
        if line.strip() and (lines or line[:3] == b"MSH"):
            lines.append(line)
    if lines:
        yield b"\r".join(lines) + b"\r"

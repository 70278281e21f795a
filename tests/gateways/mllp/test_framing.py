"""Frames survive every legal split, and noise is told, not swallowed."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from vardnara.gateways.mllp.framing import Deframer, Received, frame, messages_in_file

MESSAGES = st.lists(
    st.binary(min_size=1, max_size=200).filter(lambda b: b"\x0b" not in b and b"\x1c" not in b), max_size=6
)


@given(MESSAGES, st.lists(st.integers(0, 1500), max_size=20))
def test_any_split_gives_the_same_messages(messages: list[bytes], cuts: list[int]) -> None:
    """Packets may end anywhere, between 0x1C and 0x0D too."""
    stream = b"".join(frame(message) for message in messages)
    edges = sorted({0, len(stream), *(cut for cut in cuts if cut < len(stream))})
    deframer = Deframer(1000)
    got = [r for a, b in pairwise(edges) for r in deframer.feed(stream[a:b])]
    assert got == [Received(message) for message in messages]


def test_byte_by_byte() -> None:
    """The slowest sender there is."""
    deframer = Deframer(1000)
    stream = frame(b"MSH|one\r") + b"\r\n" + frame(b"MSH|two\r")
    got = [received for byte in stream for received in deframer.feed(bytes([byte]))]
    assert [received.message for received in got] == [b"MSH|one\r", b"MSH|two\r"]


def test_too_long_is_told_once_and_the_stream_goes_on() -> None:
    """A frame beyond the limit is a fault; the next message is read as ever."""
    deframer = Deframer(100)
    stream = frame(b"x" * 5000) + frame(b"MSH|ok")
    got = [r for i in range(0, len(stream), 64) for r in deframer.feed(stream[i : i + 64])]
    assert [(r.fault, r.message[:6]) for r in got] == [("too_long", b"xxxxxx"), ("", b"MSH|ok")]


def test_text_outside_a_frame_is_a_fault() -> None:
    """A sender that forgot the frame is told so."""
    assert [r.fault for r in Deframer(100).feed(b"MSH|^~\\&|A\rPID|1\r")] == ["no_start"]


def test_file_framings() -> None:
    """Frames, plain text with any line end, a batch envelope, several messages in one file."""
    one, two = b"MSH|^~\\&|A\rPID|1\r", b"MSH|^~\\&|B\rPID|2\r"
    assert list(messages_in_file(frame(one) + frame(two))) == [one, two]
    for end in (b"\r", b"\n", b"\r\n"):
        text = b"FHS|^~\\&" + end + (one + two).replace(b"\r", end) + b"FTS|2" + end
        assert list(messages_in_file(text)) == [one, two]
    assert list(messages_in_file(b"\xef\xbb\xbf" + one)) == [one]
    assert list(messages_in_file(b"not a message")) == []

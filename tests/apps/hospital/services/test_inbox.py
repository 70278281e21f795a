"""Receipt over a real socket into a real database: stored, then answered (invariant 1)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo
from tests.strategies.diet_messages import omd, order
from tests.strategies.messages import adt

from vardnara.apps.hospital.models import InboxMessage, Sender
from vardnara.apps.hospital.services.inbox import InboxWriter
from vardnara.gateways.mllp.client import MllpClient
from vardnara.gateways.mllp.framing import frame
from vardnara.gateways.mllp.server import MllpServer
from vardnara.kernel.errors import GatewayError

pytestmark = pytest.mark.django_db(transaction=True)


def address() -> str:
    """The test database, for connections beside Django's."""
    given = connection.settings_dict
    return make_conninfo(dbname=given["NAME"], user=given["USER"] or "postgres", host=given["HOST"])


def talk(conversation: Callable[[int], Awaitable[object]], *, max_bytes: int = 100_000, where: str = "") -> object:
    """Run a listener on a free port and a conversation with it."""

    async def both() -> object:
        writer = InboxWriter(where or address(), lambda: datetime.now(UTC))
        server = MllpServer(writer.receive, max_bytes=max_bytes)
        await writer.start()
        port = await server.start("127.0.0.1", 0)
        try:
            return await conversation(port)
        finally:
            await server.stop()
            await writer.stop()

    return asyncio.run(both())


def send(*messages: bytes, answers: int = 1, **options: int) -> list[str]:
    """Send messages over one connection; MSA-1 and MSA-3 of each answer."""

    async def conversation(port: int) -> list[bytes | None]:
        async with MllpClient("127.0.0.1", port, timeout_seconds=5) as client:
            return [await client.send(message, answers=answers) for message in messages]

    def msa(answer: bytes | None) -> str:
        assert answer is not None
        fields = next(line for line in answer.decode("latin-1").split("\r") if line.startswith("MSA")).split("|")
        return fields[1] + (f" {fields[3]}" if len(fields) > 3 and fields[3] == "duplicate" else "")

    return [msa(answer) for answer in talk(conversation, **options)]  # type: ignore[union-attr, arg-type]


def test_stored_before_answered_and_once() -> None:
    """A resend, with a new MSH-7 too, gets the stored acknowledgement with ``duplicate`` and is not stored again."""
    message = adt("A01", 0, "1-1", control="X1")
    later = message.replace(b"20260302080000+0000||ADT", b"20260302090000+0000||ADT")
    assert send(message, message, later) == ["AA", "AA duplicate", "AA duplicate"]
    row = InboxMessage.objects.get()
    assert (bytes(row.raw), row.status, row.duplicates, row.control_id) == (message, "waiting", 2, "X1")


def test_control_id_reused_is_a_new_message_and_flagged() -> None:
    """Same control id, other content (CONTRACT 1.1)."""
    assert send(adt("A01", 0, "1-1", control="X1"), adt("A03", 9, "1-1", control="X1")) == ["AA", "AA"]
    assert list(InboxMessage.objects.order_by("pk").values_list("control_id_reused", flat=True)) == [False, True]


def test_refused_is_kept_with_its_reason_and_accepted_once_mended() -> None:
    """An unreadable message is answered AE or AR, kept for a person, and taken when it comes again mended settings."""
    training = adt("A01", 0, "1-1", control="T1").replace(b"|P|2.5.1", b"|D|2.5.1")
    assert send(b"hello", training, training) == ["AR", "AR", "AR duplicate"]
    assert sorted(InboxMessage.objects.values_list("status", flat=True)) == ["refused", "refused"]
    assert "202 MSH^1^11" in InboxMessage.objects.get(control_id="T1").reason
    Sender.objects.create(application="EHR", facility="FJ", processing_ids="PTD")
    assert send(training) == ["AA"]
    row = InboxMessage.objects.get(control_id="T1")
    assert (row.status, row.reason, row.duplicates) == ("waiting", "", 1)


def test_without_effect_is_accepted_and_ignored() -> None:
    """ORU and unknown events."""
    assert send(adt("A01", 0).replace(b"ADT^A01", b"ORU^R01"), adt("A62", 1)) == ["AA", "AA"]
    assert set(InboxMessage.objects.values_list("status", flat=True)) == {"ignored"}


def test_enhanced_mode() -> None:
    """AL/NE gets CA; AL/AL gets CA and then AA."""
    accept_only = adt("A01", 0, "1-1").replace(b"|P|2.5.1", b"|P|2.5.1|||AL|NE")
    both = adt("A03", 0, "1-1").replace(b"|P|2.5.1", b"|P|2.5.1|||AL|AL")
    assert send(accept_only) == ["CA"]
    assert send(both, answers=2) == ["AA"]


def test_too_long_is_refused_and_the_connection_lives() -> None:
    """Largest message configurable."""
    big = adt("A08", 0, "1-1") + b"NTE|1||" + b"x" * 5000 + b"\r"
    assert send(big, adt("A01", 1, "1-1"), max_bytes=2000) == ["AR", "AA"]


def test_many_connections_at_once() -> None:
    """Every message of forty senders is stored once and answered on its own connection."""

    async def one(port: int, n: int) -> bool:
        async with MllpClient("127.0.0.1", port, timeout_seconds=10) as client:
            for m in range(10):
                control = f"S{n}M{m}"
                answer = await client.send(adt("A08", n + m, "1-1", control=control))
                if answer is None or f"MSA|AA|{control}".encode() not in answer:
                    return False
        return True

    async def all_of_them(port: int) -> list[bool]:
        return await asyncio.gather(*[one(port, n) for n in range(40)])

    assert talk(all_of_them) == [True] * 40
    assert InboxMessage.objects.count() == 400


def test_packets_split_anywhere() -> None:
    """A frame in pieces, two frames in one packet."""

    async def conversation(port: int) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        stream = frame(adt("A01", 0, "1-1")) + frame(adt("A03", 5, "1-1"))
        for start, end in ((0, 1), (1, 100), (100, len(stream) - 1), (len(stream) - 1, len(stream))):
            writer.write(stream[start:end])
            await writer.drain()
            await asyncio.sleep(0.05)
        got = b""
        while got.count(b"\x1c\r") < 2:
            got += await asyncio.wait_for(reader.read(4096), 5)
        writer.close()
        return got

    assert talk(conversation).count(b"MSA|AA") == 2  # type: ignore[union-attr]


def test_no_answer_where_storing_fails() -> None:
    """The database refuses: the connection is closed without an acknowledgement, and the sender sends again."""
    with psycopg.connect(address(), autocommit=True) as other:
        other.execute("ALTER TABLE hospital_inboxmessage ADD CONSTRAINT planted CHECK (control_id <> 'NO')")
        try:

            async def conversation(port: int) -> str:
                async with MllpClient("127.0.0.1", port, timeout_seconds=5) as client:
                    try:
                        await client.send(adt("A01", 0, "1-1", control="NO"))
                    except GatewayError as error:
                        return error.code
                return "answered"

            assert talk(conversation) == "connection_lost"
            assert InboxMessage.objects.count() == 0
        finally:
            other.execute("ALTER TABLE hospital_inboxmessage DROP CONSTRAINT planted")


def test_no_answer_where_the_database_is_away() -> None:
    """Never AA before commit: without a database nobody is answered."""

    async def conversation(port: int) -> str:
        async with MllpClient("127.0.0.1", port, timeout_seconds=2) as client:
            try:
                return "answered" if await client.send(adt("A01", 0, "1-1")) else "silence"
            except GatewayError as error:
                return error.code

    where = make_conninfo(dbname="vardnara", host="/nowhere")
    assert talk(conversation, where=where) in ("silence", "connection_lost")


def answers(*messages: bytes) -> list[bytes]:
    """Send messages over one connection; each answer whole."""

    async def conversation(port: int) -> list[bytes | None]:
        async with MllpClient("127.0.0.1", port, timeout_seconds=5) as client:
            return [await client.send(message) for message in messages]

    return [answer or b"" for answer in talk(conversation)]  # type: ignore[union-attr, attr-defined]


def test_diet_orders_are_answered_in_their_own_type() -> None:
    """OMD^O03 gets ORD^O04, ORM^O01 and what is accepted for storage alone get ACK (H-30); again: the same answer."""
    diet = omd(0, order("NW", "1", "NORM"), control="D1")
    older = omd(1, order("NW", "2", "NORM"), kind="ORM^O01", control="D2")
    stored = omd(2, order("NW", "3", "NORM"), control="D3").replace(b"|P|2.5.1", b"|P|2.5.1|||AL|NE")
    laboratory = older.replace(b"ODS|D||NORM|", b"OBR|1|9").replace(b"D2", b"D4")
    got = answers(diet, older, stored, laboratory, diet)
    kinds = [answer.split(b"|")[8] for answer in got]
    assert kinds == [b"ORD^O04^ORD_O04", b"ACK^O01^ACK", b"ACK^O03^ACK", b"ACK^O01^ACK", b"ORD^O04^ORD_O04"]
    assert b"MSA|AA|D1|duplicate" in got[-1] and b"MSA|CA|D3" in got[2]
    status = dict(InboxMessage.objects.values_list("control_id", "status"))
    assert status == {"D1": "waiting", "D2": "waiting", "D3": "waiting", "D4": "ignored"}


def test_a_diet_order_that_cannot_be_read_is_refused_at_its_place() -> None:
    """Only what the message itself shows (CONTRACT 1.3)."""
    whole = omd(0, order("NW", "1", "NORM"))
    broken = [
        (whole.split(b"PID|")[0], b"PID"),
        (whole.replace(b"ORC|NW|1^EHR\r", b""), b"ORC^1"),
        (whole.replace(b"ORC|NW", b"ORC|"), b"ORC^1^1"),
        (whole.replace(b"|1^EHR", b""), b"ORC^1^2"),
        (whole.replace(b"ODS|D|", b"ODS||"), b"ODS^1^1"),
        (whole.replace(b"ODS|D|", b"ODS|Q|"), b"ODS^1^1"),
        (whole.replace(b"NORM", b""), b"ODS^1^3"),
        (whole.replace(b"ODS|D||NORM|", b"ODT|NOON"), b"ODT^1^1"),
    ]
    for n, (message, place) in enumerate(broken):
        answer = answers(message.replace(b"|D", b"|E%d" % n, 1))[0]
        assert b"MSA|AE" in answer and b"ERR||" + place + b"|" in answer, (place, answer)
        assert answer.split(b"|")[8].startswith(b"ORD^O04")

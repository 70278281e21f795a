"""What is refused on receipt, with which answer and place, and what is read from what is not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from vardnara.engines.adt import Place
from vardnara.gateways.hl7.er7 import er7_read
from vardnara.gateways.hl7.reader import Identifier, Refusal, SenderRules, adt_read, digest

MSH = r"MSH|^~\&|EHR|FJ|VN|FJ|20260301120000||ADT^A01^ADT_A01|1|P|2.5.1"
EVN = "EVN|A01|20260301120000||||20260301115500"
PID = "PID|1||1234^^^FJALL^PI||Åström^Örjan||19500102|M"
PV1 = "PV1|1|I|K31^4^2^FJ|||||||||||||||||||"


def message(*lines: str, codec: str = "latin-1") -> bytes:
    return ("\r".join(lines) + "\r").encode(codec)


def refusal(*lines: str, rules: SenderRules | None = None) -> tuple[str, str, str]:
    with pytest.raises(Refusal) as caught:
        adt_read(message(*lines), rules)
    return caught.value.answer, caught.value.condition, caught.value.location


def test_reads_an_admission() -> None:
    """Times by the sender's clock, EVN-6 as effect time, Swedish letters by the default charset."""
    reading = adt_read(message(MSH, EVN, PID, PV1))
    subject = reading.subjects[0]
    assert (reading.event, reading.recorded_at) == ("A01", datetime(2026, 3, 1, 11, tzinfo=UTC))
    assert reading.effect_at == datetime(2026, 3, 1, 10, 55, tzinfo=UTC)
    assert (subject.family_name, subject.given_name) == ("Åström", "Örjan")
    assert subject.patient == Identifier("1234", "FJALL", "PI")
    assert subject.location == Place("K31", "4", "2", "FJ")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["PID|1"], ("AR", "100", "MSH")),
        ([MSH.replace("ADT^A01^ADT_A01", "")], ("AE", "101", "MSH^1^9")),
        ([MSH.replace("|1|P|", "||P|")], ("AE", "101", "MSH^1^10")),
        ([MSH.replace("|P|2.5.1", "||2.5.1")], ("AE", "101", "MSH^1^11")),
        ([MSH.replace("|P|2.5.1", "|P|")], ("AE", "101", "MSH^1^12")),
        ([MSH.replace("|P|2.5.1", "|P|3.0")], ("AR", "203", "MSH^1^12")),
        ([MSH.replace("|P|2.5.1", "|D|2.5.1"), EVN, PID, PV1], ("AR", "202", "MSH^1^11")),
        ([MSH.replace("20260301120000", ""), EVN, PID, PV1], ("AE", "101", "MSH^1^7")),
        ([MSH.replace("20260301120000", "yesterday"), EVN, PID, PV1], ("AE", "102", "MSH^1^7")),
        ([MSH.replace("^A01^ADT_A01", ""), PID, PV1], ("AE", "101", "MSH^1^9^2")),
        ([MSH, EVN.replace("20260301120000", "20261399"), PID, PV1], ("AE", "102", "EVN^1^2")),
        ([MSH, EVN, PV1], ("AE", "100", "PID")),
        ([MSH, EVN, "PID|1||^^^FJALL", PV1], ("AE", "101", "PID^1^3")),
        ([MSH, EVN, PID], ("AE", "100", "PV1^1")),
        ([MSH.replace("A01^ADT_A01", "A40"), EVN, PID], ("AE", "100", "MRG^1")),
        ([MSH.replace("A01^ADT_A01", "A40"), EVN, PID, "MRG|"], ("AE", "101", "MRG^1^1")),
        ([MSH.replace("A01^ADT_A01", "A20"), EVN], ("AE", "100", "NPU")),
        ([MSH.replace("A01^ADT_A01", "A20"), EVN, "NPU|K31^4^2|"], ("AE", "101", "NPU^1^2")),
        ([MSH.replace("A01^ADT_A01", "A17"), EVN, PID, PV1], ("AE", "100", "PID")),
        ([MSH + "||||||KLINGON", EVN, PID, PV1], ("AE", "103", "MSH^1^18")),
        ([MSH, EVN, PID, "what is this"], ("AE", "100", "wha")),
    ],
)
def test_refused_on_receipt(lines: list[str], expected: tuple[str, str, str]) -> None:
    """Each fault has the answer, table 0357 code and location that an integrator looks for."""
    assert refusal(*lines) == expected


def test_declared_charset_that_the_bytes_are_not() -> None:
    """MSH-18 says UTF-8, the bytes are 8859-1: never guessed (H-09)."""
    with pytest.raises(Refusal) as caught:
        adt_read(message(MSH + "||||||UNICODE UTF-8", EVN, PID, PV1))
    assert (caught.value.condition, caught.value.location) == ("102", "MSH^1^18")


@pytest.mark.parametrize("charset", ["UNICODE UTF-8", "8859/15", "UNICODE UTF-16"])
def test_declared_charsets(charset: str) -> None:
    """å, ä, ö survive in each."""
    codec = {"UNICODE UTF-8": "utf-8", "8859/15": "iso8859-15", "UNICODE UTF-16": "utf-16"}[charset]
    reading = adt_read(message(MSH + f"||||||{charset}", EVN, PID, PV1, codec=codec))
    assert reading.subjects[0].family_name == "Åström"


def test_accepted_without_effect() -> None:
    """Types and events that change nothing here are accepted (CONTRACT 1.3)."""
    for kind in ("ORU^R01", "ADT^A62", "ADT^X99", "MDM^T02"):
        assert not adt_read(message(MSH.replace("ADT^A01^ADT_A01", kind), PID)).effective


def test_own_delimiters_and_escapes() -> None:
    """Delimiters come from MSH-1 and MSH-2, escapes are resolved with them (H-10)."""
    segment = er7_read(b"MSH#*~!@#EHR\rPID#1##A!F!B!S!C!E!D!X41!\r").segments[1]
    assert segment.component(3) == "A#B*C!DA"


def test_processing_ids_of_the_sender() -> None:
    """Default P and T; a sender may be set to less."""
    training = MSH.replace("|P|2.5.1", "|T|2.5.1")
    assert adt_read(message(training, EVN, PID, PV1)).event == "A01"
    assert refusal(training, EVN, PID, PV1, rules=SenderRules(processing_ids="P")) == ("AR", "202", "MSH^1^11")


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("20261025023000", "2026-10-25T00:30:00"),  # occurs twice: the first
        ("20261025023000+0100", "2026-10-25T01:30:00"),  # the offset says the second
        ("20260329023000", "2026-03-29T01:30:00"),  # never occurs: moved by the gap
        ("2026030112", "2026-03-01T11:00:00"),
        ("20260301", "2026-02-28T23:00:00"),
        ("20260301120000.5+0000", "2026-03-01T12:00:00.500000"),
    ],
)
def test_times(text: str, utc: str) -> None:
    """Precision, offsets and both clock changes of the year."""
    reading = adt_read(message(MSH, f"EVN|A01|{text}", PID, PV1))
    assert reading.recorded_at == datetime.fromisoformat(utc).replace(tzinfo=UTC)


def test_digest_leaves_msh_7_out() -> None:
    """A resend may carry a new MSH-7; any other difference makes another message (CONTRACT 1.1)."""
    one = message(MSH, EVN, PID, PV1)
    assert digest(one) == digest(one.replace(b"|20260301120000||ADT", b"|20260301130000||ADT"))
    assert digest(one) != digest(one.replace(b"K31^4^2", b"K31^4^3"))
    assert digest(one) == digest(one + b"\r\n")


def test_every_real_message_is_read(shared_data: object) -> None:
    """The whole set of real test messages is accepted: none lacks what receipt requires."""
    import gzip
    from pathlib import Path

    from vardnara.gateways.mllp.framing import messages_in_file

    folder = Path(str(shared_data)) / "hl7v2"
    n = 0
    for path in sorted(folder.rglob("*")):
        if path.suffix not in (".hl7", ".txt", ".gz") or not path.is_file():
            continue
        content = path.read_bytes()
        for raw in messages_in_file(gzip.decompress(content) if path.suffix == ".gz" else content):
            adt_read(raw)
            n += 1
    assert n == 558

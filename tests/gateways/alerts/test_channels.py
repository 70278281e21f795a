"""Messages to the world outside, over real sockets and against other implementations."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jsonschema
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.strategies.receivers import BrowserKeys, http_receiver, smtp_receiver

from vardnara.gateways.mail import Letter, mail_send, mail_server
from vardnara.gateways.posting import address_require, post
from vardnara.gateways.webhook import Notice, notice_body, signature, signature_valid, webhook_send
from vardnara.gateways.webpush import key_make, push_encrypt, push_send, subscription_require, vapid_header
from vardnara.gateways.webpush.encoding import decode
from vardnara.gateways.webpush.encrypt import PAYLOAD_MOST
from vardnara.kernel.errors import GatewayError, InputError

AT = datetime(2026, 3, 5, 21, 10, tzinfo=UTC)
SCHEMA = Path(__file__).resolve().parents[3] / "docs" / "escalation.webhook.schema.json"
NOTICE = Notice("id-1", "escalation", "late", 1, 2, "Sjukhuset", "K31", "4:2", "Hemgångsstäd", AT, "Sen: städ K31 4:2")


def test_the_example_of_the_standard_comes_out_byte_for_byte() -> None:
    """RFC 8291, appendix A."""
    sender = ec.derive_private_key(
        int.from_bytes(decode("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")), ec.SECP256R1()
    )
    body = push_encrypt(
        b"When I grow up, I want to be a watermelon",
        decode("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
        decode("BTBZMqHH6r4Tts7J_aSIgg"),
        salt=decode("DGv6ra1nlYgDCS1FRnbzlw"),
        key=sender,
    )
    assert body == decode(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
        "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


@settings(deadline=None, max_examples=25)
@given(st.binary(max_size=PAYLOAD_MOST))
def test_another_implementation_reads_every_message(payload: bytes) -> None:
    keys = BrowserKeys()
    there = keys.subscription("https://x")
    assert keys.read(push_encrypt(payload, decode(there.p256dh), decode(there.auth))) == payload


def test_a_message_that_is_too_long_is_not_cut() -> None:
    there = BrowserKeys().subscription("https://x")
    with pytest.raises(ValueError, match="at most"):
        push_encrypt(b"x" * (PAYLOAD_MOST + 1), decode(there.p256dh), decode(there.auth))


def test_a_push_service_can_tell_who_is_sending() -> None:
    """RFC 8292: a token for the service's origin, signed with the key that the browser subscribed with."""
    header = vapid_header("https://push.example/x/1", key_make(), contact="mailto:a@b.se", at=AT)
    said = dict(part.strip().split("=", 1) for part in header.removeprefix("vapid ").split(","))
    head, claims, mark = said["t"].split(".")
    body = json.loads(urlsafe_b64decode(claims + "=="))
    assert body["aud"] == "https://push.example" and body["sub"] == "mailto:a@b.se"
    assert 0 < body["exp"] - AT.timestamp() <= 24 * 3600
    raw = decode(mark)
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decode(said["k"]))
    der = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    key.verify(der, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))  # raises where it is wrong


def test_a_push_arrives_and_can_be_read() -> None:
    keys = BrowserKeys()
    with http_receiver() as service:
        service.statuses = [201]
        there = keys.subscription(f"{service.url}/push/1")
        answer = push_send(
            there, b'{"a":1}', private=key_make(), contact="mailto:a@b.se", topic="late-1", at=AT, timeout_seconds=5
        )
    assert answer.taken
    (got,) = service.got
    assert keys.read(got.body) == b'{"a":1}'
    assert got.headers["content-encoding"] == "aes128gcm" and got.headers["topic"] == "late-1"
    assert int(got.headers["ttl"]) > 0 and got.headers["authorization"].startswith("vapid t=")


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://127.0.0.1/x",
        "https://fcm.googleapis.com:8443/x",
        "file:///etc/passwd",
        "https://user@fcm.googleapis.com/x",
        "http://127.0.0.1:9001/x",
    ],
)
def test_a_subscription_makes_us_call_nothing_but_push_services(endpoint: str) -> None:
    """Anybody who is signed in can send one."""
    with pytest.raises(InputError):
        subscription_require(BrowserKeys().subscription(endpoint), more_services=["http://127.0.0.1:9000"])


def test_a_real_subscription_is_taken() -> None:
    for endpoint in (
        "https://fcm.googleapis.com/fcm/send/x",
        "https://web.push.apple.com/x",
        "http://127.0.0.1:9000/x",
    ):
        subscription_require(BrowserKeys().subscription(endpoint), more_services=["http://127.0.0.1:9000"])


@pytest.mark.parametrize(
    "url",
    ["ftp://a.se/", "file:///x", "javascript:1", "gopher://a", "//a.se", "https://", "https://u:p@a.se/",
     "https://a/ b", "https://a.se/#x", "http://a:99999/", "a.se"],
)  # fmt: skip
def test_addresses_that_are_refused(url: str) -> None:
    with pytest.raises(InputError):
        address_require(url)


@pytest.mark.parametrize("host", ["169.254.169.254", "0.0.0.0", "224.0.0.1", "[fe80::1]"])
def test_hosts_that_nothing_is_sent_to(host: str) -> None:
    """Where clouds hand out keys to whoever asks from within."""
    with pytest.raises(GatewayError) as no:
        post(f"http://{host}/", b"", {}, timeout_seconds=1)
    assert no.value.code == "address_refused"


def test_a_redirect_is_not_followed() -> None:
    with http_receiver() as receiver:
        receiver.statuses = [302]
        answer = post(receiver.url, b"x", {}, timeout_seconds=5)
    assert answer.status == 302 and not answer.taken and len(receiver.got) == 1


def test_a_webhook_s_receiver_can_tell_that_it_is_us() -> None:
    """The signature holds for these bytes, this secret and the next minutes; the content follows the schema."""
    with http_receiver() as receiver:
        assert webhook_send(receiver.url, "secret", NOTICE, at=AT, timeout_seconds=5).taken
    (got,) = receiver.got
    header = got.headers["x-vardnara-signature"]
    assert signature_valid("secret", got.body, header, AT + timedelta(seconds=10))
    assert not signature_valid("secret", got.body + b" ", header, AT)
    assert not signature_valid("other", got.body, header, AT)
    assert not signature_valid("secret", got.body, header, AT + timedelta(minutes=6))
    assert got.headers["idempotency-key"] == "id-1"
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text())).validate(json.loads(got.body))


def test_the_signature_is_what_the_page_says() -> None:
    """Worked out once with openssl: printf '1772745000.{}' | openssl dgst -sha256 -hmac k."""
    assert signature("k", b"{}", AT) == (
        "t=1772745000,v1=4ca6ddd26e5870e64ef0f6f1e80c46bdc3222478eff4735fb30f39da954f6833"
    )


def test_nobody_there_and_nobody_answering_are_told_apart_from_an_answer() -> None:
    with http_receiver() as receiver:
        receiver.wait_seconds = 1
        with pytest.raises(GatewayError) as slow:
            webhook_send(receiver.url, "s", NOTICE, at=AT, timeout_seconds=0.2)
    with pytest.raises(GatewayError) as down:
        webhook_send(receiver.url, "s", NOTICE, at=AT, timeout_seconds=1)
    assert slow.value.code == down.value.code == "no_answer"


LETTER = Letter("id-1", "jour@example.org", "Sen uppgift K31", "Städ på K31 är sen.\n", AT)


def test_a_letter_arrives() -> None:
    with smtp_receiver() as smtp:
        server = mail_server(f"smtp://127.0.0.1:{smtp.port}?from=vardnara@example.org")
        assert mail_send(server, LETTER, timeout_seconds=5) == "250"
    (text,) = smtp.letters
    assert "To: jour@example.org" in text and "Message-ID: <id-1@example.org>" in text
    assert "Auto-Submitted: auto-generated" in text


@pytest.mark.parametrize(("said", "code"), [("550 no such user", "mail_refused"), ("450 busy, later", "no_answer")])
def test_a_server_that_says_no_for_good_is_told_from_one_that_is_busy(said: str, code: str) -> None:
    with smtp_receiver() as smtp:
        smtp.answer = said
        server = mail_server(f"smtp://127.0.0.1:{smtp.port}?from=v@example.org")
        with pytest.raises(GatewayError) as no:
            mail_send(server, LETTER, timeout_seconds=5)
    assert no.value.code == code and smtp.letters == []


@pytest.mark.parametrize("url", ["", "http://a?from=a@b", "smtp://?from=a@b", "smtp://host", "smtp://h:x?from=a@b"])
def test_a_mail_server_that_cannot_be_read(url: str) -> None:
    with pytest.raises(InputError):
        mail_server(url)


def test_nothing_of_a_patient_has_a_place_in_a_notice() -> None:
    assert set(json.loads(notice_body(NOTICE))) == set(json.loads(SCHEMA.read_text())["properties"])

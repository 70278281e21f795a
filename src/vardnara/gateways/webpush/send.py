"""One notification to one browser."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from vardnara.gateways.posting import Answer, address_require, post
from vardnara.gateways.webpush.encoding import decode
from vardnara.gateways.webpush.encrypt import push_encrypt
from vardnara.gateways.webpush.vapid import vapid_header
from vardnara.kernel.errors import InputError
from vardnara.kernel.faults import Fault

SERVICES: Final = (  # the makers' push services; a subscription of any other address is refused
    "fcm.googleapis.com",
    "push.services.mozilla.com",
    "notify.windows.com",
    "push.apple.com",
)


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a browser hands out when somebody lets it show notifications; keys are base64url."""

    endpoint: str
    p256dh: str
    auth: str


def subscription_require(subscription: Subscription, *, more_services: Iterable[str] = ()) -> None:
    """Refuse a subscription that would make us call anything but a push service.

    Parameters
    ----------
    subscription
        As a page sent it: anybody who is signed in may have written it.
    more_services
        Host names beside the makers' own, or whole origins such as ``http://127.0.0.1:9000``.

    Raises
    ------
    InputError
        Another host, another scheme than https, keys that are none.
    """
    address_require(subscription.endpoint)
    parts = urlsplit(subscription.endpoint)
    host, origin = parts.hostname or "", f"{parts.scheme}://{parts.netloc}"
    more = tuple(more_services)
    known = any(host == one or host.endswith(f".{one}") for one in (*SERVICES, *more))
    if origin not in more and not (known and parts.scheme == "https" and parts.port in (None, 443)):
        raise InputError([Fault("subscription", "endpoint", host, "a push service")], "bad_subscription")
    try:
        fits = len(decode(subscription.p256dh)) == 65 and len(decode(subscription.auth)) == 16
    except ValueError:
        fits = False
    if not fits:
        raise InputError(
            [Fault("subscription", "keys", "unreadable", "a P-256 point and 16 bytes")], "bad_subscription"
        )


def push_send(
    subscription: Subscription,
    payload: bytes,
    *,
    private: str,
    contact: str,
    topic: str,
    at: datetime,
    timeout_seconds: float,
    keep_seconds: int = 3600,
) -> Answer:
    """Send a notification; a later one of the same topic takes its place if the device was away.

    Raises as :func:`vardnara.gateways.posting.post` does. The subscription must have been required before.
    """
    body = push_encrypt(payload, decode(subscription.p256dh), decode(subscription.auth))
    headers = {
        "Content-Type": "application/octet-stream",
        "Content-Encoding": "aes128gcm",
        "TTL": str(keep_seconds),
        "Urgency": "high",
        "Topic": topic[:32],
        "Authorization": vapid_header(subscription.endpoint, private, contact=contact, at=at),
    }
    return post(subscription.endpoint, body, headers, timeout_seconds=timeout_seconds)

"""Notifications to a browser that was let show them: RFC 8030, encrypted by RFC 8291, signed by RFC 8292."""

from vardnara.gateways.webpush.encrypt import push_encrypt
from vardnara.gateways.webpush.send import Subscription, push_send, subscription_require
from vardnara.gateways.webpush.vapid import key_make, key_public, vapid_header

__all__ = [
    "Subscription",
    "key_make",
    "key_public",
    "push_encrypt",
    "push_send",
    "subscription_require",
    "vapid_header",
]

"""Encrypts a message so that only the browser can read it (RFC 8291, coding aes128gcm of RFC 8188)."""

from __future__ import annotations

import os
import struct
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

RECORD_BYTES: Final = 4096  # RFC 8291 allows one record, and push services take 4096 bytes
PAYLOAD_MOST: Final = RECORD_BYTES - 86 - 17  # less the header, and the record's padding mark and tag


def _derive(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)


def push_encrypt(
    payload: bytes,
    p256dh: bytes,
    auth: bytes,
    *,
    salt: bytes | None = None,
    key: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    """A message as the body of a push request.

    Parameters
    ----------
    payload
        At most 3993 bytes.
    p256dh, auth
        The browser's public key (65 bytes, uncompressed point of P-256) and secret (16 bytes).
    salt, key
        Drawn anew for each message; given only in tests.

    Returns
    -------
    bytes
        Header (salt, record size, our public key) and one encrypted record.

    Raises
    ------
    ValueError
        The payload is too long, or the key is no point of the curve.

    References
    ----------
    RFC 8291 section 3.4; RFC 8188 section 2.
    """
    if len(payload) > PAYLOAD_MOST:
        raise ValueError(f"{len(payload)} bytes, at most {PAYLOAD_MOST}")
    salt = os.urandom(16) if salt is None else salt
    key = ec.generate_private_key(ec.SECP256R1()) if key is None else key
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), p256dh)
    ours = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    shared = key.exchange(ec.ECDH(), theirs)
    material = _derive(shared, auth, b"WebPush: info\0" + p256dh + ours, 32)
    content_key = _derive(material, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derive(material, salt, b"Content-Encoding: nonce\0", 12)
    record = AESGCM(content_key).encrypt(nonce, payload + b"\2", None)
    return salt + struct.pack("!IB", RECORD_BYTES, len(ours)) + ours + record

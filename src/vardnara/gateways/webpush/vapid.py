"""Shows a push service who is sending (RFC 8292)."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from vardnara.gateways.webpush.encoding import encode

VALID_SECONDS: Final = 12 * 3600  # RFC 8292: at most 24 hours


def key_make() -> str:
    """A new private key (PEM); it stays what it is for as long as any browser is subscribed to it."""
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _load(private: str) -> ec.EllipticCurvePrivateKey:
    key = load_pem_private_key(private.encode(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError("not a key of an elliptic curve")
    return key


def key_public(private: str) -> str:
    """The public key as browsers want it (``applicationServerKey``)."""
    return encode(_load(private).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def vapid_header(endpoint: str, private: str, *, contact: str, at: datetime) -> str:
    """The ``Authorization`` of a push request.

    Parameters
    ----------
    endpoint
        Where it goes; the token holds for its origin only.
    private
        Of :func:`key_make`.
    contact
        ``mailto:`` or ``https:`` address of who runs this installation.
    at
        Now.
    """
    parts = urlsplit(endpoint)
    head = encode(json.dumps({"typ": "JWT", "alg": "ES256"}, separators=(",", ":")).encode())
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(at.timestamp()) + VALID_SECONDS,
        "sub": contact,
    }
    signed = f"{head}.{encode(json.dumps(claims, separators=(',', ':')).encode())}"
    r, s = decode_dss_signature(_load(private).sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    token = f"{signed}.{encode(r.to_bytes(32) + s.to_bytes(32))}"
    return f"vapid t={token}, k={key_public(private)}"

"""One POST."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from vardnara.kernel.errors import GatewayError, InputError
from vardnara.kernel.faults import Fault

SCHEMES: Final = ("https", "http")
TEXT_MOST: Final = 200  # characters of an answer that are kept


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receiver said: HTTP status and the beginning of its text, on one line."""

    status: int
    text: str

    @property
    def taken(self) -> bool:
        return 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        """The receiver is no more and will not come back."""
        return self.status in (404, 410)

    @property
    def may_pass(self) -> bool:
        """Trying again may help: too busy, or an error of the receiver's own."""
        return self.status in (408, 425, 429) or self.status >= 500


def address_require(url: str, *, schemes: tuple[str, ...] = SCHEMES) -> None:
    """Refuse an address that is not a plain web address.

    Parameters
    ----------
    url
        As a person wrote it.
    schemes
        What may stand before the colon.

    Raises
    ------
    InputError
        Another scheme (``file:``, ``ftp:``, ``javascript:`` ...), no host, a user or password, a fragment, or a port
        that is none.
    """
    expected = f"an address that begins with {' or '.join(f'{one}://' for one in schemes)}"
    wrong = ""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise InputError([Fault("address", "", repr(url[:80]), expected)], "bad_address") from None
    if parts.scheme not in schemes:
        wrong = f"scheme {parts.scheme or 'missing'}"
    elif not parts.hostname or port == 0:
        wrong = "no host"
    elif parts.username is not None or parts.password is not None:
        wrong = "a user or password in it"
    elif parts.fragment or any(not 32 < ord(letter) < 127 for letter in url):
        wrong = "a fragment, a blank or another odd character"
    if wrong:
        raise InputError([Fault("address", "", wrong, expected)], "bad_address")


def _refused(host: str, port: int) -> str:
    """The address of a host that nothing is sent to: link-local (where clouds keep their keys), multicast, none."""
    for *_, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        address = ipaddress.ip_address(str(place[0]).partition("%")[0])
        if address.is_link_local or address.is_multicast or address.is_unspecified:
            return str(address)
    return ""


def post(
    url: str, body: bytes, headers: Mapping[str, str], *, timeout_seconds: float, schemes: tuple[str, ...] = SCHEMES
) -> Answer:
    """POST a message.

    Parameters
    ----------
    url, body, headers
        What goes where.
    timeout_seconds
        For connecting and for each wait after it.
    schemes
        As of :func:`address_require`.

    Returns
    -------
    Answer
        Whatever the receiver said; a redirect is an answer and is not followed.

    Raises
    ------
    InputError
        The address may not be used.
    GatewayError
        Nobody answered (code ``no_answer``), or the host is one that nothing is sent to (``address_refused``).
    """
    address_require(url, schemes=schemes)
    parts = urlsplit(url)
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    connection: http.client.HTTPConnection
    try:
        refused = _refused(host, port)
        if refused:
            raise GatewayError("address_refused", f"{host} is {refused}")
        if secure:
            context = ssl.create_default_context()
            connection = http.client.HTTPSConnection(host, port, timeout=timeout_seconds, context=context)
        else:
            connection = http.client.HTTPConnection(host, port, timeout=timeout_seconds)
        try:
            where = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("POST", where, body=body, headers=dict(headers))
            response = connection.getresponse()
            text = response.read(4 * TEXT_MOST).decode("utf-8", "replace")
        finally:
            connection.close()
    except (OSError, http.client.HTTPException) as error:
        raise GatewayError("no_answer", f"{type(error).__name__}: {error}"[:TEXT_MOST]) from error
    return Answer(response.status, " ".join(text.split())[:TEXT_MOST])

"""One letter to one address."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import parse_qs, unquote, urlsplit

from vardnara.kernel.errors import GatewayError, InputError
from vardnara.kernel.faults import Fault


@dataclass(frozen=True, slots=True)
class MailServer:
    """An SMTP server. ``tls`` is ``none``, ``starttls`` or ``tls`` from the first byte; ``sender`` the From address."""

    host: str
    port: int
    sender: str
    tls: str = "none"
    user: str = ""
    password: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """Plain text. ``id`` is the same for every try of one message and becomes its Message-ID."""

    id: str
    to: str
    subject: str
    text: str
    at: datetime


def mail_server(url: str) -> MailServer:
    """Read ``smtp://[USER:PASSWORD@]HOST[:PORT]?from=ADDRESS[&starttls=1]`` or ``smtps://...``.

    Raises
    ------
    InputError
        Another scheme, no host, no sender.
    """
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    sender = query.get("from", [""])[0]
    try:
        port = parts.port
    except ValueError:
        port = -1
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or "@" not in sender or port == -1:
        expected = "smtp://HOST:25?from=vardnara@example.org, or smtps://"
        raise InputError([Fault("VARDNARA_SMTP_URL", "", "cannot be read", expected)], "bad_smtp_url")
    starttls = query.get("starttls", [""])[0] in ("1", "true", "yes")
    tls = "tls" if parts.scheme == "smtps" else "starttls" if starttls else "none"
    usual = {"tls": 465, "starttls": 587, "none": 25}[tls]
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return MailServer(parts.hostname, port or usual, sender, tls, user, password)


def mail_send(server: MailServer, letter: Letter, *, timeout_seconds: float) -> str:
    """Hand a letter to the server; returns ``250`` when it has taken it.

    Raises
    ------
    GatewayError
        ``no_answer``: trying again may help (4xx, no connection). ``mail_refused``: it does not (5xx).
    """
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = server.sender, letter.to, letter.subject
    message["Date"] = format_datetime(letter.at)
    message["Message-ID"] = f"<{letter.id}@{server.sender.partition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    try:
        if server.tls == "tls":
            context = ssl.create_default_context()
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=timeout_seconds, context=context)
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=timeout_seconds)
        with smtp:
            if server.tls == "starttls":
                smtp.starttls(context=ssl.create_default_context())
            if server.user:
                smtp.login(server.user, server.password)
            smtp.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()))
        raise _refused(code, text) from error
    except smtplib.SMTPResponseException as error:
        raise _refused(error.smtp_code, error.smtp_error) from error
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise GatewayError("no_answer", f"{type(error).__name__}: {error}"[:200]) from error
    return "250"


def _refused(code: int, text: bytes | str) -> GatewayError:
    said = text.decode(errors="replace") if isinstance(text, bytes) else str(text)
    return GatewayError("mail_refused" if code >= 500 else "no_answer", f"{code} {said}"[:200])

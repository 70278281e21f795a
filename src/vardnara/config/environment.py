"""Reads deployment settings from the environment and fails loudly where one cannot be used."""

from __future__ import annotations

import os
import secrets
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


def flag(name: str, *, default: bool) -> bool:
    """A yes/no setting. Anything but 1/0/true/false/yes/no stops the start."""
    raw = os.environ.get(name)
    if raw is None or raw == "":
        return default
    lowered = raw.lower()
    if lowered in {"1", "true", "yes"}:
        return True
    if lowered in {"0", "false", "no"}:
        return False
    raise SystemExit(f"{name}={raw}: not a yes or no, expected 1 or 0")


def listed(name: str, *, default: str) -> list[str]:
    """A comma-separated setting."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def whole_number(name: str, *, default: int, least: int) -> int:
    """A number setting. Anything else, or less than ``least``, stops the start."""
    raw = os.environ.get(name) or str(default)
    if not raw.isdecimal() or int(raw) < least:
        raise SystemExit(f"{name}={raw}: expected a whole number from {least}")
    return int(raw)


def secret_key() -> str:
    """The signing key; ``vardnara up`` keeps one in its data folder and hands it to every part.

    Without one a fresh key is made for this process alone: a forgotten setting ends sessions, it never shares them.
    """
    return os.environ.get("VARDNARA_SECRET_KEY") or secrets.token_urlsafe(50)


def database_from_url(url: str) -> dict[str, Any]:
    """Django's database dictionary of a ``postgresql://`` address (socket folders go in ``?host=``)."""
    base: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "vardnara",
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {},
    }
    if not url:
        return base
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise SystemExit(f"DATABASE_URL: scheme {parts.scheme or 'missing'}, expected postgresql://")
    options = dict(parse_qsl(parts.query))
    base.update(
        NAME=unquote(parts.path.lstrip("/")) or "vardnara",
        USER=unquote(parts.username or ""),
        PASSWORD=unquote(parts.password or ""),
        HOST=options.pop("host", parts.hostname or ""),
        PORT=options.pop("port", str(parts.port or "")),
    )
    base["OPTIONS"] = options
    if flag("VARDNARA_DB_POOL", default=False):
        base["OPTIONS"]["pool"] = {"min_size": 2, "max_size": 16, "timeout": 20}
    return base

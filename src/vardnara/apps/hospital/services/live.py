"""Tells open pages what changed, through PostgreSQL, in the transaction that changed it."""

from __future__ import annotations

import json
from collections.abc import Iterable

from django.db import connection

from vardnara.apps.hospital.events import CHANGES_CHANNEL

NOTIFY_LIMIT = 200  # ids in one notification: PostgreSQL takes 8000 bytes


def changes_notify(
    *, beds: Iterable[int] = (), wards: Iterable[int] = (), tasks: Iterable[int] = (), inbox: bool = False
) -> None:
    """Announce changed rows to every web process when the transaction commits.

    The payload is ``{"beds": [...], "wards": [...], "tasks": [...], "inbox": bool}``; ids only, never content.
    """
    kinds = {"beds": sorted(set(beds)), "wards": sorted(set(wards)), "tasks": sorted(set(tasks))}
    with connection.cursor() as cursor:
        while any(kinds.values()) or inbox:
            chunk: dict[str, object] = {name: ids[:NOTIFY_LIMIT] for name, ids in kinds.items() if ids}
            kinds = {name: ids[NOTIFY_LIMIT:] for name, ids in kinds.items()}
            if inbox:
                chunk["inbox"] = True
                inbox = False
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANGES_CHANNEL, json.dumps(chunk)])

"""Tells open pages what changed, through PostgreSQL, in the transaction that changed it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection

from vardnara.apps.hospital.events import CHANGES_CHANNEL

NOTIFY_LIMIT = 200  # ids in one notification: PostgreSQL takes 8000 bytes


@dataclass(slots=True)
class Changes:
    """What has changed and is not announced yet."""

    beds: set[int] = field(default_factory=set)
    wards: set[int] = field(default_factory=set)
    tasks: set[int] = field(default_factory=set)
    inbox: bool = False
    matters: bool = False


_here = threading.local()


@contextmanager
def changes_gathered() -> Iterator[None]:
    """What is announced inside travels as one announcement at the end; an inner use joins the outer one.

    To be used inside the transaction. Where it ends with an error nothing is announced, as nothing has changed.
    """
    if getattr(_here, "changes", None) is not None:
        yield
        return
    _here.changes = Changes()
    try:
        yield
        gathered: Changes = _here.changes
    finally:
        _here.changes = None
    _announce(gathered)


def changes_notify(
    *,
    beds: Iterable[int] = (),
    wards: Iterable[int] = (),
    tasks: Iterable[int] = (),
    inbox: bool = False,
    matters: bool = False,
) -> None:
    """Announce changed rows to every web process when the transaction commits. ``matters`` are those for decision."""
    held: Changes | None = getattr(_here, "changes", None)
    changes = held or Changes()
    changes.beds.update(beds)
    changes.wards.update(wards)
    changes.tasks.update(tasks)
    changes.inbox |= inbox
    changes.matters |= matters
    if held is None:
        _announce(changes)


def _announce(changes: Changes) -> None:
    """The payload is ``{"beds": [...], "wards": [...], "tasks": [...], "inbox": bool, ...}``: no content."""
    kinds = {"beds": sorted(changes.beds), "wards": sorted(changes.wards), "tasks": sorted(changes.tasks)}
    flags = [name for name in ("inbox", "matters") if getattr(changes, name)]
    payloads = []
    while any(kinds.values()) or flags:
        chunk: dict[str, object] = {name: ids[:NOTIFY_LIMIT] for name, ids in kinds.items() if ids}
        kinds = {name: ids[NOTIFY_LIMIT:] for name, ids in kinds.items()}
        chunk |= dict.fromkeys(flags, True)
        flags = []
        payloads.append(json.dumps(chunk))
    if payloads:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, p) FROM unnest(%s::text[]) p", [CHANGES_CHANNEL, payloads])

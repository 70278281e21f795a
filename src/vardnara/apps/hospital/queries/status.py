"""The house in numbers: what ``vardnara status`` and the status page show (CONTRACT 3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import connection

# What higher apps add to the numbers, by name: they register themselves, this app does not know them.
SECTIONS: dict[str, Callable[[], dict[str, int]]] = {}

BEDS = """
WITH taken AS (SELECT DISTINCT bed_id FROM hospital_occupancy WHERE upper_inf(during)),
     awaited AS (
        SELECT DISTINCT pending_bed_id AS bed_id FROM hospital_stay
        WHERE pending_bed_id IS NOT NULL AND status IN ('open', 'expected')
     ),
     facts AS (
        SELECT CASE
            WHEN s.closed_at IS NOT NULL THEN 'closed'
            WHEN s.blocked_at IS NOT NULL THEN 'blocked'
            WHEN t.bed_id IS NOT NULL THEN 'occupied'
            WHEN s.cleanliness = 'cleaning' THEN 'cleaning'
            WHEN s.cleanliness = 'dirty' THEN 'dirty'
            WHEN s.reserved_at IS NOT NULL OR a.bed_id IS NOT NULL THEN 'reserved'
            ELSE 'ready' END AS state
        FROM hospital_bedplace b
        JOIN hospital_bedstate s ON s.bed_id = b.id
        LEFT JOIN taken t ON t.bed_id = b.id
        LEFT JOIN awaited a ON a.bed_id = b.id
     )
SELECT state, count(*) FROM facts GROUP BY state
"""
BED_STATES = ("occupied", "dirty", "cleaning", "ready", "reserved", "blocked", "closed")
INBOX_STATES = ("applied", "waiting", "parked", "ignored")


def status_numbers(at: datetime) -> dict[str, object]:
    """Beds, stays, tasks, inbox and parts as CONTRACT 3 names them. ``beds`` are exclusive and sum to ``total``."""
    beds = _counts(BEDS)
    inbox = _counts("SELECT status, count(*) FROM hospital_inboxmessage GROUP BY status")
    known = {state: inbox.get(state, 0) for state in INBOX_STATES}
    return {
        "beds": {"total": sum(beds.values()), **{state: beds.get(state, 0) for state in BED_STATES}},
        "stays": _one(
            "SELECT count(*) FILTER (WHERE status = 'open') AS open,"
            " count(*) FILTER (WHERE without_place) AS without_place FROM hospital_stay"
        ),
        **{name: section() for name, section in SECTIONS.items()},
        "inbox": {
            "received": sum(known.values()),
            **known,
            "refused": inbox.get("refused", 0),
            **_one("SELECT coalesce(sum(duplicates), 0)::bigint AS duplicates FROM hospital_inboxmessage"),
        },
        "parts": parts_age(at),
    }


def parts_age(at: datetime) -> dict[str, float | None]:
    """Seconds since each part's last sign of life, the freshest where several run; None where none was ever seen.

    The database answers this very question, so its age is 0.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT part, max(beat_at) FROM hospital_partheartbeat GROUP BY part")
        beats = dict(cursor.fetchall())
    ages = {
        part: round(max(0.0, (at - beats[part]).total_seconds()), 1) if part in beats else None
        for part in ("web", "listener", "worker")
    }
    return {**ages, "database": 0.0}


def _counts(sql: str) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return dict(cursor.fetchall())


def _one(sql: str) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        names = [column.name for column in cursor.description]
        return dict(zip(names, cursor.fetchone(), strict=True))

"""The sign of life: written at most once a second, never fatal, gone when a part ends in order."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
import pytest

from vardnara.apps.hospital.choices import Part
from vardnara.apps.hospital.queries.parts import part_list
from vardnara.config.parts import heartbeat
from vardnara.config.parts.heartbeat import Heartbeat
from vardnara.config.watch import Watch


@pytest.fixture
def address(transactional_db: None) -> Iterator[str]:
    """The test database's address, for connections beside Django's."""
    from django.db import connection

    name = connection.settings_dict["NAME"]
    yield os.environ["DATABASE_URL"].replace("/vardnara?", f"/{name}?")


def rows(address: str) -> list[tuple[object, ...]]:
    with psycopg.connect(address) as connection:
        query = "SELECT part, instance, restarts, beat_at FROM hospital_partheartbeat ORDER BY part, instance"
        return connection.execute(query).fetchall()


def test_a_beat_is_seen_and_does_not_repeat_within_a_second(address: str) -> None:
    """Called in every round of a busy loop it writes once a second."""
    beat = Heartbeat("worker", "here", url=address)
    beat.beat()
    first = rows(address)
    beat.beat()
    assert rows(address) == first
    assert [row[:3] for row in first] == [("worker", "here", 0)]
    beat.close()


def test_a_named_part_is_expected_back_a_nameless_one_is_not(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Under the supervisor the row stays with its count of restarts; a process of its own takes its row along."""
    monkeypatch.delenv("VARDNARA_INSTANCE", raising=False)
    named, nameless = Heartbeat("web", "house", url=address), Heartbeat("listener", url=address)
    for beat in (named, nameless):
        beat.beat()
        assert len(rows(address)) in (1, 2)
        beat.close()
    assert [row[1] for row in rows(address)] == ["house"]


def test_the_asynchronous_twin_does_the_same(address: str) -> None:
    """The web and the listener beat from their event loop."""

    async def once() -> None:
        beat = Heartbeat("web", "loop", url=address)
        await beat.beat_async()
        await beat.close_async()

    asyncio.run(once())
    assert [row[:2] for row in rows(address)] == [("web", "loop")]


def test_a_database_that_is_away_ends_no_part(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The sign stops, the part goes on; the log says so once, not once a second."""
    monkeypatch.setattr(heartbeat, "BEAT_SECONDS", 0)
    beat = Heartbeat("worker", "here", url="postgresql://nobody@127.0.0.1:1/nothing")
    with caplog.at_level(logging.WARNING):
        beat.beat()
        beat.beat()
    assert len([record for record in caplog.records if "heartbeat" in record.message]) == 1


def test_a_part_that_never_came_to_life_is_shown_and_counted(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It ended before its first sign, twice: the supervisor goes on reading, and the page shows the part and why."""
    watch = Watch(address, "house")
    with psycopg.connect(address, autocommit=True) as connection:
        for ending in ("SIGKILL", "exit status 1"):
            watch.note("listener", ending)
            watch.round(connection, first=False)
            assert "listener" not in watch.beats
    shown = {row.part: row for row in part_list(at=datetime.now(UTC))}
    assert (shown[Part.LISTENER].restarts, shown[Part.LISTENER].note) == (2, "exit status 1")
    beat = Heartbeat("listener", "house", url=address)
    monkeypatch.setattr(heartbeat, "BEAT_SECONDS", 0)
    for _ in range(2):
        beat.beat()
    with psycopg.connect(address, autocommit=True) as connection:
        watch.round(connection, first=False)
    assert "listener" in watch.beats
    beat.close()


def test_what_the_run_before_left_is_no_sign_of_the_next(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the moment that a part ends until the first sign of its next run there is none, whatever the row says."""
    monkeypatch.setattr(heartbeat, "BEAT_SECONDS", 0)
    watch = Watch(address, "house")
    beat = Heartbeat("web", "house", url=address)
    for _ in range(2):
        beat.beat()
    with psycopg.connect(address, autocommit=True) as connection:
        watch.round(connection, first=False)
        assert "web" in watch.beats
        watch.note("web", "SIGKILL")
        assert "web" not in watch.beats  # at once, before the database knows
        watch.round(connection, first=False)
        assert "web" not in watch.beats
    beat.close()

"""The hub: one listening connection, and each page hears what its reader may reach."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import psycopg
import pytest
from django.contrib.sessions.backends.base import SessionBase
from django.db import connection
from tests.strategies.stage import stage_set

from vardnara.apps.hospital.events import CHANGES_CHANNEL
from vardnara.apps.hospital.views.live import QUEUE_LIMIT, REFRESH, Hub, Subscriber, _subscriber, hub, stream


def address() -> str:
    """The test database, for a connection of another process."""
    kept = ("host", "port", "user", "password", "dbname")
    given = connection.get_connection_params()
    return psycopg.conninfo.make_conninfo(**{name: given[name] for name in kept if given.get(name)})


def spread(change: dict[str, object], subscriber: Subscriber) -> list[dict[str, object]]:
    """What a subscriber hears of one announcement."""
    here = Hub(subscribers={subscriber}, ward_of_bed={1: 10, 2: 20})
    asyncio.run(here._spread(json.dumps(change)))
    heard = []
    while not subscriber.queue.empty():
        heard.append(subscriber.queue.get_nowait())
    return heard


def test_a_page_hears_of_its_own_wards_only() -> None:
    """Ids of another ward's beds do not travel, and an announcement without any part for a page is not sent."""
    page = Subscriber(wards=frozenset({10}), inbox=False)
    assert spread({"beds": [1, 2], "wards": [10, 20], "tasks": [5]}, page) == [
        {"beds": [1], "wards": [10], "tasks": [5]}
    ]
    assert spread({"beds": [2], "wards": [20], "tasks": [6], "inbox": True}, page) == []


def test_the_inbox_is_heard_by_its_readers() -> None:
    assert spread({"inbox": True}, Subscriber(wards=frozenset(), inbox=True)) == [{"inbox": True}]


def test_a_reader_that_lags_is_told_to_read_everything() -> None:
    """Memory stays bounded and nothing is silently missed."""
    page = Subscriber(wards=frozenset(), inbox=True)
    for _ in range(QUEUE_LIMIT + 1):
        page.put({"inbox": True})
    assert page.queue.qsize() == 1 and page.queue.get_nowait() == REFRESH


@pytest.mark.django_db(transaction=True)
def test_a_commit_reaches_an_open_page_and_a_lost_connection_is_mended() -> None:
    """LISTEN for real: heard after commit; after the database drops the connection, said, and heard again."""
    where = address()

    def announce() -> None:
        with psycopg.connect(where) as other:
            other.execute("SELECT pg_notify(%s, %s)", [CHANGES_CHANNEL, '{"inbox": true}'])

    def cut() -> None:
        with psycopg.connect(where) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE query LIKE 'LISTEN%%' AND datname = current_database()"
            )

    async def story() -> list[str]:
        heard = []
        page = stream(Subscriber(wards=frozenset(), inbox=True))

        async def until(words: str) -> None:
            async with asyncio.timeout(10):
                while words not in (frame := (await anext(page)).decode()):
                    heard.append(frame)

        await until('"refresh":true')  # the page reads once more when it is sure to hear everything after
        await asyncio.to_thread(announce)
        await until('"inbox":true')
        await asyncio.to_thread(cut)
        await until('"listening":false')
        await until('"refresh":true')
        await asyncio.to_thread(announce)
        await until('"inbox":true')
        await page.aclose()
        assert not hub().subscribers
        assert hub().task is None
        await asyncio.sleep(0)
        return heard

    asyncio.run(story())


@pytest.mark.parametrize(("role", "hears"), [("union_rep", False), ("safety_rep", False), ("coordinator", True)])
def test_unions_and_safety_representatives_hear_of_no_ward(db: None, rf: Any, role: str, hears: bool) -> None:
    """They are shown cases; what happens on wards is not theirs to follow."""
    request = rf.get("/handelser/")
    request.user, request.session = stage_set().users[role], SessionBase()
    page = _subscriber(request)
    assert (bool(page.wards), page.matters) == (hears, hears)

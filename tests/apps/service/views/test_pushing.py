"""Shared parts: rendered once for all who read alike, in order, and for nobody who may not read them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.utils import translation
from tests.strategies.stage import Stage, stage_set

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.models import Scope
from vardnara.apps.hospital.models import Division
from vardnara.apps.hospital.queries.boards import ward_ids_in_reach
from vardnara.apps.hospital.services.live import changes_notify
from vardnara.apps.hospital.views import live, pushing
from vardnara.apps.hospital.views.live import REFRESH, Subscriber, hub, stream
from vardnara.apps.hospital.views.pushing import Board, board_of
from vardnara.apps.service.models import Task

ADDRESS = "/samordning/delar/"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stage(transactional_db: None, settings: Any) -> Stage:
    settings.DEMO = True
    return stage_set()


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What was rendered, noted beside the real rendering."""
    calls: list[object] = []
    real = Board._render

    def render(board: Board, changes: Any, since: datetime) -> Any:
        calls.append(changes)
        return real(board, changes, since)

    monkeypatch.setattr(Board, "_render", render)
    return calls


def reader_of(stage: Stage, who: str = "coordinator", language: str = "sv") -> Subscriber:
    """An open page of a person who has signed in."""
    user = stage.users[who]
    client = Client()
    client.force_login(user)
    wards = ward_ids_in_reach(actor=user)
    with translation.override(language):
        board = board_of(ADDRESS, user=user, wards=wards)
    return Subscriber(wards, inbox=False, board=board, session=client.session.session_key, user_id=user.pk)


async def frame(page: AsyncIterator[bytes], name: str) -> dict[str, Any]:
    """The next event of a name."""
    async with asyncio.timeout(20):
        while True:
            words = (await anext(page)).decode()
            if words.startswith(f"event: {name}\n"):
                return json.loads(words.partition("data: ")[2])


def told(stage: Stage, story: Callable[[list[AsyncIterator[bytes]]], Any], readers: list[Subscriber]) -> None:
    """Open the readers' streams, live through a story, close them, and see that nothing is left running."""

    async def run() -> None:
        pages = [stream(reader) for reader in readers]
        try:
            await story(pages)
        finally:
            for page in pages:
                await page.aclose()
        assert not hub().boards and not hub().subscribers
        await asyncio.sleep(0)

    asyncio.run(run())


def test_one_rendering_serves_all_who_read_alike(stage: Stage, rendered: list[object]) -> None:
    """Two coordinators, one change: the same bytes for both; everything comes first, and what changed after it."""

    async def story(pages: list[AsyncIterator[bytes]]) -> None:
        first = await asyncio.gather(*[frame(page, "parts") for page in pages])
        assert all(one["quiet"] and f'id="bed-{stage.free.pk}"' in one["html"] for one in first)
        n = len(rendered)
        waiting = asyncio.gather(*[frame(page, "parts") for page in pages])
        await sync_to_async(changes_notify)(beds=[stage.free.pk])
        one, other = await waiting
        assert one == other and not one["quiet"] and f'id="bed-{stage.free.pk}"' in one["html"]
        assert rendered[n:] == [{"beds": {stage.free.pk}, "wards": set(), "tasks": set()}]

    told(stage, story, [reader_of(stage), reader_of(stage)])


def test_each_language_has_its_own(stage: Stage) -> None:
    async def story(pages: list[AsyncIterator[bytes]]) -> None:
        swedish, english = [(await frame(page, "parts"))["html"] for page in pages]
        assert "Behöver någon" in swedish and "Needs somebody" in english

    told(stage, story, [reader_of(stage), reader_of(stage, language="en")])


def test_only_those_who_may_read_it_get_a_board(stage: Stage) -> None:
    """Not another role, not a page that is personal, not an address that is none."""
    wards = frozenset({1})
    coordinator, nurse = stage.users["coordinator"], stage.users["ward_staff"]
    assert board_of(ADDRESS, user=coordinator, wards=wards) is not None
    assert board_of(ADDRESS, user=nurse, wards=wards) is None
    assert board_of("/arbete/delar/", user=stage.users["service_worker"], wards=wards) is None
    for nonsense in ("", "samordning", "/finns-inte/", "//andra.example/samordning/delar/", "/" + "x" * 600):
        assert board_of(nonsense, user=coordinator, wards=wards) is None


@pytest.mark.parametrize("way", ["scope", "role", "inactive", "signed out", "demo over"])
def test_a_reader_whose_rights_have_changed_is_pushed_nothing_more(
    way: str, stage: Stage, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """The page is told to ask for itself, where it is sent where it belongs, and the stream ends."""
    monkeypatch.setattr(live, "BEAT_SECONDS", 0.3)
    reader, user = reader_of(stage), stage.users["coordinator"]

    def take_away() -> None:
        if way == "scope":
            Scope.objects.filter(user=user).delete()
        elif way == "role":
            type(user).objects.filter(pk=user.pk).update(role=Role.WARD_STAFF)
        elif way == "inactive":
            type(user).objects.filter(pk=user.pk).update(is_active=False)
        elif way == "signed out":
            SessionStore(reader.session).flush()
        else:
            type(user).objects.filter(pk=user.pk).update(demo=True)
            settings.DEMO = False

    async def story(pages: list[AsyncIterator[bytes]]) -> None:
        await frame(pages[0], "parts")
        await sync_to_async(take_away)()
        assert await frame(pages[0], "change") == REFRESH
        with pytest.raises(StopAsyncIteration):
            await anext(pages[0])

    told(stage, story, [reader])


def test_rights_lost_between_two_looks_show_nothing(stage: Stage) -> None:
    """Before the stream next looks at the session the rendering itself refuses: only a reader's own eyes are used."""

    async def story(pages: list[AsyncIterator[bytes]]) -> None:
        await frame(pages[0], "parts")
        await sync_to_async(Scope.objects.filter(user=stage.users["coordinator"]).delete)()
        await sync_to_async(changes_notify)(beds=[stage.free.pk])
        assert await frame(pages[0], "change") == REFRESH

    told(stage, story, [reader_of(stage)])


def test_what_runs_past_its_time_is_pushed_without_any_event(stage: Stage) -> None:
    """The bed's tile says late, and no page has asked."""
    soon = datetime.now(UTC) + timedelta(seconds=1.5)
    Task.objects.filter(pk=stage.task_id).update(due_at=soon)

    async def story(pages: list[AsyncIterator[bytes]]) -> None:
        assert "tag-red" not in (await frame(pages[0], "parts"))["html"]
        late = await frame(pages[0], "parts")
        assert datetime.now(UTC) >= soon and not late["quiet"]
        assert f'id="bed-{stage.free.pk}"' in late["html"] and late["html"].count("tag-red") == 2  # tile and list

    told(stage, story, [reader_of(stage)])


def test_a_reader_that_lags_gets_everything_again(stage: Stage) -> None:
    """Its queue is emptied and it is served anew, in order; the others are not disturbed."""

    async def story(pages: list[AsyncIterator[bytes]]) -> None:
        for page in pages:
            await frame(page, "parts")
        slow = next(reader for reader in hub().subscribers if reader is readers[0])
        for _ in range(live.QUEUE_LIMIT + 1):
            slow.put(b"event: parts\ndata: {}\n\n")
        again = await frame(pages[0], "parts")
        assert again["quiet"]
        await sync_to_async(changes_notify)(beds=[stage.free.pk])
        assert not (await frame(pages[1], "parts"))["quiet"]

    readers = [reader_of(stage), reader_of(stage)]
    told(stage, story, readers)


def test_what_cannot_be_rendered_is_asked_for_by_each(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(pages: list[AsyncIterator[bytes]]) -> None:
        await frame(pages[0], "parts")
        monkeypatch.setattr(pushing, "resolve", lambda path: 1 / 0)
        await sync_to_async(changes_notify)(beds=[stage.free.pk])
        assert await frame(pages[0], "change") == REFRESH
        monkeypatch.undo()
        await sync_to_async(changes_notify)(beds=[stage.free.pk])
        assert not (await frame(pages[0], "parts"))["quiet"]

    told(stage, story, [reader_of(stage)])


def test_a_board_of_a_division_keeps_to_it(stage: Stage) -> None:
    """Its wards, its work, whole and pushed; a division that is not the reader's shows nothing."""
    user = stage.users["coordinator"]
    client = Client(headers={"accept-language": "sv"})
    client.force_login(user)
    own = stage.ward.division_id
    other = Division.objects.create(hospital=stage.ward.division.hospital, code="D2", name="Andra")
    stage.other_ward.division = other
    stage.other_ward.save()
    tile = f'id="bed-{stage.free.pk}"'
    line = f'id="task-{stage.task_id}"'
    both = [client.get("/samordning/"), client.get("/samordning/delar/?alla=1")]
    mine = [client.get(f"/samordning/{part}?alla=1&division_id={own}") for part in ("", "delar/")]
    for answer in both + mine:
        assert tile in answer.content.decode() and line in answer.content.decode()
    for part in ("", "delar/"):
        page = client.get(f"/samordning/{part}?alla=1&division_id={other.pk}").content.decode()
        assert tile not in page and line not in page and f'id="ward-{stage.other_ward.pk}"' in page
        foreign = client.get(f"/samordning/{part}?division_id={stage.foreign.room.ward.division_id}").content.decode()
        assert 'class="tile' not in foreign and "task-" not in foreign

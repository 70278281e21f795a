"""Clean work before unclean, and hands and apron between where it cannot be so (the catalogue's hygiene order)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from tests.strategies.agreed import task_type_make
from tests.strategies.stage import AT, Stage, stage_set, task_make

from vardnara.apps.service import services
from vardnara.apps.service.choices import BreakKind, TaskKind, Zones
from vardnara.apps.service.queries.next_task import worker_page

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_of_two_at_the_same_time_the_cleaner_first_and_a_word_after_unclean_work(settings) -> None:
    """A discharge clean behind one, food is offered with a word; once it has begun, or two hours later, without."""
    settings.DEMO = True
    stage: Stage = stage_set()
    worker = stage.users["service_worker"]
    low, high = task_type_make("food", hygiene_order=10, n_people=2), task_type_make("rubbish", hygiene_order=70)
    here = {"ward_id": stage.ward.pk, "bed_id": None, "at": AT}
    unclean = task_make(kind=TaskKind.SERVICE, task_type_id=high.pk, **here)
    clean = task_make(kind=TaskKind.SERVICE, task_type_id=low.pk, **here)
    offered = [one.task.id for one in worker_page(actor=worker, at=AT).open]
    assert offered.index(clean) < offered.index(unclean)
    assert not worker_page(actor=worker, at=AT).wash_first
    services.task_start(task_id=stage.task_id, actor=worker, at=AT)
    services.task_finish(task_id=stage.task_id, actor=worker, at=AT + HOUR / 2)
    assert worker_page(actor=worker, at=AT + HOUR).last_hygiene == 60
    assert worker_page(actor=worker, at=AT + 3 * HOUR).last_hygiene == 0
    services.task_claim(task_id=clean, actor=worker, at=AT + HOUR)
    assert worker_page(actor=worker, at=AT + HOUR).wash_first
    services.task_start(task_id=clean, actor=worker, at=AT + HOUR)
    assert not worker_page(actor=worker, at=AT + HOUR).wash_first
    phone = Client()
    phone.force_login(worker)
    assert "<dt>Personer</dt><dd>2</dd>" in phone.get("/arbete/").content.decode()


@pytest.mark.parametrize(
    ("before", "after", "washes"),
    [
        (90, 75, True),
        (90, 90, False),
        (75, 60, False),
        (60, 45, False),
        (30, 22, False),
        (22, 20, True),
        (10, 20, False),
    ],
)
def test_classes_and_not_steps_ask_for_the_wash(settings, before: int, after: int, washes: bool) -> None:
    """From contagion to anything cleaner, and from any cleaning to food: no chain of small steps goes unwashed."""
    settings.DEMO = True
    stage: Stage = stage_set()
    worker = stage.users["service_worker"]
    here = {"kind": TaskKind.SERVICE, "ward_id": stage.ward.pk, "bed_id": None, "at": AT}
    first, then = (
        task_make(task_type_id=task_type_make(f"kind-{n}", hygiene_order=order).pk, **here)
        for n, order in enumerate((before, after))
    )
    services.task_start(task_id=first, actor=worker, at=AT)
    services.task_finish(task_id=first, actor=worker, at=AT + HOUR / 2)
    services.task_claim(task_id=then, actor=worker, at=AT + HOUR)
    assert worker_page(actor=worker, at=AT + HOUR).wash_first is washes
    services.shift_sign_on(actor=worker, at=AT + HOUR, zones=Zones.ALL)
    services.shift_break_begin(actor=worker, at=AT + HOUR, kind=BreakKind.BREAK)
    services.shift_break_end(actor=worker, at=AT + HOUR * 1.2)
    assert not worker_page(actor=worker, at=AT + HOUR * 1.2).wash_first, "nobody goes to a break unwashed"

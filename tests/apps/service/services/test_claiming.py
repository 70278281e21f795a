"""Two hundred workers and fifty tasks: one winner each (invariant 3)."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from tests.strategies.messages import at, person, small_hospital

from vardnara.apps.accounts.choices import Role
from vardnara.apps.hospital.models import BedPlace, BedState, Room
from vardnara.apps.hospital.services.verify import broken_invariants
from vardnara.apps.service.models import Task, TaskEvent
from vardnara.apps.service.services import task_claim, work_request
from vardnara.kernel.errors import RuleBroken

WORKERS, TASKS, AT_ONCE = 200, 50, 40


@pytest.mark.django_db(transaction=True)
def test_two_hundred_workers_fifty_tasks() -> None:
    """Everybody tries every task, many at the same moment: fifty claims, one owner a task, the rest told no."""
    hospital = small_hospital()
    nurse = person(Role.WARD_STAFF, "nurse", hospital)
    room = Room.objects.get(ward__code="K31", code="1")
    beds = [BedPlace.objects.create(room=room, code=f"T{n}") for n in range(TASKS)]
    BedState.objects.bulk_create([BedState(bed=bed) for bed in beds])
    tasks = [work_request(ward_id=room.ward_id, bed_id=bed.pk, note="linen", actor=nurse, at=at(0)).pk for bed in beds]
    workers = [person(Role.SERVICE_WORKER, f"w{n}", hospital) for n in range(WORKERS)]
    start = Barrier(AT_ONCE, timeout=60)

    def all_tasks(n: int) -> Counter[str]:
        try:
            Task.objects.count()  # open the connection first, so that the first forty really start together
            if n < AT_ONCE:
                start.wait()
            told: Counter[str] = Counter()
            for offset in range(TASKS):
                try:
                    task_claim(task_id=tasks[offset], actor=workers[n], at=at(1))
                    told["claimed"] += 1
                except RuleBroken as no:
                    told[no.code] += 1
            return told
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        told = sum(pool.map(all_tasks, range(WORKERS)), Counter())
    assert told == {"claimed": TASKS, "not_open": (WORKERS - 1) * TASKS}
    assert TaskEvent.objects.filter(kind="claimed").count() == TASKS
    assert Task.objects.filter(state="claimed", owner__isnull=False).count() == TASKS
    assert [str(row) for row in broken_invariants()] == []


@pytest.mark.django_db
def test_database_refuses_a_claim_without_owner_and_a_rewritten_history() -> None:
    """Invariant 3 holds without any of our code."""
    hospital = small_hospital()
    nurse = person(Role.WARD_STAFF, "nurse", hospital)
    ward = Room.objects.get(ward__code="M52").ward
    task = work_request(ward_id=ward.pk, bed_id=None, note="linen", actor=nurse, at=at(0))
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.filter(pk=task.pk).update(state="claimed")
    for change in (TaskEvent.objects.all().delete, lambda: TaskEvent.objects.update(reason="other")):
        with pytest.raises(Exception, match="Cannot update or delete rows"), transaction.atomic():
            change()

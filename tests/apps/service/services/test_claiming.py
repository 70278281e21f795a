"""Two hundred workers and fifty tasks: one winner each (invariant 3)."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

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


def lock_waits() -> int:
    """How many wait for a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return int(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_second_claim_waits_for_the_first() -> None:
    """A claim that is not yet committed already keeps the next one waiting, and then it is told no."""
    hospital = small_hospital()
    nurse, one, two = (
        person(role, role + str(n), hospital)
        for n, role in enumerate([Role.WARD_STAFF, Role.SERVICE_WORKER, Role.SERVICE_WORKER])
    )
    ward = Room.objects.get(ward__code="M52").ward
    task = work_request(ward_id=ward.pk, bed_id=None, note="linen", actor=nurse, at=at(0))

    def claim_second() -> str:
        try:
            task_claim(task_id=task.pk, actor=two, at=at(2))
        except RuleBroken as no:
            return no.code
        finally:
            connection.close()
        return "claimed"

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            task_claim(task_id=task.pk, actor=one, at=at(1))
            second = pool.submit(claim_second)
            while lock_waits() == 0 and not second.done():
                time.sleep(0.01)
        assert second.result(timeout=20) == "not_open"
    task.refresh_from_db()
    assert task.owner_id == one.pk


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

    def all_tasks(n: int) -> Counter[str]:
        told: Counter[str] = Counter()
        try:
            for task_id in tasks:
                try:
                    task_claim(task_id=task_id, actor=workers[n], at=at(1))
                    told["claimed"] += 1
                except RuleBroken as no:
                    told[no.code] += 1
        finally:
            connection.close()
        return told

    with ThreadPoolExecutor(AT_ONCE) as pool:
        with transaction.atomic():
            # the database itself holds the first forty back until they all stand at the first task
            connection.cursor().execute("LOCK TABLE service_task IN ACCESS EXCLUSIVE MODE")
            results = [pool.submit(all_tasks, n) for n in range(WORKERS)]
            waiting = 0
            while waiting < AT_ONCE:
                waiting = lock_waits()
        told = sum((result.result() for result in results), Counter())
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

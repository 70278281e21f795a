"""What phones did without contact: carried out once, in order, as of when it was done; the rest is kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from tests.strategies.messages import adt, apply, at, bed, person, receive, small_hospital

from vardnara.apps.accounts.choices import Role
from vardnara.apps.hospital.models import BedState, Hospital, Region, Room
from vardnara.apps.hospital.services.applying import inbox_apply
from vardnara.apps.hospital.services.verify import broken_invariants
from vardnara.apps.service import services as work
from vardnara.apps.service.models import CommandConflict, Task, TaskEvent
from vardnara.apps.service.queries.conflicts import conflict_count_open, conflict_list_open
from vardnara.apps.service.services import Answer, Command
from vardnara.kernel.errors import RuleBroken

pytestmark = pytest.mark.django_db
LATER = at(600)


class Phone:
    """A phone without contact: it notes what is done, and sends all of it again and again."""

    def __init__(self, owner: Any, name: str = "phone") -> None:
        self.owner, self.name, self.commands = owner, name, list[Command]()

    def did(self, deed: str, minute: float, task: Task | None = None, **words: Any) -> int:
        seq = len(self.commands) + 1
        fields = {"task_id": task.pk} if task is not None else {}
        self.commands.append(Command(seq=seq, deed=deed, at=at(minute), **fields, **words))
        return seq

    def send(self, received: datetime = LATER, commands: list[Command] | None = None) -> list[Answer]:
        sent = self.commands if commands is None else commands
        return list(work.commands_merge(actor=self.owner, device=self.name, commands=sent, received_at=received))


class Cast:
    def __init__(self) -> None:
        self.hospital = small_hospital()
        self.worker = person(Role.SERVICE_WORKER, "worker", self.hospital)
        self.second = person(Role.SERVICE_WORKER, "second", self.hospital)
        self.coordinator = person(Role.COORDINATOR, "coordinator", self.hospital)
        self.nurse = person(Role.WARD_STAFF, "nurse", self.hospital)
        other = Hospital.objects.create(region=Region.objects.get(), code="X", name="Annat")
        self.stranger = person(Role.COORDINATOR, "stranger", other)
        self.stranger_worker = person(Role.SERVICE_WORKER, "stranger_worker", other)
        self.phone = Phone(self.worker)

    def request(self, minute: float = 0) -> Task:
        ward = Room.objects.get(ward__code="M52").ward
        return work.work_request(ward_id=ward.pk, bed_id=None, note="linen", actor=self.nurse, at=at(minute))


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    yield Cast()
    assert [str(row) for row in broken_invariants()] == []


@pytest.fixture
def clean(cast: Cast) -> Task:
    """The discharge clean of bed 1-1, an hour after the start."""
    apply(adt("A01", 0, "1-1"), adt("A03", 60, "1-1"))
    return Task.objects.get()


def outcomes(answers: list[Answer]) -> list[str]:
    return [answer.code or answer.outcome for answer in answers]


def history(task: Task) -> list[tuple[str, float]]:
    """Steps with their minutes after the start."""
    events = TaskEvent.objects.filter(task=task).order_by("pk")
    return [(event.kind, (event.at - at(0)).total_seconds() / 60) for event in events]


def state_of(name: str) -> str:
    return BedState.objects.get(bed=bed(name)).cleanliness


def test_a_whole_clean_without_contact(cast: Cast, clean: Task) -> None:
    """Every step has the time at which it was done, pauses do not count, and the bed is clean."""
    for deed, minute, words in [
        ("start", 70, {}),
        ("pause", 75, {"reason": "break"}),
        ("resume", 95, {}),
        ("delay", 100, {"reason": "equipment"}),
        ("resume", 102, {}),
        ("finish", 110, {}),
    ]:
        cast.phone.did(deed, minute, clean, **words)
    assert outcomes(cast.phone.send()) == ["done"] * 6
    assert history(clean)[1:] == [
        ("claimed", 70), ("started", 70), ("paused", 75), ("resumed", 95), ("delayed", 100), ("resumed", 102),
        ("finished", 110),
    ]  # fmt: skip
    clean.refresh_from_db()
    assert (clean.state, clean.worked_seconds, clean.finished_at) == ("done", (5 + 5 + 8) * 60, at(110))
    assert state_of("1-1") == "clean"


def test_sent_again_changes_nothing(cast: Cast, clean: Task) -> None:
    """A lost answer: the phone sends all of it again, alone or with more behind it."""
    cast.phone.did("start", 70, clean)
    cast.phone.did("finish", 80, clean)
    cast.phone.send()
    before = history(clean)
    other = cast.request()
    cast.phone.did("claim", 90, other)
    assert outcomes(cast.phone.send()) == ["repeated", "repeated", "done"]
    assert outcomes(cast.phone.send()) == ["repeated"] * 3
    assert history(clean) == before and len(history(other)) == 2


def test_a_number_used_for_something_else_is_never_taken_for_done(cast: Cast, clean: Task) -> None:
    """A phone that lost its count: what it did is kept for a person, not answered as if it were done."""
    cast.phone.did("claim", 70, clean)
    cast.phone.send()
    reused = Command(seq=1, deed="claim", at=at(80), task_id=cast.request().pk)
    assert outcomes(cast.phone.send(commands=[reused])) == ["number_used"]
    assert outcomes(cast.phone.send(commands=[reused])) == ["number_used"]


def test_a_found_job_and_what_was_done_to_it(cast: Cast) -> None:
    """The task has no number yet: later commands name the found job by its own."""
    seq = cast.phone.did("found", 10, bed_id=bed("1-1").pk, kind="found_bed", start=True, note="coffee")
    cast.phone.did("pause", 15, found=seq, reason="material")
    cast.phone.did("resume", 20, found=seq)
    first, rest = cast.phone.commands[:1], cast.phone.commands[1:]
    assert outcomes(cast.phone.send(commands=first)) == ["done"]
    cast.phone.did("finish", 30, found=seq)
    assert outcomes(cast.phone.send(commands=[*rest, cast.phone.commands[-1]])) == ["done"] * 3
    assert outcomes(cast.phone.send()) == ["repeated"] * 4
    task = Task.objects.get()
    assert (task.kind, task.state, task.worked_seconds) == ("found_bed", "done", 15 * 60)
    assert state_of("1-1") == "clean"


def test_a_found_job_that_was_known_is_found_once(cast: Cast, clean: Task) -> None:
    """Somebody cleaned it before the phone sent again: the late echo makes no bed dirty."""
    cast.phone.did("found", 65, bed_id=bed("1-1").pk, kind="found_bed")
    assert outcomes(cast.phone.send(received=at(66))) == ["done"]
    work.task_start(task_id=clean.pk, actor=cast.second, at=at(67))
    work.task_finish(task_id=clean.pk, actor=cast.second, at=at(80))
    assert outcomes(cast.phone.send()) == ["repeated"]
    assert Task.objects.count() == 1 and state_of("1-1") == "clean"


def test_a_wrong_clock_is_kept_within_what_can_be(cast: Cast, clean: Task) -> None:
    """Never in the future, never before the last step; the answer says which."""
    cast.phone.did("start", 30, clean)
    cast.phone.did("finish", 5000, clean)
    answers = cast.phone.send()
    assert [(answer.moved, answer.at) for answer in answers] == [("before", at(60)), ("future", LATER)]


def test_somebody_else_took_it(cast: Cast, clean: Task) -> None:
    """A claim says who has it and is nobody's business; a whole clean is kept with its minutes for the coordinator."""
    work.task_claim(task_id=clean.pk, actor=cast.second, at=at(65))
    cast.phone.did("claim", 66, clean)
    answer = cast.phone.send()[0]
    assert (answer.code, answer.who) == ("taken", "second")
    assert conflict_list_open(actor=cast.coordinator) == []
    assert conflict_count_open(actor=cast.coordinator) == 0
    cast.phone.did("start", 70, clean)
    cast.phone.did("pause", 75, clean, reason="break")
    cast.phone.did("resume", 80, clean)
    cast.phone.did("finish", 90, clean)
    assert outcomes(cast.phone.send()) == ["taken"] * 5
    (row,) = conflict_list_open(actor=cast.coordinator)
    assert conflict_count_open(actor=cast.coordinator) == 1
    assert (row.minutes, row.finished, row.code, row.who, len(row.deeds)) == (15, True, "taken", "second", 4)
    assert conflict_list_open(actor=cast.stranger) == []
    clean.refresh_from_db()
    assert (clean.state, clean.owner) == ("claimed", cast.second)


def accept(cast: Cast, actor: Any = None) -> None:
    (row,) = conflict_list_open(actor=cast.coordinator)
    work.conflict_accept(conflict_id=row.id, actor=actor or cast.coordinator, at=LATER)


def test_the_coordinator_records_it_as_done(cast: Cast, clean: Task) -> None:
    """The bed is clean, the worker has the task with the minutes, once; a second yes is told that it is settled."""
    work.task_claim(task_id=clean.pk, actor=cast.second, at=at(65))
    cast.phone.did("start", 70, clean)
    cast.phone.did("finish", 90, clean)
    cast.phone.send()
    (row,) = conflict_list_open(actor=cast.coordinator)
    for actor, code in ((cast.worker, "wrong_role"), (cast.stranger, "out_of_scope")):
        with pytest.raises(RuleBroken) as no:
            work.conflict_accept(conflict_id=row.id, actor=actor, at=LATER)
        assert no.value.code == code
    accept(cast)
    clean.refresh_from_db()
    assert (clean.state, clean.owner, clean.worked_seconds) == ("done", cast.worker, 20 * 60)
    assert (clean.finished_at, state_of("1-1")) == (at(90), "clean")
    assert conflict_list_open(actor=cast.coordinator) == []
    with pytest.raises(RuleBroken) as again:
        work.conflict_accept(conflict_id=row.id, actor=cast.coordinator, at=LATER)
    assert again.value.code == "already_settled"
    assert outcomes(cast.phone.send()) == ["taken", "taken"]
    assert conflict_list_open(actor=cast.coordinator) == []


def test_a_clean_that_was_withdrawn_meanwhile(cast: Cast, clean: Task) -> None:
    """Started with contact, finished without: only what came after the withdrawal is outside the task."""
    work.task_start(task_id=clean.pk, actor=cast.worker, at=at(70))
    receive(adt("A13", 75, "1-1"))
    inbox_apply(at=at(75))
    clean.refresh_from_db()
    assert (clean.state, clean.worked_seconds) == ("withdrawn", 5 * 60)
    cast.phone.did("finish", 90, clean)
    assert outcomes(cast.phone.send()) == ["withdrawn"]
    (row,) = conflict_list_open(actor=cast.coordinator)
    assert row.minutes == 15
    accept(cast)
    clean.refresh_from_db()
    assert (clean.state, clean.worked_seconds, clean.finished_at) == ("done", 20 * 60, at(90))
    assert history(clean)[-1][0] == "recorded"


def test_reassigned_while_at_work(cast: Cast, clean: Task) -> None:
    """The time until it was given away is the task's already; a dismissal says why and counts nothing."""
    work.task_start(task_id=clean.pk, actor=cast.worker, at=at(70))
    work.task_reassign(task_id=clean.pk, actor=cast.coordinator, at=at(80), owner_id=cast.second.pk)
    cast.phone.did("pause", 85, clean, reason="break")
    cast.phone.did("resume", 90, clean)
    cast.phone.did("finish", 94, clean)
    assert outcomes(cast.phone.send()) == ["taken"] * 3
    (row,) = conflict_list_open(actor=cast.coordinator)
    assert row.minutes == 5 + 4
    with pytest.raises(RuleBroken) as no:
        work.conflict_dismiss(conflict_id=row.id, reason=" ", actor=cast.coordinator, at=LATER)
    assert no.value.code == "reason_missing"
    work.conflict_dismiss(conflict_id=row.id, reason="Second cleaned it", actor=cast.coordinator, at=LATER)
    settled = CommandConflict.objects.filter(task=clean)
    assert set(settled.values_list("settlement", "settled_reason")) == {("dismissed", "Second cleaned it")}
    clean.refresh_from_db()
    assert (clean.state, clean.worked_seconds) == ("paused", 10 * 60)


def test_somebody_else_finished_it_too(cast: Cast, clean: Task) -> None:
    """Both worked: the second time is added to the task, which stays done once."""
    work.task_start(task_id=clean.pk, actor=cast.second, at=at(65))
    work.task_finish(task_id=clean.pk, actor=cast.second, at=at(75))
    cast.phone.did("start", 70, clean)
    cast.phone.did("finish", 80, clean)
    assert outcomes(cast.phone.send()) == ["done_already"] * 2
    accept(cast)
    clean.refresh_from_db()
    assert (clean.state, clean.owner, clean.worked_seconds) == ("done", cast.second, 20 * 60)


def test_a_bed_that_was_used_since_is_not_released(cast: Cast, clean: Task) -> None:
    """Cleaned at 80 without contact, somebody came and left at 100: the minutes count, the bed waits for a clean."""
    apply(adt("A01", 90, "1-1", visit="V2", patient="P2"), adt("A03", 100, "1-1", visit="V2", patient="P2"))
    assert Task.objects.filter(state="open").count() == 1
    cast.phone.did("start", 70, clean)
    cast.phone.did("finish", 80, clean)
    assert outcomes(cast.phone.send()) == ["done", "bed_used_again"]
    clean.refresh_from_db()
    assert (clean.state, clean.worked_seconds, state_of("1-1")) == ("open", 10 * 60, "dirty")
    accept(cast)
    clean.refresh_from_db()
    assert (clean.state, clean.worked_seconds, state_of("1-1")) == ("open", 10 * 60, "dirty")


def test_an_accepted_clean_of_a_bed_that_was_used_since_counts_its_time_only(cast: Cast, clean: Task) -> None:
    work.task_claim(task_id=clean.pk, actor=cast.second, at=at(65))
    cast.phone.did("start", 70, clean)
    cast.phone.did("finish", 80, clean)
    cast.phone.send()
    apply(adt("A01", 90, "1-1", visit="V2", patient="P2"), adt("A03", 100, "1-1", visit="V2", patient="P2"))
    accept(cast)
    clean.refresh_from_db()
    assert (clean.state, clean.worked_seconds, state_of("1-1")) == ("claimed", 10 * 60, "dirty")


def test_one_that_cannot_be_carried_out_stops_nothing(cast: Cast, clean: Task) -> None:
    """Unknown tasks and other hospitals' beds are answered; what stands around them is done."""
    other = cast.request()
    cast.phone.did("start", 70, clean)
    cast.phone.did("start", 70, task_id=2**62)
    cast.phone.did("finish", 71, found=77)
    cast.phone.did("claim", 72, other)
    assert outcomes(cast.phone.send()) == ["done", "unknown_task", "unknown_task", "done"]
    strange = Phone(cast.stranger_worker, "strange")
    strange.did("start", 80, clean)
    strange.did("found", 81, bed_id=bed("1-1").pk, kind="spill")
    answers = strange.send()
    assert outcomes(answers) == ["out_of_scope", "unknown_bed"] and answers[0].who == ""


def test_a_fault_of_our_own_is_kept_and_stops_nothing(
    cast: Cast, clean: Task, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Where a reaction fails, that command is kept for a person, and the others are carried out."""
    from vardnara.apps.cleaning import services as cleaning

    def fails(**_: object) -> None:
        raise RuleBroken("odd_bed", "for the test")

    monkeypatch.setattr(cleaning, "bed_cleaned", fails)
    other = cast.request()
    for deed in ("start", "finish"):
        cast.phone.did(deed, 70, clean)
        cast.phone.did(deed, 71, other)
    assert outcomes(cast.phone.send()) == ["done", "done", "odd_bed", "done"]
    assert outcomes(cast.phone.send()) == ["repeated", "repeated", "odd_bed", "repeated"]


def test_many_commands_take_few_statements(cast: Cast, django_assert_max_num_queries: Any) -> None:
    """A shift's worth is written together, or forty phones would wait for each other."""
    for task in [cast.request() for _ in range(12)]:
        for deed, minute in (("start", 1), ("finish", 9)):
            cast.phone.did(deed, minute, task)
    with django_assert_max_num_queries(20):
        assert outcomes(cast.phone.send()) == ["done"] * 24

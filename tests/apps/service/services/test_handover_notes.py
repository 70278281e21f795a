"""Handovers and notes: written by people, shown where they matter, never rewritten, never about a patient."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from tests.apps.service.services.test_merging import Cast
from tests.strategies.messages import at, bed, person

from vardnara.apps.accounts.choices import Role
from vardnara.apps.hospital.models import Ward
from vardnara.apps.service import services as work
from vardnara.apps.service.models import Handover, Note
from vardnara.apps.service.queries.handover import (
    handover_figures,
    handover_list,
    handover_one,
    handover_since,
    sections_of,
)
from vardnara.apps.service.queries.notes import note_list
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import local_date

pytestmark = pytest.mark.django_db
TODAY = local_date(at(0))


@pytest.fixture
def cast(db: None) -> Cast:
    return Cast()


def no(code: str, step: Any, **words: Any) -> None:
    with pytest.raises(RuleBroken) as broken:
        step(**words)
    assert broken.value.code == code


def sign(cast: Cast, text: str = "Hissen står still.", minute: float = 60, **words: Any) -> Handover:
    said = {"hospital_id": cast.hospital.pk, "since": at(0), "figures": {}, "actor": cast.coordinator} | words
    return work.handover_sign(text=text, at=at(minute), **said)


def test_a_handover_is_signed_and_read_by_another(cast: Cast) -> None:
    """Once each; not by who wrote it; not in another hospital; sent twice it is one."""
    other = person(Role.SERVICE_HEAD, "head", cast.hospital)
    made = sign(cast)
    assert sign(cast, minute=61).pk == made.pk
    assert handover_since(actor=other, at=at(90)) == at(60)
    assert handover_since(actor=other, at=at(60 + 17 * 60)) == at(60 + 9 * 60)
    read = {"handover_id": made.pk, "at": at(70)}
    no("own_handover", work.handover_acknowledge, actor=cast.coordinator, **read)
    no("unknown_handover", work.handover_acknowledge, actor=cast.stranger, **read)
    no("wrong_role", work.handover_acknowledge, actor=cast.nurse, **read)
    work.handover_acknowledge(actor=other, **read)
    no("already_settled", work.handover_acknowledge, actor=other, **read)
    (row,) = handover_list(actor=cast.coordinator)
    assert (row.acknowledged_by, row.acknowledged_at) == ("head", at(70))
    assert handover_one(actor=cast.stranger, handover_id=made.pk) is None


def test_what_cannot_be_signed(cast: Cast) -> None:
    no("handover_empty", sign, cast=cast, text="  ")
    no("note_too_long", sign, cast=cast, text="x" * 4001)
    no("looks_like_identity", sign, cast=cast, text="Sal 3: 19121212-1212 väntar")
    no("out_of_scope", sign, cast=cast, actor=cast.stranger)
    no("wrong_role", sign, cast=cast, actor=cast.worker)


def test_the_figures_are_those_of_the_moment(cast: Cast) -> None:
    """Kept with it as they were, whatever happens after; free text of requests is not copied."""
    one, two = cast.request(), cast.request()
    work.task_claim(task_id=one.pk, actor=cast.worker, at=at(1))
    work.task_delay(task_id=one.pk, actor=cast.worker, at=at(2), reason="equipment")
    work.absence_mark(user_id=cast.second.pk, actor=cast.coordinator, at=at(3))
    figures = handover_figures(actor=cast.coordinator, at=at(60), since=at(0))
    made = sign(cast, figures=figures)
    work.task_claim(task_id=two.pk, actor=cast.worker, at=at(61))
    row = handover_one(actor=cast.coordinator, handover_id=made.pk)
    assert row is not None and row.sections == sections_of(figures)
    numbers = {code: number for code, number, _ in row.sections}
    assert {code for code, number in numbers.items() if number} == {"unowned", "delayed", "absent"}
    assert "linen" not in str(figures)


def test_notes_are_shown_where_they_matter(cast: Cast) -> None:
    """A ward's on all its tasks, a place's and a task's on theirs; through the date; then no more."""
    task = cast.request()
    by: dict[str, Any] = {"actor": cast.nurse, "at": at(0)}
    work.note_add(text="Förrådet är låst", ward_id=task.ward_id, until=TODAY, **by)
    work.note_add(text="Ring först", task_id=task.pk, **by)
    work.note_add(text="Sängen knarrar", bed_id=bed("1-1", "M52").pk, **by)
    work.note_add(text="Annan avdelning", ward_id=Ward.objects.get(code="K31").pk, **by)

    def seen(days: int = 0, **where: int) -> list[str]:
        return [row.text for row in note_list(actor=cast.worker, on=TODAY + timedelta(days=days), **where)]

    on_task = {"ward_id": task.ward_id, "task_id": task.pk}
    assert seen(**on_task) == ["Förrådet är låst", "Ring först"]
    assert seen(1, **on_task) == ["Ring först"]
    assert seen(ward_id=task.ward_id) == ["Förrådet är låst", "Ring först", "Sängen knarrar"]
    assert seen(ward_id=task.ward_id, bed_id=bed("1-1", "M52").pk) == ["Förrådet är låst", "Sängen knarrar"]
    assert note_list(actor=cast.stranger, on=TODAY) == []
    everything = note_list(actor=cast.worker, on=TODAY)
    here = [row.text for row in everything if row.is_about(task.ward_id, None, task.pk)]
    assert here == seen(**on_task)


def test_what_is_not_a_note(cast: Cast) -> None:
    ward = Ward.objects.get(code="K31").pk
    add = work.note_add
    by: dict[str, Any] = {"actor": cast.nurse, "at": at(0)}
    no("note_missing", add, text=" ", ward_id=ward, **by)
    no("note_too_long", add, text="x" * 301, ward_id=ward, **by)
    no("note_on_what", add, text="x", **by)
    no("unknown_task", add, text="x", task_id=999999, **by)
    no("note_until_past", add, text="x", ward_id=ward, until=TODAY - timedelta(days=1), **by)
    no("out_of_scope", add, text="x", ward_id=ward, actor=cast.stranger, at=at(0))
    for number in ("191212121212", "19121212-1212", "121212-1212", "121212+1212", "1212121212"):
        no("looks_like_identity", add, text=f"plats 2 {number}!", ward_id=ward, **by)
    add(text="Ring 0340-481000, sal 12, kl 13.30", ward_id=ward, **by)


def test_withdrawn_by_who_wrote_it_or_a_leader(cast: Cast) -> None:
    ward = Ward.objects.get(code="K31").pk
    note = work.note_add(text="x", ward_id=ward, actor=cast.nurse, at=at(0))
    no("not_your_note", work.note_withdraw, note_id=note.pk, actor=cast.worker, at=at(1))
    no("out_of_scope", work.note_withdraw, note_id=note.pk, actor=cast.stranger, at=at(1))
    work.note_withdraw(note_id=note.pk, actor=cast.coordinator, at=at(1))
    no("nothing_to_cancel", work.note_withdraw, note_id=note.pk, actor=cast.nurse, at=at(2))
    assert note_list(actor=cast.nurse, on=TODAY) == [] and Note.objects.count() == 1


def test_the_database_keeps_both(cast: Cast) -> None:
    """No SQL changes or deletes what was signed or written, reads it twice, or lets the author read it."""
    made = sign(cast)
    note = work.note_add(text="x", ward_id=Ward.objects.get(code="K31").pk, actor=cast.nurse, at=at(0))
    kept, notes = Handover.objects.filter(pk=made.pk), Note.objects.filter(pk=note.pk)
    lead, other = cast.coordinator.pk, cast.second.pk
    changes: list[tuple[Any, dict[str, Any]]] = [
        (kept, {"text": "y"}), (kept, {"figures": {"late": 1}}), (kept, {"author": other}), (kept, {"at": at(1)}),
        (kept, {"acknowledged_at": at(70), "acknowledged_by": lead}), (kept, {"acknowledged_at": at(70)}),
        (notes, {"text": "y"}), (notes, {"until": TODAY}), (notes, {"withdrawn_at": at(5)}),
    ]  # fmt: skip
    for rows, change in changes:
        with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
            rows.update(**change)
    kept.update(acknowledged_at=at(70), acknowledged_by=other)
    notes.update(withdrawn_at=at(5), withdrawn_by=lead)
    refused: list[Any] = [
        lambda: kept.update(acknowledged_at=at(71)), lambda: notes.update(withdrawn_at=None, withdrawn_by=None),
        kept.delete, notes.delete,
    ]  # fmt: skip
    for step in refused:
        with pytest.raises(DatabaseError), transaction.atomic():
            step()

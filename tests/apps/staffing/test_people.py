"""People: who may plan with whom, what the database refuses, files whole or not at all, and minutes by hand."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import translation
from tests.strategies.refusals import refused
from tests.strategies.stage import AT, Stage, stage_set

from vardnara.apps.accounts.models import Scope
from vardnara.apps.staffing.models import Contract, Leave, Person, Training
from vardnara.apps.staffing.queries.people import own_person, people_on, person_one
from vardnara.apps.staffing.services import people
from vardnara.apps.staffing.services.people_import import people_import
from vardnara.apps.staffing.services.people_words import (
    AvailabilityWords,
    ContractWords,
    PersonWords,
    TrainingWords,
)
from vardnara.apps.staffing.services.posts import post_add
from vardnara.apps.staffing.services.words import PostWords
from vardnara.kernel.errors import InputError

SINCE, DAY = date(2026, 1, 1), date(2026, 3, 5)
HALF = ContractWords(Decimal("0.5"), "all_days", SINCE)


@pytest.fixture
def stage(db: None, settings: Any) -> Stage:
    settings.DEMO = True
    return stage_set()


def add(stage: Stage, number: str = "1", contracts: tuple[ContractWords, ...] = (HALF,), **said: Any) -> Person:
    actor = said.pop("actor", stage.users["service_head"])
    home = {} if "pool" in said else {"ward_id": stage.ward.pk}
    words = PersonWords(**({"number": number, "name": f"Person {number}"} | home | said))
    person = people.person_add(hospital_id=stage.ward.division.hospital_id, words=words, actor=actor, at=AT)
    people.contracts_set(person_id=person.pk, contracts=contracts, actor=actor, at=AT)
    return person


def read(stage: Stage, path: Path, role: str = "service_head") -> tuple[int, int]:
    hospital = stage.ward.division.hospital_id
    with translation.override("en"):
        return people_import(hospital_id=hospital, path=path, file_name=path.name, actor=stage.users[role], at=AT)


def test_two_contracts_at_once_add_up(stage: Stage) -> None:
    """Half of 38 h 15 min on a post and a quarter of 40 h in the pool: 1,147.5 + 600 minutes a week."""
    hospital = stage.ward.division.hospital_id
    post = post_add(
        hospital_id=hospital,
        words=PostWords("8", "Servicemedarbetare", Decimal(1), SINCE, ward_id=stage.ward.pk),
        actor=stage.users["controller"],
        at=AT,
    )
    on_post = ContractWords(Decimal("0.5"), "all_days", SINCE, post_id=post.pk)
    ended = ContractWords(Decimal(1), "weekdays", date(2025, 1, 1), date(2026, 1, 1))
    person = add(stage, contracts=(on_post, ContractWords(Decimal("0.25"), "weekdays", SINCE), ended))
    row = person_one(actor=stage.users["coordinator"], person_id=person.pk, day=DAY).row
    assert (row.share, row.minutes, len(row.contracts)) == (Decimal("0.75"), Decimal("1747.5"), 3)
    assert [one.post_number for one in row.now] == ["8", ""]
    with refused("contract_post_twice"):
        people.contracts_set(
            person_id=person.pk, contracts=(on_post, on_post), actor=stage.users["service_head"], at=AT
        )
    with pytest.raises(DatabaseError, match="staffing_contract_post_once"), transaction.atomic():
        Contract.objects.create(person=person, post=post, share=1, measure="all_days", from_on=DAY)


def test_who_plans_with_whom(stage: Stage) -> None:
    """Ward by ward within reach; pools with the whole hospital; a worker with nobody."""
    add(stage, "1")
    pool = add(stage, "2", pool="Kvällspoolen")
    manager = stage.users["unit_manager"]
    Scope.objects.filter(user=manager).update(ward=stage.ward)
    manager.__dict__.pop("_reach", None)
    assert [row.number for home in people_on(actor=manager, day=DAY) for row in home.rows] == ["1"]
    assert [home.name for home in people_on(actor=stage.users["service_head"], day=DAY)] == [
        stage.ward.name,
        "Kvällspoolen",
    ]
    with refused("unknown_person"):
        people.contracts_set(person_id=pool.pk, contracts=(), actor=manager, at=AT)
    with refused("out_of_scope"):
        add(stage, "3", ward_id=stage.other_ward.pk, actor=manager)
    with refused("wrong_role"):
        people_on(actor=stage.users["service_worker"], day=DAY)
    with refused("unknown_person"):
        person_one(actor=stage.outsider, person_id=pool.pk, day=DAY)


def test_what_cannot_be_so(stage: Stage) -> None:
    """Said by the rule's code, and refused by the database besides."""
    worker = stage.users["service_worker"]
    person = add(stage, user_id=worker.pk)
    head = stage.users["service_head"]
    for said, code in (
        ({"number": ""}, "person_unnamed"),
        ({"pool": "Pool", "ward_id": stage.ward.pk}, "person_home_one"),
        ({"pool": ""}, "person_home_one"),
        ({"number": "1"}, "person_number_taken"),
        ({"user_id": worker.pk}, "person_user_taken"),
    ):
        with refused(code):
            add(stage, **({"number": "9"} | said))
    for contracts, code in (
        ([ContractWords(Decimal(0), "all_days", SINCE)], "bad_share"),
        ([ContractWords(Decimal(1), "whenever", SINCE)], "unknown_measure"),
        ([ContractWords(Decimal(1), "all_days", SINCE, SINCE)], "bad_dates"),
    ):
        with refused(code):
            people.contracts_set(person_id=person.pk, contracts=contracts, actor=head, at=AT)
    for trainings, code in (
        ([TrainingWords("juggling", SINCE)], "unknown_competence"),
        ([TrainingWords("cleaning", DAY, SINCE)], "bad_dates"),
        ([TrainingWords("cleaning", SINCE)] * 2, "training_twice"),
    ):
        with refused(code):
            people.trainings_set(person_id=person.pk, trainings=trainings, actor=head, at=AT)
    for change in ({"name": ""}, {"pool": "Pool"}, {"ward": None}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Person.objects.filter(pk=person.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        person.delete()


def test_a_training_holds_to_its_last_day(stage: Stage) -> None:
    """Shown sixty days ahead; on its last day it holds, and the day after it does not."""
    person = add(stage)
    said = [TrainingWords("cleaning", SINCE, DAY), TrainingWords("food_hygiene", SINCE)]
    people.trainings_set(person_id=person.pk, trainings=said, actor=stage.users["service_head"], at=AT)
    for day, states in (
        (date(2026, 1, 4), ["holds", "holds"]),
        (date(2026, 1, 5), ["soon", "holds"]),
        (DAY, ["soon", "holds"]),
        (date(2026, 3, 6), ["ended", "holds"]),
    ):
        row = person_one(actor=stage.users["coordinator"], person_id=person.pk, day=day).row
        assert [one.state for one in row.trainings] == states
    assert people_on(actor=stage.users["coordinator"], day=date(2026, 3, 6), competence="cleaning") == []


def test_leave_is_taken_back_and_never_twice(stage: Stage) -> None:
    person, head = add(stage), stage.users["service_head"]
    said = {"person_id": person.pk, "kind": "vacation", "actor": head, "at": AT}
    leave = people.leave_add(from_on=DAY, to_on=date(2026, 3, 9), **said)
    page = person_one(actor=head, person_id=person.pk, day=DAY)
    assert page.row.away is not None and page.row.away.last_on == date(2026, 3, 8)
    with refused("leave_overlaps"):
        people.leave_add(from_on=date(2026, 3, 8), to_on=date(2026, 3, 20), **said)
    with refused("bad_dates"):
        people.leave_add(from_on=DAY, to_on=DAY, **said)
    with refused("unknown_leave"):
        people.leave_add(from_on=DAY, to_on=date(2026, 3, 6), **(said | {"kind": "bored"}))
    for _ in range(2):
        people.leave_undo(leave_id=leave.pk, actor=head, at=AT)
    assert person_one(actor=head, person_id=person.pk, day=DAY).row.away is None
    people.leave_add(from_on=date(2026, 3, 8), to_on=date(2026, 3, 20), **said)
    assert Leave.objects.count() == 2


def test_everybody_says_their_own_hours(stage: Stage) -> None:
    """A worker for themselves and for nobody else; a planner for theirs."""
    worker, other = stage.users["service_worker"], add(stage, "2")
    own = add(stage, user_id=worker.pk)
    row = AvailabilityWords(6, SINCE)
    people.availability_set(person_id=own.pk, rows=[row], actor=worker, at=AT)
    page = own_person(actor=worker, day=DAY)
    assert page is not None and [one.weekday for one in page.availabilities] == [6]
    with refused("wrong_role"):
        people.availability_set(person_id=other.pk, rows=[row], actor=worker, at=AT)
    for wrong in (AvailabilityWords(7, SINCE), AvailabilityWords(1, SINCE, since=time(8))):
        with refused("bad_availability"):
            people.availability_set(person_id=own.pk, rows=[wrong], actor=worker, at=AT)
    assert own_person(actor=stage.users["coordinator"], day=DAY) is None


HEAD = "number;name;user;ward;pool;share;measure;from_on;last_on;cleaning_since;cleaning_last\n"


def test_a_table_comes_in_whole(stage: Stage, tmp_path: Path) -> None:
    """Two rows of one number are two contracts; read again it changes the same people."""
    path = tmp_path / "people.csv"
    code = stage.ward.code
    path.write_text(
        HEAD + f"7;Bo Berg;;{code};;0,5;all_days;2026-01-01;;2025-05-01;2027-04-30\n"
        "7;;;;;0,25;Weekdays only, 40 h 00 min;2026-01-01;2026-06-30;;\n"
        "8;Ada Ek;;;Kvällspoolen;1;night_30;2026-01-01;;;\n"
    )
    assert read(stage, path) == (2, 0)
    assert read(stage, path) == (0, 2)
    bo = Person.objects.get(number="7")
    assert [(row.share, row.measure) for row in bo.contracts.order_by("-share")] == [
        (Decimal("0.5"), "all_days"),
        (Decimal("0.25"), "weekdays"),
    ]
    assert Training.objects.get().expires_on == date(2027, 4, 30)


def test_every_fault_of_a_table_is_named(stage: Stage, tmp_path: Path) -> None:
    """By line and what was expected; nothing is kept."""
    path = tmp_path / "people.csv"
    code = stage.ward.code
    path.write_text(
        HEAD + f";Nobody;;{code};;1;all_days;2026-01-01;;;\n"
        f"2;Two homes;;{code};Pool;1;all_days;2026-01-01;;;\n"
        f"3;Three;nosuch;{code};;2;sometimes;someday;;;\n"
        f"4;Four;;{code};;1;all_days;2026-01-01;2025-12-31;2026-01-01;2025-01-01\n"
        f"5;Five;;{code};;1;;;;;\n"
        f"6;Six;;{code};;1;all_days;2026-01-01;;;\n"
        "6;Sixten;;;;1;all_days;2026-01-01;;;\n"
    )
    with pytest.raises(InputError) as caught:
        read(stage, path)
    lines = [str(fault) for fault in caught.value.faults]
    for place, words in (
        (":2: number", "missing"),
        (":3: ward", "a ward or a pool"),
        (":4: user", "nosuch"),
        (":4: measure", "one of all_days, night_20, night_30, weekdays"),
        (":4: from_on", "a day such as"),
        (":5: last_on", "a last day after the first"),
        (":5: cleaning_last", "a last day after the first"),
        (":6: measure", "missing"),
        (":8: name", "empty or as in the first row of number 6"),
    ):
        assert any(place in line and words in line for line in lines), (place, words, lines)
    assert not Person.objects.exists()


def test_nobody_takes_people_by_a_file(stage: Stage, tmp_path: Path) -> None:
    """A number that somebody else plans with is a fault, not a way in."""
    add(stage, "2", pool="Kvällspoolen")
    manager = stage.users["unit_manager"]
    Scope.objects.filter(user=manager).update(ward=stage.ward)
    manager.__dict__.pop("_reach", None)
    path = tmp_path / "people.csv"
    path.write_text(HEAD + f"2;Mine now;;{stage.ward.code};;1;all_days;2026-01-01;;;\n")
    with pytest.raises(InputError, match="somebody whom you plan with"):
        read(stage, path, "unit_manager")
    assert Person.objects.get().pool == "Kvällspoolen"

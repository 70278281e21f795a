"""People: added, changed, contracted, trained, away. Who plans may, within reach; each person keeps the own hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from vardnara.apps.accounts.queries import role_require
from vardnara.apps.staffing.choices import PLANNERS, LeaveKind
from vardnara.apps.staffing.models import Availability, Contract, Leave, Person, Post, Training
from vardnara.apps.staffing.queries.people_reach import home_in_reach, people_in_reach
from vardnara.apps.staffing.services.people_words import (
    AvailabilityWords,
    ContractWords,
    PersonWords,
    TrainingWords,
    availability_fault,
    contracts_fault,
    person_fault,
    trainings_fault,
)
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

LONGEST_LEAVE = timedelta(days=3 * 366)  # a day further away is one that was mistyped


@transaction.atomic
def person_add(*, hospital_id: int, words: PersonWords, actor: User, at: datetime) -> Person:
    """Somebody new; the number is once in the hospital. Whoever plans may, within reach."""
    role_require(actor, PLANNERS)
    return person_save(Person(hospital_id=hospital_id), words, actor, at)


@transaction.atomic
def person_change(*, person_id: int, words: PersonWords, actor: User, at: datetime) -> Person:
    """Say anew who somebody is and where they belong."""
    return person_save(_lock(person_id, actor), words, actor, at)


def person_save(person: Person, words: PersonWords, actor: User, at: datetime) -> Person:
    """Write what is said of a person whom the caller may write.

    Raises ``person_unnamed``, ``person_home_one``, ``out_of_scope``, ``person_number_taken``, ``person_user_taken``.
    """
    wrong = person_fault(words)
    if wrong is not None:
        raise RuleBroken(wrong[1], f"{words.number}: {wrong[0]}")
    if not home_in_reach(actor=actor, hospital_id=person.hospital_id, ward_id=words.ward_id):
        raise RuleBroken("out_of_scope", f"ward {words.ward_id}")
    for name, value in asdict(words).items():
        setattr(person, name, value)
    person.changed_at, person.changed_by_id = at, actor.pk
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as error:
        if "staffing_person_number_once" in str(error):
            raise RuleBroken("person_number_taken", words.number) from error
        if "user_id" in str(error):
            raise RuleBroken("person_user_taken", words.number) from error
        raise
    return person


@transaction.atomic
def contracts_set(*, person_id: int, contracts: Sequence[ContractWords], actor: User, at: datetime) -> Person:
    """Say anew what somebody is employed for, every contract; several at once are in order.

    Raises ``unknown_person``, ``bad_share``, ``unknown_measure``, ``bad_dates``, ``contract_post_twice``,
    ``out_of_scope`` where a post is another hospital's.
    """
    return contracts_write(_lock(person_id, actor), contracts, actor, at)


def contracts_write(person: Person, contracts: Sequence[ContractWords], actor: User, at: datetime) -> Person:
    """Replace the contracts of a person that the caller has locked."""
    wrong = contracts_fault(contracts)
    if wrong is not None:
        raise RuleBroken(wrong[1], f"person {person.pk}: {wrong[0]}")
    posts = {one.post_id for one in contracts if one.post_id is not None}
    if Post.objects.filter(pk__in=posts, hospital=person.hospital_id).count() != len(posts):
        raise RuleBroken("out_of_scope", f"posts {sorted(posts)}")
    Contract.objects.filter(person=person).delete()
    Contract.objects.bulk_create(Contract(person=person, **asdict(one)) for one in contracts)
    return _changed(person, actor, at)


@transaction.atomic
def trainings_set(*, person_id: int, trainings: Sequence[TrainingWords], actor: User, at: datetime) -> Person:
    """Say anew what somebody is trained for. Raises ``unknown_person``, ``unknown_competence``, ``training_twice``."""
    return trainings_write(_lock(person_id, actor), trainings, actor, at)


def trainings_write(person: Person, trainings: Sequence[TrainingWords], actor: User, at: datetime) -> Person:
    """Replace the trainings of a person that the caller has locked."""
    wrong = trainings_fault(trainings)
    if wrong is not None:
        raise RuleBroken(wrong[1], f"person {person.pk}: {wrong[0]}")
    Training.objects.filter(person=person).delete()
    Training.objects.bulk_create(Training(person=person, **asdict(one)) for one in trainings)
    return _changed(person, actor, at)


@transaction.atomic
def availability_set(*, person_id: int, rows: Sequence[AvailabilityWords], actor: User, at: datetime) -> Person:
    """Say anew in which hours somebody can never work; they may themselves, and whoever plans with them.

    Raises ``unknown_person``, ``bad_availability``, ``bad_dates``.
    """
    own = Person.objects.select_for_update().filter(pk=person_id, user=actor.pk).first()
    person = own or _lock(person_id, actor)
    wrong = availability_fault(rows)
    if wrong is not None:
        raise RuleBroken(wrong[1], f"person {person.pk}: {wrong[0]}")
    Availability.objects.filter(person=person).delete()
    Availability.objects.bulk_create(Availability(person=person, **asdict(one)) for one in rows)
    return _changed(person, actor, at)


@transaction.atomic
def leave_add(*, person_id: int, kind: str, from_on: date, to_on: date, actor: User, at: datetime) -> Leave:
    """Somebody is away from a day until the first day on which they are back.

    Raises ``unknown_person``, ``unknown_leave``, ``bad_dates``, ``leave_overlaps``.
    """
    person = _lock(person_id, actor)
    if kind not in LeaveKind.values:
        raise RuleBroken("unknown_leave", kind)
    if not from_on < to_on <= from_on + LONGEST_LEAVE:
        raise RuleBroken("bad_dates", f"{from_on} {to_on}")
    try:
        with transaction.atomic():
            return Leave.objects.create(
                person=person, kind=kind, from_on=from_on, to_on=to_on, made_at=at, made_by=actor
            )
    except IntegrityError as error:
        raise RuleBroken("leave_overlaps", f"{from_on} {to_on}") from error


@transaction.atomic
def leave_undo(*, leave_id: int, actor: User, at: datetime) -> Leave:
    """Take a leave back; twice is once. Raises ``unknown_leave``."""
    leave = (
        Leave.objects.select_for_update(of=("self",))
        .filter(pk=leave_id, person__in=people_in_reach(actor=actor))
        .first()
    )
    if leave is None:
        raise RuleBroken("unknown_leave", str(leave_id))
    if leave.undone_at is None:
        leave.undone_at, leave.undone_by_id = at, actor.pk
        leave.save(update_fields=["undone_at", "undone_by"])
    return leave


def _lock(person_id: int, actor: User) -> Person:
    person = people_in_reach(actor=actor).select_for_update(of=("self",)).filter(pk=person_id).first()
    if person is None:
        raise RuleBroken("unknown_person", str(person_id))
    return person


def _changed(person: Person, actor: User, at: datetime) -> Person:
    person.changed_at, person.changed_by_id = at, actor.pk
    person.save(update_fields=["changed_at", "changed_by"])
    return person

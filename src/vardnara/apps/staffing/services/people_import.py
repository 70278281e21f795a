"""People from a table, CSV or xlsx: every fault by its line or cell, and nothing half read in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import pgettext

from vardnara.apps.accounts.queries import role_require, users_by_name
from vardnara.apps.hospital.queries.organisation import organisation
from vardnara.apps.staffing.choices import PLANNERS, Competence, Measure
from vardnara.apps.staffing.models import Person, Post
from vardnara.apps.staffing.queries.people_reach import home_in_reach, people_in_reach
from vardnara.apps.staffing.services.people import contracts_write, person_save, trainings_write
from vardnara.apps.staffing.services.people_words import (
    ContractWords,
    PersonWords,
    TrainingWords,
    contracts_fault,
    person_fault,
)
from vardnara.apps.staffing.services.reading import FAULTS_MOST, Reader, choice_words, columns_faults, table_open
from vardnara.gateways.tabular import Row, Table
from vardnara.kernel.errors import InputError
from vardnara.kernel.faults import Fault

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

NEEDED = ("number", "name")
PERSON = ("user", "ward", "pool", "adult_on")
CONTRACT = ("post", "share", "measure", "from_on", "last_on")
TRAINING = tuple(f"{code}_{part}" for code in Competence.values for part in ("since", "last"))
COLUMNS = (*NEEDED, *PERSON, *CONTRACT, *TRAINING)
LENGTHS = {"number": 40, "name": 120, "pool": 120}
PLACES = {"share": 4}


@dataclass(slots=True)
class PersonRow:
    """What a table says of one person; ``words`` is None where that is at fault."""

    words: PersonWords | None
    first: Row
    trainings: list[TrainingWords]
    contracts: list[ContractWords] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Known:
    """The codes that a table may name, each with what it stands for."""

    wards: list[tuple[str, int]]
    posts: list[tuple[str, int]]
    users: list[tuple[str, int]]


@transaction.atomic
def people_import(
    *, hospital_id: int, path: Path, file_name: str, encoding: str = "utf-8", actor: User, at: datetime
) -> tuple[int, int]:
    """Read a table of people: how many were new, and how many that were there are changed.

    A person who is there by their number becomes what the file says, and so do their contracts and trainings. Rows of
    one number after the first each add a contract. Raises ``InputError`` with every fault.
    """
    role_require(actor, PLANNERS)
    table, faults = table_open(path, file_name=file_name, encoding=encoding)
    found = _people(table, file_name, hospital_id, faults, actor)
    if not found and not faults:
        faults.append(Fault(file_name, "", pgettext("people", "nobody"), pgettext("people", "a row for each person")))
    if faults:
        raise InputError(faults[:FAULTS_MOST])
    there = {
        person.number: person
        for person in Person.objects.select_for_update()
        .filter(hospital=hospital_id, number__in=list(found))
        .order_by("pk")
    }
    for number, row in found.items():
        assert row.words is not None  # else there were faults
        person = person_save(there.get(number) or Person(hospital_id=hospital_id), row.words, actor, at)
        contracts_write(person, row.contracts, actor, at)
        trainings_write(person, row.trainings, actor, at)
    return len(found) - len(there), len(there)


def _people(table: Table, source: str, hospital_id: int, faults: list[Fault], actor: User) -> dict[str, PersonRow]:
    faults += columns_faults(table, source, needed=NEEDED, known=COLUMNS)
    if faults:
        return {}
    own = organisation(hospital_id=hospital_id)
    known = Known(
        wards=[(ward.code, ward.id) for division in own for ward in division.wards],
        posts=list(Post.objects.filter(hospital=hospital_id).values_list("number", "pk")),
        users=list(users_by_name(hospital_id=hospital_id).items()),
    )
    elsewhere = _elsewhere(hospital_id, actor)
    found: dict[str, PersonRow] = {}
    users: dict[int, str] = {}
    for row in table.rows:
        reader = Reader(row, source, faults, lengths=LENGTHS, places=PLACES)
        number = row.get("number")
        before = found.get(number) if number else None
        if before is None:
            before = PersonRow(_person(reader, known, hospital_id, actor), row, _trainings(reader))
            if number:  # without one it is a fault already
                found[number] = before
            if number in elsewhere:
                reader.fault("number", number, pgettext("people", "somebody whom you plan with"))
            user_id = before.words.user_id if before.words is not None else None
            if user_id is not None and users.setdefault(user_id, number) != number:
                reader.fault("user", row.get("user"), pgettext("people", "each user once"))
        else:
            reader.again((NEEDED[1], *PERSON, *TRAINING), before.first)
        _contract(reader, known, before.contracts)
    return found


def _elsewhere(hospital_id: int, actor: User) -> set[str]:
    """Numbers of people whom somebody else plans with."""
    rows = Person.objects.filter(hospital=hospital_id).exclude(pk__in=people_in_reach(actor=actor))
    return set(rows.values_list("number", flat=True))


def _person(reader: Reader, known: Known, hospital_id: int, actor: User) -> PersonWords | None:
    before = len(reader.faults)
    words = PersonWords(
        number=reader.text("number", needed=True),
        name=reader.text("name", needed=True),
        ward_id=reader.code("ward", known.wards),
        pool=reader.text("pool"),
        user_id=reader.code("user", known.users),
        adult_on=reader.day("adult_on"),
    )
    if len(reader.faults) > before:
        return None
    if person_fault(words) is not None:
        reader.fault("ward", pgettext("people", "no home, or two"), pgettext("people", "a ward or a pool"))
        return None
    if not home_in_reach(actor=actor, hospital_id=hospital_id, ward_id=words.ward_id):
        wanted = pgettext("people", "a home whose people you plan with")
        reader.fault("ward", reader.row.get("ward") or words.pool, wanted)
        return None
    return words


def _contract(reader: Reader, known: Known, contracts: list[ContractWords]) -> None:
    if not any(reader.row.get(column) for column in CONTRACT):
        return
    before = len(reader.faults)
    share = reader.number("share", needed=True)
    measure = reader.one_of("measure", choice_words(Measure.choices), needed=True)
    from_on = reader.day("from_on", needed=True)
    to_on, post_id = reader.after("last_on"), reader.code("post", known.posts)
    if len(reader.faults) > before or share is None or from_on is None:
        return
    one = ContractWords(share, measure, from_on, to_on, post_id)
    wrong = contracts_fault([*contracts, one])
    if wrong is not None:
        reader.fault(*_told(wrong[1]))
        return
    contracts.append(one)


def _trainings(reader: Reader) -> list[TrainingWords]:
    found = []
    for code in Competence.values:
        since, last = reader.day(f"{code}_since"), reader.day(f"{code}_last")
        if since is None:
            if last is not None:
                reader.fault(f"{code}_since", pgettext("posts", "missing"), pgettext("people", "since when"))
        elif last is not None and last < since:
            reader.fault(f"{code}_last", *_told("bad_dates")[1:])
        else:
            found.append(TrainingWords(code, since, last))
    return found


def _told(code: str) -> tuple[str, str, str]:
    """The column at fault, what is wrong and what was expected, by the code of the rule."""
    return {
        "bad_share": (
            "share", pgettext("posts", "a share that cannot be"), pgettext("posts", "above 0, at most 1"),
        ),
        "bad_dates": (
            "last_on", pgettext("posts", "ends before it begins"), pgettext("posts", "a last day after the first"),
        ),
        "contract_post_twice": (
            "post", pgettext("people", "the same post twice at once"), pgettext("people", "one contract for a post"),
        ),
    }[code]  # fmt: skip

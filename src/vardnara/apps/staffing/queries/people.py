"""People as those who plan with them see them: what they are employed for on a day, and what they are trained for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Prefetch

from vardnara.apps.accounts.queries import user_reach
from vardnara.apps.hospital.queries.boards import hospitals_in_reach
from vardnara.apps.staffing.choices import Competence, LeaveKind, Measure
from vardnara.apps.staffing.models import Availability, Contract, Leave, Person, Training
from vardnara.apps.staffing.queries.people_reach import people_in_reach
from vardnara.kernel.errors import RuleBroken
from vardnara.parameters.working_time import working_time

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

DAY = timedelta(days=1)
SOON = timedelta(days=60)  # a training that ends within is shown: courses are booked ahead


@dataclass(frozen=True, slots=True)
class ContractRow:
    """A contract; ``minutes`` a week is the share of its full-time measure."""

    post_number: str
    post_id: int | None
    share: Decimal
    measure: Measure
    minutes: Decimal
    from_on: date
    last_on: date | None


@dataclass(frozen=True, slots=True)
class TrainingRow:
    """A training as it is on a day: ``state`` is ``holds``, ``soon`` (ends within 60 days) or ``ended``."""

    competence: Competence
    since_on: date
    expires_on: date | None
    state: str


@dataclass(frozen=True, slots=True)
class LeaveRow:
    """Days away."""

    id: int
    kind: LeaveKind
    from_on: date
    last_on: date


@dataclass(frozen=True, slots=True)
class AvailabilityRow:
    """Hours of a weekday in which somebody can never work."""

    weekday: int
    since: time | None
    until: time | None
    from_on: date
    last_on: date | None


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person on a day. ``minutes`` a week and ``share`` are those of the contracts that hold then."""

    id: int
    number: str
    name: str
    user: str
    user_id: int | None
    ward_id: int | None
    ward_code: str
    home: str
    pool: str
    adult_on: date | None
    minor: bool
    contracts: tuple[ContractRow, ...]
    now: tuple[ContractRow, ...]
    trainings: tuple[TrainingRow, ...]
    away: LeaveRow | None
    share: Decimal
    minutes: Decimal

    @property
    def worries(self) -> list[str]:
        """What a planner should know: no contract, more than full time, trainings that ended or end soon."""
        found = [] if self.now else ["no_contract"]
        found += ["over_full_time"] if self.share > 1 else []
        return found + [f"training_{one.state}" for one in self.trainings if one.state != "holds"]


@dataclass(frozen=True, slots=True)
class PersonPage:
    """A person with what is planned ahead."""

    row: PersonRow
    leaves: tuple[LeaveRow, ...]
    availabilities: tuple[AvailabilityRow, ...]


@dataclass(frozen=True, slots=True)
class Home:
    """The people of a ward or a pool, with the sum of their shares."""

    name: str
    rows: tuple[PersonRow, ...]
    share: Decimal


def people_hospital(*, actor: User) -> int:
    """The hospital whose people a planner plans with; raises ``out_of_scope`` where there is none."""
    whole = user_reach(actor).hospital_ids
    if whole:
        return min(whole)
    found = hospitals_in_reach(actor=actor)
    if not found:
        raise RuleBroken("out_of_scope", f"user {actor.pk} reaches no hospital")
    return found[0].pk


def people_on(*, actor: User, day: date, competence: str = "") -> list[Home]:
    """Everybody whom the actor plans with, by home, as of a day; all, or those who hold a competence then."""
    homes: dict[str, list[PersonRow]] = {}
    for row in _rows(people_in_reach(actor=actor), day):
        if not competence or any(one.competence == competence and one.state != "ended" for one in row.trainings):
            homes.setdefault(row.home, []).append(row)
    return [
        Home(
            name, tuple(sorted(rows, key=lambda row: (row.name, row.id))), sum((row.share for row in rows), Decimal(0))
        )
        for name, rows in sorted(homes.items())
    ]


def person_one(*, actor: User, person_id: int, day: date) -> PersonPage:
    """One person; raises ``unknown_person`` where the actor plans with none such."""
    found = _rows(people_in_reach(actor=actor).filter(pk=person_id), day)
    if not found:
        raise RuleBroken("unknown_person", str(person_id))
    return _page(found[0], day)


def own_person(*, actor: User, day: date) -> PersonPage | None:
    """The actor's own page, None where they are not among the people."""
    found = _rows(Person.objects.filter(user=actor.pk), day)
    return _page(found[0], day) if found else None


def _page(row: PersonRow, day: date) -> PersonPage:
    leaves = Leave.objects.filter(person=row.id, undone_at__isnull=True, to_on__gt=day).order_by("from_on")
    never = Availability.objects.filter(person=row.id).order_by("weekday", "since")
    return PersonPage(
        row,
        tuple(_leave(one) for one in leaves),
        tuple(
            AvailabilityRow(one.weekday, one.since, one.until, one.from_on, one.to_on - DAY if one.to_on else None)
            for one in never
        ),
    )


def _rows(people: Iterable[Person], day: date) -> list[PersonRow]:
    rows = people.select_related("ward", "user").prefetch_related(  # type: ignore[attr-defined]
        Prefetch("contracts", Contract.objects.select_related("post").order_by("from_on", "pk")),
        Prefetch("trainings", Training.objects.order_by("competence")),
        Prefetch("leaves", Leave.objects.filter(undone_at__isnull=True, from_on__lte=day, to_on__gt=day)),
    )
    return [_row(person, day) for person in rows]


def _row(person: Person, day: date) -> PersonRow:
    contracts = tuple(_contract(one) for one in person.contracts.all())
    now = tuple(one for one in contracts if one.from_on <= day and (one.last_on is None or day <= one.last_on))
    away = next(iter(person.leaves.all()), None)
    return PersonRow(
        id=person.pk,
        number=person.number,
        name=person.name,
        user=person.user.username if person.user else "",
        user_id=person.user_id,
        ward_id=person.ward_id,
        ward_code=person.ward.code if person.ward else "",
        home=person.ward.name if person.ward else person.pool,
        pool=person.pool,
        adult_on=person.adult_on,
        minor=person.adult_on is not None and day < person.adult_on,
        contracts=contracts,
        now=now,
        trainings=tuple(_training(one, day) for one in person.trainings.all()),
        away=_leave(away) if away is not None else None,
        share=sum((one.share for one in now), Decimal(0)),
        minutes=sum((one.minutes for one in now), Decimal(0)),
    )


def _contract(row: Contract) -> ContractRow:
    measure = Measure(row.measure)
    return ContractRow(
        post_number=row.post.number if row.post else "",
        post_id=row.post_id,
        share=row.share,
        measure=measure,
        minutes=row.share * Decimal(str(working_time(f"weekly_minutes_{measure}"))),
        from_on=row.from_on,
        last_on=row.to_on - DAY if row.to_on else None,
    )


def _training(row: Training, day: date) -> TrainingRow:
    ends = row.expires_on
    state = "ended" if ends and ends < day else "soon" if ends and ends < day + SOON else "holds"
    return TrainingRow(Competence(row.competence), row.since_on, ends, state)


def _leave(row: Leave) -> LeaveRow:
    return LeaveRow(row.pk, LeaveKind(row.kind), row.from_on, row.to_on - DAY)


def pools_named(*, actor: User, hospital_id: int) -> list[str]:
    """Pools that the actor plans with, by name."""
    rows = people_in_reach(actor=actor).filter(hospital=hospital_id).exclude(pool="")
    return sorted(set(rows.values_list("pool", flat=True)))

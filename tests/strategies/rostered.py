"""A roster group: people with contracts and trainings, kinds of shifts, needs, drafts and published rosters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.strategies.stage import AT, Stage

from vardnara.apps.accounts.models import User
from vardnara.apps.staffing.models import Person, Roster, RosterGroup, RosterRun, ShiftKind
from vardnara.apps.staffing.services import people, roster_changes, roster_groups, roster_runs, rosters
from vardnara.apps.staffing.services.people_words import ContractWords, PersonWords, TrainingWords
from vardnara.apps.staffing.services.roster_groups import HomeWords, KindWords

SINCE = date(2026, 1, 1)
FIRST = date(2026, 3, 23)  # a Monday; the spring change is the night before the 29th
DAY = timedelta(days=1)
KINDS = (
    KindWords("D", "Dag", 420, 930, ((660, 690),), ("food_hygiene",)),
    KindWords("K", "Kväll", 780, 1290, ((1020, 1050),), ("food_hygiene",)),
    KindWords("N", "Natt", 1260, 1830, ((1500, 1530),)),
)
WEEK_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun", "holiday")


def person(
    stage: Stage,
    number: int,
    *,
    name: str = "",
    user: User | None = None,
    measure: str = "all_days",
    pool: str = "",
    share: str = "1",
) -> Person:
    """Somebody of the stage's ward, or of a pool, with a contract and trained in food hygiene."""
    head = stage.users["service_head"]
    words = PersonWords(
        number=str(number),
        name=name or f"Person {number:02}",
        pool=pool,
        ward_id=None if pool else stage.ward.pk,
        user_id=user.pk if user else None,
    )
    row = people.person_add(hospital_id=stage.ward.division.hospital_id, words=words, actor=head, at=AT)
    people.contracts_set(person_id=row.pk, contracts=[ContractWords(Decimal(share), measure, SINCE)], actor=head, at=AT)
    people.trainings_set(person_id=row.pk, trainings=[TrainingWords("food_hygiene", SINCE)], actor=head, at=AT)
    row.refresh_from_db()
    return row


def group_make(
    stage: Stage, wanted: dict[str, int] | None = None, *, kinds: Iterable[KindWords] = KINDS[:2], pool: str = "Pool"
) -> tuple[RosterGroup, dict[str, ShiftKind]]:
    """The stage's ward, with a pool or without; by default a day and an evening, one each on every day."""
    head = stage.users["service_head"]
    homes = [HomeWords(ward_id=stage.ward.pk), *([HomeWords(pool=pool)] if pool else [])]
    group = roster_groups.group_save(
        hospital_id=stage.ward.division.hospital_id, name="Kirurgi", homes=homes, actor=head, at=AT
    )
    made = {one.code: roster_groups.kind_add(group_id=group.pk, words=one, actor=head, at=AT) for one in kinds}
    wanted = {"D": 1, "K": 1} if wanted is None else wanted
    needs = {(made[code].pk, day): n for code, n in wanted.items() for day in WEEK_DAYS}
    roster_groups.standard_needs_set(group_id=group.pk, wanted=needs, actor=head, at=AT)
    return group, made


def draft(stage: Stage, group: RosterGroup, weeks: int = 4, first: date = FIRST) -> Roster:
    return rosters.roster_add(group_id=group.pk, first_on=first, weeks=weeks, actor=stage.users["service_head"], at=AT)


def search(stage: Stage, roster: Roster, seconds: int = 3) -> RosterRun:
    run = roster_runs.run_ask(roster_id=roster.pk, seconds=seconds, actor=stage.users["service_head"], at=AT)
    roster_runs.run_do(run_id=run.pk, clock=lambda: datetime.now(UTC))
    run.refresh_from_db()
    return run


def give(stage: Stage, roster: Roster, one: Person, on: date, kind: ShiftKind | None, **more: Any) -> Roster:
    return roster_changes.shift_set(
        roster_id=roster.pk,
        person_id=one.pk,
        on=on,
        kind_id=kind.pk if kind else None,
        actor=more.pop("actor", stage.users["service_head"]),
        at=more.pop("at", AT),
        **more,
    )


@dataclass
class Rostered:
    """Who is rostered: ``ann`` and ``bo`` sign in as workers, ``cia`` does not, ``head`` plans and has a row too."""

    stage: Stage
    group: RosterGroup
    kinds: dict[str, ShiftKind]
    people: dict[str, Person]
    rosters: list[Roster] = field(default_factory=list)

    @property
    def planner(self) -> User:
        return self.stage.users["service_head"]

    @property
    def manager(self) -> User:
        return self.stage.users["unit_manager"]

    def user(self, name: str) -> User:
        user = self.people[name].user
        assert user is not None
        return user

    def draft(self, *, weeks: int = 4, first: date = FIRST) -> Roster:
        made = draft(self.stage, self.group, weeks, first)
        self.rosters.append(made)
        return made

    def give(self, roster: Roster, lines: Mapping[tuple[str, int], str], **more: Any) -> None:
        """Shifts by person and day from the roster's first; empty: free."""
        for (name, day), code in lines.items():
            kind = self.kinds[code] if code else None
            give(self.stage, roster, self.people[name], roster.first_on + day * DAY, kind, **more)

    def published(self, lines: Mapping[tuple[str, int], str], *, weeks: int = 4, first: date = FIRST) -> Roster:
        roster = self.draft(weeks=weeks, first=first)
        self.give(roster, lines)
        rosters.roster_publish(roster_id=roster.pk, actor=self.planner, at=AT, reason="test")
        roster.refresh_from_db()
        return roster


def rostered_set(stage: Stage, *, shares: Mapping[str, str] | None = None) -> Rostered:
    """The cast on the stage's first ward."""
    users = {"ann": stage.users["service_worker"], "bo": stage.second_worker, "cia": None,
             "head": stage.users["service_head"]}  # fmt: skip
    cast = {
        name: person(stage, 100 + number, name=name.title(), user=user, share=(shares or {}).get(name, "1"))
        for number, (name, user) in enumerate(users.items(), start=1)
    }
    group, kinds = group_make(stage, {}, kinds=KINDS, pool="")
    return Rostered(stage, group, kinds, cast)

"""A ward's roster group with people who sign in, kinds of shifts, and a roster that is published or not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from tests.strategies.stage import AT, Stage

from vardnara.apps.accounts.models import User
from vardnara.apps.staffing.models import Person, Roster, RosterGroup, ShiftKind
from vardnara.apps.staffing.services import people, roster_changes, roster_groups, rosters
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
        made = rosters.roster_add(group_id=self.group.pk, first_on=first, weeks=weeks, actor=self.planner, at=AT)
        self.rosters.append(made)
        return made

    def give(self, roster: Roster, lines: Mapping[tuple[str, int], str]) -> None:
        """Shifts by person and day from the roster's first; empty: free."""
        for (name, day), code in lines.items():
            roster_changes.shift_set(
                roster_id=roster.pk,
                person_id=self.people[name].pk,
                on=roster.first_on + day * DAY,
                kind_id=self.kinds[code].pk if code else None,
                actor=self.planner,
                at=AT,
            )

    def published(self, lines: Mapping[tuple[str, int], str], *, weeks: int = 4, first: date = FIRST) -> Roster:
        roster = self.draft(weeks=weeks, first=first)
        self.give(roster, lines)
        rosters.roster_publish(roster_id=roster.pk, actor=self.planner, at=AT, reason="test")
        roster.refresh_from_db()
        return roster


def rostered_set(stage: Stage, *, kinds: Iterable[KindWords] = KINDS) -> Rostered:
    """The cast on the stage's first ward."""
    head = stage.users["service_head"]
    hospital = stage.ward.division.hospital_id
    users = {"ann": stage.users["service_worker"], "bo": stage.second_worker, "cia": None, "head": head}
    cast = {}
    for number, (name, user) in enumerate(users.items(), start=1):
        words = PersonWords(
            number=f"10{number}", name=name.title(), ward_id=stage.ward.pk, user_id=user.pk if user else None
        )
        one = people.person_add(hospital_id=hospital, words=words, actor=head, at=AT)
        people.contracts_set(
            person_id=one.pk, contracts=[ContractWords(Decimal(1), "all_days", SINCE)], actor=head, at=AT
        )
        people.trainings_set(person_id=one.pk, trainings=[TrainingWords("food_hygiene", SINCE)], actor=head, at=AT)
        one.refresh_from_db()
        cast[name] = one
    group = roster_groups.group_save(
        hospital_id=hospital, name="Kirurgi", homes=[HomeWords(ward_id=stage.ward.pk)], actor=head, at=AT
    )
    made = {one.code: roster_groups.kind_add(group_id=group.pk, words=one, actor=head, at=AT) for one in kinds}
    return Rostered(stage, group, made, cast)

"""An invented roster of the invented people: a plain rotation, published, and a draft of the weeks after it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db import transaction

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import demo_user
from vardnara.apps.hospital.queries.organisation import organisation
from vardnara.apps.staffing.choices import ChangeCause, Measure, NeedDay
from vardnara.apps.staffing.models import Person, Roster, RosterGroup, ShiftKind
from vardnara.apps.staffing.queries.roster_period import roster_rows
from vardnara.apps.staffing.services.demo_people import POOL
from vardnara.apps.staffing.services.roster_changes import LineWords, lines_apply
from vardnara.apps.staffing.services.roster_groups import (
    HomeWords,
    KindWords,
    group_save,
    kind_add,
    standard_needs_set,
)
from vardnara.apps.staffing.services.rosters import roster_add, roster_publish
from vardnara.engines.roster import Assignment
from vardnara.kernel.calendar import day_kind, days_between
from vardnara.kernel.local_time import local_date

NAME = "Vårdnära service (påhittad)"
WEEKS = 4
SHIFTS = (("D", "Dag", 420, 930, 630), ("K", "Kväll", 750, 1260, 930))  # code, name, from, to, a break of half an hour
ROTATION = ("DDDDD..", "KKK..DD", ".DDDD..", "KKKKK..")  # 19 days of 8 hours in four weeks, lawful in this order
WEEKDAYS = "DDDDD.."
FREE = "."
MARGIN = 0.9
NOTICE = timedelta(weeks=4)


@transaction.atomic
def demo_rosters_load(*, hospital_id: int, at: datetime) -> bool:
    """Give the invented people a roster that holds now and a draft after it; once, else False."""
    actor = demo_user(hospital_id=hospital_id, role=Role.SERVICE_HEAD)
    if actor is None or RosterGroup.objects.filter(hospital=hospital_id).exists():
        return False
    rows = Person.objects.filter(hospital=hospital_id).select_related("ward").prefetch_related("contracts")
    people = list(rows.order_by("number"))
    wards = sorted({one.ward_id for one in people if one.ward_id})
    if not wards:
        return False
    homes = [*(HomeWords(ward_id=one) for one in wards), HomeWords(pool=POOL)]
    group = group_save(hospital_id=hospital_id, name=NAME, homes=homes, actor=actor, at=at)
    divisions = [one for one in organisation(hospital_id=hospital_id) if any(ward.id in wards for ward in one.wards)]
    kinds: dict[tuple[int, str], ShiftKind] = {}
    for number, division in enumerate(divisions, start=1):
        for code, name, start, end, rest in SHIFTS:
            words = KindWords(f"{code}{number}", f"{name}, {division.name}"[:60], start, end, ((rest, rest + 30),),
                              ("cleaning",), division_id=division.id)  # fmt: skip
            kinds[division.id, code] = kind_add(group_id=group.pk, words=words, actor=actor, at=at)
    standard_needs_set(group_id=group.pk, wanted=_needs(people, kinds), actor=actor, at=at)
    today = local_date(at)
    monday = today - timedelta(days=today.weekday() + 7)
    roster = roster_add(group_id=group.pk, first_on=monday, weeks=WEEKS, actor=actor, at=at)
    lines_apply(roster, _lawful(roster, _lines(roster, people, kinds)), ChangeCause.HAND, actor, at)
    roster_add(group_id=group.pk, first_on=monday + timedelta(weeks=WEEKS), weeks=WEEKS, actor=actor, at=at)
    roster_publish(roster_id=roster.pk, actor=actor, at=at - NOTICE)
    return True


def _division(person: Person, n: int, kinds: dict[tuple[int, str], ShiftKind]) -> int:
    """Where somebody works: the division of their ward, a pool's people in turn."""
    divisions = sorted({division for division, _ in kinds})
    return person.ward.division_id if person.ward is not None else divisions[n % len(divisions)]


def _needs(people: list[Person], kinds: dict[tuple[int, str], ShiftKind]) -> dict[tuple[int, str], int]:
    """A little less than what the rotation gives."""
    staff: dict[int, int] = {}
    for n, person in enumerate(people):
        division = _division(person, n, kinds)
        staff[division] = staff.get(division, 0) + 1
    wanted = {}
    for (division, code), kind in kinds.items():
        for day in NeedDay.values:
            column = NeedDay.values.index(day) % len(WEEKDAYS)  # a holiday as a Monday
            there = staff.get(division, 0) * sum(week[column] == code for week in ROTATION) / len(ROTATION)
            wanted[kind.pk, day] = int(there * MARGIN)
    return wanted


def _lines(roster: Roster, people: list[Person], kinds: dict[tuple[int, str], ShiftKind]) -> list[LineWords]:
    """Everybody in the rotation, one a week after the other; who works weekdays has days alone."""
    found = []
    for n, person in enumerate(people):
        weekdays = all(one.measure == Measure.WEEKDAYS for one in person.contracts.all())
        for day in days_between(roster.first_on, roster.to_on):
            week = (n + (day - roster.first_on).days // 7) % len(ROTATION)
            code = (WEEKDAYS if weekdays else ROTATION[week])[day.weekday()]
            if code != FREE and not (weekdays and not day_kind(day).is_working_day):
                found.append(LineWords(person.pk, day, kinds[_division(person, n, kinds), code].pk))
    return found


def _lawful(roster: Roster, lines: list[LineWords]) -> list[LineWords]:
    """The lines without those that somebody's contract, leave or other rules have no room for."""
    rows = roster_rows(roster)
    while True:
        marked = tuple(
            Assignment(str(one.person_id), (one.on - roster.first_on).days, str(one.kind_id)) for one in lines
        )
        broken = replace(rows, assignments=marked).judgement.broken
        if not broken:
            return lines
        own: dict[int, set[date]] = {}
        for one in broken:
            days = own.setdefault(int(one.person), set())
            held = [line.on for line in lines if line.person_id == int(one.person)]
            days.add(one.on if one.on in held and one.rule != "contract_most" else held[-1])
        lines = [line for line in lines if line.on not in own.get(line.person_id, ())]

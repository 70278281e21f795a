"""Shifts that are offered: one's own, those one is asked to take, those that wait for whoever plans, and who could."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from vardnara.apps.accounts.queries import role_require
from vardnara.apps.staffing.choices import APPROVERS, SWAP_OPEN, SwapState
from vardnara.apps.staffing.models import Person, Roster, RosterShift, ScheduleRule, ShiftKind, ShiftOffer
from vardnara.apps.staffing.queries.roster_period import RosterRows, roster_rows
from vardnara.apps.staffing.queries.roster_reach import groups_in_reach, rosters_in_reach
from vardnara.apps.staffing.queries.schedule import kind_times, person_of
from vardnara.engines.roster.swedish import Broken, rules_worse
from vardnara.engines.roster.swedish.judge import person_check
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

SHOWN = timedelta(days=30)  # how long an offer that is over is shown
type Moves = dict[tuple[int, date], int | None]  # person and day to the kind worked, None: free


@dataclass(frozen=True, slots=True)
class OfferRow:
    """An offered shift; ``back`` the colleague's that is asked for, empty where it is given away."""

    id: int
    giver: str
    taker: str
    on: date
    shift: str
    back_on: date | None
    back: str
    note: str
    state: SwapState
    expires_at: datetime
    made_at: datetime
    reason: str
    mine: bool
    group: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A colleague's shift that could be had in exchange, or None: the shift is given away; ``rules`` forbid it."""

    on: date | None
    shift: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody whom a shift can be offered to; ``rules`` are what forbids that they just take it."""

    id: int
    name: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Offering:
    """An own shift that is about to be offered."""

    roster_id: int
    on: date
    shift: str
    colleagues: tuple[Colleague, ...]
    chosen: Colleague | None
    choices: tuple[Choice, ...]
    at_once: bool

    @property
    def possible(self) -> bool:
        """Whether anything can be asked of the chosen colleague."""
        return any(not one.rules for one in self.choices)


def moves_of(offer: ShiftOffer) -> Moves:
    """What a swap changes: who works what on which day."""
    moves: Moves = {(offer.giver_id, offer.on): None, (offer.taker_id, offer.on): offer.kind_id}
    if offer.back_on is not None:
        moves.setdefault((offer.taker_id, offer.back_on), None)
        moves[offer.giver_id, offer.back_on] = offer.back_kind_id
    return moves


class Judge:
    """Tries moves on a roster, one person at a time; what it found of a person is remembered."""

    def __init__(self, rows: RosterRows) -> None:
        self.period = rows.period
        self.people = {one.id: one for one in rows.period.people}
        self.held: dict[str, dict[date, list[str]]] = {key: {} for key in self.people}
        for line in rows.assignments:
            self.held[line.employee].setdefault(rows.period.day(line.day), []).append(line.shift)
        self.known: dict[tuple[str, tuple[tuple[date, str], ...]], tuple[Broken, ...]] = {}

    def broken(self, moves: Moves) -> tuple[str, ...]:
        """The hard rules that moves would break, and that are broken less without them."""
        own: dict[str, dict[date, str]] = {}
        for (person, on), kind in moves.items():
            own.setdefault(str(person), {})[on] = str(kind) if kind is not None else ""
        found = set[str]()
        for person, change in own.items():
            found |= rules_worse(self._rules(person, {}), self._rules(person, change))
        return tuple(sorted(found))

    def _rules(self, person: str, change: dict[date, str]) -> tuple[Broken, ...]:
        key = (person, tuple(sorted(change.items())))
        if key not in self.known:
            row = self.held[person] | {day: [code] if code else [] for day, code in change.items()}
            self.known[key] = tuple(person_check(self.period, self.people[person], row, 0))
        return self.known[key]


def swaps_at_once(roster: Roster) -> bool:
    """Whether a swap of the roster's group holds as soon as both have said yes."""
    return ScheduleRule.objects.filter(group=roster.group_id, swap_at_once=True).exists()


def own_offers(*, actor: User, at: datetime) -> list[OfferRow]:
    """What the actor has offered and been asked; what is over for a month."""
    person = person_of(actor=actor)
    rows = _rows().filter(Q(giver=person) | Q(taker=person))
    rows = rows.filter(Q(state__in=SWAP_OPEN) | Q(closed_at__gte=at - SHOWN))
    return [_row(one, at, mine=one.giver_id == person.pk) for one in rows.order_by("expires_at", "pk")]


def n_asked(*, person_id: int, at: datetime) -> int:
    """How many shifts a person is asked to take and has not answered. The caller answers for whose."""
    return ShiftOffer.objects.filter(taker=person_id, state=SwapState.ASKED, expires_at__gt=at).count()


def offers_waiting(*, actor: User, at: datetime) -> list[OfferRow]:
    """The swaps that both want and that wait for the actor's yes, as head of unit."""
    role_require(actor, APPROVERS)
    rows = _rows().filter(roster__in=rosters_in_reach(actor=actor), state=SwapState.ACCEPTED, expires_at__gt=at)
    return [_row(one, at, mine=False) for one in rows.order_by("expires_at", "pk")]


def _rows() -> QuerySet[ShiftOffer]:
    return ShiftOffer.objects.select_related("giver", "taker", "kind", "back_kind", "roster__group")


def _row(one: ShiftOffer, at: datetime, *, mine: bool) -> OfferRow:
    late = one.state in SWAP_OPEN and one.expires_at <= at
    return OfferRow(
        id=one.pk,
        giver=one.giver.name,
        taker=one.taker.name,
        on=one.on,
        shift=kind_words(one.kind),
        back_on=one.back_on,
        back=kind_words(one.back_kind) if one.back_kind else "",
        note=one.note,
        state=SwapState.EXPIRED if late else SwapState(one.state),
        expires_at=one.expires_at,
        made_at=one.made_at,
        reason=one.reason,
        mine=mine,
        group=one.roster.group.name,
    )


def kind_words(kind: ShiftKind) -> str:
    """A kind of shift by code and times."""
    return f"{kind.code} {kind_times(kind)}"


def offering(*, actor: User, roster_id: int, on: date, colleague_id: int | None, at: datetime) -> Offering:
    """What the actor can do with an own shift: to whom it can go, and what of a chosen colleague's can be had for it.

    Raises ``not_rostered``, ``unknown_shift``, ``swap_expired``, ``unknown_person``.
    """
    person = person_of(actor=actor)
    shift = shift_in_force(roster_id=roster_id, person_id=person.pk, on=on)
    if shift.start_at <= at:
        raise RuleBroken("swap_expired", str(on))
    rows = roster_rows(shift.roster, only=None if colleague_id is None else (person.pk, colleague_id))
    judge = Judge(rows)
    works = {(int(one.employee), shift.roster.first_on + timedelta(days=one.day)) for one in rows.assignments}
    others = Person.objects.filter(memberships__roster=roster_id, user__isnull=False).exclude(pk=person.pk)
    if colleague_id is not None:
        others = others.filter(pk=colleague_id)
    colleagues = [
        Colleague(
            one.pk,
            one.name,
            ("works_already",)
            if (one.pk, on) in works
            else judge.broken({(person.pk, on): None, (one.pk, on): shift.kind_id}),
        )
        for one in others.order_by("name", "pk")
    ]
    chosen = next((one for one in colleagues if one.id == colleague_id), None)
    if colleague_id is not None and chosen is None:
        raise RuleBroken("unknown_person", str(colleague_id))
    choices = [Choice(None, "", chosen.rules), *_choices(shift, judge, chosen.id, works, at)] if chosen else []
    return Offering(
        roster_id,
        on,
        kind_words(shift.kind),
        tuple(colleagues),
        chosen,
        tuple(choices),
        swaps_at_once(shift.roster),
    )


def _choices(
    shift: RosterShift, judge: Judge, colleague_id: int, works: set[tuple[int, date]], at: datetime
) -> Iterable[Choice]:
    theirs = RosterShift.objects.filter(
        roster=shift.roster_id, person=colleague_id, in_force=True, start_at__gt=at
    ).select_related("kind")
    for one in theirs.order_by("on"):
        if one.on != shift.on and {(shift.person_id, one.on), (colleague_id, shift.on)} & works:
            continue  # one of the two would have two shifts on a day
        if one.on == shift.on and one.kind_id == shift.kind_id:
            continue
        moves: Moves = {(shift.person_id, shift.on): None, (colleague_id, one.on): None}
        moves |= {(colleague_id, shift.on): shift.kind_id, (shift.person_id, one.on): one.kind_id}
        yield Choice(one.on, kind_words(one.kind), judge.broken(moves))


def shift_in_force(*, roster_id: int, person_id: int, on: date) -> RosterShift:
    """A person's shift of a published roster; raises ``unknown_shift``."""
    row = (
        RosterShift.objects.select_related("roster__group", "kind")
        .filter(roster=roster_id, person=person_id, on=on, in_force=True)
        .first()
    )
    if row is None:
        raise RuleBroken("unknown_shift", f"{roster_id} {person_id} {on}")
    return row


@dataclass(frozen=True, slots=True)
class SwapGroup:
    """A roster group and whether its swaps hold at once."""

    id: int
    name: str
    at_once: bool


def swap_groups(*, actor: User) -> list[SwapGroup]:
    """The groups whose rule the actor may set, as head of unit."""
    role_require(actor, APPROVERS)
    at_once = set(ScheduleRule.objects.filter(swap_at_once=True).values_list("group_id", flat=True))
    rows = groups_in_reach(actor=actor).order_by("name", "pk")
    return [SwapGroup(one.pk, one.name, one.pk in at_once) for one in rows]

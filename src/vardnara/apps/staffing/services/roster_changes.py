"""Changes to a roster's lines: by hand, by a search, after an absence; each kept, and undone as it was done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from vardnara.apps.hospital.services.live import changes_notify
from vardnara.apps.staffing.choices import ChangeCause, Origin, RosterState
from vardnara.apps.staffing.models import Roster, RosterChange, RosterMember, RosterShift, ShiftKind
from vardnara.apps.staffing.queries.roster_period import engine_kind, roster_rows
from vardnara.apps.staffing.queries.roster_reach import roster_locked
from vardnara.engines.roster.swedish import Broken, rules_worse
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

ORIGINS = {
    ChangeCause.SEARCH: Origin.SEARCH,
    ChangeCause.HAND: Origin.HAND,
    ChangeCause.SWAP: Origin.SWAP,
    ChangeCause.REPAIR: Origin.REPAIR,
    ChangeCause.UNDO: Origin.HAND,
    ChangeCause.SICK: Origin.HAND,
}


OVERTIME = "contract_most"  # the one rule that who is asked to step in may pass, within W-08 and W-09


@dataclass(frozen=True, slots=True)
class LineWords:
    """A person's day as it is to be: a kind of shift, or None for free."""

    person_id: int
    on: date
    kind_id: int | None


@transaction.atomic
def shift_set(
    *, roster_id: int, person_id: int, on: date, kind_id: int | None, actor: User, at: datetime, reason: str = ""
) -> Roster:
    """Give somebody a shift on a day, another one, or none.

    A draft takes what breaks a rule and shows it; a published roster takes no change that breaks one, the contract's
    hours aside where a reason is given, within the caps on overtime and additional time. Raises ``unknown_roster``,
    ``roster_discarded``, ``unknown_person``, ``unknown_kind``, ``bad_dates``, ``roster_breaks_rules`` (the rules' codes
    in the detail), ``person_works_elsewhere``.
    """
    row = roster_locked(roster_id=roster_id, actor=actor)
    line = LineWords(person_id, on, kind_id)
    lines_apply(row, [line], ChangeCause.HAND, actor, at, reason=reason, overtime=bool(reason.strip()))
    return row


def lines_apply(
    roster: Roster,
    lines: Iterable[LineWords],
    cause: ChangeCause,
    actor: User | None,
    at: datetime,
    *,
    reason: str = "",
    overtime: bool = False,
) -> UUID:
    """Write lines into a roster that the caller has locked; what is as it was is no change. Returns the batch.

    In a published roster no hard rule may come to be broken; with ``overtime`` the contract's hours may be passed, as
    far as the caps on overtime and additional time allow (W-08, W-09).
    """
    if roster.state == RosterState.WITHDRAWN:
        raise RuleBroken("roster_discarded", str(roster.pk))
    wanted = list(lines)
    _known(roster, wanted)
    held = {(one.person_id, one.on): one for one in RosterShift.objects.filter(roster=roster)}
    kinds = ShiftKind.objects.in_bulk([one.kind_id for one in wanted if one.kind_id is not None])
    published = roster.state == RosterState.PUBLISHED
    batch, changes, gone, new = uuid4(), [], [], []
    for line in wanted:
        before = held.get((line.person_id, line.on))
        if (before.kind_id if before else None) == line.kind_id:
            continue
        changes.append(
            RosterChange(
                roster=roster, person_id=line.person_id, on=line.on, before_id=before.kind_id if before else None,
                after_id=line.kind_id, cause=cause, reason=reason, batch=batch, was_published=published, at=at,
                by=actor,
            )
        )  # fmt: skip
        if before is not None:
            gone.append(before.pk)
        if line.kind_id is not None:
            new.append(_shift(roster, line, kinds[line.kind_id], ORIGINS[cause], in_force=published))
    before_broken = _broken(roster, wanted) if published and changes else ()
    try:
        with transaction.atomic():
            RosterShift.objects.filter(pk__in=gone).delete()
            RosterShift.objects.bulk_create(new)
            RosterChange.objects.bulk_create(changes)
    except IntegrityError as error:
        raise RuleBroken("person_works_elsewhere", str(roster.pk)) from error
    if published and changes:
        worse = rules_worse(before_broken, _broken(roster, wanted)) - ({OVERTIME} if overtime else set())
        if worse:
            raise RuleBroken("roster_breaks_rules", ",".join(sorted(worse)))
    if changes:
        changes_notify(matters=True)
    return batch


@transaction.atomic
def shift_lock(*, roster_id: int, person_id: int, on: date, locked: bool, actor: User) -> RosterShift:
    """A shift that a search leaves as it is, or not any more. Raises ``unknown_roster``, ``unknown_shift``."""
    row = roster_locked(roster_id=roster_id, actor=actor)
    shift = RosterShift.objects.filter(roster=row, person=person_id, on=on).first()
    if shift is None:
        raise RuleBroken("unknown_shift", f"{person_id} {on}")
    shift.is_fixed = locked
    shift.save(update_fields=["is_fixed"])
    changes_notify(matters=True)
    return shift


def _known(roster: Roster, lines: list[LineWords]) -> None:
    members = set(RosterMember.objects.filter(roster=roster).values_list("person_id", flat=True))
    kinds = set(ShiftKind.objects.filter(group=roster.group_id).values_list("pk", flat=True))
    for line in lines:
        if line.person_id not in members:
            raise RuleBroken("unknown_person", str(line.person_id))
        if line.kind_id is not None and line.kind_id not in kinds:
            raise RuleBroken("unknown_kind", str(line.kind_id))
        if not roster.first_on <= line.on < roster.to_on:
            raise RuleBroken("bad_dates", str(line.on))


def _shift(roster: Roster, line: LineWords, kind: ShiftKind, origin: str, *, in_force: bool) -> RosterShift:
    span = engine_kind(kind).on(line.on).span
    return RosterShift(
        roster=roster, person_id=line.person_id, kind=kind, on=line.on, start_at=span.start, end_at=span.end,
        origin=origin, in_force=in_force,
    )  # fmt: skip


def _broken(roster: Roster, lines: list[LineWords]) -> tuple[Broken, ...]:
    """Hard rules that the lines' people break."""
    return roster_rows(roster).judged({str(line.person_id) for line in lines})


@transaction.atomic
def batch_undo(*, roster_id: int, actor: User, at: datetime) -> UUID | None:
    """Take back the last change that is not itself taken back, as a whole; None where there is nothing left.

    Raises ``unknown_roster``, ``changed_since`` where one of its days is another by now, ``roster_breaks_rules``.
    """
    row = roster_locked(roster_id=roster_id, actor=actor)
    batch = undoable(row)
    if batch is None:
        return None
    changes = list(RosterChange.objects.filter(roster=row, batch=batch))
    held = dict(RosterShift.objects.filter(roster=row).values_list("pk", "kind_id"))
    now = {
        (person, on): held[pk]
        for pk, person, on in RosterShift.objects.filter(roster=row).values_list("pk", "person_id", "on")
    }
    if any(now.get((one.person_id, one.on)) != one.after_id for one in changes):
        raise RuleBroken("changed_since", str(batch))
    lines = [LineWords(one.person_id, one.on, one.before_id) for one in changes]
    return lines_apply(row, lines, ChangeCause.UNDO, actor, at, reason=str(batch))


def undoable(roster: Roster) -> UUID | None:
    """The newest batch that is no undoing and is not undone."""
    undone: set[str] = set()
    rows = RosterChange.objects.filter(roster=roster).order_by("-pk").values_list("batch", "cause", "reason")
    for batch, cause, reason in rows:
        if cause == ChangeCause.UNDO:
            undone.add(reason)
        elif str(batch) not in undone:
            return UUID(str(batch))
    return None

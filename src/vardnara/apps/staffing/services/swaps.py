"""Shifts swapped between colleagues: offered, answered, approved; held against every rule at each step."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from vardnara.apps.accounts.queries import role_require
from vardnara.apps.hospital.services.live import changes_notify
from vardnara.apps.staffing.choices import APPROVERS, SWAP_OPEN, ChangeCause, RosterState, SwapState
from vardnara.apps.staffing.models import Person, Roster, RosterShift, ScheduleRule, ShiftOffer
from vardnara.apps.staffing.queries.roster_period import roster_rows
from vardnara.apps.staffing.queries.roster_reach import rosters_in_reach
from vardnara.apps.staffing.queries.schedule import person_of
from vardnara.apps.staffing.queries.swaps import Judge, moves_of, shift_in_force, swaps_at_once
from vardnara.apps.staffing.services.roster_changes import LineWords, lines_apply
from vardnara.apps.staffing.services.roster_groups import group_locked
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User


@transaction.atomic
def swap_rule_set(*, group_id: int, at_once: bool, actor: User, at: datetime) -> ScheduleRule:
    """Whether the group's swaps hold as soon as both agree. A head of unit says so. Raises ``unknown_group``."""
    role_require(actor, APPROVERS)
    group = group_locked(group_id=group_id, actor=actor)
    row, _ = ScheduleRule.objects.update_or_create(
        group=group, defaults={"swap_at_once": at_once, "changed_at": at, "changed_by": actor}
    )
    return row


@transaction.atomic
def offer_make(
    *,
    roster_id: int,
    on: date,
    taker_id: int,
    actor: User,
    at: datetime,
    back_on: date | None = None,
    note: str = "",
) -> ShiftOffer:
    """Offer an own shift to a colleague, given away or for their shift of ``back_on``.

    Raises ``not_rostered``, ``unknown_roster``, ``unknown_shift``, ``unknown_person``, ``swap_taker_signs_in``,
    ``swap_expired``, ``swap_open_already``, ``swap_works_already``, ``swap_same``, ``swap_breaks_rules`` (codes in the
    detail).
    """
    giver = person_of(actor=actor)
    roster = _locked(roster_id)
    shift = shift_in_force(roster_id=roster_id, person_id=giver.pk, on=on)
    taker = Person.objects.filter(pk=taker_id, memberships__roster=roster_id).exclude(pk=giver.pk).first()
    if taker is None:
        raise RuleBroken("unknown_person", str(taker_id))
    if taker.user_id is None:
        raise RuleBroken("swap_taker_signs_in", str(taker_id))
    back = shift_in_force(roster_id=roster_id, person_id=taker.pk, on=back_on) if back_on is not None else None
    if back is not None and (back.on, back.kind_id) == (on, shift.kind_id):
        raise RuleBroken("swap_same", str(on))
    offer = ShiftOffer(
        roster=roster,
        giver=giver,
        on=on,
        kind=shift.kind,
        taker=taker,
        back_on=back_on,
        back_kind=back.kind if back else None,
        note=note.strip()[:200],
        expires_at=min(one.start_at for one in (shift, back) if one),
        made_at=at,
    )
    _hold(offer, at)
    offers_expire(at=at)  # the shift asked for in an earlier offer may have begun
    try:
        with transaction.atomic():
            offer.save()
    except IntegrityError as error:
        raise RuleBroken("swap_open_already", str(on)) from error
    changes_notify(matters=True)
    return offer


@transaction.atomic
def offer_answer(*, offer_id: int, accepts: bool, actor: User, at: datetime) -> ShiftOffer:
    """The colleague says yes or no; yes holds at once where the group says so, else it waits for the head of unit.

    Raises ``unknown_offer``, ``offer_closed``, ``swap_expired``, ``swap_changed``, ``swap_breaks_rules``.
    """
    offer = _offer(offer_id)
    if offer.taker.user_id != actor.pk:
        raise RuleBroken("unknown_offer", str(offer_id))
    _in_state(offer, SwapState.ASKED)
    offer.answered_at = at
    if not accepts:
        return _close(offer, SwapState.DECLINED, actor, at)
    _hold(offer, at)
    if swaps_at_once(offer.roster):
        return _apply(offer, actor, at)
    offer.state = SwapState.ACCEPTED
    offer.save(update_fields=["state", "answered_at"])
    changes_notify(matters=True)
    return offer


@transaction.atomic
def offer_withdraw(*, offer_id: int, actor: User, at: datetime) -> ShiftOffer:
    """Whoever offered takes it back while it is not done. Raises ``unknown_offer``, ``offer_closed``."""
    offer = _offer(offer_id)
    if offer.giver.user_id != actor.pk:
        raise RuleBroken("unknown_offer", str(offer_id))
    _in_state(offer, *SWAP_OPEN)
    return _close(offer, SwapState.WITHDRAWN, actor, at)


@transaction.atomic
def offer_decide(*, offer_id: int, approves: bool, actor: User, at: datetime, reason: str = "") -> ShiftOffer:
    """The head of unit approves a swap that both want, or refuses it and says why; never one of their own.

    Raises ``wrong_role``, ``unknown_offer``, ``offer_closed``, ``own_swap``, ``words_missing``, ``swap_expired``,
    ``swap_changed``, ``swap_breaks_rules``.
    """
    role_require(actor, APPROVERS)
    offer = _offer(offer_id)
    if not rosters_in_reach(actor=actor).filter(pk=offer.roster_id).exists():
        raise RuleBroken("unknown_offer", str(offer_id))
    _in_state(offer, SwapState.ACCEPTED)
    if actor.pk in (offer.giver.user_id, offer.taker.user_id):
        raise RuleBroken("own_swap", str(offer_id))
    if not approves:
        if not reason.strip():
            raise RuleBroken("words_missing", str(offer_id))
        return _close(offer, SwapState.REFUSED, actor, at, reason.strip()[:300])
    _hold(offer, at)
    return _apply(offer, actor, at)


@transaction.atomic
def offers_expire(*, at: datetime) -> int:
    """Close the offers of which a shift has begun; how many."""
    rows = ShiftOffer.objects.filter(state__in=SWAP_OPEN, expires_at__lte=at)
    return rows.update(state=SwapState.EXPIRED, closed_at=at)


def _locked(roster_id: int) -> Roster:
    roster = Roster.objects.select_for_update().filter(pk=roster_id, state=RosterState.PUBLISHED).first()
    if roster is None:
        raise RuleBroken("unknown_roster", str(roster_id))
    return roster


def _offer(offer_id: int) -> ShiftOffer:
    """An offer with its roster locked first, as every change of a roster does."""
    found = ShiftOffer.objects.filter(pk=offer_id).values_list("roster_id", flat=True).first()
    if found is None:
        raise RuleBroken("unknown_offer", str(offer_id))
    roster = _locked(found)
    offer = ShiftOffer.objects.select_for_update(of=("self",)).select_related("giver", "taker").get(pk=offer_id)
    offer.roster = roster
    return offer


def _in_state(offer: ShiftOffer, *states: SwapState) -> None:
    if offer.state not in states:
        raise RuleBroken("offer_closed", offer.state)


def _hold(offer: ShiftOffer, at: datetime) -> None:
    """The shifts are still there, have not begun, and nobody's rules are broken by the swap."""
    if offer.expires_at <= at:
        raise RuleBroken("swap_expired", str(offer.expires_at))
    sides = [(offer.giver_id, offer.on, offer.kind_id)]
    if offer.back_on is not None:
        sides.append((offer.taker_id, offer.back_on, offer.back_kind_id))
    moves = moves_of(offer)
    shifts = RosterShift.objects.filter(roster=offer.roster_id, in_force=True, person__in=(offer.giver, offer.taker))
    held = {(one.person_id, one.on): one.kind_id for one in shifts}
    if any(held.get((person, on)) != kind for person, on, kind in sides):
        raise RuleBroken("swap_changed", str(offer.pk))
    given = {(person, on) for person, on, _ in sides}
    if any(key in held for key, kind in moves.items() if kind is not None and key not in given):
        raise RuleBroken("swap_works_already", str(offer.on))
    broken = Judge(roster_rows(offer.roster, only=(offer.giver_id, offer.taker_id))).broken(moves)
    if broken:
        raise RuleBroken("swap_breaks_rules", ",".join(broken))


def _apply(offer: ShiftOffer, actor: User, at: datetime) -> ShiftOffer:
    lines = [LineWords(person, on, kind) for (person, on), kind in moves_of(offer).items()]
    offer.batch = lines_apply(offer.roster, lines, ChangeCause.SWAP, actor, at, reason=offer.note)
    return _close(offer, SwapState.DONE, actor, at)


def _close(offer: ShiftOffer, state: SwapState, actor: User, at: datetime, reason: str = "") -> ShiftOffer:
    offer.state, offer.closed_at, offer.closed_by_id, offer.reason = state, at, actor.pk, reason
    offer.save(update_fields=["state", "answered_at", "closed_at", "closed_by", "reason", "batch"])
    changes_notify(matters=True)
    return offer

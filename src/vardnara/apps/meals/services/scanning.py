"""Trays are scanned where they are packed, checked, sent, received and handed over.

Every scan runs the whole check again under the lock of the stay's meals (F-06). What it refuses is written, and nothing
overrides it: whoever may prescribe changes the diet, and the tray is scanned again.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import DatabaseError, transaction

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import role_require
from vardnara.apps.hospital.queries.bed_door import bed_door
from vardnara.apps.hospital.queries.boards import hospitals_in_reach, ward_ids_in_reach
from vardnara.apps.hospital.queries.stays import StayFacts, stay_at_bed, stays_by_id
from vardnara.apps.hospital.services.live import changes_notify
from vardnara.apps.meals.choices import OrderEventKind, OrderState, ScanStep
from vardnara.apps.meals.models import DietRevision, MealOrder, OrderEvent, Tray
from vardnara.apps.meals.queries.tray_check import Refusal, item_verdict, needs_then, progress_of, refusal_of
from vardnara.apps.meals.queries.trays import TrayFacts, bed_token_read, tray_facts, tray_find, trays
from vardnara.apps.meals.services.ordering import event_write, stays_lock
from vardnara.apps.meals.services.rechecking import diets_recheck
from vardnara.engines.diet import Status
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

PACKERS = (Role.KITCHEN,)
SERVERS = (Role.WARD_STAFF, Role.SERVICE_WORKER)
STEP_ROLES = {
    ScanStep.PACK: PACKERS,
    ScanStep.CHECK: PACKERS,
    ScanStep.SEND: PACKERS,
    ScanStep.ARRIVED: SERVERS,
    ScanStep.HAND_OVER: SERVERS,
    ScanStep.RETURNED: (*SERVERS, *PACKERS),
}
KINDS = {
    ScanStep.PACK: OrderEventKind.PACKED,
    ScanStep.CHECK: OrderEventKind.CHECKED,
    ScanStep.SEND: OrderEventKind.SENT,
    ScanStep.ARRIVED: OrderEventKind.ARRIVED,
    ScanStep.HAND_OVER: OrderEventKind.SERVED,
    ScanStep.RETURNED: OrderEventKind.RETURNED,
}
SAME_LOOK = timedelta(minutes=1)
STATES = {ScanStep.SEND: OrderState.SENT, ScanStep.HAND_OVER: OrderState.SERVED}


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a scan came to.

    ``code`` is empty where the step was done, else why not; ``bed_wanted`` that the bed is to be scanned next;
    ``looked`` that nothing was to be done; ``before`` that it was done already; ``warnings`` what to look at all the
    same; ``theirs`` the number of the tray for whoever lies in the bed that was scanned.
    """

    step: str
    code: str = ""
    causes: tuple[str, ...] = ()
    detail: str = ""
    tray: TrayFacts | None = None
    bed_wanted: bool = False
    looked: bool = False
    before: bool = False
    warnings: tuple[str, ...] = ()
    theirs: int | None = None

    @property
    def done(self) -> bool:
        """Whether the step was taken."""
        return not self.code and not self.bed_wanted and not self.looked


def steps_of(actor: User) -> list[str]:
    """The steps that a person may take."""
    return [step for step, roles in STEP_ROLES.items() if actor.role in roles]


def step_next(text: str, actor: User) -> str:
    """What a person most likely does with a tray: the kitchen its next step, the ward hands it over."""
    own = steps_of(actor)
    if ScanStep.HAND_OVER in own:
        return ScanStep.HAND_OVER
    found = tray_find(text)
    following = tray_facts(trays().get(pk=found.order_id)).step if found is not None else own[0]
    return following if following in own else ScanStep.SEND


@transaction.atomic
def tray_scan(
    *,
    text: str,
    step: str,
    actor: User,
    at: datetime,
    command: UUID | None = None,
    bed_text: str | None = None,
    cells: Collection[int] | None = None,
    look: bool = False,
    by_ward: bool = False,
) -> Scanned:
    """Take a step with the tray whose code was scanned, or say why not.

    Parameters
    ----------
    bed_text
        At handing over, what was scanned at the bed; None where the bed is still to be scanned.
    cells
        At packing, the dishes that lie on the tray; None is all of them.
    look
        Only ask whether the step may be taken; what is refused is written all the same.
    by_ward
        Hand over without a scan at the bed: ward staff say it for the ward.
    command
        The scan; the same once more is answered alike and changes nothing.

    Raises
    ------
    RuleBroken
        ``wrong_role``, ``unknown_step``. Why a tray must not go on is an answer, not an error: it is written.
    """
    if step not in ScanStep.values:
        raise RuleBroken("unknown_step", step)
    role_require(actor, STEP_ROLES[ScanStep(step)])
    found = tray_find(text)
    if found is None:
        is_bed = bed_door(token=bed_token_read(text)) is not None
        return Scanned(step, "bed_not_tray" if is_bed else "unknown_code")
    order, stay = _locked(found)
    hospitals = {one.pk for one in hospitals_in_reach(actor=actor)}
    if order.kitchen.hospital_id not in hospitals:
        return Scanned(step, "unknown_code")
    if command is not None and (event := order.events.filter(command=command).first()) is not None:
        return _again(order, event, step)
    if order.ward_id not in ward_ids_in_reach(actor=actor):
        _write_refused(order, Refusal("wrong_ward"), step=step, actor=actor, at=at, command=command)
        return Scanned(step, "wrong_ward", detail=order.ward.name)
    order = _fresh(order, stay, step=step, at=at)
    refusal = refusal_of(order, stay, step=step, at=at)
    if refusal is not None:
        return _refuse(order, refusal, step=step, actor=actor, at=at, command=command)
    if look:
        return Scanned(step, tray=tray_facts(order), looked=True)
    warnings: tuple[str, ...] = ()
    if step == ScanStep.HAND_OVER and not by_ward:
        if bed_text is None:
            return Scanned(step, tray=tray_facts(order), bed_wanted=True)
        wrong, warnings = _at_bed(stay, bed_text)
        if wrong is not None:
            answer = _refuse(order, wrong, step=step, actor=actor, at=at, command=command)
            return replace(answer, theirs=_their_tray(order, bed_text))
    return replace(_do(order, step, actor=actor, at=at, command=command, cells=cells), warnings=warnings)


def _locked(tray: Tray) -> tuple[MealOrder, StayFacts]:
    """The tray's order under the locks that a change of diet takes, in the same order; what it does is then either
    seen here or comes after.
    """
    order = MealOrder.objects.select_related("stay").get(pk=tray.order_id)
    list(DietRevision.objects.select_for_update().filter(patient=order.stay.patient_id))
    stays_lock([order.stay_id])
    locked = trays().select_related("kitchen").select_for_update(of=("self",)).get(pk=tray.order_id)
    return locked, stays_by_id([locked.stay_id])[locked.stay_id]


def _fresh(order: MealOrder, stay: StayFacts, *, step: str, at: datetime) -> MealOrder:
    """Let what has changed since the last check have its effect: the tray is stopped and replaced as after any change,
    or its check is brought up to date.
    """
    if order.state not in (OrderState.TICKETED, OrderState.SENT) or not stay.open:
        return order
    needs = needs_then(order, stay, step=step, at=at)
    stale = [
        item
        for item in order.items.all()
        if item.diet_revision != needs.revision or item.fingerprint != item.cell.state.get("fingerprint")
    ]
    if not stale:
        return order
    diets_recheck(stay_ids=[stay.id], at=at)
    order = trays().select_related("kitchen").get(pk=order.pk)
    if order.state in (OrderState.TICKETED, OrderState.SENT):
        for item in order.items.all():
            if item_verdict(item, needs).status is not Status.BLOCKED:
                item.diet_revision, item.fingerprint = needs.revision, item.cell.state.get("fingerprint", "")
                item.checked_at = at
                item.save(update_fields=["diet_revision", "fingerprint", "checked_at"])
    return order


def _at_bed(stay: StayFacts, bed_text: str) -> tuple[Refusal | None, tuple[str, ...]]:
    """Whether the bed that was scanned is the patient's; and that more than one lies there."""
    door = bed_door(token=bed_token_read(bed_text))
    if door is None:
        return Refusal("tray_not_bed" if tray_find(bed_text) is not None else "unknown_bed_code"), ()
    if door.bed_id != stay.bed_id:
        return Refusal("wrong_patient"), ()
    return None, ("two_in_bed",) if len(stay_at_bed(bed_id=door.bed_id)) > 1 else ()


def _their_tray(order: MealOrder, bed_text: str) -> int | None:
    """The number of the tray that is for whoever lies in the bed that was scanned."""
    door = bed_door(token=bed_token_read(bed_text))
    if door is None:
        return None
    rows = Tray.objects.filter(order__bed=door.bed_id, order__on=order.on, order__meal=order.meal)
    return rows.filter(order__state__in=[OrderState.TICKETED, OrderState.SENT]).values_list("number", flat=True).first()


def _refuse(
    order: MealOrder, refusal: Refusal, *, step: str, actor: User, at: datetime, command: UUID | None
) -> Scanned:
    _write_refused(order, refusal, step=step, actor=actor, at=at, command=command)
    return Scanned(step, refusal.code, refusal.causes, refusal.detail, tray_facts(order))


def _write_refused(
    order: MealOrder, refusal: Refusal, *, step: str, actor: User, at: datetime, command: UUID | None
) -> None:
    last = order.events.order_by("-pk").first()
    same = last is not None and (last.kind, last.reason) == (OrderEventKind.REFUSED, refusal.code)
    if same and command is None and last.actor_id == actor.pk and at - last.at < SAME_LOOK:
        return  # the page that says so was opened once more
    detail: dict[str, object] = {"step": step, "causes": list(refusal.causes), "detail": refusal.detail}
    event_write(
        order, OrderEventKind.REFUSED, at=at, actor=actor, reason=refusal.code[:40], command=command, detail=detail
    )


def _again(order: MealOrder, event: OrderEvent, step: str) -> Scanned:
    """The answer to a scan that came before."""
    tray = tray_facts(order)
    if event.kind != OrderEventKind.REFUSED:
        return Scanned(step, tray=tray, before=True)
    return Scanned(step, event.reason, tuple(event.detail.get("causes", [])), event.detail.get("detail", ""), tray)


def _do(
    order: MealOrder,
    step: str,
    *,
    actor: User,
    at: datetime,
    command: UUID | None,
    cells: Collection[int] | None = None,
) -> Scanned:
    """Take the step: the order's state where it changes, and a line of its history."""
    progress = progress_of(order)
    kind = KINDS[ScanStep(step)]
    detail: dict[str, object] = {}
    if step == ScanStep.PACK:
        on_tray = {item.cell_id for item in order.items.all()}
        chosen = on_tray if cells is None else on_tray & set(cells)
        if not chosen - progress.packed_cells:
            return Scanned(step, tray=tray_facts(order), before=True)
        detail["cells"] = sorted(chosen)
    done_at = {
        ScanStep.CHECK: progress.checked_at,
        ScanStep.SEND: progress.sent_at,
        ScanStep.ARRIVED: progress.arrived_at,
        ScanStep.RETURNED: progress.returned_at,
    }.get(ScanStep(step))
    if done_at is not None:
        return Scanned(step, tray=tray_facts(order), before=True)
    state = STATES.get(ScanStep(step))
    if state is not None:
        try:
            with transaction.atomic():
                order.state, order.state_reason, order.changed_at = state, "", at
                order.save(update_fields=["state", "state_reason", "changed_at"])
        except DatabaseError:  # the database holds the last word: checked against what is no longer so
            order = trays().select_related("kitchen").get(pk=order.pk)
            return _refuse(order, Refusal("not_as_checked"), step=step, actor=actor, at=at, command=command)
    event_write(order, kind, at=at, actor=actor, command=command, detail=detail)
    changes_notify(wards=[order.ward_id])
    return Scanned(step, tray=tray_facts(trays().get(pk=order.pk)))

"""Transfers as their pages show them, each limited to what the actor may reach."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Q

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import role_require, user_reach
from vardnara.apps.hospital.queries.boards import ward_ids_in_reach
from vardnara.apps.service.choices import HomeHow, Party, StepKind, VersionState
from vardnara.apps.service.models import AgreementVersion, TransferItem, TransferPlan, TransferStep
from vardnara.apps.service.queries.agreements import EDITORS
from vardnara.kernel.errors import RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User
    from django.db.models import QuerySet

READERS = (
    *EDITORS,
    Role.UNIT_MANAGER,
    Role.DECISION_MAKER,
    Role.COORDINATOR,
    Role.CONTROLLER,
    Role.AUDITOR,
)
TOLD_DAYS = 14  # how long after a switch a ward's page still says what changed


@dataclass(frozen=True, slots=True)
class HomeRow:
    """What takes care of an item's hours."""

    id: int
    how: HomeHow
    who: str
    minutes_per_week: Decimal | None
    days: tuple[int, ...]
    start_hour: int
    end_hour: int


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A kind of task on a ward that moves."""

    id: int
    task_type_id: int
    task_name: str
    task_name_en: str
    task_code: str
    ward_id: int
    ward_code: str
    ward_name: str
    days: tuple[int, ...]
    start_minutes: int
    end_minutes: int
    homes: tuple[HomeRow, ...]


@dataclass(frozen=True, slots=True)
class StepRow:
    """Something that one side has to do; ``late`` where its day is over and nobody has."""

    id: int
    kind: StepKind
    side: Party
    text: str
    due_on: date | None
    done_at: datetime | None
    done_by: str
    late: bool


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A transfer.

    ``stage`` is ``planned``, ``written`` (its draft stands), ``half_signed``, ``coming``, ``switched``, ``cancelled``,
    or ``called_off`` where the signed version was ended before it began.
    """

    id: int
    title: str
    why: str
    hospital_id: int
    agreement_id: int
    agreement_title: str
    agreement_number: str
    switch_on: date
    from_party: Party
    to_party: Party
    service_contact: str
    care_contact: str
    stage: str
    version_id: int | None
    version_number: int | None
    consultation_reference: str
    consultation_closed_on: date | None
    consultation_reported_at: datetime | None
    consultation_reported_by: str
    cancelled_reason: str
    items: tuple[ItemRow, ...]
    steps: tuple[StepRow, ...]

    @property
    def gate_open(self) -> bool:
        return self.consultation_closed_on is not None

    @property
    def is_open(self) -> bool:
        """Whether what moves may still be changed."""
        return self.stage == "planned" and not self.gate_open

    @property
    def homes_open(self) -> bool:
        return self.stage in ("planned", "written") and not self.gate_open

    @property
    def is_live(self) -> bool:
        return self.stage not in ("cancelled", "called_off")

    @property
    def can_stop(self) -> bool:
        return self.stage in ("planned", "written")

    @property
    def ward_codes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(item.ward_code for item in self.items))

    @property
    def n_done(self) -> int:
        return sum(step.done_at is not None for step in self.steps)

    @property
    def n_late(self) -> int:
        return sum(step.late for step in self.steps)


def plans_in_reach(actor: User) -> QuerySet[TransferPlan]:
    """Plans of hospitals that the actor reaches whole, and of others those that speak of a ward within reach."""
    role_require(actor, READERS)
    reach = user_reach(actor)
    return TransferPlan.objects.filter(
        Q(hospital__in=reach.hospital_ids) | Q(items__ward__in=reach.ward_ids)
    ).distinct()


def transfer_list(*, actor: User, on: date, plan_id: int | None = None) -> list[PlanRow]:
    """Plans within reach as they stand on a local date, the next switch first and what is over last."""
    plans = plans_in_reach(actor)
    if plan_id is not None:
        plans = plans.filter(pk=plan_id)
    found = list(plans.select_related("agreement", "version", "consultation_reported_by").order_by("switch_on", "pk"))
    wards = ward_ids_in_reach(actor=actor) if found else set()
    items: dict[int, list[ItemRow]] = defaultdict(list)
    for item in (
        TransferItem.objects.filter(plan__in=found, ward__in=wards)
        .select_related("ward", "task_type")
        .prefetch_related("homes")
        .order_by("ward__code", "ward", "task_type__area", "task_type__code", "pk")
    ):
        items[item.plan_id].append(_item(item))
    steps: dict[int, list[StepRow]] = defaultdict(list)
    for step in TransferStep.objects.filter(plan__in=found).select_related("done_by").order_by("due_on", "pk"):
        steps[step.plan_id].append(_step(step, on))
    rows = [_row(plan, tuple(items[plan.pk]), tuple(steps[plan.pk]), on) for plan in found]
    over = [row for row in rows if not row.is_live or row.stage == "switched"]
    return [row for row in rows if row not in over] + over[::-1]


def transfer_one(*, actor: User, on: date, plan_id: int) -> PlanRow:
    """One plan; raises ``unknown_transfer`` where it is not within reach."""
    rows = transfer_list(actor=actor, on=on, plan_id=plan_id)
    if not rows:
        raise RuleBroken("unknown_transfer", str(plan_id))
    return rows[0]


def _row(plan: TransferPlan, items: tuple[ItemRow, ...], steps: tuple[StepRow, ...], on: date) -> PlanRow:
    return PlanRow(
        id=plan.pk,
        title=plan.title,
        why=plan.why,
        hospital_id=plan.hospital_id,
        agreement_id=plan.agreement_id,
        agreement_title=plan.agreement.title,
        agreement_number=plan.agreement.number,
        switch_on=plan.switch_on,
        from_party=Party(plan.from_party),
        to_party=Party(plan.to_party),
        service_contact=plan.service_contact,
        care_contact=plan.care_contact,
        stage=_stage(plan, on),
        version_id=plan.version_id,
        version_number=plan.version.number if plan.version else None,
        consultation_reference=plan.consultation_reference,
        consultation_closed_on=plan.consultation_closed_on,
        consultation_reported_at=plan.consultation_reported_at,
        consultation_reported_by=_name(plan.consultation_reported_by),
        cancelled_reason=plan.cancelled_reason,
        items=items,
        steps=steps,
    )


def _stage(plan: TransferPlan, on: date) -> str:
    version = plan.version
    if plan.cancelled_at is not None:
        return "cancelled"
    if version is None:
        return "planned"
    if version.state == VersionState.DRAFT:
        return "half_signed" if version.provider_signer_id or version.care_signer_id else "written"
    if version.ended_on is not None and version.ended_on <= version.valid_from:
        return "called_off"
    return "coming" if version.valid_from > on else "switched"


def _item(item: TransferItem) -> ItemRow:
    homes = sorted(item.homes.all(), key=lambda home: home.pk)
    return ItemRow(
        id=item.pk,
        task_type_id=item.task_type_id,
        task_name=item.task_type.name,
        task_name_en=item.task_type.name_en,
        task_code=item.task_type.code,
        ward_id=item.ward_id,
        ward_code=item.ward.code,
        ward_name=item.ward.name,
        days=tuple(item.days),
        start_minutes=item.start_minutes,
        end_minutes=item.end_minutes,
        homes=tuple(
            HomeRow(
                home.pk, HomeHow(home.how), home.who, home.minutes_per_week, tuple(home.days), home.start_hour,
                home.end_hour,
            )
            for home in homes
        ),
    )  # fmt: skip


def _step(step: TransferStep, on: date) -> StepRow:
    return StepRow(
        id=step.pk,
        kind=StepKind(step.kind),
        side=Party(step.side),
        text=step.text,
        due_on=step.due_on,
        done_at=step.done_at,
        done_by=_name(step.done_by),
        late=step.done_at is None and step.due_on is not None and step.due_on < on,
    )


def _name(user: User | None) -> str:
    return "" if user is None else user.get_full_name() or user.username


def kinds_other_way(*, plan: PlanRow, on: date) -> set[str]:
    """Codes of kinds of task that another plan, not yet switched, moves the other way in the same hospital."""
    others = TransferItem.objects.filter(
        Q(plan__version__isnull=True) | Q(plan__switch_on__gt=on),
        plan__hospital=plan.hospital_id,
        plan__from_party=plan.to_party,
        plan__to_party=plan.from_party,
        plan__cancelled_at__isnull=True,
    )
    return set(others.values_list("task_type__code", flat=True))


def draft_in_the_way(*, plan: PlanRow) -> int | None:
    """Number of the draft that keeps a plan from being written: an agreement has one at a time."""
    drafts = AgreementVersion.objects.filter(agreement=plan.agreement_id, state=VersionState.DRAFT)
    return drafts.exclude(pk=plan.version_id or 0).values_list("number", flat=True).first()


@dataclass(frozen=True, slots=True)
class WrittenBy:
    """The plan that has written a version."""

    plan_id: int
    title: str
    gate_open: bool


def version_transfer(*, version_id: int) -> WrittenBy | None:
    """The plan that has written a version, for whoever may read that; None where none has."""
    plan = TransferPlan.objects.filter(version=version_id).first()
    return None if plan is None else WrittenBy(plan.pk, plan.title, plan.consultation_closed_on is not None)


@dataclass(frozen=True, slots=True)
class WardSwitch:
    """What changes hands on a ward, and on which day; signed by both sides."""

    plan_id: int
    switch_on: date
    to_party: Party
    kinds: tuple[tuple[str, str], ...]  # names in Swedish and English
    contact: str
    has_been: bool


def ward_switches(*, ward_id: int, on: date) -> list[WardSwitch]:
    """Signed transfers that a ward meets, and those of the last days. The caller has checked who may ask."""
    plans = (
        TransferPlan.objects.filter(
            items__ward=ward_id,
            switch_on__gte=on - timedelta(days=TOLD_DAYS),
            version__state__in=[VersionState.SIGNED, VersionState.ENDED],
        )
        .exclude(version__ended_on__lte=on)
        .distinct()
        .order_by("switch_on", "pk")
    )
    return [
        WardSwitch(
            plan.pk,
            plan.switch_on,
            Party(plan.to_party),
            tuple(
                plan.items.filter(ward=ward_id)
                .order_by("task_type__area", "task_type__code")
                .values_list("task_type__name", "task_type__name_en")
            ),
            plan.care_contact if plan.to_party == Party.CARE else plan.service_contact,
            plan.switch_on <= on,
        )
        for plan in plans
    ]


@dataclass(frozen=True, slots=True)
class Movable:
    """Kinds of task and wards of the version that a plan moves tasks of, where its first party has them."""

    kinds: tuple[tuple[int, str, str], ...]
    wards: tuple[tuple[int, str, str], ...]


def transfer_movable(*, plan: PlanRow, ward_ids: Collection[int]) -> Movable:
    """What a plan may still add, within reach."""
    version = (
        AgreementVersion.objects.filter(agreement=plan.agreement_id)
        .exclude(state=VersionState.DRAFT)
        .order_by("-number")
        .first()
    )
    if version is None:
        return Movable((), ())
    lines = version.lines.filter(party=plan.from_party, ward__in=list(ward_ids))
    taken = {(item.task_type_id, item.ward_id) for item in plan.items}
    rows = lines.order_by("ward__code", "ward", "task_type__area", "task_type__code").values_list(
        "task_type_id", "task_type__name", "task_type__name_en", "ward_id", "ward__code", "ward__name"
    )
    left = [row for row in rows if (row[0], row[3]) not in taken]
    kinds = {row[0]: (row[0], row[1], row[2]) for row in left}
    wards = {row[3]: (row[3], row[4], row[5]) for row in left}
    return Movable(tuple(kinds.values()), tuple(wards.values()))

"""Transfers of tasks: planned, consulted on, written into the agreement's next version, and switched by its date."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import role_require
from vardnara.apps.hospital.queries.boards import ward_ids_in_reach
from vardnara.apps.service.bridge.transfer import lines_cut
from vardnara.apps.service.choices import HomeHow, Party, StepKind, VersionState
from vardnara.apps.service.models import (
    Agreement,
    AgreementLine,
    AgreementVersion,
    TransferHome,
    TransferItem,
    TransferPlan,
    TransferStep,
)
from vardnara.apps.service.queries.agreements import EDITORS
from vardnara.apps.service.services.agreement_checking import version_end
from vardnara.apps.service.services.agreements import LAST_YEAR, draft_create, draft_delete, editor_require
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import local_date
from vardnara.kernel.time_window import DAY_MINUTES

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

TICKERS = (*EDITORS, Role.UNIT_MANAGER)
MOST_MINUTES = Decimal(100_000)  # a week on one ward: more is a slip of the pen


@dataclass(frozen=True, slots=True)
class TransferWords:
    """What a plan says of itself."""

    title: str
    switch_on: date
    from_party: str
    to_party: str
    why: str = ""
    service_contact: str = ""
    care_contact: str = ""


@dataclass(frozen=True, slots=True)
class HomeWords:
    """What takes care of hours: how, who or what, how much a week (None: all that is left), and when."""

    how: str
    who: str
    minutes_per_week: Decimal | None = None
    days: frozenset[int] = frozenset(range(1, 8))
    start_hour: int = 0
    end_hour: int = 24


def _words_check(words: TransferWords, at: datetime) -> None:
    if not words.title.strip() or {words.from_party, words.to_party} - {str(party) for party in Party}:
        raise RuleBroken("bad_input", "a transfer without title or parties")
    if words.from_party == words.to_party:
        raise RuleBroken("same_party", words.from_party)
    if words.switch_on <= local_date(at) or words.switch_on.year > LAST_YEAR:
        raise RuleBroken("switch_not_ahead", str(words.switch_on))


def _newest(agreement: Agreement) -> AgreementVersion:
    """The signed version that a plan moves tasks of."""
    version = agreement.versions.exclude(state=VersionState.DRAFT).order_by("-number").first()
    if version is None:
        raise RuleBroken("nothing_signed", f"agreement {agreement.pk}")
    return version


@transaction.atomic
def transfer_create(*, agreement_id: int, words: TransferWords, actor: User, at: datetime) -> TransferPlan:
    """A plan to move tasks of a signed agreement; a head of ward service or an administrator of the hospital."""
    agreement = Agreement.objects.filter(pk=agreement_id).first()
    if agreement is None:
        raise RuleBroken("unknown_agreement", str(agreement_id))
    editor_require(actor, agreement.hospital_id)
    _words_check(words, at)
    _newest(agreement)
    return TransferPlan.objects.create(
        hospital_id=agreement.hospital_id, agreement=agreement, made_at=at, made_by=actor, **_fields(words)
    )


def _fields(words: TransferWords) -> dict[str, object]:
    return {name: getattr(words, name) for name in TransferWords.__dataclass_fields__}


def plan_lock(plan_id: int, actor: User) -> TransferPlan:
    """The plan, its agreement locked first as everywhere, for who may write it."""
    plan = TransferPlan.objects.filter(pk=plan_id).first()
    if plan is None:
        raise RuleBroken("unknown_transfer", str(plan_id))
    Agreement.objects.select_for_update().get(pk=plan.agreement_id)
    plan = TransferPlan.objects.select_for_update(of=("self",)).select_related("version", "agreement").get(pk=plan_id)
    editor_require(actor, plan.hospital_id)
    if plan.cancelled_at is not None:
        raise RuleBroken("transfer_cancelled", f"transfer {plan_id}")
    return plan


def _open_lock(plan_id: int, actor: User) -> TransferPlan:
    """A plan whose items and homes may still be changed."""
    plan = plan_lock(plan_id, actor)
    if plan.consultation_closed_on is not None:
        raise RuleBroken("consultation_is_closed", f"transfer {plan_id}")
    return plan


def _unwritten_lock(plan_id: int, actor: User) -> TransferPlan:
    plan = _open_lock(plan_id, actor)
    if plan.version_id is not None:
        raise RuleBroken("transfer_is_written", f"transfer {plan_id}")
    return plan


def _unsigned_require(plan: TransferPlan) -> None:
    version = plan.version
    if version is None:
        return
    if version.state != VersionState.DRAFT:
        raise RuleBroken("version_is_signed", f"version {version.pk}")
    if version.provider_signer_id or version.care_signer_id:
        raise RuleBroken("draft_is_half_signed", f"version {version.pk}")


@transaction.atomic
def transfer_set(*, plan_id: int, words: TransferWords, actor: User, at: datetime) -> TransferPlan:
    """What a plan says of itself, before it is written or consulted on; after that only whom to ask. Who writes it."""
    plan = plan_lock(plan_id, actor)
    if plan.version_id is not None or plan.consultation_closed_on is not None:
        plan.service_contact, plan.care_contact = words.service_contact, words.care_contact
        plan.save(update_fields=["service_contact", "care_contact"])
        return plan
    _words_check(words, at)
    if (plan.from_party, plan.to_party) != (words.from_party, words.to_party) and plan.items.exists():
        raise RuleBroken("transfer_has_items", f"transfer {plan_id}")
    for name, value in _fields(words).items():
        setattr(plan, name, value)
    plan.save()
    return plan


@transaction.atomic
def transfer_items_add(
    *,
    plan_id: int,
    task_type_ids: Collection[int],
    ward_ids: Collection[int],
    days: frozenset[int],
    start_minutes: int = 0,
    end_minutes: int = DAY_MINUTES,
    actor: User,
    at: datetime,
) -> int:
    """Let kinds of task on wards move, those of them that the agreement gives to the plan's first party; how many."""
    plan = _unwritten_lock(plan_id, actor)
    if not days or not 0 <= start_minutes < end_minutes <= DAY_MINUTES:
        raise RuleBroken("bad_input", "no days or no hours")
    lines = _newest(plan.agreement).lines.filter(
        task_type__in=list(task_type_ids),
        ward__in=list(ward_ids),
        party=plan.from_party,
        start_minutes__gte=start_minutes,
        start_minutes__lt=end_minutes,
    )
    taken = {(item.task_type_id, item.ward_id) for item in plan.items.all()}
    places = {(line.task_type_id, line.ward_id) for line in lines if days & frozenset(line.days)} - taken
    if not places:
        raise RuleBroken("nothing_to_move", f"transfer {plan_id}")
    TransferItem.objects.bulk_create(
        TransferItem(
            plan=plan,
            task_type_id=task_type,
            ward_id=ward,
            days=sorted(days),
            start_minutes=start_minutes,
            end_minutes=end_minutes,
        )
        for task_type, ward in sorted(places)
    )
    return len(places)


@transaction.atomic
def transfer_item_remove(*, plan_id: int, item_id: int, actor: User, at: datetime) -> None:
    """Let a kind of task stay where it was. Who writes the plan."""
    plan = _unwritten_lock(plan_id, actor)
    for item in plan.items.filter(pk=item_id):
        item.delete()


@transaction.atomic
def transfer_homes_add(*, plan_id: int, item_ids: Collection[int], words: HomeWords, actor: User, at: datetime) -> int:
    """Say what takes care of the hours of some items, the same of each; how many. Who writes the plan."""
    plan = _open_lock(plan_id, actor)
    items = list(plan.items.filter(pk__in=list(item_ids)))
    if not items or words.how not in HomeHow.values or not words.days or not words.who.strip():
        raise RuleBroken("home_incomplete", f"transfer {plan_id}")
    if not words.days <= frozenset(range(1, 8)) or not 0 <= words.start_hour < words.end_hour <= 24:
        raise RuleBroken("home_incomplete", f"transfer {plan_id}")
    if words.minutes_per_week is not None and not 0 < words.minutes_per_week <= MOST_MINUTES:
        raise RuleBroken("home_incomplete", f"transfer {plan_id}")
    TransferHome.objects.bulk_create(
        TransferHome(
            item=item,
            how=words.how,
            who=words.who.strip(),
            minutes_per_week=words.minutes_per_week,
            days=sorted(words.days),
            start_hour=words.start_hour,
            end_hour=words.end_hour,
        )
        for item in items
    )
    return len(items)


@transaction.atomic
def transfer_home_remove(*, plan_id: int, home_id: int, actor: User, at: datetime) -> None:
    """What was said to take care of hours does not. Who writes the plan."""
    plan = _open_lock(plan_id, actor)
    TransferHome.objects.filter(pk=home_id, item__plan=plan).delete()


@transaction.atomic
def transfer_step_add(
    *, plan_id: int, kind: str, side: str, text: str, due_on: date | None, actor: User, at: datetime
) -> TransferStep:
    """Something that one side has to do. Who writes the plan."""
    plan = plan_lock(plan_id, actor)
    if not text.strip() or kind not in StepKind.values or side not in (Party.SERVICE, Party.CARE):
        raise RuleBroken("bad_input", "a step without words")
    return TransferStep.objects.create(plan=plan, kind=kind, side=side, text=text.strip(), due_on=due_on)


@transaction.atomic
def transfer_step_remove(*, plan_id: int, step_id: int, actor: User, at: datetime) -> None:
    """Take away a step that nobody has done. Who writes the plan."""
    plan = plan_lock(plan_id, actor)
    plan.steps.filter(pk=step_id, done_at__isnull=True).delete()


@transaction.atomic
def transfer_step_tick(*, plan_id: int, step_id: int, done: bool, actor: User, at: datetime) -> TransferStep:
    """A step is done, or was not; who writes the plan, and for care's steps a manager of a ward that it speaks of."""
    role_require(actor, TICKERS)
    step = (
        TransferStep.objects.select_for_update(of=("self",))
        .select_related("plan")
        .filter(pk=step_id, plan=plan_id)
        .first()
    )
    if step is None:
        raise RuleBroken("unknown_transfer", f"step {step_id}")
    if step.plan.cancelled_at is not None:
        raise RuleBroken("transfer_cancelled", f"transfer {plan_id}")
    if actor.role == Role.UNIT_MANAGER:
        wards = set(step.plan.items.values_list("ward_id", flat=True))
        if step.side != Party.CARE or not wards & ward_ids_in_reach(actor=actor):
            raise RuleBroken("not_your_step", f"step {step_id}")
    else:
        editor_require(actor, step.plan.hospital_id)
    if done == (step.done_at is not None):
        return step
    step.done_at, step.done_by = (at, actor) if done else (None, None)
    step.save(update_fields=["done_at", "done_by"])
    return step


@transaction.atomic
def consultation_report(*, plan_id: int, reference: str, closed_on: date, actor: User, at: datetime) -> TransferPlan:
    """Report that consultation (MBL, samverkan) is closed: the gate opens, and what was consulted on stands still."""
    plan = _open_lock(plan_id, actor)
    _unsigned_require(plan)
    if not reference.strip():
        raise RuleBroken("reference_missing", f"transfer {plan_id}")
    if closed_on > min(local_date(at), plan.switch_on):
        raise RuleBroken("closed_in_future", f"transfer {plan_id} on {closed_on}")
    if not plan.items.exists():
        raise RuleBroken("nothing_to_move", f"transfer {plan_id}")
    plan.consultation_reference, plan.consultation_closed_on = reference.strip(), closed_on
    plan.consultation_reported_at, plan.consultation_reported_by = at, actor
    plan.save()
    return plan


@transaction.atomic
def consultation_reopen(*, plan_id: int, actor: User, at: datetime) -> TransferPlan:
    """Take the report back while nobody has signed: the gate shuts. Who writes the plan."""
    plan = plan_lock(plan_id, actor)
    _unsigned_require(plan)
    plan.consultation_reference, plan.consultation_closed_on = "", None
    plan.consultation_reported_at, plan.consultation_reported_by = None, None
    plan.save()
    return plan


@transaction.atomic
def transfer_write(*, plan_id: int, actor: User, at: datetime) -> AgreementVersion:
    """Write the agreement's next version: what moves has the other party from the day of the switch, all else stays.

    Both sides sign it like any other, once the consultation is closed.
    """
    plan = plan_lock(plan_id, actor)
    if plan.version_id is not None:
        raise RuleBroken("transfer_is_written", f"transfer {plan_id}")
    if plan.switch_on <= local_date(at):
        raise RuleBroken("switch_not_ahead", f"transfer {plan_id}")
    before = _newest(plan.agreement)
    end = version_end(before)
    if end is not None and end <= plan.switch_on:
        raise RuleBroken("agreement_over", f"version {before.pk}")
    if before.valid_from >= plan.switch_on:
        raise RuleBroken("later_version_signed", f"version {before.pk}")
    version = draft_create(agreement_id=plan.agreement_id, valid_from=plan.switch_on, actor=actor, at=at)
    version.valid_to, version.review_on = before.valid_to, before.review_on
    version.save(update_fields=["valid_to", "review_on"])
    version.lines.filter(anchor__gt=plan.switch_on).update(anchor=plan.switch_on)
    if not _lines_write(plan, version):
        raise RuleBroken("nothing_to_move", f"transfer {plan_id}")
    plan.version = version
    plan.save(update_fields=["version"])
    return version


def _lines_write(plan: TransferPlan, version: AgreementVersion) -> int:
    """Give the draft's lines that move to the other party; how many rows that are."""
    cuts = lines_cut(
        list(version.lines.order_by("pk")),
        list(plan.items.order_by("pk")),
        from_party=plan.from_party,
        to_party=plan.to_party,
    )
    lines = {cut.line.pk for cut in cuts if cut.item_id is not None}
    first: set[int] = set()
    new = []
    for cut in cuts:
        if cut.line.pk not in lines:
            continue
        if cut.line.pk not in first:
            first.add(cut.line.pk)
            AgreementLine.objects.filter(pk=cut.line.pk).update(days=sorted(cut.days), party=cut.party)
            continue
        copy = AgreementLine.objects.get(pk=cut.line.pk)
        copy.pk, copy.days, copy.party = None, sorted(cut.days), cut.party
        copy._state.adding = True
        new.append(copy)
    AgreementLine.objects.bulk_create(new)
    return sum(cut.item_id is not None for cut in cuts)


@transaction.atomic
def transfer_take_back(*, plan_id: int, actor: User, at: datetime) -> TransferPlan:
    """Throw the draft away that a plan has written, while nobody has signed it: it is a plan again."""
    plan = plan_lock(plan_id, actor)
    _unsigned_require(plan)
    if plan.version_id is not None:
        draft_delete(version_id=plan.version_id, actor=actor, at=at)
    plan.refresh_from_db()
    return plan


@transaction.atomic
def transfer_cancel(*, plan_id: int, reason: str, actor: User, at: datetime) -> TransferPlan:
    """Nothing of it comes about: its draft is thrown away, the plan stays with the reason. Before anybody signs."""
    if not reason.strip():
        raise RuleBroken("reason_missing", f"transfer {plan_id}")
    plan = transfer_take_back(plan_id=plan_id, actor=actor, at=at)
    plan.cancelled_at, plan.cancelled_by, plan.cancelled_reason = at, actor, reason.strip()
    plan.save(update_fields=["cancelled_at", "cancelled_by", "cancelled_reason"])
    return plan

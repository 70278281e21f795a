"""Norms that follow what was measured: proposed by the figures, decided by people."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import role_require
from vardnara.apps.hospital.queries.reach import ward_require, wards_in_reach
from vardnara.apps.service.choices import Confidence, Each, ProposalState
from vardnara.apps.service.models import Norm, NormProposal, TaskType
from vardnara.apps.service.queries.agreement_lines import norms_newest
from vardnara.apps.service.queries.measured import works_read
from vardnara.engines.durations import Proposal, Rule, norms_propose
from vardnara.engines.durations.explain import removed_text
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import local_date
from vardnara.parameters.task_norms import Driver

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

APPROVERS = (Role.SERVICE_HEAD, Role.ADMINISTRATOR)
WEEKS = 26  # of work that a norm is proposed from
ONE_A_TASK = (Driver.DISCHARGE, Driver.CONTAGION_CASE, Driver.EVENT)  # one task is one unit
NO_UNITS = (Driver.WARD, Driver.SHIFT)
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Proposed:
    """How many kinds of task on a ward got a proposal, and how many did not, and why."""

    ready: int
    few: int
    doubtful: int


@transaction.atomic
def norm_proposals_make(*, actor: User, at: datetime) -> Proposed:
    """A head or administrator has the norms of the wards within reach proposed anew from what was measured.

    An open proposal is replaced by the new one. After a decision only work that was begun since counts, so that the
    same figures are not put forward twice.
    """
    role_require(actor, APPROVERS)
    types = {row.code: row for row in TaskType.objects.filter(retired_at__isnull=True)}
    wards = set(wards_in_reach(actor).values_list("pk", flat=True))
    list(TaskType.objects.select_for_update().order_by("pk").values_list("pk"))  # one count at a time
    decided = {
        (code, str(ward_id)): since
        for code, ward_id, since in NormProposal.objects.filter(ward__in=wards)
        .exclude(state__in=[ProposalState.OPEN, ProposalState.REPLACED])
        .values_list("task_type__code", "ward_id")
        .annotate(since=Max("decided_at"))
    }
    proposals = norms_propose(
        works_read(actor=actor, since=at - timedelta(weeks=WEEKS), until=at),
        by_share=[code for code, row in types.items() if _by_share(row)],
        since=decided,
    )
    norms = norms_newest(task_type_ids=[row.pk for row in types.values()], on=local_date(at))
    told: Counter[str] = Counter()
    for (code, unit), proposal in proposals.items():
        row = types.get(code)
        if row is None:
            continue
        told[proposal.status] += 1
        now = norms.get((row.pk, int(unit))) or norms.get((row.pk, 0))
        if proposal.status == "ready":
            _propose(row, int(unit), proposal, now, at)
    return Proposed(told["ready"], told["few"], told["doubtful"])


def _by_share(row: TaskType) -> bool:
    """Whether one task of a kind is for many units, so that its minutes depend on how many there are."""
    return row.each == Each.WARD and Driver(row.driver) not in (*ONE_A_TASK, *NO_UNITS)


def _propose(row: TaskType, ward_id: int, proposal: Proposal, now: Norm | None, at: datetime) -> None:
    figures = (proposal.low, proposal.typical, proposal.high)
    if None in figures or proposal.first_at is None or proposal.last_at is None:
        return
    names, measured = ("low", "typical", "high"), [float(figure or 0) for figure in figures]
    fixed, unit = [0.0] * 3, [0.0] * 3
    if _by_share(row):
        if now is None:
            return
        fixed = [float(now.fixed_typical) * share for share in measured]
        unit = [float(now.unit_typical) * share for share in measured]
    elif row.each == Each.WARD and Driver(row.driver) in NO_UNITS:
        fixed = measured
    else:
        unit = measured
    parts = {f"fixed_{name}": _minutes(value) for name, value in zip(names, fixed, strict=True)}
    parts |= {f"unit_{name}": _minutes(value) for name, value in zip(names, unit, strict=True)}
    NormProposal.objects.filter(task_type=row, ward=ward_id, state=ProposalState.OPEN).update(
        state=ProposalState.REPLACED, decided_at=at
    )
    NormProposal.objects.create(
        task_type=row,
        ward_id=ward_id,
        n_observations=proposal.n,
        n_seen=proposal.n_seen,
        removed={str(rule): number for rule, number in proposal.removed.items()},
        first_on=local_date(proposal.first_at),
        last_on=local_date(proposal.last_at),
        instead_of=now,
        made_at=at,
        **parts,
    )


def _minutes(value: float) -> Decimal:
    return Decimal(repr(value)).quantize(CENT)


@transaction.atomic
def norm_proposal_approve(*, proposal_id: int, actor: User, at: datetime) -> Norm:
    """A head or administrator makes a proposal the norm of its ward from today on; the old norm stays beside it."""
    proposal = _open(proposal_id, actor)
    removed = removed_text({Rule(name): number for name, number in proposal.removed.items()})
    source = (
        f"Measured {proposal.first_on} to {proposal.last_on}: {proposal.n_observations} of {proposal.n_seen} tasks; "
        f"{removed}"
    )
    norm = Norm.objects.create(
        task_type_id=proposal.task_type_id,
        ward_id=proposal.ward_id,
        **{
            f"{part}_{name}": getattr(proposal, f"{part}_{name}")
            for part in ("fixed", "unit")
            for name in ("low", "typical", "high")
        },
        confidence=Confidence.MEASURED,
        source=source[:300],
        source_on=proposal.last_on,
        scope=f"ward {proposal.ward.code}",
        n_observations=proposal.n_observations,
        valid_from=local_date(at),
        made_at=at,
        made_by=actor,
    )
    _decide(proposal, ProposalState.APPROVED, actor, at, norm)
    return norm


@transaction.atomic
def norm_proposal_decline(*, proposal_id: int, actor: User, at: datetime) -> None:
    """A head or administrator leaves the norm as it is; the proposal stays visible with who declined it."""
    _decide(_open(proposal_id, actor), ProposalState.DECLINED, actor, at, None)


def _open(proposal_id: int, actor: User) -> NormProposal:
    role_require(actor, APPROVERS)
    proposal = (
        NormProposal.objects.select_for_update(of=("self",)).select_related("ward").filter(pk=proposal_id).first()
    )
    if proposal is None:
        raise RuleBroken("unknown_proposal", str(proposal_id))
    ward_require(actor, proposal.ward_id)
    if proposal.state != ProposalState.OPEN:
        raise RuleBroken("already_decided", f"proposal {proposal_id} is {proposal.state}")
    return proposal


def _decide(proposal: NormProposal, state: str, actor: User, at: datetime, norm: Norm | None) -> None:
    proposal.state, proposal.decided_at, proposal.decided_by, proposal.norm = state, at, actor, norm
    proposal.save()

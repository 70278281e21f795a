"""The gate of a transfer: a version that it wrote is not signed before its consultation is reported closed."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from vardnara.apps.service.bridge.transfer import Cut, cut_words, lines_cut
from vardnara.apps.service.models import AgreementLine, AgreementVersion, TransferPlan
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import local_date


def gate_require(version: AgreementVersion, at: datetime) -> None:
    """Raise unless the transfer that wrote a version, if one did, lets it be signed.

    ``consultation_open``: nobody has reported it closed. ``transfer_drifted``: the draft no longer says what was
    consulted on. ``switch_not_ahead``: the day of the switch has begun, and work of the day cannot change hands.
    """
    plan = TransferPlan.objects.select_for_update().filter(version=version).first()
    if plan is None:
        return
    if plan.consultation_closed_on is None:
        raise RuleBroken("consultation_open", f"transfer {plan.pk}")
    if plan.switch_on != version.valid_from or plan_drift(plan, version):
        raise RuleBroken("transfer_drifted", f"transfer {plan.pk}")
    if plan.switch_on <= local_date(at):
        raise RuleBroken("switch_not_ahead", f"transfer {plan.pk}")


def version_before(version: AgreementVersion) -> AgreementVersion | None:
    """The version that a draft began as a copy of."""
    return version.agreement.versions.filter(number__lt=version.number).order_by("-number").first()


def plan_drift(plan: TransferPlan, version: AgreementVersion) -> bool:
    """Whether the draft's lines of the tasks and wards that move are others than the plan wrote."""
    before = version_before(version)
    places = {(item.task_type_id, item.ward_id) for item in plan.items.all()}
    planned = lines_cut(
        before.lines.order_by("pk") if before else (),
        list(plan.items.order_by("pk")),
        from_party=plan.from_party,
        to_party=plan.to_party,
    )
    written = [_whole(line) for line in version.lines.order_by("pk")]

    def of(cuts: list[Cut]) -> Counter[tuple[object, ...]]:
        return Counter(cut_words(cut) for cut in cuts if (cut.line.task_type_id, cut.line.ward_id) in places)

    return of(planned) != of(written)


def _whole(line: AgreementLine) -> Cut:
    return Cut(line, frozenset(line.days), line.party, None)


def plan_follow_draft(version: AgreementVersion) -> None:
    """The day of a transfer is the first day of the draft that it wrote, also where the draft's page changes it."""
    plan = (
        TransferPlan.objects.select_for_update().filter(version=version).exclude(switch_on=version.valid_from).first()
    )
    if plan is None:
        return
    if plan.consultation_closed_on is not None:
        raise RuleBroken("consultation_is_closed", f"transfer {plan.pk}")
    plan.switch_on = version.valid_from
    plan.save(update_fields=["switch_on"])


def plan_let_go(version_id: int) -> None:
    """After a draft was thrown away: the plan that wrote it is a plan again."""
    TransferPlan.objects.filter(version=version_id).update(version=None)

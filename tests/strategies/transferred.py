"""A signed agreement, and transfers of its tasks made through the services."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, connection, transaction
from tests.strategies.agreed import (
    ALL_DAYS,
    agreement_make,
    line_make,
    norm_make,
    task_type_make,
    version_make,
    version_sign,
)
from tests.strategies.stage import Stage

from vardnara.apps.service import services
from vardnara.apps.service.models import (
    AgreementVersion,
    Task,
    TransferPlan,
)
from vardnara.kernel.errors import RuleBroken

AT = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)  # a Thursday
TODAY = date(2026, 3, 5)
SWITCH = date(2026, 3, 11)  # a Wednesday
BEFORE = datetime(2026, 3, 10, 22, 0, tzinfo=UTC)  # 23:00 on the Tuesday
AFTER = datetime(2026, 3, 10, 23, 5, tzinfo=UTC)  # 00:05 on the Wednesday


def agreed_make(stage: Stage) -> AgreementVersion:
    """Breakfast every day, snacks on weekdays twice, stores: the service's; dinner is care's."""
    version = version_make(agreement_make(stage.ward), review_on=date(2026, 9, 1))
    breakfast = task_type_make("breakfast", driver="ward", always=True)
    snack = task_type_make("snack", driver="ward")
    norm_make(breakfast, fixed_low=20, fixed_typical=30, fixed_high=60)
    norm_make(snack, fixed_low=5, fixed_typical=10, fixed_high=15)
    for ward in (stage.ward, stage.other_ward):
        line_make(version, breakfast, ward, "7-9", days=ALL_DAYS)
        line_make(version, snack, ward, "14-16", times=2)
        line_make(version, task_type_make("stores", driver="ward"), ward, "13-15")
        line_make(version, task_type_make("dinner", driver="ward"), ward, "16-18", party="care", days=ALL_DAYS)
    return version_sign(version, stage.users["service_head"], stage.users["decision_maker"])


def plan_make(stage: Stage, agreed: AgreementVersion, **words: object) -> TransferPlan:
    named = {"title": "Frukost till vården", "switch_on": SWITCH, "from_party": "service", "to_party": "care"}
    return services.transfer_create(
        agreement_id=agreed.agreement_id,
        words=services.TransferWords(**(named | words)),  # type: ignore[arg-type]
        actor=stage.users["service_head"],
        at=AT,
    )


def add(stage: Stage, plan: TransferPlan, *codes: str, days: list[int] = ALL_DAYS, wards: object = None) -> int:
    return services.transfer_items_add(
        plan_id=plan.pk,
        task_type_ids=[task_type_make(code).pk for code in codes],
        ward_ids=[ward.pk for ward in wards or (stage.ward,)],
        days=frozenset(days),
        actor=stage.users["service_head"],
        at=AT,
    )


def consult(stage: Stage, plan: TransferPlan, at: datetime = AT) -> TransferPlan:
    return services.consultation_report(
        plan_id=plan.pk, reference="MBL 2026-17", closed_on=TODAY, actor=stage.users["service_head"], at=at
    )


def write(stage: Stage, plan: TransferPlan) -> AgreementVersion:
    return services.transfer_write(plan_id=plan.pk, actor=stage.users["service_head"], at=AT)


def sign(stage: Stage, version: AgreementVersion, at: datetime = AT) -> AgreementVersion:
    for name in ("service_head", "decision_maker"):
        version.refresh_from_db()
        services.agreement_sign(
            version_id=version.pk,
            actor=stage.users[name],
            at=at,
            mark=services.version_mark(version),
            holes_reason="kvar från förr",
        )
    version.refresh_from_db()
    return version


def transferred(stage: Stage, agreed: AgreementVersion, *codes: str, **words: object) -> TransferPlan:
    """A plan that both sides have signed."""
    plan = plan_make(stage, agreed, **words)
    add(stage, plan, *(codes or ("breakfast",)))
    consult(stage, plan)
    sign(stage, write(stage, plan))
    plan.refresh_from_db()
    return plan


@contextmanager
def stopped(code: str) -> Iterator[None]:
    with pytest.raises(RuleBroken) as caught, transaction.atomic():
        yield
    assert caught.value.code == code


def refused(code: str, deed, **words: object) -> None:
    with stopped(code):
        deed(**({"at": AT} | words))


def sql_refused(sql: str, *values: object) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def lines_of(version: AgreementVersion, code: str) -> list[tuple[str, str, list[int]]]:
    return list(
        version.lines.filter(task_type__code=code)
        .order_by("ward__code", "pk")
        .values_list("ward__code", "party", "days")
    )


def tasks(on: date, code: str = "breakfast") -> list[tuple[str, str, str]]:
    rows = Task.objects.filter(planned_on=on, task_type__code=code).order_by("ward__code", "pk")
    return list(rows.values_list("ward__code", "state", "reason"))

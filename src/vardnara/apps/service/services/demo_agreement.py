"""The invented agreement of the demo hospital, written, read in, checked and signed like any other."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from django.db import transaction
from django.utils import translation

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import demo_user
from vardnara.apps.service.choices import Party
from vardnara.apps.service.models import Agreement, AgreementLine, AgreementVersion, TaskType
from vardnara.apps.service.services.agreement_lines import draft_lines_import
from vardnara.apps.service.services.agreements import (
    Terms,
    agreement_create,
    agreement_sign,
    draft_create,
    version_mark,
)
from vardnara.apps.service.services.demo_transfer import demo_transfer_plan
from vardnara.gateways.tabular import tables_read
from vardnara.kernel.local_time import local_date

DEMO_FILE = Path(__file__).resolve().parent.parent / "demo" / "agreement.csv"
SIGNED_DAYS_AGO, REVIEW_IN_DAYS, NEXT_IN_DAYS = 75, 40, 45
SATURDAY = 6


@transaction.atomic
def demo_agreement_load(*, hospital_id: int, at: datetime) -> AgreementVersion | None:
    """Give the invented hospital an agreement with holes, and a draft of the next version; once, else nothing (None).

    Does nothing either where the catalogue has not been shipped or a kind of task of the file was retired.
    """
    if Agreement.objects.filter(hospital=hospital_id).exists():
        return None
    head = demo_user(hospital_id=hospital_id, role=Role.SERVICE_HEAD)
    decider = demo_user(hospital_id=hospital_id, role=Role.DECISION_MAKER)
    reading = tables_read(DEMO_FILE)
    wanted = {row.get("task") for table in reading.tables for row in table.rows}
    known = set(TaskType.objects.filter(code__in=wanted, retired_at__isnull=True).values_list("code", flat=True))
    if head is None or decider is None or wanted != known:
        return None
    today, since = local_date(at), at - timedelta(days=SIGNED_DAYS_AGO)
    with translation.override("sv"):
        version = agreement_create(
            hospital_id=hospital_id,
            number=f"VNS {today.year}-1",
            title="Vårdnära service, kirurgi och medicin",
            provider="Regionservice",
            care_unit="Divisionerna kirurgi och medicin",
            terms=Terms(
                valid_from=local_date(since).replace(day=1),
                review_on=today + timedelta(days=REVIEW_IN_DAYS),
                price_sek=Decimal(11_300_000),
                compensation_sek=Decimal(9_800_000),
                price_year=today.year,
                contact="Samordnaren, telefon 010-000 00 00 (påhittat nummer)",
                note="Påhittad överenskommelse för det påhittade sjukhuset.",
            ),
            actor=head,
            at=since,
        )
        draft_lines_import(version_id=version.pk, reading=reading, actor=head, at=since)
        for signer in (head, decider):
            version.refresh_from_db()
            agreement_sign(
                version_id=version.pk,
                actor=signer,
                at=since,
                mark=version_mark(version),
                holes_reason="Helgens städ efter 16 och smittstäd om natten är inte utrett. Löses före översynen.",
            )
        _next_version(version, head, at)
        demo_transfer_plan(version, head, at)
    version.refresh_from_db()
    return version


def _next_version(version: AgreementVersion, head: object, at: datetime) -> None:
    """A draft in which the service serves breakfast on Saturdays of one ward, so that there is a change to read."""
    draft = draft_create(
        agreement_id=version.agreement_id,
        valid_from=(local_date(at) + timedelta(days=NEXT_IN_DAYS)).replace(day=1),
        actor=head,
        at=at,
    )
    line = draft.lines.filter(task_type__code="breakfast", ward__code="K31", party=Party.CARE).first()
    if line is None:
        return
    line.days = [day for day in line.days if day != SATURDAY]
    line.save()
    line.pk, line.party, line.days = None, Party.SERVICE, [SATURDAY]
    line._state.adding = True
    AgreementLine.objects.bulk_create([line])

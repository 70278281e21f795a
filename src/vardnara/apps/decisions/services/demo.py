"""A case of the invented hospital, so that the register is not empty."""

from __future__ import annotations

import tomllib
from datetime import datetime, timedelta
from decimal import Decimal
from importlib import resources
from typing import TYPE_CHECKING

from django.db import transaction

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import demo_user
from vardnara.apps.decisions.choices import (
    ConsultationKind,
    Indicator,
    OrganKind,
    PatternForm,
    RiskArea,
    RiskSide,
    RiskVoice,
)
from vardnara.apps.decisions.models import Case
from vardnara.apps.decisions.services.cases import case_create
from vardnara.apps.decisions.services.consultations import ConsultationWords, consultation_add
from vardnara.apps.decisions.services.organs import organ_add, organisation_add, pattern_add
from vardnara.apps.decisions.services.paragraphs import item_add, meeting_add
from vardnara.apps.decisions.services.parties import case_share
from vardnara.apps.decisions.services.promises import PromiseWords, promise_add
from vardnara.apps.decisions.services.risks import RiskWords, analysis_begin, risk_set
from vardnara.kernel.local_time import local_date

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User


@transaction.atomic
def demo_case_load(*, hospital_id: int, at: datetime) -> None:
    """An invented case with an open consultation and a promise, where the hospital has none."""
    if Case.objects.filter(hospital_id=hospital_id).exists():
        return
    actor = demo_user(role=Role.CONTROLLER, hospital_id=hospital_id)
    assert actor is not None
    content = tomllib.loads(
        resources.files("vardnara.apps.decisions").joinpath("demo/case.toml").read_text(), parse_float=Decimal
    )
    case = case_create(hospital_id=hospital_id, content=content, actor=actor, at=at)
    today = local_date(at)
    talks = ConsultationWords(
        kind=ConsultationKind.MBL_11,
        organ="Förvaltningskommittén (påhittad)",
        parties="Kommunal, Vårdförbundet",
        called_on=today - timedelta(days=9),
        held_on=today - timedelta(days=2),
    )
    consultation_add(case_id=case.pk, words=talks, actor=actor, at=at)
    promise = PromiseWords(
        label="Vårdtid som frigörs på kvällar",
        metric="Arbetsprov på surfplattan, minuter service per kväll och avdelning",
        unit="minuter",
        baseline=Decimal(95),
        promised=Decimal(25),
        check_on=today + timedelta(days=120),
    )
    promise_add(case_id=case.pk, words=promise, actor=actor, at=at)
    _analysis(case, actor=actor, at=at)
    _organs(case, at=at)
    for voice in (RiskVoice.SAFETY_REPRESENTATIVE, RiskVoice.UNION):
        case_share(case_id=case.pk, voice=voice, actor=actor, at=at)


def _organs(case: Case, *, at: datetime) -> None:
    """The invented region with its organs, the form of its registry numbers, and a meeting to come."""
    clerk = demo_user(role=Role.ADMINISTRATOR, hospital_id=case.hospital_id)
    assert clerk is not None
    who = {"actor": clerk, "at": at}
    region = organisation_add(hospital_id=case.hospital_id, name="Fjällregionen (påhittad)", **who)
    form, examples = "{organ}/{number}/{year}", ("HSN/1895/2025", "RS/113/2026")
    pattern_add(organisation_id=region.pk, form=PatternForm.TEMPLATE, text=form, examples=examples, **who)
    organs = (
        ("Regionfullmäktige", "RF", OrganKind.ASSEMBLY),
        ("Regionstyrelsen", "RS", OrganKind.EXECUTIVE),
        ("Hälso- och sjukvårdsnämnden", "HSN", OrganKind.BOARD),
        ("Regionledningen", "RL", OrganKind.MANAGEMENT),
        ("Regiondirektören", "RD", OrganKind.DIRECTOR),
    )
    made = {
        short: organ_add(organisation_id=region.pk, name=name, abbreviation=short, kind=kind, **who)
        for name, short, kind in organs
    }
    coming = local_date(at) + timedelta(days=16)
    meeting = meeting_add(
        hospital_id=case.hospital_id, organ_id=made["HSN"].pk, on=coming, place="Regionens hus", **who
    )
    item_add(meeting_id=meeting.pk, case_id=case.pk, **who)


def _analysis(case: Case, *, actor: User, at: datetime) -> None:
    """A first version on the side that gets the help: two risks, one of them watched by a live figure."""
    today = local_date(at)
    change = "Servicemedarbetare på avdelning M31 och M32 mellan 16 och 20, sju dagar i veckan."
    analysis = analysis_begin(case_id=case.pk, side=RiskSide.CARE, what_changes=change, actor=actor, at=at)
    risks = (
        RiskWords(
            area=RiskArea.PATIENT,
            risk="Kvällsmålet blir stående när två ska dela på uppgiften",
            cause="Gränsen mellan service och vård är inte skriven för kvällen",
            consequence="Lång nattfasta",
            likelihood=3,
            severity=3,
            new_action="Skriv gränssnittet för kvällen innan provet börjar",
            responsible="Enhetschef M31 och chef vårdnära service",
            due_on=today + timedelta(days=30),
            indicator=Indicator.SPILLOVER_MINUTES,
            threshold=Decimal(60),
        ),
        RiskWords(
            area=RiskArea.STAFF,
            risk="Ensamarbete i slutet av passet",
            consequence="Hot eller olycka utan att någon ser",
            likelihood=2,
            severity=4,
            existing_action="Larmknapp finns på avdelningen",
        ),
    )
    for words in risks:
        risk_set(case_id=case.pk, analysis_id=analysis.pk, row_id=None, words=words, actor=actor, at=at)

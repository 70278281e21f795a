"""Live figures of a division or ward that watch a risk, and risks to score again since the decision."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import IntegrityError
from django.test import Client
from tests.apps.decisions.test_case_services import broken, case_of
from tests.strategies.stage import AT, Stage, stage_set

from vardnara.apps.decisions import services
from vardnara.apps.decisions.models import RiskRow
from vardnara.apps.decisions.queries.risks import RiskLine, risk_sides, risks_moved
from vardnara.apps.hospital.models import Division, Ward
from vardnara.apps.service.choices import SpilloverReason
from vardnara.apps.service.models import Spillover

TODAY = AT.date()
LATER = AT + timedelta(days=10)
WORDS = services.RiskWords(
    area="staff", risk="Vården gör servicens arbete", likelihood=2, severity=3,
    indicator="spillover_minutes", threshold=Decimal(10),
)  # fmt: skip


@pytest.fixture
def stage(db: None, settings: Any) -> Stage:
    settings.DEMO = True
    return stage_set()


def spill(ward: Ward, minutes: int, at: datetime = AT) -> None:
    Spillover.objects.create(
        ward=ward,
        reason=SpilloverReason.values[0],
        minutes=minutes,
        minutes_from_norm=False,
        at=at - timedelta(hours=1),
    )


def line_of(stage: Stage, case_id: int, risk: str, at: datetime = AT) -> RiskLine:
    _, sides = risk_sides(actor=stage.users["auditor"], case_id=case_id, at=at, on=at.date())
    return next(line for side in sides for line in side.lines if line.row.risk == risk)


def test_a_figure_is_of_the_hospital_a_division_or_a_ward(stage: Stage) -> None:
    """Each counts its own; a place of another hospital, or without a figure, is refused, by the database too."""
    who = {"actor": stage.users["controller"], "at": AT}
    case = case_of(stage)
    analysis = services.analysis_begin(case_id=case.pk, side="care", **who)
    division, away = stage.ward.division_id, stage.foreign.room.ward
    spill(stage.ward, 40)
    spill(stage.other_ward, 80)
    spill(away, 500)
    lonely = Division.objects.create(hospital=stage.ward.division.hospital, code="L", name="Egen division")
    places = {
        "all": {},
        "division": {"indicator_division_id": division},
        "one": {"indicator_ward_id": stage.ward.pk},
        "other": {"indicator_ward_id": stage.other_ward.pk},
        "lonely": {"indicator_division_id": lonely.pk},
    }
    for name, place in places.items():
        words = replace(WORDS, risk=name, **place)
        services.risk_set(case_id=case.pk, analysis_id=analysis.pk, row_id=None, words=words, **who)
    told = {name: line_of(stage, case.pk, name).live for name in places}
    assert {name: (live.value, live.place) for name, live in told.items() if live} == {
        "all": (30, ""),
        "division": (30, "Division"),
        "one": (10, stage.ward.name),
        "other": (20, stage.other_ward.name),
        "lonely": (0, "Egen division"),
    }
    assert told["one"] and not told["one"].is_over and told["other"] and told["other"].is_over
    asked = {"case_id": case.pk, "analysis_id": analysis.pk, "row_id": None}
    for wrong in (
        {"indicator_ward_id": away.pk},
        {"indicator_ward_id": stage.ward.pk, "indicator_division_id": division},
        {"indicator_ward_id": stage.ward.pk, "indicator": "", "threshold": None},
    ):
        broken("indicator_elsewhere", services.risk_set, words=replace(WORDS, **wrong), **asked, **who)
    row = RiskRow.objects.get(risk="one")
    with pytest.raises(IntegrityError), transaction.atomic():
        RiskRow.objects.filter(pk=row.pk).update(indicator_division_id=division)


def test_a_figure_that_moved_since_the_decision_proposes_another_score(stage: Stage) -> None:
    """On the register until it is scored again; and again only when the figure goes on rising."""
    who = {"actor": stage.users["controller"], "at": AT}
    reader = stage.users["auditor"]
    case = case_of(stage)
    analysis = services.analysis_begin(case_id=case.pk, side="care", **who)
    row = services.risk_set(case_id=case.pk, analysis_id=analysis.pk, row_id=None, words=WORDS, **who)
    spill(stage.ward, 60)
    assert line_of(stage, case.pk, WORDS.risk).again is None
    services.case_decide(
        case_id=case.pk, decided_on=TODAY, despite="brådskar", actor=stage.users["decision_maker"], at=AT
    )
    assert not risks_moved(actor=reader, at=LATER, on=LATER.date())
    spill(stage.ward, 40, LATER)
    [moved] = risks_moved(actor=reader, at=LATER, on=LATER.date())
    assert (moved.line.again, moved.line.live.then, moved.line.live.value) == ((3, 3, "yellow"), 15, 25)
    left = {"done_on": None, "residual_likelihood": 3, "residual_severity": 3, "follow_up": "sämre"}
    services.risk_follow_up(case_id=case.pk, row_id=row.pk, **left, actor=who["actor"], at=LATER)
    assert not risks_moved(actor=reader, at=LATER, on=LATER.date())
    spill(stage.ward, 40, LATER + timedelta(days=1))
    after = LATER + timedelta(days=1)
    [moved] = risks_moved(actor=reader, at=after, on=after.date())
    assert moved.line.again is not None and moved.line.again[0] == 4
    broken("wrong_role", risks_moved, actor=stage.users["safety_rep"], at=LATER, on=TODAY)


def test_the_page_of_a_risk_offers_places(stage: Stage) -> None:
    """Chosen on the form, shown beside the figure, chosen already when it is opened again."""
    client = Client(headers={"accept-language": "sv"})
    client.force_login(stage.users["controller"])
    case = case_of(stage)
    analysis = services.analysis_begin(case_id=case.pk, side="care", actor=stage.users["controller"], at=AT)
    where = f"/arenden/{case.pk}/risker/{analysis.pk}/"
    row = {"area": "staff", "risk": "Spill", "likelihood": "2", "severity": "3", "indicator": "not_done"}
    row |= {"threshold": "4", "indicator_place": f"ward:{stage.ward.pk}"}
    assert client.post(f"{where}ny/", row).status_code == 302
    made = RiskRow.objects.get()
    assert made.indicator_ward_id == stage.ward.pk
    assert stage.ward.name in client.get(f"/arenden/{case.pk}/risker/").content.decode()
    page = client.get(f"{where}{made.pk}/")
    assert page.context["form"]["indicator_place"].value() == f"ward:{stage.ward.pk}"
    assert client.post(f"{where}{made.pk}/", row | {"indicator_place": "ward:0"}).status_code == 422

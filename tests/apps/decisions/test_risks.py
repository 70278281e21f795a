"""Risk and consequence analysis: on its scale, versioned, with owners, live figures and what the parties said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import DatabaseError
from django.test import Client
from tests.apps.decisions.test_case_services import broken, case_of
from tests.strategies.stage import AT, Stage, stage_set

from vardnara.apps.decisions import services
from vardnara.apps.decisions.models import RiskAnalysis, RiskRow
from vardnara.apps.decisions.queries.risks import SidePage, risk_sides
from vardnara.apps.service.choices import SpilloverReason
from vardnara.apps.service.models import Spillover
from vardnara.parameters.risk_templates import risk_templates

TODAY = AT.date()
WORDS = services.RiskWords(
    area="patient",
    risk="Mat serveras för sent",
    likelihood=3,
    severity=4,
    new_action="Två extra på kvällen",
    responsible="Enhetschef",
    due_on=date(2026, 4, 1),
)


@pytest.fixture
def stage(db: None, settings) -> Stage:
    settings.DEMO = True
    return stage_set()


def begun(stage: Stage, **more: Any) -> tuple[int, RiskAnalysis, dict[str, Any]]:
    case = case_of(stage)
    who = {"actor": stage.users["controller"], "at": AT}
    return case.pk, services.analysis_begin(case_id=case.pk, side="care", **more, **who), who


def care(stage: Stage, case_id: int) -> SidePage:
    _, sides = risk_sides(actor=stage.users["auditor"], case_id=case_id, at=AT, on=TODAY)
    return next(side for side in sides if side.side == "care")


def write(
    case_id: int, analysis: RiskAnalysis, who: dict[str, Any], words: Any = WORDS, row: int | None = None
) -> RiskRow:
    return services.risk_set(case_id=case_id, analysis_id=analysis.pk, row_id=row, words=words, **who)


@pytest.mark.parametrize(
    ("code", "likelihood", "severity", "level"),
    [
        ("5x5", 2, 4, "green"), ("5x5", 3, 3, "yellow"), ("5x5", 3, 4, "red"), ("5x5", 1, 5, "red"),
        ("4x4", 1, 3, "green"), ("4x4", 2, 3, "yellow"), ("4x4", 1, 4, "red"),
    ],
)  # fmt: skip
def test_the_colours_are_the_template_s(code: str, likelihood: int, severity: int, level: str) -> None:
    """CONTRACT 4: green 1-8, yellow 9-11, red from 12 or consequence 5."""
    assert risk_templates()[code].level(likelihood, severity) == level
    with pytest.raises(ValueError, match="expected"):
        risk_templates()[code].level(0, severity)


def test_versions_are_compared_row_by_row(stage: Stage) -> None:
    """What is new, what changed and in which fields, and what is gone, beside the version before."""
    case_id, first, who = begun(stage)
    kept = write(case_id, first, who)
    write(case_id, first, who, replace(WORDS, risk="Sängar blir stående"))
    services.analysis_settle(case_id=case_id, analysis_id=first.pk, **who)
    second = services.analysis_begin(case_id=case_id, side="care", **who)
    rows = {row.risk: row for row in second.rows.all()}
    write(case_id, second, who, replace(WORDS, likelihood=4), row=rows["Mat serveras för sent"].pk)
    services.risk_remove(case_id=case_id, analysis_id=second.pk, row_id=rows["Sängar blir stående"].pk, **who)
    write(case_id, second, who, replace(WORDS, risk="Nytt"))
    side = care(stage, case_id)
    assert [(line.row.risk, line.changes) for line in side.lines] == [
        ("Mat serveras för sent", ("likelihood",)),
        ("Nytt", None),
    ]
    assert side.lines[0].row.key == kept.key
    assert [row.risk for row in side.gone] == ["Sängar blir stående"]


def test_a_settled_version_stands_still_and_is_followed_up(stage: Stage) -> None:
    """The database holds it; what came of an action and what risk is left is written all the same."""
    case_id, analysis, who = begun(stage)
    broken("analysis_is_empty", services.analysis_settle, case_id=case_id, analysis_id=analysis.pk, **who)
    row = write(case_id, analysis, who)
    services.analysis_settle(case_id=case_id, analysis_id=analysis.pk, **who)
    for change in ({"risk": "annan"}, {"likelihood": 1}, {"new_action": ""}):
        with pytest.raises(DatabaseError), transaction.atomic():
            RiskRow.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        row.delete()
    row = RiskRow.objects.get(analysis=analysis)
    left = {"done_on": TODAY, "residual_likelihood": 2, "residual_severity": 4, "follow_up": "på plats"}
    services.risk_follow_up(case_id=case_id, row_id=row.pk, **left, **who)
    (line,) = care(stage, case_id).lines
    assert (line.level, line.residual_score, line.residual_level, line.is_late) == ("red", 8, "green", False)


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("not_on_scale", {"likelihood": 6}),
        ("action_without_owner", {"responsible": ""}),
        ("action_without_owner", {"due_on": None}),
        ("indicator_without_threshold", {"indicator": "not_done"}),
        ("bad_input", {"risk": " "}),
    ],
)
def test_half_a_risk_is_refused(stage: Stage, code: str, change: dict[str, Any]) -> None:
    """An action has owner and date, a live figure its limit, a score its place on the scale."""
    case_id, analysis, who = begun(stage)
    broken(
        code, services.risk_set,
        case_id=case_id, analysis_id=analysis.pk, row_id=None, words=replace(WORDS, **change), **who,
    )  # fmt: skip


def test_a_risk_is_watched_by_a_live_figure(stage: Stage) -> None:
    """own-13: above its limit the risk is to be assessed again; 28 days count, older ones and undone ones do not."""
    case_id, analysis, who = begun(stage)
    words = replace(WORDS, indicator="spillover_minutes", threshold=Decimal(20))
    write(case_id, analysis, who, words)
    assert care(stage, case_id).lines[0].live.is_over is False
    for minutes, age, undone in ((40, 1, None), (60, 27, None), (500, 29, None), (500, 2, AT)):
        Spillover.objects.create(
            ward=stage.ward,
            reason=SpilloverReason.values[0],
            minutes=minutes,
            minutes_from_norm=False,
            at=AT - timedelta(days=age),
            undone_at=undone,
        )
    live = care(stage, case_id).lines[0].live
    assert live is not None and (live.value, live.is_over) == (25, True)


def test_disagreement_stands_beside_the_risk(stage: Stage) -> None:
    """What a safety representative said is kept as it was said."""
    case_id, analysis, who = begun(stage)
    row = write(case_id, analysis, who)
    said = services.risk_comment(
        case_id=case_id, analysis_id=analysis.pk, key=row.key, voice="safety", who="Skyddsombud Kim", disagrees=True,
        text="Sannolikheten är högre.", **who,
    )  # fmt: skip
    (line,) = care(stage, case_id).lines
    assert [(one.who, one.disagrees) for one in line.comments] == [("Skyddsombud Kim", True)]
    with pytest.raises(DatabaseError), transaction.atomic():
        said.disagrees = False
        said.save()


def test_the_pages_take_an_analysis_from_nothing_to_settled(stage: Stage) -> None:
    """Begun, written, refused where an action has no owner, settled; and the document has the row."""
    client = Client(headers={"accept-language": "sv"})
    client.force_login(stage.users["decision_maker"])
    case = case_of(stage)
    where = f"/arenden/{case.pk}/risker/"
    client.post(f"{where}borja/", {"side": "service", "template": "5x5"})
    analysis = RiskAnalysis.objects.get()
    row = {"area": "staff", "risk": "Tunga lyft", "likelihood": "2", "severity": "3", "new_action": "Lyftlina"}
    refused = client.post(f"{where}{analysis.pk}/ny/", row)
    assert refused.status_code == 422 and "Säg vem som gör det" in refused.content.decode()
    row |= {"responsible": "Chef", "due_on": "2026-05-01"}
    assert client.post(f"{where}{analysis.pk}/ny/", row).status_code == 302
    client.post(f"{where}faststall/", {"analysis": analysis.pk})
    page = client.get(where).content.decode()
    assert "Tunga lyft" in page and "fastställd" in page and "6 grön" in " ".join(page.split())
    made = services.documents_make(case_id=case.pk, actor=stage.users["controller"], at=AT)
    from io import BytesIO

    from docx import Document

    docx = Document(BytesIO(bytes(next(one.content for one in made if one.format == "docx"))))
    assert any("Tunga lyft" in cell.text for table in docx.tables for row in table.rows for cell in row.cells)

"""``vardnara plan``: the plan that holds or one made now, as text and as JSON, and its exit statuses."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import pytest
from tests.strategies.day_stage import DayStage
from tests.strategies.stage import stage_set

from vardnara.apps.staffing.services import day_plans
from vardnara.config.command import main, plan

ON = date(2099, 3, 12)
AT = datetime(2099, 3, 11, 12, 0, tzinfo=UTC)


@pytest.fixture
def made(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> DayStage:
    """The test's own database in the place of a hospital's."""

    @contextmanager
    def opened(args: Any, doing: str, **_: Any) -> Any:
        yield None

    monkeypatch.setattr("vardnara.config.command.session.hospital_open", opened)
    settings.DEMO = True
    return DayStage(stage_set(), ON, AT)


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any], str]:
    status = main(["plan", "--date", ON.isoformat(), "--hospital", "H", "--json", *words])
    out, err = capsys.readouterr()
    return status, json.loads(out) if out else {}, err


def test_nobody_and_nothing_is_answered_with_one(made: DayStage, capsys: pytest.CaptureFixture[str]) -> None:
    """A day without people and work has no plan; the answer is told all the same."""
    status, told, _ = said(capsys)
    assert (status, told["workers"], told["left"], told["kept"]) == (1, [], [], False)


def test_workers_lines_and_what_is_left(made: DayStage, capsys: pytest.CaptureFixture[str]) -> None:
    """Times are the local clock's; the plan that holds is printed, ``--anew`` makes another; the text says the same."""
    made.shift(made.person(1), made.kind("D", 420, 930, [(660, 690)]))
    made.task("07:00", "07:30", 40)
    made.task("08:00", "09:00", 20, task_type=made.kind_of_task("smitta", competence="contagion", hygiene_order=90))
    status, told, _ = said(capsys)
    assert (status, told["kept"], told["figures"]["n_late"]) == (0, False, 1)
    [worker] = told["workers"]
    assert (worker["name"], worker["from"], worker["to"], worker["shift"]) == ("Person 01", "07:00", "15:30", "D")
    assert worker["steps"][0] == {
        "kind": "task", "from": "07:00", "to": "07:40", "task": worker["steps"][0]["task"], "what": "service",
        "ward": "Avdelning K1", "late_minutes": 10,
    }  # fmt: skip
    assert [(one["what"], one["reason"]) for one in told["left"]] == [("Smitta", "no_skill")]
    row = day_plans.plan_ask(on=ON, actor=made.head, at=AT, work=50)
    day_plans.plan_do(plan_id=row.pk, clock=lambda: AT)
    assert said(capsys)[1]["kept"] is True
    assert said(capsys, "--anew", "--work", "40")[1]["kept"] is False
    assert main(["plan", "--date", ON.isoformat(), "--hospital", "H"]) == 0
    printed = capsys.readouterr().out
    assert "07:00-07:40  Avdelning K1  service  10 min late" in printed
    assert "- Avdelning K1  Smitta: no_skill" in printed
    assert plan.WORK == day_plans.WORK


def test_bad_input(made: DayStage, capsys: pytest.CaptureFixture[str]) -> None:
    """A date that is none, one that is over, a hospital that is not there, rounds below none: two, and one line."""
    for words in (
        ["--date", "igår"],
        ["--date", "2020-01-01", "--hospital", "H"],
        ["--hospital", "?"],
        ["--work", "-1"],
    ):
        assert main(["plan", *words]) == 2
        out, err = capsys.readouterr()
        assert out == "" and len(err.splitlines()) == 1

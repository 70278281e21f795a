"""Why it costs more than is paid: worked out by hand from an agreement, finished tasks and a ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from django.test import Client
from tests.strategies.ledgers import sie_make
from tests.strategies.stage import Stage, stage_set
from tests.strategies.worked import done_make

from vardnara.apps.economy import services
from vardnara.apps.economy.queries.why import share_of_year, why
from vardnara.apps.service.choices import TaskKind
from vardnara.engines.followup import deviation_explain
from vardnara.engines.followup.check import deviation_check

AT = datetime(2026, 4, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def stage(db: None, settings, tmp_path: Path) -> Stage:
    """January to March of 2026 are booked: 6,000 in pay and 300.75 in goods."""
    settings.DEMO = True
    stage = stage_set()
    services.ledger_import(
        hospital_id=stage.ward.division.hospital_id, path=sie_make(tmp_path, year=2026, through=3), actor=None, at=AT
    )
    return stage


def test_work_outside_the_agreement_is_scope_and_all_sums_to_the_öre(stage: Stage) -> None:
    """A Saturday's clean that no agreement speaks of is scope; the parts and the price are the whole."""
    hospital_id = stage.ward.division.hospital_id
    worker = stage.users["service_worker"]
    done_make(stage.ward, worker, begun=datetime(2026, 3, 4, 8, tzinfo=UTC), minutes=120)
    done_make(
        stage.ward, worker, begun=datetime(2026, 3, 7, 8, tzinfo=UTC), minutes=90, party="",
        kind=TaskKind.DISCHARGE_CLEAN, bed=stage.free,
    )  # fmt: skip
    done_make(stage.ward, worker, begun=datetime(2026, 3, 8, 8, tzinfo=UTC), minutes=0, party="")
    found = why(actor=stage.users["controller"], hospital_id=hospital_id, year=2026, today=AT.date())
    assert found is not None and found.question.cost == Decimal("6300.75") and found.n_untimed == 1
    assert found.question.parts is not None
    hours = {(one.name, one.in_scope): one.done for one in found.question.parts}
    assert hours["weekdays", True] == 2 and hours["final_cleans", False] == Decimal("1.5")
    assert found.found.missing == ("compensation", "agreed_quantity")
    agreed = tuple(replace(one, agreed=Decimal(3) if one.in_scope else one.agreed) for one in found.question.parts)
    asked = replace(found.question, compensation=Decimal(5000), parts=agreed)
    answer = deviation_explain(asked)
    assert deviation_check(asked, answer) == [] and answer.scope == Decimal("833.33")


def test_without_an_agreement_s_compensation_nothing_is_made_up(stage: Stage) -> None:
    """The page says what nobody has said, and shows neither volume nor price."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(stage.users["decision_maker"])
    page = client.get("/ekonomi/varfor/?ar=2026").content.decode()
    assert "no signed agreement says one" in page and "cannot be derived" in page


def test_the_halland_question_is_answered_as_far_as_the_document_goes(stage: Stage) -> None:
    """Quoted are 23.4 and 11.0, derived is 12.4; with hours typed in, the three causes sum to it."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(stage.users["controller"])
    page = client.get("/ekonomi/varfor/").content.decode()
    link = page[page.index("?cost=23400000") :].split("#")[0].replace("&amp;", "&")
    answer = client.get(f"/ekonomi/varfor/{link}").content.decode()
    assert "<b>12,400,000 kr</b>" in answer and "otydligheter mellan HS och RGS" in answer
    assert "Quoted: the cost and the compensation" in answer and "any hours, agreed or done" in answer
    typed = client.get(f"/ekonomi/varfor/{link}&agreed=320&done=320&weekends=113&final_cleans=47").content.decode()
    assert "<b>5,500,000 kr</b>" in typed and "48,750.00 kr an hour instead of 34,375.00" in typed


def test_a_figure_opens_its_tasks(stage: Stage) -> None:
    """The tasks of a time, with place and minutes and nobody's name."""
    done_make(stage.ward, stage.users["service_worker"], begun=datetime(2026, 3, 4, 8, tzinfo=UTC), minutes=25)
    client = Client(headers={"accept-language": "en"})
    client.force_login(stage.users["auditor"])
    page = client.get("/ekonomi/arbete/?fran=2026-03-01&till=2026-04-01&avtalat=ja").content.decode()
    assert "1 finished task." in page and "25" in page and "Service_Worker" not in page
    assert (
        "No task was finished then." in client.get("/ekonomi/arbete/?fran=2026-02-01&till=2026-03-01").content.decode()
    )


def test_a_year_s_months_sum_to_the_year() -> None:
    """11,000,000.01 in twelve parts by days is 11,000,000.01 again."""
    firsts = [date(2026 + month // 12, month % 12 + 1, 1) for month in range(13)]
    year = Decimal("11000000.01")
    assert sum(share_of_year(year, *pair) for pair in pairwise(firsts)) == year

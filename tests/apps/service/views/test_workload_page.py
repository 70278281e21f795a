"""The clock of demand, what it is made of, and the same as a file."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client
from tests.strategies.agreed import ALL_DAYS, norm_make, task_type_make
from tests.strategies.stage import Stage, stage_set

from vardnara.apps.service.models import TaskType
from vardnara.apps.service.views.workload import clock_of


@pytest.fixture
def stage(db: None, settings) -> Stage:
    settings.DEMO = True
    found = stage_set()
    TaskType.objects.update(retired_at="2020-01-01T00:00Z")
    kitchen = task_type_make("kitchen", always=True, usual=[[ALL_DAYS, 540, 600, 1]], name="=Kök")
    norm_make(kitchen, fixed_low=20, fixed_typical=30, fixed_high=50, source="a guess of ours")
    norm_make(kitchen, ward=found.ward, fixed_low=40, fixed_typical=40, fixed_high=40, confidence="measured")
    return found


def asked(stage: Stage, path: str, who: str = "controller", language: str = "sv") -> str:
    client = Client(headers={"accept-language": language})
    client.force_login(stage.users[who])
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_clock_has_a_step_for_each_number() -> None:
    """Nothing has no colour, the most the darkest, and the sums are those of the cells."""
    rows = clock_of([[0.0] * 9 + [10.0 * (day + 1)] + [0.0] * 14 for day in range(7)])
    assert [cell.step for cell in rows[9].cells] == [1, 2, 3, 3, 4, 5, 5]
    assert {cell.step for row in rows if row.hour != 9 for cell in row.cells} == {0}
    assert (rows[9].total, rows[0].total) == (280, 0)


def test_all_wards_and_one(stage: Stage) -> None:
    """The sum of 40 and 30 minutes a day; opened, a ward says where its norm comes from."""
    told = asked(stage, "/arbetsmangd/")
    assert "490" in told and "Avdelning K1" in told and 'data-heat="5"' in told
    assert "210 av 490 minuter vilar på normtider som ingen har mätt" in told
    one = asked(stage, "/arbetsmangd/?ward=M1")
    assert "a guess of ours" in one and "inte uppmätt" in one and "140–350" in one
    measured = asked(stage, "/arbetsmangd/?ward=K1")
    assert "uppmätt: a test" in measured and "normtider som ingen har mätt" not in measured


def test_the_file_says_the_same(stage: Stage) -> None:
    """Every row with source and confidence, semicolons and decimal commas in Swedish; nothing runs in a spreadsheet."""
    text = asked(stage, "/arbetsmangd/export.csv").removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert {(row["ward"], row["minutes_typical"], row["confidence"]) for row in rows} == {
        ("K1", "280,00", "measured"),
        ("M1", "210,00", "unverified"),
    }
    assert {row["name"] for row in rows} == {"'=Kök"}
    english = asked(stage, "/arbetsmangd/export.csv?ward=M1&del=klocka", language="en").removeprefix("\ufeff")
    clock = list(csv.DictReader(io.StringIO(english)))
    assert len(clock) == 168 and {row["ward"] for row in clock} == {"M1"}
    assert sum(float(row["minutes"]) for row in clock) == pytest.approx(210, abs=0.1)


def test_another_hospital_is_not_in_the_sum(stage: Stage) -> None:
    """A reader sees the wards within reach, and asking for another is as asking for all."""
    told = asked(stage, "/arbetsmangd/?ward=X1")
    assert "490" in told and "Avdelning X1" not in told

"""The Halland example: the hours that the estimate forgot, and the holes that nobody had agreed to fill."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from vardnara.config.command import main

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "examples" / "halland"
FINAL_CLEANS = {"discharge_clean_shared", "discharge_clean_single", "contagion_clean"}
WEEKDAYS, FREE_DAYS = {"mon", "tue", "wed", "thu", "fri"}, {"sat", "sun", "holiday", "eve"}


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Any:
    def answer(name: str) -> dict[str, Any]:
        assert main(["workload", str(FOLDER / name), "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    return answer


def test_the_estimate_is_eight_hours_on_weekdays_on_the_wards_with_more_than_14_beds(told: Any) -> None:
    """As the document says it; the two smaller wards are left out."""
    estimate = told("estimate.toml")
    assert estimate["minutes_per_week"] == {"low": 19_200, "typical": 19_200, "high": 19_200}
    assert {code for code, minutes in estimate["by_ward"].items() if minutes} == {
        "M1", "M2", "M3", "M4", "K1", "K2", "O1", "G1",
    }  # fmt: skip
    assert set(estimate["by_ward"].values()) == {0, 5 * 480}
    assert [estimate["by_weekday"][day] for day in ("mon", "fri", "sat", "sun")] == [3840, 3840, 0, 0]


def test_the_estimate_forgot_weekends_and_final_cleans(told: Any) -> None:
    """160 of 480 hours a week, 114 of them on Saturday and Sunday; the README says the same figures."""
    estimate, service = told("estimate.toml"), told("agreement.toml")
    total = service["minutes_per_week"]["typical"]
    weekend = service["by_weekday"]["sat"] + service["by_weekday"]["sun"]
    forgotten = total - estimate["minutes_per_week"]["typical"]
    assert (total, weekend) == (pytest.approx(28_787.2), pytest.approx(6_821.2))
    assert estimate["minutes_per_week"]["typical"] < service["minutes_per_week"]["low"]
    text = (FOLDER / "README.md").read_text()
    for figure in (estimate["minutes_per_week"]["typical"], total, weekend, forgotten):
        assert f"| {figure / 60:.1f} |" in text


def test_the_hours_of_final_cleans_are_those_of_the_readme(capsys: pytest.CaptureFixture[str]) -> None:
    """From the table for people: the three rows of final cleans."""
    assert main(["workload", str(FOLDER / "agreement.toml")]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    hours = sum(float(row[1]) for row in rows if len(row) == 2 and row[0] in FINAL_CLEANS)
    assert f"final cleans, discharge and contagion | {hours:.1f} |" in (FOLDER / "README.md").read_text()


def test_the_holes_are_the_ones_never_agreed(told: Any) -> None:
    """Weekend duty of everything, and final cleans on weekday evenings; nothing else."""
    service = told("agreement.toml")
    holes = service["holes"]
    assert all(hole.keys() == {"task", "ward", "weekday", "from", "to"} for hole in holes)
    assert {hole["ward"] for hole in holes} == set(service["by_ward"])
    evenings = [hole for hole in holes if hole["weekday"] in WEEKDAYS]
    assert {hole["task"] for hole in evenings} == FINAL_CLEANS
    assert {(hole["from"], hole["to"]) for hole in evenings} == {("16:00", "21:00")}
    assert len(evenings) == 3 * 5 * 8
    free = [hole for hole in holes if hole["weekday"] in FREE_DAYS]
    assert len(free) == 11 * 4 * 8
    assert {"task": "contagion_clean", "ward": "K1", "weekday": "sat", "from": "07:00", "to": "21:00"} in free
    assert not {hole["task"] for hole in holes} & {"dinner", "evening_meal", "store_replenishment", "textiles"}


def test_nothing_but_the_unmeasured_norms_is_warned_of(told: Any) -> None:
    assert [warning["code"] for warning in told("agreement.toml")["warnings"]] == ["UNVERIFIED_NORMS"]
    assert [warning["code"] for warning in told("estimate.toml")["warnings"]] == ["NO_AGREEMENT"]

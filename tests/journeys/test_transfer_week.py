"""The demo hospital lives through a week; on its Wednesday two kinds of task go from the service to care."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from vardnara.kernel.calendar import day_kind
from vardnara.kernel.local_time import STOCKHOLM

ROOT = Path(__file__).resolve().parents[2]
KINDS = ("meal_order_manual", "store_replenishment")
AHEAD = 2  # the worker lays out today and tomorrow by the machine's clock: the week begins after that


def monday_to_come() -> date:
    """The first Monday that the worker's own plan does not touch, of a week without holidays and eves."""
    first = datetime.now(UTC).astimezone(STOCKHOLM).date() + timedelta(days=AHEAD)
    monday = first + timedelta(days=-first.weekday() % 7)
    while any(day_kind(monday + timedelta(days=day)).day_number > 7 for day in range(7)):
        monday += timedelta(days=7)
    return monday


@pytest.fixture(scope="module")
def week(running_hospital: Any) -> tuple[Any, date, dict[str, Any]]:
    """The hospital, its Monday, and what was seen in seven days of real messages through the real listener."""
    hospital = running_hospital(demo=True, fresh=True, options=("--no-feed",))
    monday, feed = monday_to_come(), hospital.data / "week.hl7"
    made = hospital.command("feed", "--days", "7", "--seed", "5", "--start", monday.isoformat(), "--out", str(feed))
    assert made.returncode == 0, made.stderr
    line = [sys.executable, "-P", "-m", "tests.journeys.week"]
    words = [hospital.database_url, str(hospital.mllp_port), str(feed), monday.isoformat()]
    paths = os.pathsep.join([str(ROOT), str(ROOT / "src")])
    run = subprocess.run(
        [*line, *words],
        env=hospital.environment | {"PYTHONPATH": paths},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-4000:]
    return hospital, monday, json.loads(run.stdout)


def test_no_task_without_owner_or_red_mark(week: Any) -> None:
    """At each of 35 looks every task has a party by agreement or is red on the board, and so is all that is late."""
    _, _, seen = week
    assert len(seen["points"]) == 35 and seen["n_sent"] > 1_500
    for point in seen["points"]:
        assert (point["nobodys_not_red"], point["late_not_red"]) == ([], []), point["at"]
    assert sum(point["nobodys"] for point in seen["points"]) > 0  # the demo's agreement has holes, and they show


def test_every_day_is_what_the_agreement_of_the_day_says(week: Any) -> None:
    """Recounted in SQL from the lines in force: nothing missing, nothing twice, on all seven days."""
    _, monday, seen = week
    for number in range(7):
        day = seen["days"][(monday + timedelta(days=number)).isoformat()]
        assert day["planned"] == day["expected"], number
        assert bool(day["expected"]) == (number < 5), number  # at weekends the demo's wards do it themselves


def test_two_kinds_of_task_change_hands_on_the_wednesday(week: Any) -> None:
    """Tuesday has them on every ward of the plan, Wednesday on none; all other work is as the day before."""
    _, monday, seen = week
    tuesday, wednesday = (seen["days"][(monday + timedelta(days=n)).isoformat()] for n in (1, 2))
    gone = {key: n for key, n in tuesday["planned"].items() if key not in wednesday["planned"]}
    assert {key.split()[1] for key in gone} == set(KINDS) and len(gone) == seen["moved"] >= 10
    assert wednesday["planned"] == {key: n for key, n in tuesday["planned"].items() if key not in gone}
    assert set(KINDS) <= set(tuesday["promised"]) and not set(KINDS) & set(wednesday["promised"])
    for name in set(tuesday["promised"]) & set(wednesday["promised"]) - {"Daglig städning"}:
        assert tuesday["promised"][name] == wednesday["promised"][name], name
    after = [point for point in seen["points"] if point["at"] >= (monday + timedelta(days=2)).isoformat()]
    assert {point["moved_left"] for point in after} == {0}
    assert {point["moved_nobodys"] for point in seen["points"][5:]} == {seen["points"][-1]["moved_nobodys"]}


def test_what_was_in_hand_at_midnight_was_finished_by_its_holder(week: Any) -> None:
    hospital, _, seen = week
    with psycopg.connect(hospital.database_url) as connection:
        state, party = connection.execute(
            "SELECT state, party FROM service_task WHERE id = %s", [seen["in_hand_at_midnight"]]
        ).fetchone()
    assert (state, party) == ("done", "service")


def test_the_hours_that_leave_are_the_hours_that_care_gets(week: Any) -> None:
    """The balance before it was signed is the fall of the service's workload and the rise of care's."""
    _, _, seen = week
    before, after = seen["workload"]
    assert seen["version"] == "signed" and seen["faults"] == []
    assert seen["leaving"] == seen["homeless"] > 60
    assert before["service"] - after["service"] == pytest.approx(seen["leaving"])
    assert after["care"] - before["care"] == pytest.approx(seen["leaving"])
    assert after.get("", 0) == pytest.approx(before.get("", 0))


def test_the_record_is_whole_after_the_week(week: Any) -> None:
    """Invariants hold after all of it: stays and beds, tasks and their histories."""
    hospital, _, _ = week
    proof = hospital.command("verify")
    assert (proof.returncode, proof.stderr) == (0, ""), proof.stdout[-2000:]

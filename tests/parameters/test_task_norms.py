"""The norms of tasks and the numbers of working time, as shipped and as read."""

from __future__ import annotations

import copy
import tomllib
from importlib import resources
from typing import Any

import pytest

from vardnara.kernel.errors import InputError
from vardnara.parameters import task_norms as module
from vardnara.parameters.clean_norms import CODES, clean_norm
from vardnara.parameters.task_norms import Driver, MinuteRange, task_norm, task_norm_read, task_norms
from vardnara.parameters.working_time import fte_of, gross_hours, net_hours, relief_factor, working_time, working_times

CATALOGUE = {
    "discharge_clean_shared",
    "discharge_clean_single",
    "contagion_clean",
    "bed_making",
    "daily_clean",
    "breakfast",
    "lunch",
    "dinner",
    "snack",
    "evening_meal",
    "kitchen",
    "meal_order_manual",
    "meal_order_digital",
    "store_replenishment",
    "textiles",
    "handover",
}
ROW: dict[str, Any] = tomllib.loads(resources.files(module.__package__).joinpath(module.FILE).read_text())["norm"][5]


def test_the_template_has_every_task_and_says_that_nothing_is_measured() -> None:
    """DOMAIN 1.2, and the rule that an unverified value never passes for a measured one."""
    assert set(task_norms()) == CATALOGUE
    assert {norm.evidence.confidence for norm in task_norms().values()} == {"unverified"}
    assert all(norm.minutes(1)[1] > 0 for norm in task_norms().values())


def test_the_ward_of_the_sanity_check_has_its_ten_and_a_half_hours() -> None:
    """DOMAIN 1.2: 20 beds, 18 patients, 4 discharges from shared rooms, orders on paper."""
    units = {Driver.DISCHARGE: 4, Driver.PATIENT: 18, Driver.MEAL: 18, Driver.WARD: 1, Driver.SHIFT: 1}
    left_out = {"discharge_clean_single", "contagion_clean", "meal_order_digital"}
    minutes = [norm.minutes(units[norm.driver])[1] for code, norm in task_norms().items() if code not in left_out]
    assert sum(minutes) == pytest.approx(10.5 * 60)


def test_there_is_one_place_for_each_number() -> None:
    """What the cleaning app plans with is the same norm."""
    for (task, room), code in CODES.items():
        norm, shipped = clean_norm(task, single_room=room == "single"), task_norm(code)
        assert norm is not None and shipped is not None
        low, typical, high = shipped.minutes(1)
        assert (norm.low_minutes, norm.typical_minutes, norm.high_minutes) == (low, typical, high)
        assert norm.evidence is shipped.evidence
    cleans = [("discharge_clean", False), ("discharge_clean", True), ("contagion_clean", True), ("daily_clean", False)]
    found = [clean_norm(task, single_room=single) for task, single in cleans]
    assert [norm and norm.typical_minutes for norm in found] == [25, 35, 50, 4]
    assert task_norm("no_such_task") is None


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"evidence": None}, "/evidence"),
        ({"evidence": ROW["evidence"] | {"source": " "}}, "/evidence/source"),
        ({"driver": "moon"}, "/driver"),
        ({"code": ""}, "/code"),
        ({"fixed": {"low": 3, "typical": 2, "high": 4}}, "/fixed"),
        ({"fixed": {"low": -1, "typical": 2, "high": 4}}, "/fixed"),
        ({"per_unit": {"low": 1, "high": 4}}, "/per_unit"),
        ({"per_unit": {"low": 1, "typical": 2, "high": float("inf")}}, "/per_unit"),
        ({"per_unit": 4}, "/per_unit"),
    ],
)
def test_a_norm_that_lacks_something_does_not_load(change: dict[str, Any], place: str) -> None:
    """Its source most of all."""
    with pytest.raises(InputError) as caught:
        task_norm_read(copy.deepcopy(ROW) | change, file="x.toml", place="/norm/0")
    assert [fault.place for fault in caught.value.faults] == [f"/norm/0{place}"]


def test_every_fault_of_a_norm_is_named() -> None:
    with pytest.raises(InputError) as caught:
        task_norm_read({}, file="x.toml", place="/norm/0")
    assert {fault.place for fault in caught.value.faults} == {
        f"/norm/0{place}" for place in ("", "/code", "/driver", "/evidence")
    }


def test_a_range_is_in_order() -> None:
    with pytest.raises(InputError, match="low <= typical <= high"):
        MinuteRange(1, 3, 2)


def test_the_numbers_of_working_time() -> None:
    """W-30..W-33, W-65, W-66 and W-68, and the 21,385 hours of thirteen posts (CONTRACT 4)."""
    measures = [working_time(f"weekly_minutes_{name}") for name in ("weekdays", "all_days", "night_20", "night_30")]
    assert measures == [2400, 2295, 2180, 2060]
    assert [round(gross_hours(minutes), 1) for minutes in measures[1:]] == [1994.5, 1894.5, 1790.2]
    gross = gross_hours(measures[1])
    examples = [(25, 0.055, 1704), (31, 0.064, 1645), (32, 0.07, 1627)]
    assert [round(net_hours(gross, vacation_days=days, sick_share=sick)) for days, sick, _ in examples] == [
        hours for _, _, hours in examples
    ]
    assert fte_of(21_385) == 13
    assert (round(relief_factor(7.65, 365), 2), round(relief_factor(7.65, 251), 2)) == (1.70, 1.17)
    assert fte_of(1000, 2000) == 0.5
    assert all(row.evidence.source for row in working_times().values())

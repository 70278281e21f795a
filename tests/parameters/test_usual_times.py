"""The usual times of tasks, as shipped and as read."""

from __future__ import annotations

import pytest

from vardnara.kernel.errors import InputError
from vardnara.parameters.usual_times import usual_time_read, usual_times


def test_the_shipped_times_are_templates_that_say_so() -> None:
    """No usual time passes for a measured or an agreed one; meals are eaten every day."""
    shipped = usual_times()
    assert {one.evidence.confidence for rows in shipped.values() for one in rows} == {"unverified"}
    for meal in ("breakfast", "lunch", "dinner"):
        assert frozenset().union(*(one.days for one in shipped[meal])) == frozenset(range(1, 10))


def test_every_part_that_is_wrong_is_named() -> None:
    with pytest.raises(InputError) as caught:
        usual_time_read({"days": ["monday"], "window": "9-10", "times": 0}, file="x.toml", place="/usual/0")
    places = {fault.place.split("/")[3] for fault in caught.value.faults}
    assert places == {"task", "days", "times", "window", "evidence"}

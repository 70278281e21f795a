"""Agreements and demands, small enough to be judged minute by minute."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from vardnara.engines.agreement import EVERY_DAY, Demand, Rule
from vardnara.kernel.time_window import TimeWindow

# eleven days with Good Friday, Easter Eve, Easter Day and Easter Monday in them
START, STOP = date(2026, 3, 30), date(2026, 4, 10)

marks = st.integers(0, 24).map(lambda hour: hour * 60) | st.integers(0, 1440)


@st.composite
def windows(draw: st.DrawFn) -> TimeWindow:
    start = draw(marks.filter(lambda minute: minute < 1440))
    return TimeWindow(start, draw(marks.filter(lambda minute: minute not in (0, start))))


days = st.frozensets(st.sampled_from(sorted(EVERY_DAY)), min_size=1) | st.just(EVERY_DAY)
validities = st.tuples(st.none() | st.dates(START, STOP), st.none() | st.dates(START, STOP)).filter(
    lambda pair: pair[0] is None or pair[1] is None or pair[0] < pair[1]
)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    valid_from, valid_to = draw(validities)
    return Rule(
        task=draw(st.sampled_from(["clean", "meal"])),
        ward="K31",
        days=draw(days),
        window=draw(windows()),
        party=draw(st.sampled_from(["service", "care"])),
        valid_from=valid_from,
        valid_to=valid_to,
    )


demands = st.builds(Demand, task=st.sampled_from(["clean", "meal"]), ward=st.just("K31"), days=days, window=windows())

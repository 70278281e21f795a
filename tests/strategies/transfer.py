"""Transfers small enough to be counted minute by minute."""

from __future__ import annotations

from hypothesis import strategies as st
from tests.strategies.workload import EVIDENCE, ranges, task_types, wards

from vardnara.engines.transfer import Home, HomeKind, Item, Piece, TransferCase
from vardnara.parameters.task_norms import Driver, TaskNorm

YEAR = 2026


@st.composite
def homes(draw: st.DrawFn, number: int, items: int) -> Home:
    return Home(
        number,
        draw(st.integers(0, items - 1)),
        draw(st.sampled_from(list(HomeKind))),
        draw(st.none() | st.just(0.0) | st.floats(0, 5_000)),
        frozenset(draw(st.sets(st.integers(1, 7)))),
        frozenset(draw(st.sets(st.integers(0, 23)))),
    )


@st.composite
def cases(draw: st.DrawFn) -> TransferCase:
    """One to three items on two wards, some without a norm, and up to six homes, some of which overlap."""
    norms = [
        TaskNorm(f"n{number}", draw(st.sampled_from(list(Driver))), draw(ranges), draw(ranges), EVIDENCE)
        for number in range(2)
    ]
    works = [draw(task_types(f"t{number}", norms)) for number in range(3)]
    items = tuple(
        Item(
            number,
            draw(st.sampled_from(["t0", "t1", "t2"])),
            draw(st.sampled_from(["A", "B"])),
            tuple(Piece(work) for work in draw(st.lists(st.sampled_from([*works, *works, None]), max_size=2))),
        )
        for number in range(draw(st.integers(1, 3)))
    )
    found = tuple(draw(homes(number, len(items))) for number in range(draw(st.integers(0, 6))))
    return TransferCase(items, found, (draw(wards("A")), draw(wards("B"))), YEAR)

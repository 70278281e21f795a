"""Years of money and parts of work, to the öre."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from vardnara.engines.followup import Line, Part, Question

AMOUNTS = st.decimals(-Decimal(10**8), Decimal(10**8), places=2)
COSTS = st.decimals(0, Decimal(10**8), places=2)
YEARS = st.lists(st.one_of(AMOUNTS, COSTS), min_size=12, max_size=12).map(tuple)
HOURS = st.decimals(0, Decimal(10**6), places=2)


@st.composite
def lines(draw: st.DrawFn) -> list[Line]:
    """Up to four units' accounts, some without last year."""
    keys = draw(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), max_size=4, unique=True))
    return [Line(key, draw(YEARS), draw(YEARS), draw(st.none() | YEARS)) for key in keys]


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Cost and compensation, and work in and outside the agreement; sometimes something is not known."""
    inside = [Part(f"p{n}", draw(HOURS), draw(HOURS)) for n in range(draw(st.integers(0, 3)))]
    outside = [Part(f"s{n}", Decimal(0), draw(HOURS), in_scope=False) for n in range(draw(st.integers(0, 3)))]
    parts = draw(st.none() | st.just((*inside, *outside)) if draw(st.booleans()) else st.just((*inside, *outside)))
    return Question(draw(st.one_of(COSTS, COSTS, st.none())), draw(st.one_of(COSTS, COSTS, st.none())), parts)

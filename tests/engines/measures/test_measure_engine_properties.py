"""Parts sum to the whole to the öre whatever they are grouped by, and a gate never opens on less than its share."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from vardnara.engines.measures import Effect, Gate, Promised, effects_sum, gates_missing

SEK = st.one_of(st.none(), st.decimals(min_value=-(10**9), max_value=10**9, places=2))
VALUE = st.decimals(min_value=-1000, max_value=1000, places=4)


@st.composite
def effects(draw: st.DrawFn) -> Effect:
    short = draw(SEK)
    year = None if short is None else draw(st.sampled_from([2026, 2027, 2030]))
    return Effect(draw(st.sampled_from(["a", "b", "c", ""])), short, year, draw(SEK))


@given(st.lists(effects(), max_size=30), st.randoms(use_true_random=False))
def test_parts_sum_to_the_whole(given_effects: list[Effect], random: Random) -> None:
    """By any group and in any order; each measure is in one row, and years are kept apart."""
    found = effects_sum(given_effects)
    assert sum(row.n for row in found.rows) == found.total.n == len(given_effects)
    assert sum((row.long_sek for row in found.rows), Decimal(0)) == found.total.long_sek
    for place, year in enumerate(found.years):
        column = [row.short_sek[place] for row in found.rows]
        whole = sum((one.short_sek or 0 for one in given_effects if one.short_year == year), Decimal(0))
        assert sum(column, Decimal(0)) == found.total.short_sek[place] == whole
    shuffled = list(given_effects)
    random.shuffle(shuffled)
    again = effects_sum(shuffled)
    assert again.total == found.total and set(again.rows) == set(found.rows)


@given(VALUE, VALUE, VALUE, st.decimals(min_value="0.001", max_value=1, places=3))
def test_a_gate_holds_until_its_share(baseline: Decimal, promised: Decimal, outcome: Decimal, share: Decimal) -> None:
    """By the exact fraction, whichever way is better; and what opens it for a share opens it for every smaller one."""
    told = Promised(promised, date(2026, 6, 1), baseline, outcome)
    is_open = not gates_missing([Gate(1, share, (told,))])
    if promised != baseline:
        assert is_open == ((outcome - baseline) * (promised - baseline) >= share * (promised - baseline) ** 2)
        assert not is_open or not gates_missing([Gate(1, share / 2, (told,))])
    else:
        assert is_open == (outcome == promised)
    assert gates_missing([Gate(1, share, (told, Promised(promised, date(2026, 6, 1), baseline)))]) == (1,)

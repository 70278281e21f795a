"""Histories of work: mostly ordinary, some of it nonsense, by few people on few wards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from vardnara.engines.durations import Dimension, DurationOrder, Spell, Work

START = datetime(2026, 3, 27, 5, 0, tzinfo=UTC)  # the clocks change two days later
seconds = st.sampled_from([0, 5, 19, 20, 40, 60, 61]) | st.integers(-30, 2000) | st.integers(3000, 40_000)


@st.composite
def works(draw: st.DrawFn, key: int) -> Work:
    """One task with up to three spells, one after the other unless the clock ran backwards."""
    now = START + timedelta(seconds=draw(st.integers(0, 4 * 86_400)))
    worker, spells = draw(st.integers(1, 5)), []
    for _ in range(draw(st.sampled_from([0, 1, 1, 1, 1, 2, 3]))):
        length = timedelta(seconds=draw(seconds))
        shift = draw(st.none() | st.integers(-1, 8).map(lambda hours, now=now: now + timedelta(hours=hours)))
        spells.append(Spell(worker, now, now + length, shift))
        now = max(now, now + length) + timedelta(seconds=draw(st.integers(0, 900)))
    end = spells[-1].stop_at if spells else now
    norm = draw(st.sampled_from([None, 5.0, 15.0, 30.0]))
    return Work(key, draw(st.sampled_from("ab")), draw(st.sampled_from(["K1", "M1"])), end, tuple(spells), norm)


@st.composite
def orders(draw: st.DrawFn) -> DurationOrder:
    """Up to forty tasks, told apart by something."""
    number = draw(st.integers(0, 40))
    by = draw(st.lists(st.sampled_from(list(Dimension)), unique=True, max_size=2).map(tuple))
    narrow = st.none() | st.just(frozenset("a"))
    units = st.none() | st.just(frozenset({"K1"}))
    return DurationOrder(tuple(draw(works(key)) for key in range(number)), by, draw(narrow), draw(units))


def plain_works(
    minutes: list[float], *, kind: str = "clean", unit: str = "K1", n_workers: int = 3, first_key: int = 0,
    norm_minutes: float | None = None,
) -> list[Work]:  # fmt: skip
    """Undisputed work: each worker one task after the other, an hour and a half apart, by day."""
    found = []
    for number, length in enumerate(minutes):
        day, place = divmod(number // n_workers, 6)
        begun = START + timedelta(days=day, minutes=90 * place)
        end = begun + timedelta(minutes=length)
        spell = Spell(number % n_workers, begun, end)
        found.append(Work(first_key + number, kind, unit, end, (spell,), norm_minutes))
    return found

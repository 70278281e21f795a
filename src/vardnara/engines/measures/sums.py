"""Effects summed under groups; the parts sum to the whole to the öre."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from vardnara.engines.measures.data import Effect

NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class EffectRow:
    """A group: how many measures, kronor within each year of ``EffectSums.years``, and of a full year.

    ``n_unpriced`` have neither.
    """

    group: str
    n: int
    short_sek: tuple[Decimal, ...]
    long_sek: Decimal
    n_unpriced: int


@dataclass(frozen=True, slots=True)
class EffectSums:
    """All groups in the order in which they were met, and the whole, which each measure is in once."""

    years: tuple[int, ...]
    rows: tuple[EffectRow, ...]
    total: EffectRow


def effects_sum(effects: Iterable[Effect]) -> EffectSums:
    """Sum effects by their group.

    Parameters
    ----------
    effects
        One for each measure. Kronor of different years are never added to each other.

    Returns
    -------
    EffectSums
        The order of effects changes no sum.
    """
    given = list(effects)
    years = tuple(sorted({one.short_year for one in given if one.short_year is not None}))
    groups: dict[str, list[Effect]] = {}
    for one in given:
        groups.setdefault(one.group, []).append(one)
    rows = tuple(_row(group, own, years) for group, own in groups.items())
    return EffectSums(years, rows, _row("", given, years))


def _row(group: str, effects: list[Effect], years: tuple[int, ...]) -> EffectRow:
    return EffectRow(
        group,
        len(effects),
        tuple(sum((one.short_sek or NONE for one in effects if one.short_year == year), NONE) for year in years),
        sum((one.long_sek or NONE for one in effects), NONE),
        sum(one.short_sek is None and one.long_sek is None for one in effects),
    )

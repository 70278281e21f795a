"""What one kind of day in one zone can be manned by: the ways that no other way beats.

Posts meet a block, that is a zone on a kind of day, in two ways only: by its hours of work and by its heads. So of all
ways to man it with the same hours and heads only the best matters, and of those only the ones that no way with fewer
hours and heads equals. A programme over these has far tighter bounds than one over single days of work.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations_with_replacement
from math import comb
from typing import TYPE_CHECKING

from vardnara.engines.posts.data import Cell, Field
from vardnara.engines.posts.result import Manned
from vardnara.kernel.errors import NoSolution

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    type Counts = npt.NDArray[np.int64]

MOST_WAYS = 300_000  # to man a block with so many heads: beyond, memory ends before patience
ROUNDING = 1e-9
type Block = tuple[int, int]  # zone, column


@dataclass(frozen=True, slots=True)
class Option:
    """A way to man a block: people by shape, units of work, heads, and what it is worth on one such day."""

    counts: tuple[int, ...]
    units: int
    heads: int
    worth: float


def blocks_of(found: Field) -> dict[Block, list[Cell]]:
    """Cells by zone and column."""
    blocks: dict[Block, list[Cell]] = {}
    for cell in found.cells:
        blocks.setdefault((cell.zone, cell.column), []).append(cell)
    return blocks


def counts_of(found: Field, manned: tuple[Manned, ...]) -> dict[Block, tuple[int, ...]]:
    """People by shape for each block that has any."""
    rows: dict[Block, list[int]] = {}
    for one in manned:
        rows.setdefault((one.zone, one.column), [0] * len(found.shapes))[one.shape] += one.n
    return {block: tuple(counts) for block, counts in rows.items()}


class Ways:
    """Every way to man a block with so many heads more than it has."""

    def __init__(self, found: Field, cells: list[Cell], base: tuple[int, ...], where: str) -> None:
        import numpy as np

        self._found, self._where, self._base = found, where, np.array(base, dtype=np.int64)
        shapes, unit = found.shapes, found.unit
        self.present = np.array([[shape.present[cell.hour] // unit for cell in cells] for shape in shapes])
        self.units = np.array([shape.minutes // unit for shape in shapes])
        self.useful = [index for index in range(len(shapes)) if self.present[index].any()]
        self.base_heads = int(self._base.sum())

    def counts(self, more: int) -> Counts:
        """People by shape, one row a way.

        Raises
        ------
        NoSolution
            There are too many to be counted.
        """
        import numpy as np

        n_shapes = len(self.useful)
        if n_shapes == 0:
            return self._base[None, :] if more == 0 else np.zeros((0, len(self._base)), dtype=np.int64)
        if comb(more + n_shapes - 1, more) > MOST_WAYS:
            raise NoSolution("too_many_ways", f"{self._where}: {n_shapes} days of work for {more} people at a time")
        picked = np.array(list(combinations_with_replacement(self.useful, more)), dtype=np.int64)
        found = np.tile(self._base, (len(picked), 1))
        for place in range(more):
            np.add.at(found, (np.arange(len(picked)), picked[:, place]), 1)
        return found


def options_best(
    found: Field, block: Block, cells: list[Cell], *, most_heads: int, base: tuple[int, ...]
) -> list[Option]:
    """The ways of the most worth, from those that are kept up to so many heads.

    Ends earlier where every hour that can be reached has all that it can use.
    """
    import numpy as np

    ways = Ways(found, cells, base, found.zones[block[0]])
    tables = [np.array(cell.worth) for cell in cells]
    full = sum(table[-1] for index, table in enumerate(tables) if ways.present[:, index].any())
    best: dict[tuple[int, int], Option] = {}
    for more in range(max(0, most_heads - ways.base_heads) + 1):
        counts = ways.counts(more)
        present = counts @ ways.present
        worth = np.zeros(len(counts))
        for index, table in enumerate(tables):
            worth += table[np.minimum(present[:, index], len(table) - 1)]
        units = counts @ ways.units
        for units_now in np.unique(units):
            rows = np.flatnonzero(units == units_now)
            row = rows[int(np.argmax(worth[rows]))]
            key = (int(units_now), ways.base_heads + more)
            best[key] = Option(tuple(counts[row].tolist()), *key, float(worth[row]))
        if len(worth) and worth.max() >= full - ROUNDING:
            break
    return list(_unbeaten(best))


def options_enough(found: Field, block: Block, cells: list[Cell]) -> list[Option]:
    """The ways that reach every cover of a block that some shape reaches, with few hours or few heads."""
    import numpy as np

    ways = Ways(found, cells, (0,) * len(found.shapes), found.zones[block[0]])
    asked = np.array([cell.cover_units for cell in cells]) * ways.present.any(axis=0)
    best: dict[tuple[int, int], Option] = {}
    shortest, more = int(min(ways.units[ways.useful], default=1)), 0
    while not best or more * shortest < min(units for units, _ in best):
        counts = ways.counts(more)
        enough = counts[(counts @ ways.present >= asked).all(axis=1)]
        units = enough @ ways.units
        for units_now in np.unique(units):
            row = int(np.flatnonzero(units == units_now)[0])
            best[int(units_now), more] = Option(tuple(enough[row].tolist()), int(units_now), more, 0.0)
        more += 1
    return list(_unbeaten(best))


def _unbeaten(best: dict[tuple[int, int], Option]) -> Iterator[Option]:
    """Those that no other with as few hours and heads equals."""
    kept: list[Option] = []
    for _, option in sorted(best.items()):
        if not any(one.heads <= option.heads and one.worth >= option.worth - ROUNDING for one in kept):
            kept.append(option)
            yield option

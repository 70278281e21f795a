"""Lays N posts out so that the work they cover is worth the most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import floor

from vardnara.engines.posts.data import Field
from vardnara.engines.posts.model import Rows, options_add, post_rows, posts_fewest, rows_solve
from vardnara.engines.posts.needs import cell_numbers
from vardnara.engines.posts.options import Block, Option, blocks_of, counts_of, options_best
from vardnara.engines.posts.params import PostsParams
from vardnara.engines.posts.result import Allocation, CurvePoint, Manned, Posts

NODES = 20_000  # of the search: where it ends without proof, the bound says how far the plan may be from the best


def posts_allocate(
    found: Field,
    n_posts: int,
    params: PostsParams | None = None,
    *,
    keep: Sequence[Manned] = (),
    nodes: int = NODES,
) -> Allocation:
    """The best that N posts can do.

    Parameters
    ----------
    found
        Hours, and what covering them is worth.
    n_posts
        N, 0 or more.
    params
        What a post gives.
    keep
        Days of work that stay; N posts must be able to work them.
    nodes
        Where the search stops.

    Returns
    -------
    Allocation
        With the proved bound.

    Raises
    ------
    NoSolution
        N posts cannot work what is kept.
    """
    params = params or PostsParams()
    if n_posts < 0:
        raise ValueError(f"{n_posts} posts, expected 0 or more")
    return Planner(found, params, nodes).best(n_posts, keep)


class Planner:
    """Knows the ways to man each block, which are the same for every number of posts."""

    def __init__(self, found: Field, params: PostsParams, nodes: int) -> None:
        self._found, self._params, self._nodes = found, params, nodes
        self._blocks = blocks_of(found)
        self._known: dict[tuple[Block, int, tuple[int, ...]], list[Option]] = {}

    def best(self, n_posts: int, keep: Sequence[Manned] = ()) -> Allocation:
        """See :func:`posts_allocate`."""
        found = self._found
        kept = counts_of(found, tuple(keep))
        if not set(kept) <= set(self._blocks):
            raise ValueError("days of work are kept where there is no work, expected those of an earlier plan")
        nobody = (0,) * len(found.shapes)
        options = {block: self._options(block, n_posts, kept.get(block, nobody)) for block in self._blocks}
        if not options:
            return _allocation(found, n_posts, (), self._params, bound=0.0, proved=True)
        rows = Rows()
        chosen = options_add(rows, found, options)
        posts = post_rows(rows, found, chosen, self._params, most=n_posts)
        rows.row([(at, 1.0) for at in posts], n_posts, n_posts)
        answer = rows_solve(rows, maximise=True, nodes=self._nodes)
        manned = chosen.manned(answer.values)
        return _allocation(found, n_posts, manned, self._params, bound=answer.bound, proved=answer.proved)

    def _options(self, block: Block, n_posts: int, base: tuple[int, ...]) -> list[Option]:
        turn = 1.0 if self._found.columns[block[1]].is_working else self._params.weekend_share
        most = max(floor(n_posts * turn), sum(base))
        key = (block, most, base)
        if key not in self._known:
            cells = self._blocks[block]
            self._known[key] = options_best(self._found, block, cells, most_heads=most, base=base)
        return self._known[key]


def units_present(found: Field, manned: Sequence[Manned]) -> tuple[int, ...]:
    """Units of presence for each cell."""
    units, index = [0] * len(found.cells), cell_numbers(found)
    for one in manned:
        for hour, minutes in enumerate(found.shapes[one.shape].present):
            at = index.get((one.zone, one.column, hour))
            if minutes and at is not None:
                units[at] += one.n * minutes // found.unit
    return tuple(units)


def _allocation(
    found: Field, n_posts: int, manned: tuple[Manned, ...], params: PostsParams, *, bound: float, proved: bool
) -> Allocation:
    units = units_present(found, manned)
    worth = covered = total = hours = 0.0
    for cell, here in zip(found.cells, units, strict=True):
        often = found.columns[cell.column].days_per_year * found.weeks_share
        worth += often * cell.worth_of(here)
        covered += often * cell.covered_by(here)
        total += often * cell.minutes
    for one in manned:
        hours += one.n * found.columns[one.column].days_per_year * found.weeks_share * found.shapes[one.shape].hours
    posts = posts_fewest(found, manned, params, n_posts=n_posts) if manned else Posts(n_posts, 0)
    return Allocation(
        n_posts=n_posts,
        posts=posts,
        manned=manned,
        hours=hours,
        worth=worth,
        bound=max(bound, worth),
        covered=covered,
        uncovered=max(0.0, total - covered),
        units=units,
        status="optimal" if proved else "stopped",
    )


def allocation_curve(
    found: Field, n_most: int, params: PostsParams | None = None, *, nodes: int = NODES
) -> Iterator[CurvePoint]:
    """The best for 0, 1, ... N posts, one at a time, so that the caller can show how far it is and stop.

    Each point holds two plans: the best of all for that number, and the best that keeps every day of work of the step
    before. The second can never be better.
    """
    params = params or PostsParams()
    kept: tuple[Manned, ...] = ()
    planner = Planner(found, params, nodes)
    for n_posts in range(n_most + 1):
        free = planner.best(n_posts)
        step = planner.best(n_posts, kept) if n_posts else free
        kept = step.manned
        yield CurvePoint(free, step)

"""The fewest posts that reach every cover, and of their plans the one with the fewest hours (W-65 to W-68)."""

from __future__ import annotations

from math import ceil

from vardnara.engines.posts.allocate import NODES
from vardnara.engines.posts.data import Field
from vardnara.engines.posts.model import Rows, limits_of, options_add, post_rows, posts_fewest, rows_solve
from vardnara.engines.posts.options import blocks_of, options_enough
from vardnara.engines.posts.params import PostsParams
from vardnara.engines.posts.result import CoverPlan, Limits, Posts

TOLERANCE = 1e-6  # of a proved bound, below which it is the whole number
MOST = 9999  # posts: a bound that no hospital meets


def cover_plan(found: Field, params: PostsParams | None = None, *, nodes: int = NODES) -> CoverPlan:
    """Days of work that put everybody there whom the service level asks for.

    The fewest posts first, then the fewest hours of those. Hours of the clock that no shape reaches are named and left
    out.
    """
    params = params or PostsParams()
    blocks = {block: cells for block, cells in blocks_of(found).items() if any(cell.cover_units for cell in cells)}
    reached = {hour for shape in found.shapes for hour, minutes in enumerate(shape.present) if minutes}
    missed = tuple(
        (cell.zone, cell.column, cell.hour) for cell in found.cells if cell.cover_units and cell.hour not in reached
    )
    options = {block: options_enough(found, block, cells) for block, cells in blocks.items()}
    if not options:
        return CoverPlan((), 0.0, 0.0, Posts(0, 0), Limits(0.0, 0.0, 0, 0.0), missed, "optimal", 0)
    rows = Rows()
    chosen = options_add(rows, found, options)
    posts = post_rows(rows, found, chosen, params, most=MOST)
    for at in posts:
        rows.gain[at] = 1.0
    fewest = rows_solve(rows, maximise=False, nodes=nodes)
    rows.row([(at, 1.0) for at in posts], upper=round(fewest.objective))
    for at in posts:
        rows.gain[at] = 0.0
    for at, block, option in chosen.places:
        rows.gain[at] = found.columns[block[1]].days_per_year * option.units * found.unit / 60
    answer = rows_solve(rows, maximise=False, nodes=nodes)
    manned = chosen.manned(answer.values)
    hours = weekday = 0.0
    for one in manned:
        column = found.columns[one.column]
        its = one.n * column.days_per_year * found.shapes[one.shape].hours
        hours += its
        weekday += its if column.is_working else 0.0
    return CoverPlan(
        manned=manned,
        hours_per_year=hours,
        weekday_hours_per_year=weekday,
        posts=posts_fewest(found, manned, params),
        limits=limits_of(found, manned, params),
        out_of_reach=missed,
        status="optimal" if fewest.proved and answer.proved else "stopped",
        bound_posts=ceil(fewest.bound - TOLERANCE),
    )

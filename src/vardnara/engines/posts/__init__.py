"""From hours of work to posts: cover by zone, weekday and hour, days of work, and the best use of N posts.

``needs_estimate`` makes covers of a workload, ``cover_plan`` the fewest hours of work that reach them, and
``posts_allocate`` the best that N posts can do, proved; ``allocation_curve`` does that for every N.
"""

from vardnara.engines.posts.allocate import allocation_curve, posts_allocate
from vardnara.engines.posts.cover import cover_plan
from vardnara.engines.posts.data import Cell, Column, Field, NeedsOrder, Shape, Zone
from vardnara.engines.posts.needs import HourPart, columns_of, hour_parts, needs_estimate
from vardnara.engines.posts.params import PostsParams, shapes_shipped
from vardnara.engines.posts.result import Allocation, CoverPlan, CurvePoint, Manned, Needs, Posts, ZoneNeed

__all__ = [
    "Allocation",
    "Cell",
    "Column",
    "CoverPlan",
    "CurvePoint",
    "Field",
    "HourPart",
    "Manned",
    "Needs",
    "NeedsOrder",
    "Posts",
    "PostsParams",
    "Shape",
    "Zone",
    "ZoneNeed",
    "allocation_curve",
    "columns_of",
    "cover_plan",
    "hour_parts",
    "needs_estimate",
    "posts_allocate",
    "shapes_shipped",
]

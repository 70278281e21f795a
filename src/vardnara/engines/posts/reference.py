"""The best of a tiny field by trying everything: slow, obvious, for tests."""

from __future__ import annotations

from itertools import product

from vardnara.engines.posts.data import Field
from vardnara.engines.posts.params import PostsParams
from vardnara.engines.posts.result import Manned


def worth_most(found: Field, n_posts: int, params: PostsParams, *, most: int) -> float:
    """The most that covered work can be worth, with up to ``most`` people of each shape in each zone on each kind of
    day, and every division of N posts into Monday-Friday and 7-day posts.
    """
    places = list(product(range(len(found.zones)), range(len(found.columns)), range(len(found.shapes))))
    best = 0.0
    for numbers in product(range(most + 1), repeat=len(places)):
        manned = [Manned(*place, n) for place, n in zip(places, numbers, strict=True) if n]
        if any(_allowed(found, manned, n_posts - seven, seven, params) for seven in range(n_posts + 1)):
            best = max(best, _worth(found, manned))
    return best


def _worth(found: Field, manned: list[Manned]) -> float:
    total = 0.0
    for cell in found.cells:
        units = sum(
            one.n * found.shapes[one.shape].present[cell.hour] // found.unit
            for one in manned
            if (one.zone, one.column) == (cell.zone, cell.column)
        )
        total += found.columns[cell.column].days_per_year * cell.worth[min(units, len(cell.worth) - 1)]
    return total * 7 / sum(column.days_per_year for column in found.columns)


def _allowed(found: Field, manned: list[Manned], five: int, seven: int, params: PostsParams) -> bool:
    slack = 1 + 1e-9
    working = sum(column.days_per_year for column in found.columns if column.is_working)
    for only_seven in (False, True):
        some = [one for one in manned if not (only_seven and found.columns[one.column].is_working)]
        posts = seven if only_seven else five + seven
        days = seven * params.days_all_days + (0 if only_seven else five * params.days_weekdays(working))
        used = [(found.columns[one.column].days_per_year * one.n, found.shapes[one.shape].hours) for one in some]
        if sum(often * hours for often, hours in used) > posts * params.net_hours_per_fte * slack:
            return False
        if sum(often for often, _ in used) > days * slack:
            return False
    turn = params.weekend_share * params.presence_all_days * seven
    return all(
        sum(one.n for one in manned if one.column == index) <= (five + seven if column.is_working else turn) * slack
        for index, column in enumerate(found.columns)
    )

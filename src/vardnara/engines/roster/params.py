"""What the search may be tuned by."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RosterParams:
    """Choices of the search; each was set by trying on the public instances, none is published.

    Parameters
    ----------
    broken_cover
        Price of each person below a hard least of cover while searching; no sum of ordinary prices comes near.
    whole_labels
        Up to so many (day, state, sums) of one person everyone over all days is one block at first.
    largest_labels
        Above so many (day, state, sums) a line is not reckoned over all days, even if there is no other way.
    whole_cells
        Up to so many (person, day) the whole problem is one block at first.
    before_whole
        Of the budget, what goes to smaller blocks before it: it begins with their lines.
    whole_portion, block_portion
        Of the budget, the most that this block may take, and any other.
    lines_a_price
        Lines taken from each pricing.
    smoothing
        Weight of the duals of the best bound so far in those that lines are priced at.
    lines_kept
        Lines in an LP for each of its rows; above, the worse half is forgotten.
    root_portion
        Of what the whole as one block may take, the most that goes to its linear program before the dive.
    dive_steps, clear_share
        A dive fixes a share of the people at a time whose clearest line has at least this share in the LP.
    dive_rounds
        Pricing rounds between fixings.
    finish_people
        A dive ends by a MIP when so few people are open.
    mip_columns, mip_nodes, mip_seconds
        Bounds of one MIP over lines.
    threads
        Blocks solved side by side. Part of the result: another number gives another roster.
    """

    broken_cover: int = 10_000
    whole_labels: int = 3_000_000
    largest_labels: int = 60_000_000
    whole_cells: int = 4_500
    before_whole: float = 0.1
    whole_portion: float = 0.55
    block_portion: float = 0.04
    lines_a_price: int = 3
    smoothing: float = 0.6
    lines_kept: int = 5
    root_portion: float = 0.5
    dive_steps: int = 25
    clear_share: float = 0.75
    dive_rounds: int = 8
    finish_people: int = 6
    mip_columns: int = 500
    mip_nodes: int = 60
    mip_seconds: float = 2.0
    threads: int = 2

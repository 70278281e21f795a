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
        Up to so many (day, state, sums) of one person a line is reckoned over all days at once, else by stretches.
    whole_cells
        Up to so many (person, day) the whole problem is one block at first.
    lines_a_price
        Lines taken from each pricing.
    dive_steps, clear_share
        A dive fixes a share of the people at a time whose clearest line has at least this share in the LP.
    dive_rounds
        Pricing rounds between fixings.
    mip_columns, mip_nodes, mip_seconds
        Bounds of one MIP over lines.
    threads
        Blocks solved side by side. Part of the result: another number gives another roster.
    """

    broken_cover: int = 10_000
    whole_labels: int = 3_000_000
    whole_cells: int = 4_500
    lines_a_price: int = 3
    dive_steps: int = 25
    clear_share: float = 0.75
    dive_rounds: int = 4
    mip_columns: int = 1_200
    mip_nodes: int = 60
    mip_seconds: float = 4.0
    threads: int = 2

"""Rostering instances in their public formats, and rosters as CSV; every fault with its line."""

from pathlib import Path

from vardnara.engines.roster import RosterProblem
from vardnara.gateways.roster_formats.curtois_qu import curtois_qu_read
from vardnara.gateways.roster_formats.inrc2 import inrc2_read, inrc2_solution_read
from vardnara.gateways.roster_formats.table import roster_read, roster_text

__all__ = ["curtois_qu_read", "inrc2_read", "inrc2_solution_read", "instance_read", "roster_read", "roster_text"]


def instance_read(path: Path) -> RosterProblem:
    """Read an instance of either format: a file is of Curtois & Qu, a name that is no file of INRC-II.

    Raises
    ------
    InputError
        Every fault with file and line.
    """
    return curtois_qu_read(path) if path.is_file() else inrc2_read(path)

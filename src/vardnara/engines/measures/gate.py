"""First the efficiency, then the reinvestment (S-09): what a measure still waits for."""

from __future__ import annotations

from collections.abc import Iterable

from vardnara.engines.measures.data import Gate


def gates_missing(gates: Iterable[Gate]) -> tuple[int, ...]:
    """Which measures have not delivered yet; empty where the one that waits may begin.

    Parameters
    ----------
    gates
        What it waits for.

    Returns
    -------
    tuple of int
        ``first`` of each gate that is closed, in order. A measure that promised nothing has delivered nothing.

    References
    ----------
    STANDARDS S-09: a region may not merely move costs; efficiency comes first, reinvestment after.
    """
    return tuple(
        gate.first
        for gate in gates
        if not gate.promises or not all(promise.is_kept(gate.share) for promise in gate.promises)
    )

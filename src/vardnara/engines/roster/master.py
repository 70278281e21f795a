"""The restricted master problem: a line for each person, priced cover; as LP, and as MIP over its columns."""

from __future__ import annotations

from typing import Any

import numpy as np

from vardnara.engines.roster.lines import Line
from vardnara.engines.roster.people import CoverArrays

DUAL, PRIMAL = 1, 4  # of HiGHS
CALL_PIVOTS = 10  # what calling the solver costs beside its pivots
ART = 1e6  # price of having no line at all; above any broken cover of one person


def paid(line: Line, prices: np.ndarray) -> float:
    """What the duties of a line cost or bring."""
    days = np.flatnonzero(line.duties)
    return float(prices[days, line.duties[days] - 1].sum())


class Master:
    """Columns of ``n_people`` over a block of cover.

    Parameters
    ----------
    cover
        Cover of the days of the block.
    others : int array (days, duties)
        Who stands already, of people that are not in this problem.
    """

    def __init__(self, cover: CoverArrays, others: np.ndarray, n_people: int) -> None:
        import highspy

        self.cover, self.others, self.n_people = cover, others, n_people
        self.shape = others.shape
        priced = (cover.under > 0) | (cover.over > 0) | (cover.least > 0)
        self.cells = np.flatnonzero(priced.ravel())
        self.row_of = np.full(priced.size, -1)
        self.row_of[self.cells] = np.arange(len(self.cells)) + n_people
        self.columns: list[tuple[int, Line]] = []
        self.duties: list[np.ndarray] = []  # of each column: places in the flattened cover
        self.seen: set[tuple[int, bytes]] = set()
        self.highs = highspy.Highs()  # type: ignore[no-untyped-call]
        self.highs.setOptionValue("output_flag", False)
        self.highs.setOptionValue("threads", 1)
        self.highs.setOptionValue("presolve", "off")
        self.highs.setOptionValue("simplex_strategy", PRIMAL)  # new columns leave the basis feasible
        self.n_slack = 0
        self.values = np.zeros(0)
        self.work = 0
        self._rows()

    def _rows(self) -> None:
        infinity = float("inf")
        n_cells = len(self.cells)
        wanted = (self.cover.wanted - self.others).ravel()[self.cells].astype(float)
        rhs = np.concatenate([np.ones(self.n_people), wanted])
        empty = np.zeros(0, np.int32)
        self.highs.addRows(
            len(rhs), rhs, rhs, 0, np.zeros(len(rhs), np.int32), empty, np.zeros(0)
        )  # fmt: skip
        least = (self.cover.least - self.others).ravel()[self.cells]
        under, over = self.cover.under.ravel()[self.cells], self.cover.over.ravel()[self.cells]
        soft_room = np.where(
            self.cover.least.ravel()[self.cells] > 0, np.maximum(wanted - np.maximum(least, 0), 0), infinity
        )
        n = self.n_people
        slack = [(person, ART, 1.0, 1.0) for person in range(n)]  # row, price, most, sign
        for cell in range(n_cells):
            slack.append((n + cell, under[cell], soft_room[cell], 1.0))
            slack.append((n + cell, over[cell], infinity, -1.0))
            if least[cell] > 0:
                slack.append((n + cell, under[cell] + self.cover.broken, infinity, 1.0))
        rows, cost, upper, sign = np.array(slack).reshape(len(slack), 4).T.copy()
        self.rhs, self.slack_upper = wanted, upper[n:]
        self.slack = cost[n:], rows[n:].astype(np.int64) - n, sign[n:]
        self.n_slack = len(rows)
        self.highs.addCols(
            self.n_slack, np.array(cost), np.zeros(self.n_slack), np.array(upper), self.n_slack,
            np.arange(self.n_slack, dtype=np.int32), np.array(rows, np.int32), np.array(sign),
        )  # fmt: skip

    def add(self, columns: list[tuple[int, Line]]) -> int:
        """Add lines of people that are not there yet; how many were new."""
        new = []
        for person, line in columns:
            key = (person, line.duties.tobytes())
            if key not in self.seen:
                self.seen.add(key)
                new.append((person, line))
        if not new:
            return 0
        starts, index, cost = [], [], []
        length = 0
        n_duties = self.shape[1]
        for person, line in new:
            starts.append(length)
            days = np.flatnonzero(line.duties)
            places = days * n_duties + line.duties[days] - 1
            self.duties.append(places)
            rows = self.row_of[places]
            rows = np.concatenate([[person], rows[rows >= 0]])
            index.append(rows)
            length += len(rows)
            cost.append(line.cost)
        zero, one = np.zeros(len(new)), np.full(len(new), float("inf"))
        self.highs.addCols(
            len(new), np.array(cost), zero, one, length, np.array(starts, np.int32),
            np.concatenate(index).astype(np.int32), np.ones(length),
        )  # fmt: skip
        self.columns += new
        return len(new)

    def solve(self) -> tuple[float, np.ndarray, np.ndarray]:
        """The LP: value, duals of people, and what filling a duty costs (days, duties)."""
        self.highs.run()
        self.highs.setOptionValue("simplex_strategy", PRIMAL)
        info = self.highs.getInfo()
        self.work += max(info.simplex_iteration_count, 0) + CALL_PIVOTS
        solution = self.highs.getSolution()
        dual = np.array(solution.row_dual)
        self.values = np.array(solution.col_value)[self.n_slack :]
        prices = np.zeros(self.shape[0] * self.shape[1])
        prices[self.cells] = -dual[self.n_people :]
        return float(info.objective_function_value), dual[: self.n_people], prices.reshape(self.shape)

    def floor(self, prices: np.ndarray) -> float:
        """The part of the Lagrangian bound that cover gives at these prices of duties; people's lines come on top."""
        dual = -prices.ravel()[self.cells]
        wanted, upper = self.rhs, self.slack_upper
        cost, row, sign = self.slack
        reduced = cost - sign * dual[row]
        room = np.where(np.isfinite(upper), upper, 0.0)  # an endless one is never worth having at such prices
        return float(dual @ wanted + (np.minimum(reduced, 0.0) * room).sum())

    def purge(self, keep: np.ndarray) -> None:
        """Forget lines; the basis stays."""
        import highspy

        drop = np.flatnonzero(~keep)
        if not len(drop):
            return
        basis = self.highs.getBasis()
        status = list(basis.col_status)
        self.highs.deleteCols(len(drop), (drop + self.n_slack).astype(np.int32))
        for number in drop:
            person, line = self.columns[number]
            self.seen.discard((person, line.duties.tobytes()))
        self.values = self.shares()[keep]
        self.columns = [column for column, kept in zip(self.columns, keep, strict=True) if kept]
        self.duties = [places for places, kept in zip(self.duties, keep, strict=True) if kept]
        fresh = highspy.HighsBasis()
        fresh.col_status = status[: self.n_slack] + [
            one for one, kept in zip(status[self.n_slack :], keep, strict=True) if kept
        ]
        fresh.row_status = list(basis.row_status)
        fresh.valid = True
        self.highs.setBasis(fresh)

    def at(self, prices: np.ndarray) -> np.ndarray:
        """What every line costs at some prices of duties."""
        if not self.columns:
            return np.zeros(0)
        lengths = np.array([len(places) for places in self.duties])
        each = prices.ravel()[np.concatenate(self.duties)]
        number = np.repeat(np.arange(len(lengths)), lengths)
        cost = np.array([line.cost for _, line in self.columns])
        found: np.ndarray = cost + np.bincount(number, each, len(lengths))
        return found

    def reduced(self, people: np.ndarray, prices: np.ndarray) -> np.ndarray:
        """Reduced cost of every line."""
        found: np.ndarray = self.at(prices) - people[[person for person, _ in self.columns]]
        return found

    def cheapest(self, prices: np.ndarray) -> np.ndarray:
        """Of each person, what the cheapest line costs at some prices of duties; infinite where there is none."""
        found = np.full(self.n_people, np.inf)
        np.minimum.at(found, [person for person, _ in self.columns], self.at(prices))
        return found

    def shares(self) -> np.ndarray:
        """How far each line is chosen in the LP."""
        return np.pad(self.values, (0, len(self.columns) - len(self.values)))

    def fix(self, number: int) -> None:
        """Choose a line for good."""
        self.highs.setOptionValue("simplex_strategy", DUAL)  # a bound that moves leaves its prices feasible
        self.highs.changeColBounds(self.n_slack + number, 1.0, 1.0)

    def let_go(self, number: int) -> None:
        """Let a line that was chosen be one among others again."""
        self.highs.changeColBounds(self.n_slack + number, 0.0, float("inf"))

    def mip(
        self, keep: np.ndarray, cutoff: float, nodes: int, seconds: float | None
    ) -> tuple[float, list[tuple[int, Line]]] | None:
        """The best choice among the kept lines that costs less than the cutoff; None where none was found.

        Parameters
        ----------
        keep : int array
            Numbers of lines.
        nodes, seconds
            Where the search may stop.
        """
        import highspy

        model = highspy.Highs()  # type: ignore[no-untyped-call]
        model.setOptionValue("output_flag", False)
        model.setOptionValue("threads", 1)
        model.setOptionValue("mip_max_nodes", nodes)
        model.setOptionValue("mip_rel_gap", 0.0)
        model.setOptionValue("mip_abs_gap", 0.99)
        model.setOptionValue("objective_bound", cutoff)
        if seconds is not None:
            model.setOptionValue("time_limit", max(seconds, 0.05))
        lp: Any = self.highs.getLp()
        model.passModel(lp)
        drop = np.ones(len(self.columns), bool)
        drop[keep] = False
        dropped = (np.flatnonzero(drop) + self.n_slack).astype(np.int32)
        if len(dropped):
            model.deleteCols(len(dropped), dropped)
        kept = np.flatnonzero(~drop)
        whole = np.arange(self.n_slack, self.n_slack + len(kept), dtype=np.int32)
        kinds = np.full(len(kept), highspy.HighsVarType.kInteger.value, np.uint8)
        model.changeColsIntegrality(len(kept), whole, kinds)
        model.run()
        info = model.getInfo()
        self.work += max(info.simplex_iteration_count, 0) + CALL_PIVOTS
        if info.primal_solution_status != 2 or info.objective_function_value >= cutoff - 0.5:
            return None
        values = np.array(model.getSolution().col_value)[self.n_slack :]
        chosen = [self.columns[kept[place]] for place in np.flatnonzero(values > 0.5)]
        if len({person for person, _ in chosen}) < self.n_people:
            return None
        return float(info.objective_function_value), chosen

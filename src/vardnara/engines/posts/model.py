"""The plan of days of work as a mixed-integer programme, row by row with its meaning, and HiGHS that solves it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, inf

from vardnara.engines.posts.data import Field
from vardnara.engines.posts.options import Block, Option
from vardnara.engines.posts.params import PostsParams
from vardnara.engines.posts.result import Limits, Manned, Posts
from vardnara.kernel.errors import NoSolution

GAP = 1e-6  # share of the optimum that a proof may leave open: below a minute in ten thousand hours
TAKEN = 0.5  # above it a choice of the solver's is a yes
FEASIBLE = 1e-6  # how far rows and whole numbers may be off in the solver


@dataclass
class Rows:
    """A programme: columns with bounds and cost, rows with bounds."""

    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    gain: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    row_lower: list[float] = field(default_factory=list)
    row_upper: list[float] = field(default_factory=list)
    starts: list[int] = field(default_factory=lambda: [0])
    index: list[int] = field(default_factory=list)
    value: list[float] = field(default_factory=list)

    def column(self, lower: float, upper: float, *, gain: float = 0.0, whole: bool = False) -> int:
        self.lower.append(lower)
        self.upper.append(upper)
        self.gain.append(gain)
        self.whole.append(whole)
        return len(self.lower) - 1

    def row(self, terms: Iterable[tuple[int, float]], lower: float = -inf, upper: float = inf) -> None:
        for index, value in terms:
            if value:
                self.index.append(index)
                self.value.append(value)
        self.starts.append(len(self.index))
        self.row_lower.append(lower)
        self.row_upper.append(upper)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the solver found: values, objective, what it proved, and whether the proof is complete."""

    values: tuple[float, ...]
    objective: float
    bound: float
    proved: bool


def rows_solve(rows: Rows, *, maximise: bool, nodes: int) -> Answer:
    """Solve; stops at the proof or after so many nodes of the search, never by the clock, so that it repeats.

    Raises
    ------
    NoSolution
        No values fit the rows.
    """
    import highspy
    import numpy as np

    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(rows.lower), len(rows.row_lower)
    lp.sense_ = highspy.ObjSense.kMaximize if maximise else highspy.ObjSense.kMinimize
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = (np.array(part) for part in (rows.gain, rows.lower, rows.upper))
    lp.row_lower_, lp.row_upper_ = np.array(rows.row_lower), np.array(rows.row_upper)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = np.array(rows.starts), np.array(rows.index)
    lp.a_matrix_.value_ = np.array(rows.value)
    kinds = highspy.HighsVarType
    lp.integrality_ = [kinds.kInteger if whole else kinds.kContinuous for whole in rows.whole]
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, value in (
        ("output_flag", False), ("threads", 1), ("random_seed", 0), ("mip_max_nodes", nodes), ("mip_rel_gap", GAP),
        ("mip_abs_gap", GAP), ("mip_feasibility_tolerance", FEASIBLE),
    ):  # fmt: skip
        solver.setOptionValue(name, value)
    solver.passModel(lp)
    solver.run()
    info, status = solver.getInfo(), solver.getModelStatus()
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        raise NoSolution("no_plan", f"no plan fits: {solver.modelStatusToString(status)}")
    values = tuple(solver.getSolution().col_value)
    objective = info.objective_function_value
    bound = info.mip_dual_bound if any(rows.whole) else objective
    return Answer(values, objective, bound, status == highspy.HighsModelStatus.kOptimal)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which columns of the programme are ways to man a block."""

    places: tuple[tuple[int, Block, Option], ...]

    def manned(self, values: Sequence[float]) -> tuple[Manned, ...]:
        """The days of work of the ways that were taken."""
        return tuple(
            Manned(*block, shape, n)
            for at, block, option in self.places
            if values[at] > TAKEN
            for shape, n in enumerate(option.counts)
            if n
        )


def options_add(rows: Rows, found: Field, options: Mapping[Block, Sequence[Option]]) -> Chosen:
    """One way for each block, worth what it covers in an average week."""
    places = []
    for block, ways in sorted(options.items()):
        often = found.columns[block[1]].days_per_year * found.weeks_share
        at = [rows.column(0.0, 1.0, gain=often * way.worth, whole=True) for way in ways]
        rows.row([(one, 1.0) for one in at], 1.0, 1.0)
        places += [(one, block, way) for one, way in zip(at, ways, strict=True)]
    return Chosen(tuple(places))


def post_rows(rows: Rows, found: Field, chosen: Chosen, params: PostsParams, *, most: int) -> tuple[int, int]:
    """What posts may work; the columns of Monday-Friday posts and of 7-day posts.

    Monday-Friday posts work on working days alone, so all other days' hours, days and heads are those of 7-day posts.
    """
    weekday_posts, all_day_posts = rows.column(0, most, whole=True), rows.column(0, most, whole=True)
    every = [(at, found.columns[block[1]], option) for at, block, option in chosen.places]
    other = [one for one in every if not one[1].is_working]
    net = params.net_hours_per_fte
    weekday_days, all_day_days = params.days_weekdays(found.working_days), params.days_all_days
    for some, by_weekday_posts in ((every, 1.0), (other, 0.0)):
        # hours of work within the posts' productive hours (W-66)
        hours = [(at, column.days_per_year * option.units * found.unit / 60) for at, column, option in some]
        rows.row([*hours, (weekday_posts, -net * by_weekday_posts), (all_day_posts, -net)], upper=0.0)
        # days of work within the posts' days (W-34, W-67)
        days = [(at, column.days_per_year * option.heads) for at, column, option in some]
        posts = [(weekday_posts, -weekday_days * by_weekday_posts), (all_day_posts, -all_day_days)]
        rows.row([*days, *posts], upper=0.0)
    for index, column in enumerate(found.columns):
        heads = [(at, float(option.heads)) for at, block, option in chosen.places if block[1] == index]
        if column.is_working:  # nobody works twice on a day
            rows.row([*heads, (weekday_posts, -1.0), (all_day_posts, -1.0)], upper=0.0)
        else:  # weekends and holidays in turn (W-35), by those who are not away
            rows.row([*heads, (all_day_posts, -params.weekend_share * params.presence_all_days)], upper=0.0)
    return weekday_posts, all_day_posts


def limits_of(found: Field, manned: Iterable[Manned], params: PostsParams) -> Limits:
    """What asks for posts."""
    hours = days = other_hours = other_days = 0.0
    heads: dict[int, int] = {}
    for one in manned:
        column, shape = found.columns[one.column], found.shapes[one.shape]
        often = one.n * column.days_per_year
        heads[one.column] = heads.get(one.column, 0) + one.n
        hours, days = hours + often * shape.hours, days + often
        if not column.is_working:
            other_hours, other_days = other_hours + often * shape.hours, other_days + often
    net, turn = params.net_hours_per_fte, params.weekend_share * params.presence_all_days
    busiest = max((n for column, n in heads.items() if not found.columns[column].is_working), default=0)
    at_weekends = (_share(other_hours, net), _share(other_days, params.days_all_days), _share(busiest, turn))
    return Limits(
        _share(hours, net), _share(days, params.days_all_days), max(heads.values(), default=0), max(at_weekends)
    )


def posts_fewest(found: Field, manned: Sequence[Manned], params: PostsParams, *, n_posts: int = 0) -> Posts:
    """The fewest posts that may work such days, at least ``n_posts``; as many Monday to Friday as can be."""
    limits = limits_of(found, manned, params)
    days = limits.days * params.days_all_days
    weekday_days = params.days_weekdays(found.working_days)
    fewest = _whole(limits.weekends)
    total = max(fewest, _whole(limits.hours), _whole(limits.heads), n_posts)
    while True:  # the kinds differ in days of work a year
        for all_days in range(fewest, total + 1):
            weekdays = total - all_days
            if all_days * params.days_all_days + weekdays * weekday_days >= days * (1 - FEASIBLE):
                return Posts(weekdays, all_days)
        total += 1


def _share(amount: float, each: float) -> float:
    """How many times ``each`` an amount is."""
    if amount <= 0:
        return 0.0
    if each <= 0:
        raise NoSolution("no_plan", "work on days on which no post works")
    return amount / each


def _whole(posts: float) -> int:
    """Whole posts, forgiving what rounding adds."""
    return ceil(posts * (1 - FEASIBLE))

"""Reads a posts file and the workload file that it names; finds every fault of both, not only the first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from decimal import Decimal
from pathlib import Path

from vardnara.engines.posts import NeedsOrder, PostsParams, Shape, Zone, shapes_shipped
from vardnara.gateways.posts_file.data import Charges, PostPay, PostsCase
from vardnara.gateways.toml_files import faults_in_order, toml_read
from vardnara.gateways.toml_files.table import Table
from vardnara.gateways.workload_file import WorkloadCase, workload_file_read
from vardnara.kernel.errors import InputError
from vardnara.kernel.faults import Fault
from vardnara.kernel.time_window import TimeWindow

MOST_POSTS = 200  # of a curve: a division's posts, and minutes of waiting
LEAST_YEAR, LAST_YEAR = 2000, 2199
TOP = ("title", "workload", "posts", "assumed", "params", "zone", "shape", "weights", "pay")
ZONE = ("code", "wards")
SHAPE = ("code", "window", "breaks")
PAY = ("monthly_sek", "inconvenient_sek", "overhead_sek", "pay_year", "charges")
CHARGES = ("share", "basis")
PARAMS = tuple(one.name for one in fields(PostsParams) if one.name != "net_hours_per_fte")  # of the workload file
SHARES = ("walking_share", "pause_share", "weekend_share")


def posts_file_read(path: Path) -> PostsCase:
    """What a file says.

    Parameters
    ----------
    path
        The posts file; the workload file that it names is looked for beside it.

    Raises
    ------
    InputError
        Every fault, those of the posts file first: no workload file, a ward in no zone or in two, an unlawful day of
        work, a weight of a task that is not there, numbers out of range, unknown keys.
    """
    file = toml_read(path)
    faults: list[Fault] = []
    top = Table(file, (), faults, TOP)
    title, named = top.text("title"), top.text("workload", required=True)
    n_most = int(top.number("posts", 20, high=MOST_POSTS, whole=True))
    assumed = top.texts("assumed") if "assumed" in top else ()
    work, others = None, []
    if named:
        try:
            work = workload_file_read(path.parent / named)
        except InputError as error:
            others = list(error.faults)
    wards = tuple(ward.code for ward in work.order.wards) if work else ()
    zones = _zones(top, wards)
    params = _params(top, work)
    shapes = _shapes(top)
    weights = _weights(top, {task.code for task in work.order.tasks} if work else None)
    pay = _pay(top)
    if faults or others or work is None:
        raise InputError([*faults_in_order(faults), *others])
    return PostsCase(
        title or work.title, work, NeedsOrder(work.order, zones, weights), shapes, params, n_most, pay, assumed
    )


def _part(top: Table, key: str, known: Collection[str]) -> Table | None:
    """A table under a key."""
    return Table(top.file, (key,), top.faults, known) if key in top else None


def _zones(top: Table, wards: tuple[str, ...]) -> tuple[Zone, ...]:
    """The file's zones; without any, each ward is one."""
    found: list[Zone] = []
    placed: dict[str, str] = {}
    for table in top.tables("zone", ZONE):
        code, its = table.text("code", required=True), table.texts("wards", required=True)
        if code in {zone.code for zone in found}:
            table.fault("code", f"{code!r} stands twice", "each code once")
        for ward in its:
            if wards and ward not in wards:
                table.fault("wards", f"no ward {ward!r}", "codes of the workload file: " + ", ".join(wards))
            elif ward in placed:
                table.fault("wards", f"{ward!r} is in {placed[ward]!r} already", "each ward in one zone")
            placed[ward] = code
        if code and its and len(set(its)) == len(its):
            found.append(Zone(code, its))
    left = [ward for ward in wards if ward not in placed]
    if "zone" in top and left:
        top.fault("zone", "no zone for " + ", ".join(left), "each ward in one zone")
    return tuple(found) if "zone" in top else tuple(Zone(ward, (ward,)) for ward in wards)


def _params(top: Table, work: WorkloadCase | None) -> PostsParams:
    table = _part(top, "params", PARAMS)
    said: dict[str, float] = {}
    if work is not None:
        said["net_hours_per_fte"] = work.order.params.net_hours_per_fte
    for name in PARAMS if table else ():
        assert table is not None
        if name not in table:
            continue
        if name == "service_level":
            said[name] = table.number(name, 0.5, low=0.01, high=0.999)
        elif name in SHARES:
            said[name] = table.number(name, high=1 if name == "weekend_share" else 0.9)
        else:
            said[name] = table.number(name, high=27 if name == "free_days_per_four_weeks" else 100)
    return PostsParams(**said)


def _shapes(top: Table) -> tuple[Shape, ...]:
    """The file's days of work, else the shipped ones."""
    found: list[Shape] = []
    for table in top.tables("shape", SHAPE):
        code, window = table.text("code", required=True), table.text("window", required=True)
        breaks = table.texts("breaks") if table.values.get("breaks") else ()
        if code in {shape.code for shape in found}:
            table.fault("code", f"{code!r} stands twice", "each code once")
        during = table.made("window", lambda window=window: TimeWindow.parse(window)) if window else None  # type: ignore[misc]
        apart = [table.made("breaks", lambda text=text: TimeWindow.parse(text)) for text in breaks]  # type: ignore[misc]
        rests = tuple(one for one in apart if one is not None)
        if during is None or len(rests) < len(apart):
            continue
        try:
            found.append(Shape(code, during, rests))
        except ValueError as error:
            table.fault("window", str(error), "a lawful day of work")
    return tuple(found) if "shape" in top else shapes_shipped()


def _weights(top: Table, tasks: Collection[str] | None) -> dict[str, float]:
    weights = top.mapping("weights", _weight, "a number from 0 to 1000")
    for code in weights:
        if tasks is not None and code not in tasks:
            top.faults.append(top.file.fault(("weights", code), "no such task", "the code of a [[task]]"))
    return weights


def _weight(value: object) -> float | None:
    good = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1000
    return float(value) if good else None  # type: ignore[arg-type]  # it is a number


def _pay(top: Table) -> PostPay | None:
    table = _part(top, "pay", PAY)
    if table is None:
        return None

    def amount(key: str, where: Table = table, high: float = 1e7) -> Decimal:
        return Decimal(str(where.number(key, high=high)))

    for key in ("monthly_sek", "pay_year", "charges"):
        if key not in table:
            table.fault(key, "missing", "with pay, its year and the rates of social charges")
    year = int(table.number("pay_year", LEAST_YEAR, low=LEAST_YEAR, high=LAST_YEAR, whole=True))
    rates = [
        Charges(amount("share", row, 1), row.text("basis", required=True)) for row in table.tables("charges", CHARGES)
    ]
    for number, row in enumerate(table.tables("charges", CHARGES)):
        if "share" not in row:
            row.fault("share", "missing", f"a share from 0 to 1, in rate {number + 1}")
    return PostPay(amount("monthly_sek"), amount("inconvenient_sek"), amount("overhead_sek"), year, tuple(rates))

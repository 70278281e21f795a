"""Reads the figures of a case file: what each is from, its formula and its interval."""

from __future__ import annotations

import re
from decimal import Decimal

from vardnara.engines.case import Figure, FigureKind, Quote
from vardnara.gateways.toml_files import Table
from vardnara.kernel.formula import FormulaError, formula_evaluate, formula_references
from vardnara.parameters.working_time import working_times

HOURS_PER_POST = "hours_per_post"
HOURS_NOTE = "planeringsvärde: 38,25 timmar i veckan, 31 dagars semester, 6,4 procents sjukfrånvaro"  # W-66
UNITS = (
    "sek", "sek_per_year", "sek_per_post", "sek_per_hour", "posts", "hours", "hours_per_year", "hours_per_post", "days",
    "beds", "wards", "persons", "share", "count",
)  # fmt: skip
QUOTED = ("quote", "source", "place")
NAME = re.compile(r"[a-z][a-z0-9_]*")


def quote_read(table: Table, source_ids: set[str], *, required: bool = False) -> Quote | None:
    """Words of a source, where the table has any."""
    if not required and not any(key in table for key in QUOTED):
        return None
    source = table.text("source", required=True)
    if source and source not in source_ids:
        table.fault("source", f"no source {source!r}", "the id of a [[source]]")
    return Quote(source, table.text("place"), table.text("quote", required=True))


def figure_read(table: Table, source_ids: set[str]) -> Figure:
    """A figure with what it is from; its faults are added to the table's."""
    name = table.text("id", required=True)
    if name and not NAME.fullmatch(name):
        table.fault("id", f"{name!r}", "small letters a to z, digits and _, a letter first")
    value = table.decimal("value")
    text = table.text("formula")
    formula = _formula(table, text) if text else ""
    quote = quote_read(table, source_ids)
    note, query, read_on = table.text("note"), table.text("query"), table.day("read_on")
    kind = _kind(quoted=quote is not None, read=bool(query), given="value" in table)
    if kind is FigureKind.DERIVED and not text:
        table.fault("", "neither value nor formula", "a value with its quote, or a formula")
    if kind is FigureKind.QUOTED and "value" not in table:
        table.fault("value", "missing", "the number that is quoted")
    if kind is FigureKind.ENTERED and not note:
        table.fault("", "a value without source", "quote, source and place, or a note that says where it is from")
    if kind is FigureKind.REGISTER and (value is None or read_on is None):
        table.fault("query", "no value or no day of reading", "value, query and read_on together")
    low, high = _interval(table, value, kind)
    return Figure(
        id=name,
        label=table.text("label", required=True),
        unit=table.text("unit", UNITS[0], required=True, among=UNITS),
        kind=kind,
        value=value,
        formula=formula,
        quote=quote,
        note=note,
        low=low,
        high=high,
        query=query,
        read_on=read_on,
    )


def _kind(*, quoted: bool, read: bool, given: bool) -> FigureKind:
    if quoted:
        return FigureKind.QUOTED
    if read:
        return FigureKind.REGISTER
    return FigureKind.ENTERED if given else FigureKind.DERIVED


def _interval(table: Table, value: Decimal | None, kind: FigureKind) -> tuple[Decimal, Decimal] | tuple[None, None]:
    """Between which a value lies; both ends or none."""
    low, high = table.decimal("low"), table.decimal("high")
    if low is None and high is None:
        return None, None
    if kind is FigureKind.DERIVED:
        table.fault("low" if low is not None else "high", "of a formula", "intervals of the figures it names")
    elif low is None or high is None:
        table.fault("high" if high is None else "low", "missing", "low and high together")
    elif value is not None and not low <= value <= high:
        table.fault("low" if value < low else "high", f"{low} {value} {high}", "low, then the value, then high")
    else:
        return low, high
    return None, None


def _formula(table: Table, text: str) -> str:
    """A formula that can be read; what its figures are is looked at when it is reckoned."""
    try:
        formula_evaluate(text, dict.fromkeys(formula_references(text), Decimal(1)))
    except FormulaError as error:
        if "nought" not in str(error):  # with the real figures it may not
            table.fault("formula", f"{text} {error}", "figures, numbers, + - * / and brackets")
            return ""
    return text


def hours_per_post() -> Figure:
    """The shipped planning value, where a case has none of its own."""
    shipped = working_times()["net_hours_per_fte"]
    return Figure(
        id=HOURS_PER_POST,
        label="Produktiva timmar per heltidstjänst och år",
        unit="hours_per_post",
        kind=FigureKind.ENTERED,
        value=Decimal(str(shipped.number)).normalize() + 0,
        note=HOURS_NOTE,
    )

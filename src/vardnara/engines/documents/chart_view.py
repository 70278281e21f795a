"""A chart as both drawings and words: scale, ticks, the label of each value, and the alternative text."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from vardnara.engines.documents.decision_parts import Chart, ChartKind
from vardnara.engines.documents.decision_table import View
from vardnara.kernel.swedish import (
    MILLION,
    UNITS,
    list_swedish,
    msek_swedish,
    number_swedish,
    quantity_swedish,
)

KIND_WORDS = {ChartKind.BAR: "Stapeldiagram", ChartKind.LINE: "Linjediagram"}


def chart_in_millions(chart: Chart) -> bool:
    """Kronor are shown in millions as soon as one value is a tenth of one."""
    return chart.unit == "sek" and any(abs(value) >= MILLION / 10 for one in chart.series for value in one.values)


def chart_alternative(chart: Chart) -> str:
    """What somebody who does not see the chart is told: its kind, title and every value."""
    if chart.description:
        return chart.description
    label = _labeller(chart)
    series = [
        f"{one.name} är "
        + list_swedish([f"{label(value)} för {name}" for name, value in zip(chart.categories, one.values, strict=True)])
        for one in chart.series
    ]
    return f"{KIND_WORDS[chart.kind]}: {chart.title}. {'. '.join(series)}."


def chart_view(chart: Chart) -> View:
    """Everything that a drawing needs; places are shares (0-1) of the axis."""
    label = _labeller(chart)
    values = [value for one in chart.series for value in one.values]
    ticks = chart_ticks(min(Decimal(0), *values), max(Decimal(0), *values))
    low, high = ticks[0], ticks[-1]
    return {
        "title": chart.title,
        "kind": chart.kind.value,
        "alternative": chart_alternative(chart),
        "categories": list(chart.categories),
        "zero": float((0 - low) / (high - low)),
        "ticks": [{"at": float((tick - low) / (high - low)), "label": label(tick)} for tick in ticks],
        "series": [
            {
                "name": one.name,
                "values": [{"at": float((value - low) / (high - low)), "label": label(value)} for value in one.values],
            }
            for one in chart.series
        ],
    }


def _labeller(chart: Chart):  # type: ignore[no-untyped-def]
    if chart_in_millions(chart):
        return lambda value: msek_swedish(value) if value else "0"
    if chart.unit in {"sek", "share"}:
        return lambda value: quantity_swedish(value, chart.unit)
    return lambda value: number_swedish(value if value == value.to_integral_value() else value.quantize(Decimal("0.1")))


def chart_ticks(low: Decimal, high: Decimal) -> list[Decimal]:
    """Round numbers from below the lowest to above the highest value: 1, 2 or 5 times a power of ten."""
    span = high - low or Decimal(1)
    rough = span / 4
    power = Decimal(1).scaleb(rough.adjusted())
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)
    first = (low / step).to_integral_value(ROUND_FLOOR)
    last = (high / step).to_integral_value(ROUND_CEILING)
    last = max(last, first + 1)
    return [step * number for number in range(int(first), int(last) + 1)]


def chart_unit(chart: Chart) -> str:
    """The unit of a chart's numbers as native charts show them; empty for shares and bare numbers."""
    if chart.unit == "sek":
        return "mkr" if chart_in_millions(chart) else "kr"
    return "" if chart.unit == "share" else UNITS.get(chart.unit, (chart.unit, chart.unit))[1]

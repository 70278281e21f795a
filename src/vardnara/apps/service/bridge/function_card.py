"""What is agreed for a ward as a function card of one party."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from django.utils.formats import localize
from django.utils.translation import get_language, pgettext, pgettext_lazy

from vardnara.apps.service.bridge.agreement import Finding
from vardnara.apps.service.bridge.line_words import days_said, frequency_text, hours_text, kind_name
from vardnara.apps.service.choices import Confidence, Party
from vardnara.apps.service.models import TaskType
from vardnara.engines.documents import CardLine, CardTask, CardWords, ElsewhereTask, FunctionCard
from vardnara.kernel.recurrence import Recurrence
from vardnara.kernel.time_window import TimeWindow

PER_UNIT = {
    "bed": pgettext_lazy("norm", "%(n)s min a bed"),
    "occupied_bed": pgettext_lazy("norm", "%(n)s min an occupied bed"),
    "patient": pgettext_lazy("norm", "%(n)s min a patient"),
    "ward": pgettext_lazy("norm", "%(n)s min each time"),
    "meal": pgettext_lazy("norm", "%(n)s min a meal"),
    "discharge": pgettext_lazy("norm", "%(n)s min each"),
    "contagion_case": pgettext_lazy("norm", "%(n)s min each"),
    "square_metre": pgettext_lazy("norm", "%(n)s min a square metre"),
    "event": pgettext_lazy("norm", "%(n)s min each"),
    "shift": pgettext_lazy("norm", "%(n)s min a shift"),
}
CONFIDENCE = {
    Confidence.UNVERIFIED: pgettext_lazy("norm", "a template, not measured"),
    Confidence.ESTIMATED: pgettext_lazy("norm", "estimated"),
    Confidence.MEASURED: pgettext_lazy("norm", "measured"),
}


class Agreed(Protocol):
    """What a line in force has."""

    task_type_id: int
    party: str
    driver: str
    days: frozenset[int]
    window: TimeWindow
    recurrence: Recurrence | None
    times: int
    quality: str
    norm_fixed_minutes: Decimal | None
    norm_unit_minutes: Decimal | None
    norm_confidence: str


def minutes_text(line: Agreed) -> str:
    """``25 min + 2,5 min per måltid``; empty without a norm."""
    fixed, unit = line.norm_fixed_minutes, line.norm_unit_minutes
    parts = []
    if fixed:
        parts.append(pgettext("norm", "%(n)s min") % {"n": _number(fixed)})
    if unit:
        parts.append(str(PER_UNIT[line.driver]) % {"n": _number(unit)})
    return " + ".join(parts)


def _number(minutes: Decimal) -> str:
    return localize(minutes.normalize() if minutes % 1 else int(minutes))


def function_card_of(
    *,
    party: str,
    ward: str,
    lines: Sequence[Agreed],
    holes: Iterable[Finding],
    kinds: Mapping[int, TaskType],
    checklists: Mapping[int, Sequence[str]],
    agreed: str,
    contact: str,
    address: str,
    as_of: datetime,
) -> FunctionCard:
    """The card of a party on a ward: what it does, and what of the ward's work it does not."""
    tasks, elsewhere, open_holes = [], [], tuple(holes)
    for pk, kind in kinds.items():
        mine = [line for line in lines if line.task_type_id == pk and line.party == party]
        theirs = [line for line in lines if line.task_type_id == pk and line.party != party]
        if mine:
            minutes = minutes_text(mine[0])
            tasks.append(
                CardTask(
                    kind_name(kind),
                    tuple(_line(line) for line in mine),
                    minutes,
                    str(CONFIDENCE[Confidence(mine[0].norm_confidence)]) if minutes else "",
                    tuple(checklists.get(pk, ())),
                )
            )
        whose: dict[str, list[str]] = {}
        for line in theirs:
            whose.setdefault(str(Party(line.party).label).lower(), []).append(_when(line.days, line.window))
        for hole in open_holes:
            if hole.task_type_id == pk:
                whose.setdefault(pgettext("hole", "nobody"), []).append(hole.when)
        elsewhere += [ElsewhereTask(kind_name(kind), "; ".join(when), who) for who, when in whose.items()]
    return FunctionCard(
        title=str(Party(party).label),
        subtitle=ward,
        agreed=agreed,
        tasks=tuple(tasks),
        elsewhere=tuple(elsewhere),
        contact=contact,
        address=address,
        words=CardWords(
            when=pgettext("function card", "When"),
            how_long=pgettext("function card", "About"),
            not_yours=pgettext("function card", "Not yours"),
            contact=pgettext("function card", "Ask"),
            live=pgettext("function card", "As it is today"),
            nothing=pgettext("function card", "Nothing is agreed."),
        ),
        language=(get_language() or "sv").split("-")[0],
        as_of=as_of,
    )


def _line(line: Agreed) -> CardLine:
    often = frequency_text(line.recurrence.rrule, line.days) if line.recurrence else ""
    if line.times > 1:
        often = ", ".join(
            text for text in (often, pgettext("agreement line", "%(n)d times") % {"n": line.times}) if text
        )
    window = line.window
    return CardLine(days_said(line.days), hours_text(window.start_minutes, window.end_minutes), often, line.quality)


def _when(days: Collection[int], window: TimeWindow) -> str:
    return f"{days_said(days)} {hours_text(window.start_minutes, window.end_minutes)}"

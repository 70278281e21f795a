"""What was worked, held against what was rostered: which minutes are as rostered, beyond it, and not worked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from vardnara.apps.staffing.choices import TimeSort
from vardnara.engines.hours import Duty, Span


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch without break."""

    sort: TimeSort
    span: Span


def parts_of(planned: Duty | None, worked: Duty | None) -> list[Part]:
    """The stretches of a day, in order; None: nothing was rostered, or nothing worked.

    A break that was moved within the shift changes nothing; one that was shorter is time beyond the roster, counted at
    the end; one that was longer is time not worked.
    """
    if worked is None:
        return [Part(TimeSort.ABSENT, one) for one in planned.worked] if planned else []
    if planned is None:
        return [Part(TimeSort.EXTRA, one) for one in worked.worked]
    since, until = max(planned.start, worked.start), min(planned.end, worked.end)
    if since >= until:
        return _in_order(parts_of(planned, None) + parts_of(None, worked))
    inside = Span(since, until)
    found = [Part(TimeSort.ABSENT, one) for one in _without(planned.worked, [inside])]
    found += [Part(TimeSort.EXTRA, one) for one in _without(worked.worked, [inside])]
    done, due = _within(worked.worked, inside), _within(planned.worked, inside)
    beyond = sum(one.minutes for one in done) - sum(one.minutes for one in due)
    ordinary, extra = _cut_last(done, max(0.0, beyond))
    found += [Part(TimeSort.ORDINARY, one) for one in ordinary] + [Part(TimeSort.EXTRA, one) for one in extra]
    _, longer = _cut_last(_within(worked.breaks, inside), max(0.0, -beyond))
    return _in_order([*found, *(Part(TimeSort.ABSENT, one) for one in longer)])


def _in_order(parts: Sequence[Part]) -> list[Part]:
    return sorted(parts, key=lambda one: one.span.start)


def _within(spans: Sequence[Span], window: Span) -> list[Span]:
    clipped = [(max(one.start, window.start), min(one.end, window.end)) for one in spans]
    return [Span(start, end) for start, end in clipped if start < end]


def _without(spans: Sequence[Span], holes: Sequence[Span]) -> list[Span]:
    left = list(spans)
    for hole in holes:
        cut = []
        for one in left:
            for start, end in ((one.start, min(one.end, hole.start)), (max(one.start, hole.end), one.end)):
                if start < end:
                    cut.append(Span(start, end))
        left = cut
    return left


def _cut_last(spans: Sequence[Span], minutes: float) -> tuple[list[Span], list[Span]]:
    """The stretches without their last minutes, and those."""
    kept, last = list(spans), list[Span]()
    while minutes > 0 and kept:
        one = kept.pop()
        if one.minutes <= minutes:
            last.insert(0, one)
            minutes -= one.minutes
            continue
        at = one.end - timedelta(minutes=minutes)
        kept.append(Span(one.start, at))
        last.insert(0, Span(at, one.end))
        break
    return kept, last

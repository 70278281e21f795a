"""When a kind of task is usually done, as people write and read it: ``mån-fre 07:30-09:00 x2``, one a line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from django.utils.translation import pgettext

from vardnara.apps.service.bridge.line_words import Unreadable, days_read, days_said, days_text, hours_text, window_read

type Usual = tuple[tuple[int, ...], int, int, int]  # days, start minute, end minute, times

LINE = re.compile(r"(.*?)[\s:,]+(\d[\d.:]*\s*[-–]\s*\d[\d.:]*)(?:\s*[x×]\s*(\d{1,2}))?")
TIMES_MAX = 24


def usual_read(text: str) -> tuple[Usual, ...]:
    """Read usual times, one a line; none where there is nothing.

    Raises
    ------
    Unreadable
        A line says no days and hours; the text names it.
    """
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        parts = LINE.fullmatch(line)
        try:
            if parts is None or not 1 <= int(parts[3] or 1) <= TIMES_MAX:
                raise Unreadable(line)
            window = window_read(parts[2])
            days = tuple(sorted(days_read(parts[1])))
        except Unreadable as error:
            expected = pgettext("catalogue", "“%(line)s”: write days and hours such as Mon-Fri 07:30-09:00 x2")
            raise Unreadable(expected % {"line": line[:60]}) from error
        found.append((days, window.start_minutes, window.end_minutes, int(parts[3] or 1)))
    return tuple(found)


def usual_text(usual: Iterable[Sequence[object]]) -> str:
    """Usual times as they can be written back."""
    return "\n".join(_line(days_text(days), start, end, times) for days, start, end, times in usual)  # type: ignore[arg-type]


def usual_said(usual: Iterable[Sequence[object]]) -> list[str]:
    """Usual times as sentences say them, one each."""
    return [_line(days_said(days), start, end, times) for days, start, end, times in usual]  # type: ignore[arg-type]


def _line(days: str, start: int, end: int, times: int) -> str:
    return f"{days} {hours_text(start, end)}" + (f" ×{times}" if times > 1 else "")

"""Words and swatches of the coordinator's pages."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext, pgettext_lazy

from vardnara.apps.service.queries.timeline import BEFORE, Cell, WardDay

register = template.Library()

SECTIONS = {
    "late": pgettext_lazy("handover", "Late"),
    "unowned": pgettext_lazy("handover", "Nobody has it"),
    "delayed": pgettext_lazy("handover", "Paused or delayed"),
    "going": pgettext_lazy("handover", "Taken, going on"),
    "planned": pgettext_lazy("handover", "Planned, left to take"),
    "failed": pgettext_lazy("handover", "Not approved, done again"),
    "deviations": pgettext_lazy("handover", "Deviations to be handled"),
    "conflicts": pgettext_lazy("handover", "Done without contact, to decide"),
    "absent": pgettext_lazy("handover", "Absent"),
    "notes": pgettext_lazy("handover", "Notes"),
}


@register.simple_tag
def handover_word(code: str) -> str:
    """What a kind of row of a handover is called."""
    return str(SECTIONS.get(code, code))


@register.simple_tag
def handover_more(number: int, rows: tuple[object, ...]) -> str:
    """How many rows were counted and not kept."""
    return pgettext("worker", "and %(n)s more") % {"n": number - len(rows)}


@register.simple_tag
def swatch(state: str) -> SafeString:
    """The filling of a state as the picture draws it; its word stands beside it."""
    return format_html(
        '<svg class="swatch" viewBox="0 0 12 12" aria-hidden="true" focusable="false">'
        '<rect class="seg" fill="url(#day-{})" x="1" y="1" width="10" height="10"/></svg>',
        state,
    )


@register.simple_tag
def hour_word(hour: int) -> str:
    """``08``, or the word for what an earlier day left."""
    return pgettext("coordination", "before") if hour == BEFORE else f"{hour:02d}"


@register.simple_tag
def hour_words(hour: int) -> str:
    """``08:00–09:00``, or the word for what an earlier day left."""
    if hour == BEFORE:
        return pgettext("coordination", "left from before today")
    return f"{hour:02d}:00–{(hour + 1) % 24:02d}:00"


@register.simple_tag
def cell_key(ward_id: int, hour: int) -> str:
    """How an address names an hour of a ward."""
    return f"{ward_id}t{hour}"


@register.simple_tag
def cell_words(row: WardDay, cell: Cell) -> str:
    """What a cell says to who does not see it: ward, hour, and how many of each."""
    parts = ", ".join(f"{part.state.label} {part.number}" for part in reversed(cell.parts))
    return f"{row.name} {hour_words(cell.hour)}: {parts}"

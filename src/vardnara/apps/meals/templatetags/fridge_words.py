"""Words for a ward's fridge in the reader's language."""

from __future__ import annotations

from uuid import uuid4

from django import template
from django.utils.translation import pgettext

from vardnara.apps.hospital.queries.stays import StayFacts
from vardnara.apps.meals.models import DishCell
from vardnara.apps.meals.templatetags.diet_words import code_name

register = template.Library()


@register.filter
def pack_code(code: str) -> str:
    """A code as one reads it aloud: in fours."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


@register.filter
def cell_words(cell: DishCell) -> str:
    """Diet and texture of a dish."""
    return f"{code_name(cell.diet)}, {code_name(cell.texture).lower()}"


@register.filter
def stay_place(stay: StayFacts) -> str:
    """Where a patient lies."""
    if not stay.bed:
        return pgettext("meals", "Without a place")
    return pgettext("place", "Room %(room)s, place %(bed)s") % {"room": stay.room, "bed": stay.bed}


@register.simple_tag
def fresh_command() -> str:
    """What makes a tap that is sent twice one."""
    return str(uuid4())

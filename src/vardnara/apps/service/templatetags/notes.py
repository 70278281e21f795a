"""Notes where they matter: one tag for every page that shows them."""

from __future__ import annotations

from django import template
from django.template.context import Context

from vardnara.apps.service.queries.notes import NoteRow, note_list

register = template.Library()


@register.simple_tag(takes_context=True)
def notes_here(
    context: Context, ward_id: int | None = None, bed_id: int | None = None, task_id: int | None = None
) -> list[NoteRow]:
    """Notes that hold today for a ward, and beside those of a bed and of a task; those that the page brought along."""
    if "kept_notes" in context:
        return context["kept_notes"]
    user = context["request"].user
    return note_list(actor=user, on=context["today"], ward_id=ward_id, bed_id=bed_id, task_id=task_id)

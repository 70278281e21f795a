"""Icons and the shapes of bed states: one way to write them."""

from __future__ import annotations

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

ICONS = "vendor/lucide/icons.svg"
SHAPES = "img/shapes.svg"


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of the one set; always beside its word, so hidden from readers of the screen."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>', static(ICONS), name
    )


@register.simple_tag
def shape(name: str) -> SafeString:
    """The shape of a bed or task state; the word stands beside it."""
    return format_html(
        '<svg class="shape" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>', static(SHAPES), name
    )

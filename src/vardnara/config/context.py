"""What every page's template may know."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def house(request: HttpRequest) -> dict[str, object]:
    """Whether the hospital is the invented one, so that every page says so."""
    return {"demo": settings.DEMO}

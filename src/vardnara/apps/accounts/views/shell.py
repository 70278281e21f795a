"""What makes the pages an app that can be installed: manifest, service worker, the page without contact."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import pgettext

from vardnara.apps.accounts.views.access import allow_public


@allow_public
def service_worker(request: HttpRequest) -> HttpResponse:
    """Served from the root, so that it may watch over every page."""
    name = "js/service-worker.js"
    found = finders.find(name) or (Path(settings.STATIC_ROOT) / name if settings.STATIC_ROOT else None)
    if not found or not Path(found).is_file():
        raise Http404(name)
    return HttpResponse(
        Path(found).read_bytes(), content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"}
    )


@allow_public
def manifest(request: HttpRequest) -> HttpResponse:
    return JsonResponse(
        {
            "name": "Vardnara",
            "short_name": "Vardnara",
            "description": pgettext("app", "Ward service: what must be done now, and by whom."),
            "lang": request.LANGUAGE_CODE,
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "background_color": "#10171b",
            "theme_color": "#10171b",
            "icons": [
                {"src": static("img/icon-192.png"), "sizes": "192x192", "type": "image/png"},
                {"src": static("img/icon-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "any maskable"},
                {"src": static("img/icon.svg"), "sizes": "any", "type": "image/svg+xml"},
            ],
        },
        content_type="application/manifest+json",
    )


@allow_public
def no_contact(request: HttpRequest) -> HttpResponse:
    """Kept by the service worker and shown when the network is gone, whoever holds the phone then.

    So it is of nobody: no name, no way that is a role's own, no message that waits for a reader, and no form. A form's
    token renews its cookie, and this answer comes at a time of its own: one from before a sign-in would undo the new.
    """
    return render(request, "accounts/no_contact.html", {"user": None, "nav": (), "languages": (), "tablet_seconds": 0})

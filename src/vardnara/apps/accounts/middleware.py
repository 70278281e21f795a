"""A shared tablet locks by itself (L-44); and pages that are not translated are not shown half translated."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.decorators import sync_and_async_middleware

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import tablet_holds

TABLET = "tablet"  # session: the tablet that it lives on
LOCKS_AT = "locks_at"  # session: seconds since 1970; put off by what a person does
PUT_OFF_SECONDS = 15  # not oftener than this


def by_person(request: HttpRequest) -> bool:
    """Whether somebody did something, rather than a page that keeps itself up to date."""
    if request.method != "GET":
        return True
    return request.headers.get("HX-Request") != "true" and "text/html" in request.headers.get("Accept", "")


def lock_put_off(request: HttpRequest) -> None:
    """Somebody is there."""
    until = time.time() + settings.TABLET_LOCK_SECONDS
    if until - request.session.get(LOCKS_AT, 0) > PUT_OFF_SECONDS:
        request.session[LOCKS_AT] = until


@sync_and_async_middleware
def tablet_lock(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Ends a session on a shared tablet that nobody has touched for a while, or that is shared no more."""

    def answer(request: HttpRequest) -> HttpResponse | None:
        tablet_id = request.session.get(TABLET)
        if tablet_id is None or not request.user.is_authenticated:
            return None
        if time.time() > request.session.get(LOCKS_AT, 0) or not tablet_holds(tablet_id):
            logout(request)
            return redirect("accounts:tablet_who")
        if by_person(request):
            lock_put_off(request)
        return None

    if iscoroutinefunction(get_response):

        async def beside(request: HttpRequest) -> HttpResponse:
            if await request.session.aget(TABLET) is not None and time.time() > await request.session.aget(LOCKS_AT, 0):
                return HttpResponse(status=403)  # a stream; the page's next question is answered by the lock itself
            waiting: Awaitable[HttpResponse] = get_response(request)
            return await waiting

        return beside

    def middleware(request: HttpRequest) -> HttpResponse:
        away = answer(request)
        return away if away is not None else get_response(request)

    return middleware


@sync_and_async_middleware
def whole_language(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Languages that only the service worker's phone speaks are for service workers, and for signing in."""

    def choose(request: HttpRequest, role: str | None) -> None:
        spoken = translation.get_language() or settings.LANGUAGE_CODE
        if spoken.partition("-")[0] not in settings.WHOLE_LANGUAGES and role not in (None, Role.SERVICE_WORKER):
            translation.activate(settings.LANGUAGE_CODE)
            request.LANGUAGE_CODE = settings.LANGUAGE_CODE

    if iscoroutinefunction(get_response):

        async def beside(request: HttpRequest) -> HttpResponse:
            choose(request, getattr(await request.auser(), "role", None))
            waiting: Awaitable[HttpResponse] = get_response(request)
            return await waiting

        return beside

    def middleware(request: HttpRequest) -> HttpResponse:
        choose(request, getattr(request.user, "role", None))
        answer: HttpResponse = get_response(request)
        return answer

    return middleware

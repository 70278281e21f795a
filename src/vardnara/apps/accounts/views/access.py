"""Who may open a view. Nothing is open unless a view says so: ``config.urls`` refuses to load a view without a word.

A view carries its ``Access`` as ``view.access``; ``tests/house/test_access_table.py`` holds it against a written table.
"""

from __future__ import annotations

import functools
import inspect
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from vardnara.apps.accounts.choices import Role
from vardnara.kernel.errors import RuleBroken

logger = logging.getLogger("vardnara.access")

View = Callable[..., Any]
HIDDEN = frozenset(
    {
        "out_of_scope",
        "unknown_absence",
        "unknown_agreement",
        "unknown_matter",
        "unknown_measure_row",
        "unknown_transfer",
        "unknown_adjustment",
        "unknown_bed",
        "unknown_day_plan",
        "unknown_dish",
        "unknown_import",
        "unknown_ingredient",
        "unknown_kitchen",
        "unknown_menu",
        "unknown_point",
        "unknown_word",
        "unknown_recipe",
        "unknown_run",
        "unknown_deviation",
        "unknown_list",
        "unknown_task",
        "unknown_unit",
        "unknown_message",
        "unknown_ward",
        "unknown_stay",
    }
)


@dataclass(frozen=True, slots=True)
class Access:
    """``roles`` may open it; ``public`` needs no sign-in at all."""

    roles: frozenset[str]
    public: bool = False


def _refuse(request: HttpRequest) -> HttpResponse | None:
    """Send a demo user away from an installation that has no demo."""
    if getattr(request.user, "demo", False) and not settings.DEMO:
        logout(request)
        return redirect(settings.LOGIN_URL)
    return None


def _check(request: HttpRequest, access: Access) -> None:
    if request.user.role not in access.roles:
        logger.warning(
            "refused",
            extra={
                "data": {"user": request.user.pk, "role": request.user.role, "view": request.resolver_match.view_name}
            },
        )
        raise PermissionDenied("wrong_role")


def _translate(error: RuleBroken) -> Exception:
    """What is out of reach does not exist for the asker; anything else is refused with its reason."""
    if error.code in HIDDEN:
        return Http404(error.code)
    return PermissionDenied(error.code)


def allow(*roles: Role) -> Callable[[View], View]:
    """Let signed-in people of ``roles`` open the view, and nobody else."""
    access = Access(frozenset(roles))

    def decorate(view: View) -> View:
        if inspect.iscoroutinefunction(view):

            @functools.wraps(view)
            async def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
                request.user = await request.auser()
                _check(request, access)
                return await view(request, *args, **kwargs)

        else:

            @functools.wraps(view)
            def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
                if (away := _refuse(request)) is not None:
                    return away
                _check(request, access)
                try:
                    return view(request, *args, **kwargs)
                except RuleBroken as error:
                    raise _translate(error) from error

        wrapped.access = access
        return wrapped

    return decorate


def allow_signed_in(view: View) -> View:
    """Let everybody who is signed in open the view, whatever their role."""
    return allow(*Role)(view)


def allow_public(view: View) -> View:
    """Let anybody open the view without sign-in: sign-in itself, the app's shell, health."""
    wrapped = login_not_required(view)
    wrapped.access = Access(frozenset(), public=True)
    return wrapped

"""Sign in, sign out, and choose language."""

from __future__ import annotations

import logging

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts import queries, services
from vardnara.apps.accounts.forms import SignInForm
from vardnara.apps.accounts.models import User
from vardnara.apps.accounts.views.access import allow_public, allow_signed_in
from vardnara.apps.accounts.views.tablets import tablet_enter, tablet_here
from vardnara.kernel.errors import RuleBroken

logger = logging.getLogger("vardnara.sign_in")
LANGUAGE_AGE_SECONDS = 60 * 60 * 24 * 365


def _next(request: HttpRequest) -> str:
    """Where to go after sign-in, only within this site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    return settings.LOGIN_REDIRECT_URL


def _language_keep(response: HttpResponse, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=LANGUAGE_AGE_SECONDS,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _enter(request: HttpRequest, user: User) -> HttpResponse:
    login(request, user)
    if (tablet := tablet_here(request)) is not None:
        tablet_enter(request, user, tablet)
    logger.info("signed in", extra={"data": {"user": user.pk, "role": user.role}})
    response = redirect(_next(request))
    _language_keep(response, user.language)
    return response


@allow_public
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(_next(request))
    tablet = tablet_here(request)
    if tablet is not None and request.method == "GET" and "next" in request.GET:
        return redirect("accounts:tablet_who")  # sent here from a page: on a shared tablet one chooses a name first
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = services.user_authenticate(request=request, **form.cleaned_data)
            return _enter(request, user)
        except RuleBroken as error:
            logger.warning("sign-in refused", extra={"data": {"detail": error.detail}})
            form.add_error(None, pgettext("sign-in", "User name and password do not match. Try again."))
    context = {
        "form": form,
        "next": _next(request),
        "tablet": tablet,
        "demo_users": queries.demo_user_list() if settings.DEMO else [],
    }
    return render(request, "accounts/sign_in.html", context, status=200 if request.method == "GET" else 422)


@allow_public
@require_POST
@never_cache
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """One tap: sign in as a demo user. Does not exist outside a demo."""
    try:
        user = services.demo_user_of_role(role=request.POST.get("role", ""))
    except RuleBroken as error:
        raise Http404(error.code) from error
    user.language = translation.get_language() or user.language
    services.language_set(actor=user, language=user.language)
    return _enter(request, user)


@allow_signed_in
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("accounts:tablet_who" if tablet_here(request) else settings.LOGOUT_REDIRECT_URL)


@allow_public
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    wanted = request.POST.get("language", "")
    if wanted not in dict(settings.LANGUAGES):
        raise Http404("unknown_language")
    if request.user.is_authenticated:
        services.language_set(actor=request.user, language=wanted)
    response = redirect(_next(request))
    _language_keep(response, wanted)
    return response

"""A tablet that a ward shares: choose who you are, a short number, and it is yours until you leave it."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.forms import PinForm, PinSetForm
from vardnara.apps.accounts.middleware import TABLET, lock_put_off
from vardnara.apps.accounts.models import User
from vardnara.apps.accounts.queries import SharedTablet, tablet_of, tablet_people
from vardnara.apps.accounts.services import tablets
from vardnara.apps.accounts.views.access import allow, allow_public, allow_signed_in
from vardnara.apps.accounts.views.answers import rule_say, rule_text
from vardnara.kernel.errors import RuleBroken

logger = logging.getLogger("vardnara.sign_in")
COOKIE = "vardnara_tablet"
COOKIE_AGE = timedelta(days=400)
MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"


def tablet_here(request: HttpRequest) -> SharedTablet | None:
    """The shared tablet that this browser is."""
    token = request.COOKIES.get(COOKIE, "")
    return tablet_of(tablets.token_digest(token)) if token else None


def tablet_cookie_set(response: HttpResponse, token: str) -> None:
    """Make the browser a shared tablet."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=COOKIE_AGE,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def tablet_enter(request: HttpRequest, user: User, tablet: SharedTablet) -> None:
    """Somebody has signed in on a shared tablet: it locks when nobody touches it."""
    tablets.tablet_used(tablet_id=tablet.id, user=user, at=timezone.now())
    request.session[TABLET] = tablet.id
    lock_put_off(request)


@allow_public
@never_cache
def tablet_who(request: HttpRequest) -> HttpResponse:
    """Who takes the tablet over; a browser that is no shared tablet signs in as anywhere."""
    tablet = tablet_here(request)
    if tablet is None:
        return redirect("accounts:sign_in")
    if request.user.is_authenticated:
        logout(request)
    since = timezone.now() - tablets.NAMED_FOR
    context = {"tablet": tablet, "people": tablet_people(tablet_id=tablet.id, since=since)}
    return _blank(render(request, "accounts/tablet_who.html", context))


@allow_public
@never_cache
def tablet_pin(request: HttpRequest, user_id: int) -> HttpResponse:
    """The number of the person who was chosen."""
    tablet = tablet_here(request)
    if tablet is None:
        return redirect("accounts:sign_in")
    since = timezone.now() - tablets.NAMED_FOR
    person = next((one for one in tablet_people(tablet_id=tablet.id, since=since) if one.id == user_id), None)
    if person is None:
        return redirect("accounts:tablet_who")
    form = PinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            pin = form.cleaned_data["pin"]
            user = tablets.pin_check(tablet_id=tablet.id, user_id=user_id, pin=pin, at=timezone.now())
        except RuleBroken as error:
            logger.warning("number refused", extra={"data": {"user": user_id, "why": error.code, "tablet": tablet.id}})
            form.add_error(None, rule_text(error.code))
        else:
            login(request, user, backend=MODEL_BACKEND)
            tablet_enter(request, user, tablet)
            logger.info("signed in by number", extra={"data": {"user": user.pk, "tablet": tablet.id}})
            response = redirect(settings.LOGIN_REDIRECT_URL)
            response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax")
            return response
    context = {"tablet": tablet, "person": person, "form": form}
    return render(request, "accounts/tablet_pin.html", context, status=422 if form.errors else 200)


@allow_signed_in
@require_POST
def tablet_switch(request: HttpRequest) -> HttpResponse:
    """Leave the tablet to the next person; nothing stays on the screen or behind it."""
    logout(request)
    return _blank(redirect("accounts:tablet_who"))


def _blank(response: HttpResponse) -> HttpResponse:
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@allow_signed_in
@require_POST
def tablet_stay(request: HttpRequest) -> HttpResponse:
    """Somebody touches the tablet: the lock is put off, which the middleware has done already."""
    return HttpResponse(status=204)


@allow(*tablets.PIN_ROLES)
@never_cache
def pin(request: HttpRequest) -> HttpResponse:
    """Choose the number for shared tablets, or do without one."""
    user: User = request.user
    form = PinSetForm(request.POST or None, with_password=not user.demo)
    if request.method == "POST" and "forget" in request.POST:
        tablets.pin_forget(actor=user)
        messages.success(request, pgettext("tablet", "You have no number any more."))
        return redirect("accounts:pin")
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            if data["pin"] != data["again"]:
                raise RuleBroken("pins_differ", "two entries")
            tablets.pin_set(actor=user, password=data.get("password", ""), pin=data["pin"], at=timezone.now())
        except RuleBroken as error:
            rule_say(request, error)
        else:
            if (tablet := tablet_here(request)) is not None:
                tablets.tablet_used(tablet_id=tablet.id, user=user, at=timezone.now())
            messages.success(request, pgettext("tablet", "Chosen. It works on tablets that you have used."))
            return redirect("accounts:pin")
    return render(request, "accounts/pin.html", {"form": form, "has_pin": hasattr(user, "pin")})

"""Who may order at a bed: the cookie of a device, and how its reader wants the pages to look. No sign-in, no names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate

from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.cache import never_cache

from vardnara.apps.accounts.views.access import allow_public
from vardnara.apps.hospital.queries.bed_door import BedDoor, bed_door
from vardnara.apps.hospital.queries.stays import StayFacts, stays_by_id
from vardnara.apps.meals.queries.patient_menu import help_open
from vardnara.apps.meals.services.access import SESSION, session_of
from vardnara.apps.meals.views.patient_words import LANGUAGES, Words, language_guess, words_of

if TYPE_CHECKING:
    from vardnara.apps.meals.models import OrderingSession

COOKIE, LOOK = "vardnara_m", "vardnara_m_look"
PATH = "/m/"
EASY, LARGE = "easy", "large"
LOOK_SECONDS = 30 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Look:
    """The reader's language, easy words or not, large letters or not."""

    language: str
    easy: bool = False
    large: bool = False

    def written(self) -> str:
        """As the cookie holds it."""
        return ".".join([self.language, *([EASY] if self.easy else []), *([LARGE] if self.large else [])])

    @property
    def words(self) -> Words:
        """The words of the language."""
        return words_of(self.language)


@dataclass(frozen=True, slots=True)
class Guest:
    """A device at a bed. ``session`` and ``stay`` are None where it has not given the code."""

    token: str
    bed: BedDoor
    look: Look
    at: datetime
    received_at: datetime
    session: OrderingSession | None
    stay: StayFacts | None


def look_of(request: HttpRequest) -> Look:
    """How the reader wants it: as the cookie says, else by the browser's language."""
    language, *more = request.COOKIES.get(LOOK, "").split(".")
    if language not in LANGUAGES:
        language = language_guess(request)
    return Look(language, EASY in more, LARGE in more)


def guest_of(request: HttpRequest, token: str) -> Guest:
    """Who asks; a code that is none is not found."""
    at = timezone.now()
    bed = bed_door(token=token)
    if bed is None:
        raise Http404
    cookie = request.COOKIES.get(COOKIE, "")
    session = session_of(token=cookie, bed_id=bed.bed_id, at=at) if cookie else None
    stay = stays_by_id([session.access.stay_id]).get(session.access.stay_id) if session is not None else None
    if stay is None or not stay.open or stay.bed_id != bed.bed_id or stay.ward_id is None:
        session = stay = None
    return Guest(token, bed, look_of(request), at, received(request, at), session, stay)


def received(request: HttpRequest, at: datetime) -> datetime:
    """When the server had all of the request: deadlines go by it (CONTRACT 2.4)."""
    return getattr(request, "received_at", None) or at


def show(request: HttpRequest, page: str, guest: Guest, status: int = 200, **words: object) -> HttpResponse:
    """A page; without the house's context, which speaks to people who are signed in."""
    look = guest.look
    context = {
        "request": None,
        "csrf": get_token(request),
        "token": guest.token,
        "look": look,
        "words": look.words,
        "t": look.words.texts(easy=look.easy),
        "at": guest.at,
        "inside": guest.stay is not None,
        "called": guest.session is not None and help_open(access_id=guest.session.access_id),
        **words,
    }
    answer = HttpResponse(render_to_string(f"meals/patient/{page}.html", context), status=status)
    answer["Content-Language"] = look.language
    answer["X-Robots-Tag"] = "noindex"
    return answer


def cookie_set(request: HttpRequest, answer: HttpResponse, token: str) -> None:
    """Let this device order at the bed."""
    seconds = int(SESSION.total_seconds())
    answer.set_cookie(
        COOKIE, token, max_age=seconds, path=PATH, httponly=True, samesite="Lax", secure=request.is_secure()
    )


def look_set(request: HttpRequest, answer: HttpResponse, look: Look) -> None:
    """Remember how the reader wants the pages."""
    answer.set_cookie(
        LOOK, look.written(), max_age=LOOK_SECONDS, path=PATH, httponly=True, samesite="Lax", secure=request.is_secure()
    )


type View = Callable[..., HttpResponse]


def at_bed(view: Callable[Concatenate[HttpRequest, Guest, ...], HttpResponse]) -> View:
    """For everybody at the bed: the page before the code and the page of languages."""

    @wraps(view)
    def wrapped(request: HttpRequest, token: str, **parts: Any) -> HttpResponse:
        return view(request, guest_of(request, token), **parts)

    return allow_public(never_cache(wrapped))


def inside(view: Callable[Concatenate[HttpRequest, Guest, ...], HttpResponse]) -> View:
    """For a device that has given the code; any other is sent to where it is asked for."""

    @wraps(view)
    def wrapped(request: HttpRequest, token: str, **parts: Any) -> HttpResponse:
        guest = guest_of(request, token)
        if guest.stay is None:
            return redirect("meals:patient", token=token)
        return view(request, guest, **parts)

    return allow_public(never_cache(wrapped))

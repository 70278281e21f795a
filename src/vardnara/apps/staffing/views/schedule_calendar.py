"""The own schedule in the own calendar: a secret address, and what is read by it."""

from __future__ import annotations

import hashlib
import logging

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from vardnara.apps.accounts.views.access import allow_public, allow_signed_in
from vardnara.apps.accounts.views.answers import rule_text
from vardnara.apps.staffing.queries.calendars import CalendarShift, calendar_of, own_link
from vardnara.apps.staffing.services import calendar_links as services
from vardnara.apps.staffing.views.schedule import nobody
from vardnara.gateways.icalendar import CalendarEvent, calendar_text
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import STOCKHOLM

logger = logging.getLogger("vardnara.access")


@allow_signed_in
@never_cache
def calendar(request: HttpRequest) -> HttpResponse:
    """The own address: whether there is one, when it was last read; making one, which shows it once; revoking it."""
    address = ""
    try:
        if request.method == "POST" and request.POST.get("deed") == "ater":
            services.link_revoke(actor=request.user, at=timezone.now())
            messages.success(request, pgettext("calendar", "The address holds no longer."))
            return redirect("staffing:calendar")
        if request.method == "POST":
            token = services.link_make(actor=request.user, at=timezone.now())
            address = request.build_absolute_uri(reverse("staffing:calendar_feed", args=[token]))
        link = own_link(actor=request.user)
    except RuleBroken as error:
        return nobody(request, error)
    webcal = f"webcal:{address.partition(':')[2]}" if address else ""
    context = {"link": link, "address": address, "webcal": webcal, "tab": "calendar"}
    return render(request, "staffing/schedule_calendar.html", context)


@allow_public
@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """A person's shifts for their calendar, to whoever has the secret address; each reading is logged and counted."""
    at = timezone.now()
    try:
        person_id = services.link_read(token=token, at=at)
    except RuleBroken as error:
        logger.warning("calendar read too often", extra={"data": {"person": error.detail}})
        wait = str(int(services.HOUR.total_seconds()))
        return HttpResponse(rule_text(error.code), status=429, content_type="text/plain", headers={"Retry-After": wait})
    if person_id is None:
        logger.warning("calendar refused")
        raise Http404
    logger.info("calendar read", extra={"data": {"person": person_id}})
    shifts = calendar_of(person_id=person_id, at=at)
    with translation.override(settings.LANGUAGE_CODE):  # the same for whoever reads, so that it is the same text
        text = calendar_text(pgettext("calendar", "Work"), [_event(one) for one in shifts]).encode()
    etag = f'"{hashlib.sha256(text).hexdigest()[:32]}"'
    answer: HttpResponse
    if etag in [one.strip().removeprefix("W/") for one in request.headers.get("If-None-Match", "").split(",")]:
        answer = HttpResponseNotModified()
    else:
        answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
        answer["Content-Disposition"] = 'inline; filename="schema.ics"'
    answer["ETag"] = etag
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    patch_cache_control(answer, private=True, no_cache=True)
    return answer


def _event(one: CalendarShift) -> CalendarEvent:
    said = pgettext("calendar", "break %(since)s–%(until)s")
    breaks = [
        said % {"since": f"{since.astimezone(STOCKHOLM):%H:%M}", "until": f"{until.astimezone(STOCKHOLM):%H:%M}"}
        for since, until in one.breaks
    ]
    return CalendarEvent(
        uid=one.uid,
        sequence=one.n_changes,
        start_at=one.start_at,
        end_at=one.end_at,
        changed_at=one.changed_at,
        summary=f"{one.name} ({one.code})",
        location=one.place,
        description="\n".join(breaks),
        cancelled=one.gone,
    )

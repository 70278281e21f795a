"""Words of the scanning and serving pages: why a tray was stopped, and what to do."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django import template
from django.utils import timezone
from django.utils.translation import pgettext, pgettext_lazy

from vardnara.apps.meals.choices import ScanStep
from vardnara.apps.meals.models import TemperaturePoint, TemperatureReading
from vardnara.apps.meals.queries.temperatures import PointRow, limits_of, place_of
from vardnara.apps.meals.services.scanning import Scanned

register = template.Library()
MINUS = "\N{MINUS SIGN}"

STOPS = {  # what stands largest, and what to do
    "unknown_code": (
        pgettext_lazy("scan stop", "Unknown code"),
        pgettext_lazy("scan stop", "No tray has this code. Scan again. If it is still unknown, ask the kitchen."),
    ),
    "bed_not_tray": (
        pgettext_lazy("scan stop", "That is the code of a bed"),
        pgettext_lazy("scan stop", "Scan the tray first, then the bed."),
    ),
    "tray_not_bed": (
        pgettext_lazy("scan stop", "That is the code of a tray"),
        pgettext_lazy("scan stop", "Scan the code at the bed. Begin again with the tray that you hold."),
    ),
    "unknown_bed_code": (
        pgettext_lazy("scan stop", "Not a bed"),
        pgettext_lazy("scan stop", "Scan the code at the bed. The tray is not handed over."),
    ),
    "wrong_patient": (
        pgettext_lazy("scan stop", "Wrong patient"),
        pgettext_lazy("scan stop", "Do not hand over the tray. Take it to the place below."),
    ),
    "wrong_ward": (
        pgettext_lazy("scan stop", "Wrong ward"),
        pgettext_lazy("scan stop", "Do not serve the tray here. Ask the kitchen to fetch it."),
    ),
    "already_served": (
        pgettext_lazy("scan stop", "Served already"),
        pgettext_lazy("scan stop", "The tray was handed over before. Do not hand it over again."),
    ),
    "cancelled": (
        pgettext_lazy("scan stop", "The meal is taken back"),
        pgettext_lazy("scan stop", "Do not serve the tray. Put it aside."),
    ),
    "stopped": (
        pgettext_lazy("scan stop", "Stop the tray"),
        pgettext_lazy("scan stop", "Do not serve the tray. Put it aside."),
    ),
    "replaced": (
        pgettext_lazy("scan stop", "Stop the tray"),
        pgettext_lazy("scan stop", "Do not serve the tray. Put it aside: another one comes instead."),
    ),
    "not_ticketed": (
        pgettext_lazy("scan stop", "The tray has no ticket"),
        pgettext_lazy("scan stop", "Do not serve the tray. Ask the kitchen for a ticket."),
    ),
    "came_back": (
        pgettext_lazy("scan stop", "The tray came back"),
        pgettext_lazy("scan stop", "It was taken back unserved. Order a new tray if the patient is to eat."),
    ),
    "gone": (
        pgettext_lazy("scan stop", "The patient is not here"),
        pgettext_lazy("scan stop", "The patient has been discharged. Put the tray aside."),
    ),
    "away": (
        pgettext_lazy("scan stop", "The patient is not here"),
        pgettext_lazy("scan stop", "The patient is on leave. Put the tray aside."),
    ),
    "moved": (
        pgettext_lazy("scan stop", "The patient has moved"),
        pgettext_lazy("scan stop", "The tray is no longer for this place. Call the kitchen."),
    ),
    "fasting": (
        pgettext_lazy("scan stop", "The patient is fasting"),
        pgettext_lazy("scan stop", "Do not serve the tray. Ask the nurse in charge when the fasting ends."),
    ),
    "unsafe": (
        pgettext_lazy("scan stop", "Not safe for the patient"),
        pgettext_lazy("scan stop", "Do not serve the tray. Ask the kitchen for another one."),
    ),
    "too_early": (
        pgettext_lazy("scan stop", "Too early"),
        pgettext_lazy("scan stop", "The meal is not served yet. Wait, and scan again."),
    ),
    "too_late": (
        pgettext_lazy("scan stop", "Too late"),
        pgettext_lazy("scan stop", "The meal is over. Do not serve the tray; order something else for the patient."),
    ),
    "held_too_long": (
        pgettext_lazy("scan stop", "On its way too long"),
        pgettext_lazy(
            "scan stop", "Hot food keeps for two hours. Do not serve the tray; ask the kitchen for a new one."
        ),
    ),
    "has_left": (
        pgettext_lazy("scan stop", "The tray has left the kitchen"),
        pgettext_lazy("scan stop", "It is marked as sent. Find out why it is still here."),
    ),
    "not_packed": (
        pgettext_lazy("scan stop", "Not packed"),
        pgettext_lazy("scan stop", "A dish is missing on the tray. Pack it first."),
    ),
    "not_checked": (
        pgettext_lazy("scan stop", "Not checked"),
        pgettext_lazy("scan stop", "Check the tray before it leaves."),
    ),
    "not_as_checked": (
        pgettext_lazy("scan stop", "Something has just changed"),
        pgettext_lazy("scan stop", "Do not serve the tray. Scan it again."),
    ),
}
DONE = {
    ScanStep.PACK: pgettext_lazy("scan done", "Packed"),
    ScanStep.CHECK: pgettext_lazy("scan done", "Checked"),
    ScanStep.SEND: pgettext_lazy("scan done", "Sent"),
    ScanStep.ARRIVED: pgettext_lazy("scan done", "Received"),
    ScanStep.HAND_OVER: pgettext_lazy("scan done", "Handed over"),
    ScanStep.RETURNED: pgettext_lazy("scan done", "Taken back"),
}


@register.filter
def stop_title(code: str) -> str:
    """Why a tray was stopped, in two or three words."""
    return str(STOPS[code][0])


@register.filter
def stop_advice(code: str) -> str:
    """What whoever holds the tray is to do."""
    return str(STOPS[code][1])


@register.filter
def step_name(step: str) -> str:
    """A step by its name."""
    return str(ScanStep(step).label)


@register.filter
def step_done(step: str) -> str:
    """That a step was taken."""
    return str(DONE[ScanStep(step)])


@register.filter
def stop_when(scanned: Scanned) -> str:
    """The time that a stop speaks of: when the meal is served, until when it was, when the tray left or was served."""
    if scanned.code == "already_served" and scanned.tray is not None and scanned.tray.progress.served_at is not None:
        return pgettext("scan stop", "Handed over at %(at)s") % {"at": _clock(scanned.tray.progress.served_at)}
    if scanned.code not in ("too_early", "too_late", "held_too_long") or not scanned.detail:
        return ""
    at = _clock(datetime.fromisoformat(scanned.detail))
    if scanned.code == "too_early":
        return pgettext("scan stop", "Served from %(at)s") % {"at": at}
    if scanned.code == "too_late":
        return pgettext("scan stop", "Served until %(at)s") % {"at": at}
    return pgettext("scan stop", "Left the kitchen at %(at)s") % {"at": at}


@register.filter
def hours(length: timedelta) -> str:
    """A length of time in hours and minutes."""
    whole = int(length.total_seconds() // 60)
    return pgettext("length", "%(hours)s hours %(minutes)s minutes") % {"hours": whole // 60, "minutes": whole % 60}


@register.filter
def degrees(celsius: Decimal) -> str:
    """A temperature as it is written in Sweden."""
    return f"{celsius:.1f} °C".replace(".", ",").replace("-", MINUS)


@register.filter
def limits(row: PointRow | TemperaturePoint | TemperatureReading) -> str:
    """What a point or a reading is held to."""
    low, high = limits_of(row) if isinstance(row, TemperaturePoint) else (row.low, row.high)
    if low is not None and high is not None:
        return pgettext("temperature", "%(low)s to %(high)s") % {"low": degrees(low), "high": degrees(high)}
    if low is not None:
        return pgettext("temperature", "at least %(low)s") % {"low": degrees(low)}
    return pgettext("temperature", "at most %(high)s") % {"high": degrees(high)} if high is not None else ""


@register.filter
def point_place(point: TemperaturePoint) -> str:
    """The kitchen or ward of a point."""
    return place_of(point)


def _clock(at: datetime) -> str:
    return f"{timezone.localtime(at):%H:%M}"

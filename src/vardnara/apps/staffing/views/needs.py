"""Needs by hour and weekday, for all wards or one, and what an hour is made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import ceil
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from vardnara.apps.accounts.views.access import allow
from vardnara.apps.service.choices import Party
from vardnara.apps.service.queries.measured import kind_names
from vardnara.apps.staffing.choices import READERS
from vardnara.apps.staffing.forms.allocation import NeedsForm
from vardnara.apps.staffing.queries.needs import HospitalNeeds, needs_seen
from vardnara.engines.posts import NeedsOrder, ZoneNeed, cover_plan, hour_parts
from vardnara.engines.workload import spread_of, workload_estimate

STEPS = 5  # colours of the clock, from the least to the most


@dataclass(frozen=True, slots=True)
class NeedCell:
    """Minutes of an hour with their interval, who must be there, and how dark it is."""

    typical: float
    low: float
    high: float
    people: float
    step: int
    day: str
    hour: int


def cells_of(need: ZoneNeed, days: list[str]) -> list[tuple[int, list[NeedCell]]]:
    """Rows of a table: the hours from the first with work to the last."""
    most = max(map(max, need.typical), default=0.0)
    busy = [hour for hour in range(24) if any(row[hour] for row in need.typical)]
    return [
        (
            hour,
            [
                NeedCell(
                    need.typical[index][hour], need.low[index][hour], need.high[index][hour], need.cover[index][hour],
                    ceil(STEPS * need.typical[index][hour] / most) if need.typical[index][hour] > 0 else 0, day, hour,
                )
                for index, day in enumerate(days)
            ],
        )
        for hour in range(busy[0], busy[-1] + 1)
    ] if busy else []  # fmt: skip


def percents(shares: Iterable[float]) -> str:
    """Shares as whole per cent: 95, or 90–95 where zones differ."""
    found = sorted({round(100 * share) for share in shares})
    return "–".join(map(str, dict.fromkeys((found[0], found[-1])))) if found else ""


def _asked(request: HttpRequest) -> tuple[NeedsForm, HospitalNeeds | None]:
    """The form as it was filled in, and the needs that it asks for."""
    form = NeedsForm(request.GET or None)
    said = form.said()
    found = needs_seen(
        actor=request.user, on=timezone.localdate(), whose=said["whose"], zoned_by=said["zoned_by"],
        service_level=said["service_level"],
    )  # fmt: skip
    form.zone(found.zone_names if found else {})
    return form, found


@allow(*READERS)
@never_cache
def needs(request: HttpRequest) -> HttpResponse:
    """The clock of needs with its uncertainty, and the posts that covers ask for."""
    form, found = _asked(request)
    if found is None or not found.order.workload.tasks:
        return render(request, "staffing/needs.html", {"form": form, "found": None})
    estimate, zone = found.estimate(), form.zone(found.zone_names)
    shown = next((one for one in estimate.zones if one.code == zone), estimate.whole)
    work, names = workload_estimate(found.order.workload), kind_names()
    days = [one.code for one in estimate.field.columns]
    wards = set(shown.wards)
    minutes = spread_of(row for row in work.rows if row.ward in wards)
    fte = work.fte.typical / work.minutes.typical if work.minutes.typical else 0.0
    context = {
        "form": form,
        "found": found,
        "zone": zone,
        "zone_name": found.zone_names.get(zone, ""),
        "days": days,
        "rows": cells_of(shown, days),
        "minutes": minutes,
        "fte": minutes.times(fte),
        "net_hours": found.params.net_hours_per_fte,
        "cover": None if zone else cover_plan(estimate.field, found.params),
        "level_percent": round(100 * estimate.service_level),
        "productive_percent": percents({one.productive_share for one in estimate.zones if wards & set(one.wards)}),
        "unverified": sum(row.minutes.typical for row in work.rows
                          if row.ward in wards and row.norm.evidence.confidence == "unverified"),
        "without_norm": [names.get(code, code) for code in found.work.without_norm],
        "query": form.query(zone),
        "year": found.order.workload.year,
    }  # fmt: skip
    return render(request, "staffing/needs.html", context)


@allow(*READERS)
@never_cache
def needs_hour(request: HttpRequest) -> HttpResponse:
    """What an hour is made of: each kind of task with its norm, its agreement and where they come from."""
    form, found = _asked(request)
    day, hour = request.GET.get("dag", ""), request.GET.get("tim", "")
    if found is None or not hour.isdigit() or int(hour) > 23:
        raise Http404
    estimate = found.estimate()
    days = [one.code for one in estimate.field.columns]
    if day not in days:
        raise Http404
    zone = form.zone(found.zone_names)
    need = next((one for one in estimate.zones if one.code == zone), estimate.whole)
    names, wards = kind_names(), set(need.wards)
    parts = [_part(part, found, names) for part in hour_parts(_only(found.order, wards), days.index(day), int(hour))]
    at = days.index(day), int(hour)
    context = {
        "day": day,
        "hour": int(hour),
        "hour_after": (int(hour) + 1) % 24,
        "zone": zone,
        "zone_name": found.zone_names.get(zone, ""),
        "typical": need.typical[at[0]][at[1]],
        "low": need.low[at[0]][at[1]],
        "high": need.high[at[0]][at[1]],
        "people": need.cover[at[0]][at[1]],
        "level_percent": round(100 * estimate.service_level),
        "productive_percent": percents({one.productive_share for one in estimate.zones if set(one.wards) & wards}),
        "parts": parts,
        "query": form.query(zone),
    }
    return render(request, "staffing/needs_hour.html", context)


def _only(order: NeedsOrder, wards: set[str]) -> NeedsOrder:
    """The order with some of its wards."""
    zones = tuple(zone for zone in order.zones if set(zone.wards) <= wards)
    kept = tuple(ward for ward in order.workload.wards if ward.code in wards)
    return replace(order, workload=replace(order.workload, wards=kept), zones=zones)


def _part(part: Any, found: HospitalNeeds, names: dict[str, str]) -> dict[str, Any]:
    of = found.work.parts[part.task.code]
    evidence = part.task.norm.evidence
    return {
        "name": names.get(of.type_code, of.type_code),
        "type_code": of.type_code,
        "ward": found.work.wards[part.ward].name,
        "party": str(Party(of.party).label) if of.party else "",
        "low": part.low,
        "typical": part.typical,
        "high": part.high,
        "arrivals": part.arrivals,
        "confidence": evidence.confidence,
        "source": evidence.source,
        "source_on": evidence.date,
        "window": str(part.task.recurrence.window),
    }

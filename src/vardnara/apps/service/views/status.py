"""The status page, and what machines ask: health and metrics. Numbers only, no identities."""

from __future__ import annotations

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.views.access import allow, allow_public
from vardnara.apps.hospital.queries.parts import part_list
from vardnara.apps.hospital.queries.status import parts_age, status_numbers
from vardnara.apps.service.queries.paper import OLD_MINUTES, paper_status

AGE = "vardnara_part_heartbeat_age_seconds"
PAPER = "vardnara_paper_list_age_seconds"
HELP = {
    "paper": "Age of the oldest ward's list on paper; absent while a ward has none.",
    "beds": "Bed places by state, exclusive.",
    "stays": "Open stays, and those of them without a place.",
    "tasks": "Tasks by state.",
    "inbox": "Messages by status; duplicates were sent again.",
    "parts": "Age of the newest heartbeat of a part.",
}
SUMS = frozenset({"total", "received"})  # sums of the others, which whoever reads can make
ROLES = (Role.COORDINATOR, Role.SERVICE_HEAD, Role.INTEGRATOR, Role.AUDITOR, Role.ADMINISTRATOR)


def _context() -> dict[str, object]:
    at = timezone.now()
    filed_at, old = paper_status(at=at)
    paper = {"filed_at": filed_at, "old": old, "minutes": OLD_MINUTES}
    return {"running": part_list(at=at), "numbers": status_numbers(at), "paper": paper}


@allow(*ROLES)
@never_cache
def status(request: HttpRequest) -> HttpResponse:
    return render(request, "service/status.html", _context())


@allow(*ROLES)
@never_cache
def status_parts(request: HttpRequest) -> HttpResponse:
    return render(request, "service/_status.html", _context())


@allow_public
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """200 while the database answers; the parts' ages are told, and judged by whoever watches."""
    try:
        parts = parts_age(timezone.now())
    except DatabaseError:
        return JsonResponse({"status": "down", "database": False}, status=503)
    return JsonResponse({"status": "up", "database": True, "parts": parts})


@allow_public
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text: beds, stays, tasks, inbox and heartbeats."""
    numbers = status_numbers(timezone.now())
    lines: list[str] = []
    for name, label in (("beds", "state"), ("stays", "state"), ("tasks", "state"), ("inbox", "status")):
        lines += [f"# HELP vardnara_{name} {HELP[name]}", f"# TYPE vardnara_{name} gauge"]
        values = numbers.get(name, {})
        lines += [f'vardnara_{name}{{{label}="{key}"}} {value}' for key, value in values.items() if key not in SUMS]
    lines += [f"# HELP {AGE} {HELP['parts']}", f"# TYPE {AGE} gauge"]
    lines += [f'{AGE}{{part="{part}"}} {age}' for part, age in numbers["parts"].items() if age is not None]
    filed_at, _ = paper_status(at=timezone.now())
    if filed_at is not None:
        seconds = int((timezone.now() - filed_at).total_seconds())
        lines += [f"# HELP {PAPER} {HELP['paper']}", f"# TYPE {PAPER} gauge", f"{PAPER} {seconds}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")

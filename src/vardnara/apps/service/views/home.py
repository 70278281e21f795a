"""The role home: whoever signs in lands where their work is."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.views.access import allow_signed_in
from vardnara.apps.hospital.choices import BedStatus
from vardnara.apps.hospital.queries.boards import board_wards
from vardnara.kernel.errors import RuleBroken


@allow_signed_in
def home(request: HttpRequest) -> HttpResponse:
    """Who has one page of work goes straight there; others see the house in numbers."""
    role = request.user.role
    if role == Role.SERVICE_WORKER:
        return redirect("service:work")
    if role == Role.COORDINATOR:
        return redirect("service:coordination")
    if role in (Role.UNION_REP, Role.SAFETY_REP):
        return redirect("decisions:shared_cases")
    try:
        wards = board_wards(actor=request.user)
    except RuleBroken:
        wards = []
    if role == Role.WARD_STAFF and len(wards) == 1:
        return redirect("service:ward", ward_id=wards[0].id)
    totals = [(status, sum(ward.counts[str(status)] for ward in wards)) for status in BedStatus]
    return render(request, "service/home.html", {"wards": wards, "totals": totals})

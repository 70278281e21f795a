"""What every page of the economy is asked: which hospital, which year, by which method."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest

from vardnara.apps.economy.choices import KEEPERS, Method
from vardnara.apps.economy.forms import YearForm
from vardnara.apps.economy.queries.following import YearForecast, year_forecast
from vardnara.apps.economy.queries.ledger import economy_hospital, months_booked, year_list
from vardnara.engines.followup import Method as EngineMethod


@dataclass(frozen=True, slots=True)
class Asked:
    """What is shown; ``link`` carries the choices to the next page."""

    hospital_id: int
    form: YearForm
    shown: YearForecast
    closed: bool
    link: str
    writes: bool


def year_asked(request: HttpRequest) -> Asked | None:
    """The year's forecast by what the reader chose, else the newest year by run rate; None where nothing is there."""
    hospital_id = economy_hospital(actor=request.user)
    years = year_list(actor=request.user, hospital_id=hospital_id)
    if not years:
        return None
    closed = dict(years)
    text = request.GET.get("ar", "")
    year = int(text) if text.isdigit() and int(text) in closed else years[0][0]
    through = months_booked(hospital_id=hospital_id, year=year)
    data = {
        "ar": year,
        "metod": request.GET.get("metod") or Method.RUN_RATE,
        "manad": request.GET.get("manad") or through,
    }
    form = YearForm(data, years=closed, through=through)
    if not form.is_valid():
        form = YearForm({"ar": year, "metod": Method.RUN_RATE, "manad": through or ""}, years=closed, through=through)
        form.is_valid()
    method, month = form.cleaned_data.get("metod") or Method.RUN_RATE, form.cleaned_data.get("manad") or None
    shown = year_forecast(
        actor=request.user, hospital_id=hospital_id, year=year, method=EngineMethod(method), through_month=month
    )
    link = urlencode({"ar": year, "metod": method, "manad": shown.through_month or ""})
    return Asked(hospital_id, form, shown, closed[year], link, request.user.role in KEEPERS)

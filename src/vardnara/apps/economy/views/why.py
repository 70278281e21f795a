"""Why does it cost more than is paid? The hospital's own answer, and the same question put to a document's figures."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache

from vardnara.apps.accounts.views.access import allow
from vardnara.apps.economy.choices import READERS
from vardnara.apps.economy.forms import QuestionForm
from vardnara.apps.economy.queries.ledger import economy_hospital, year_list
from vardnara.apps.economy.queries.why import why as why_read
from vardnara.apps.service.queries.delivered import TASKS_SHOWN, delivered_tasks
from vardnara.engines.followup import Deviation, Part, Question, deviation_explain

PART_WORDS = {
    "weekdays": pgettext_lazy("why", "Monday to Friday"),
    "weekends": pgettext_lazy("why", "Saturday and Sunday"),
    "final_cleans": pgettext_lazy("why", "Final cleans: discharge and contagion"),
    "work": pgettext_lazy("why", "Agreed work"),
}
MISSING_WORDS = {
    "cost": pgettext_lazy("why", "what it cost"),
    "compensation": pgettext_lazy("why", "what is paid for it"),
    "quantities": pgettext_lazy("why", "any hours, agreed or done"),
    "agreed_quantity": pgettext_lazy("why", "how many hours were agreed"),
    "done_quantity": pgettext_lazy("why", "how many hours were done"),
}
HALLAND = {
    "cost": "23400000",
    "compensation": "11000000",
    "source": "Region Halland, Driftnämnden Regionservice: Fortsatt utveckling av vårdnära service, ca 2018",
}
HALLAND_QUOTES = (
    "RGS prognosticerade helårskostnad för att utföra uppdraget är i dagsläget 23,4 mnkr.",
    "Den ersättning RGS får för utfört uppdrag är 11,0 mnkr, vilket innebär att RGS har en negativ avvikelse på helår"
    " om 12,4 mnkr.",
    "Det visar sig nu i efterhand att det har funnits otydligheter mellan HS och RGS angående omfattningen av tjänsten"
    " ”Vårdnära service”, till exempel när det gäller helgtjänstgöring för servicepersonal och överenskommelser kring"
    " slutstädningar.",
)


def _answer(found: Deviation) -> dict[str, Any]:
    """An explanation as the page shows it."""
    return {
        "found": found,
        "parts": [(PART_WORDS.get(one.name, one.name), one) for one in found.parts],
        "missing": [MISSING_WORDS[name] for name in found.missing],
    }


@allow(*READERS)
@never_cache
def why(request: HttpRequest) -> HttpResponse:
    """The question over the booked months of a year, and over figures that somebody types in."""
    hospital_id = economy_hospital(actor=request.user)
    years = [year for year, _ in year_list(actor=request.user, hospital_id=hospital_id)]
    text = request.GET.get("ar", "")
    year = int(text) if text.isdigit() and int(text) in years else (years[0] if years else timezone.localdate().year)
    own = why_read(actor=request.user, hospital_id=hospital_id, year=year, today=timezone.localdate())
    asked = any(request.GET.get(name) for name in QuestionForm.base_fields)
    form = QuestionForm(request.GET if asked else None)
    context = {
        "own_query": f"?{urlencode({'fran': own.since, 'till': own.until})}" if own else "",
        "years": years,
        "year": year,
        "own": own,
        "last": own.until - timedelta(days=1) if own else None,
        "answer": _answer(own.found) if own else None,
        "form": form,
        "typed": _answer(_typed(form)) if asked and form.is_valid() else None,
        "source": form.cleaned_data["source"] if asked and form.is_valid() else "",
        "hours_typed": any(request.GET.get(name) for name in ("agreed", "done", "weekends", "final_cleans")),
        "halland": urlencode(HALLAND),
        "quotes": HALLAND_QUOTES if asked and request.GET.get("source") == HALLAND["source"] else (),
    }
    return render(request, "economy/why.html", context)


def _typed(form: QuestionForm) -> Deviation:
    """The question with the figures of the form; hours that are left out are not known."""
    data = form.cleaned_data
    zero = Decimal(0)
    parts: tuple[Part, ...] | None = None
    if data["agreed"] is not None and data["done"] is not None:
        outside = [(name, data[name]) for name in ("weekends", "final_cleans") if data[name]]
        parts = (
            Part("work", data["agreed"], data["done"]),
            *(Part(name, zero, hours, in_scope=False) for name, hours in outside),
        )
    return deviation_explain(Question(data["cost"], data["compensation"], parts))


def _day(text: str, default: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return default


@allow(*READERS)
@never_cache
def tasks(request: HttpRequest) -> HttpResponse:
    """The finished tasks behind a figure."""
    today = timezone.localdate()
    since, until = _day(request.GET.get("fran", ""), today.replace(day=1)), _day(request.GET.get("till", ""), today)
    number = {name: request.GET.get(name, "") for name in ("avdelning", "slag")}
    ids = {name: int(text) if text.isdigit() and len(text) < 18 else None for name, text in number.items()}
    rows, count = delivered_tasks(
        actor=request.user,
        since=since,
        until=until,
        ward_id=ids["avdelning"],
        task_type_id=ids["slag"],
        agreed={"ja": True, "nej": False}.get(request.GET.get("avtalat", "")),
    )
    context = {
        "rows": rows,
        "count": count,
        "cut": count > TASKS_SHOWN,
        "since": since,
        "last": until - timedelta(days=1),
        "agreed": request.GET.get("avtalat", ""),
        "minutes": sum(row.minutes or 0 for row in rows),
    }
    return render(request, "economy/tasks.html", context)

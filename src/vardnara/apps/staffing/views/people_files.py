"""People as files: out as CSV that can be read in again and as xlsx, a template, and a table in."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache

from vardnara.apps.accounts.views.access import allow
from vardnara.apps.staffing.choices import PLANNERS, Competence
from vardnara.apps.staffing.forms.people import PeopleForm
from vardnara.apps.staffing.queries.people import ContractRow, PersonRow, people_hospital, people_on
from vardnara.apps.staffing.services.people_import import COLUMNS, CONTRACT, people_import
from vardnara.apps.staffing.views.table_import import table_answer, table_import_page, template_answer
from vardnara.gateways.tabular import Cell, OutTable, Sheet, SheetCell

EXAMPLE = (
    "4711;Exempel Person;;K31;;;VNS-01;0,75;all_days;2026-01-01;;"
    "2025-03-01;2028-02-29;2025-03-01;;2025-09-15;2027-09-14\n"
)


@allow(*PLANNERS)
@never_cache
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """Whom one plans with on a day."""
    if kind not in ("csv", "xlsx"):
        raise Http404
    form = PeopleForm({"dag": request.GET.get("dag") or timezone.localdate(), "kan": request.GET.get("kan", "")})
    said = form.cleaned_data if form.is_valid() else {}
    day = said.get("dag") or timezone.localdate()
    rows = [row for home in people_on(actor=request.user, day=day, competence=said.get("kan", "")) for row in home.rows]
    title = pgettext("nav", "People")
    word = pgettext("people", "people")
    name = f"{word}-{day.isoformat()}"
    if kind == "xlsx":
        told = pgettext("people", "As of %(day)s. Minutes a week are those of the contracts that hold then.")
        sheet = Sheet(title, title, told % {"day": day.isoformat()}, _heads(), [_line(row) for row in rows], (3, 4))
        return table_answer(name, sheet)
    return table_answer(name, OutTable(name, COLUMNS, [line for row in rows for line in _csv_lines(row)]))


def _heads() -> list[str]:
    return [
        pgettext("people", "Staff number"),
        pgettext("people", "Name"),
        pgettext("people", "Ward or pool"),
        pgettext("people", "Share of full time"),
        pgettext("people", "Minutes a week"),
        *(pgettext("people", "%(what)s until") % {"what": one.label} for one in Competence),
        pgettext("people", "Away until"),
    ]


def _line(row: PersonRow) -> list[SheetCell]:
    holds = {one.competence: one for one in row.trainings if one.state != "ended"}
    last = pgettext("people", "for ever")
    return [
        row.number,
        row.name,
        row.home,
        row.share,
        row.minutes,
        *((holds[one].expires_on or last) if one in holds else None for one in Competence),
        row.away.last_on if row.away else None,
    ]


def _csv_lines(row: PersonRow) -> list[list[Cell]]:
    """A row for each contract; who the person is stands in the first."""
    by_code = {one.competence: one for one in row.trainings}
    trained: list[Cell] = []
    for one in Competence:
        found = by_code.get(one)
        trained += [found.since_on.isoformat() if found else None, _day(found.expires_on) if found else None]
    adult = row.adult_on.isoformat() if row.adult_on else None
    head: list[Cell] = [row.number, row.name, row.user, row.ward_code, row.pool, adult]
    first, *more = [_contract(one) for one in row.contracts] or [[None] * len(CONTRACT)]
    blank: list[Cell] = [None] * (len(head) - 1)
    return [[*head, *first, *trained], *([row.number, *blank, *one, *([None] * len(trained))] for one in more)]


def _contract(one: ContractRow) -> list[Cell]:
    return [one.post_number, one.share, str(one.measure), one.from_on.isoformat(), _day(one.last_on)]


def _day(day: object) -> str | None:
    return day.isoformat() if hasattr(day, "isoformat") else None


@allow(*PLANNERS)
def template(request: HttpRequest) -> HttpResponse:
    """An empty table with one row as an example."""
    return template_answer(pgettext("people", "people"), COLUMNS, EXAMPLE)


@allow(*PLANNERS)
@never_cache
def imports(request: HttpRequest) -> HttpResponse:
    """Read a table of people in, or show every fault by its line or cell."""
    return table_import_page(
        request,
        read=lambda **sent: people_import(hospital_id=people_hospital(actor=request.user), **sent),
        columns=COLUMNS,
        template="staffing/people_imports.html",
        done="staffing:people",
    )

"""Measures as files: the register out as CSV and xlsx, a template, and a table in."""

from __future__ import annotations

from decimal import Decimal

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache

from vardnara.apps.accounts.views.access import allow
from vardnara.apps.decisions.queries.cases import READERS
from vardnara.apps.decisions.queries.measures import MeasureRow
from vardnara.apps.decisions.services.measure_import import COLUMNS, RECKONED, measures_import
from vardnara.apps.decisions.services.recording import WRITERS
from vardnara.apps.decisions.templatetags.measure_words import late_word, named
from vardnara.apps.decisions.views.measures import own_hospital, register_asked
from vardnara.apps.staffing.views.table_import import table_answer, table_import_page, template_answer
from vardnara.gateways.tabular import Cell, OutTable, Sheet, SheetCell

EXAMPLE = (
    ";Färre avrop av hyrpersonal;Kostnadsminskning;Divisionschef;;;Driftnämnden;2026-01-01;2026-12-31;nej;1200000,00;"
    "2026;1800000,00;Ändrar kostnaden;;Särskild prövning av avrop;;Uppdrag givet;;\n"
)


@allow(*READERS)
@never_cache
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """The measures that are shown: as CSV that can be read in again, or as a workbook with sums."""
    if kind not in ("csv", "xlsx"):
        raise Http404
    rows = register_asked(request)[0].rows
    day = timezone.localdate().isoformat()
    title = pgettext("nav", "Measures")
    word = pgettext("measure", "measures")
    name = f"{word}-{day}"
    if kind == "xlsx":
        said = pgettext("measure", "As of %(day)s. Kronor above 0 where cost falls.") % {"day": day}
        together = pgettext("economy", "Together")
        sheet = Sheet(title, title, said, _heads(), [_line(row) for row in rows], (9, 11), together)
        return table_answer(name, sheet)
    return table_answer(name, OutTable(name, (*COLUMNS, *RECKONED), [_csv_line(row) for row in rows]))


def _heads() -> list[str]:
    return [
        pgettext("measure", "Measure"),
        pgettext("posts", "Number"),
        pgettext("measure", "Kind"),
        pgettext("measure", "Owner"),
        pgettext("measure", "Where"),
        pgettext("measure", "Payer"),
        pgettext("measure", "Status"),
        pgettext("measure", "Late"),
        pgettext("measure", "The year"),
        pgettext("measure", "Kronor within the year"),
        pgettext("measure", "Benefit"),
        pgettext("measure", "Kronor of a full year"),
        pgettext("measure", "Share of what was promised"),
        pgettext("measure", "Next check"),
        pgettext("measure", "Care places"),
        pgettext("measure", "What it requires"),
        pgettext("measure", "Case"),
    ]


def _line(row: MeasureRow) -> list[SheetCell]:
    one = row.measure
    kept = kept_share(row)
    return [
        one.label,
        one.number,
        one.get_kind_display(),
        one.owner,
        row.place,
        one.payer,
        named(row.standing.status),
        ", ".join(str(late_word(code)) for code in row.late),
        str(one.short_year) if one.short_year else None,
        one.short_sek,
        one.get_benefit_display(),
        one.long_sek,
        kept,
        row.next_check,
        one.beds_change,
        one.requires,
        one.case.title if one.case else None,
    ]


def kept_share(row: MeasureRow) -> Decimal | None:
    """The least that was kept of any promise with an outcome: the weakest is what a gate goes by."""
    shares = [one.kept_share for one in row.promises if one.kept_share is not None]
    return round(min(shares), 4) if shares else None


def _csv_line(row: MeasureRow) -> list[Cell]:
    one = row.measure
    day = row.next_check.isoformat() if row.next_check else ""
    return [
        one.number,
        one.label,
        one.kind,
        one.owner,
        one.division.code if one.division else "",
        one.ward.code if one.ward else "",
        one.payer,
        one.starts_on.isoformat() if one.starts_on else "",
        one.ends_on.isoformat() if one.ends_on else "",
        "ja" if one.is_multi_year else "nej",
        one.short_sek,
        one.short_year,
        one.long_sek,
        one.benefit,
        one.goes_to,
        one.requires,
        one.beds_change,
        row.standing.status.code,
        row.standing.because,
        one.note,
        row.proposed.code,
        day,
        kept_share(row),
    ]


@allow(*WRITERS)
def template(request: HttpRequest) -> HttpResponse:
    """An empty table with one row as an example."""
    return template_answer("atgarder-mall", COLUMNS, EXAMPLE)


@allow(*WRITERS)
@never_cache
def imports(request: HttpRequest) -> HttpResponse:
    """Read a table of measures in, or show every fault by its line or cell."""
    return table_import_page(
        request,
        read=lambda **sent: measures_import(hospital_id=own_hospital(request), **sent),
        columns=COLUMNS,
        template="decisions/measures_import.html",
        done="decisions:measures",
    )

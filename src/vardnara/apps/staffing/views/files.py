"""Posts as files: the register out as CSV and xlsx, a template, and a table in."""

from __future__ import annotations

from decimal import Decimal

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache

from vardnara.apps.accounts.views.access import allow
from vardnara.apps.staffing import services
from vardnara.apps.staffing.choices import READERS, WRITERS
from vardnara.apps.staffing.queries.posts import Period, PostRow, posts_hospital, posts_on
from vardnara.apps.staffing.services.posts_import import COLUMNS, PAY, RECKONED
from vardnara.apps.staffing.views.posts import day_asked
from vardnara.apps.staffing.views.table_import import table_answer, table_import_page, template_answer
from vardnara.gateways.tabular import Cell, OutTable, Sheet, SheetCell

EXAMPLE = (
    "VNS-01;Servicemedarbetare;;K31;;1;2026-01-01;;;27500;21000;30000;2026;0,39;Källa för avgiftssatsen;"
    "Driftnämnden;2026-01-01;;ja;nej\n"
)


@allow(*READERS)
@never_cache
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """The register of a day: as CSV that can be read in again, or as a workbook with sums."""
    if kind not in ("csv", "xlsx"):
        raise Http404
    day, _ = day_asked(request)
    rows = posts_on(actor=request.user, day=day).rows
    title = pgettext("nav", "Posts")
    word = pgettext("posts", "posts")
    name = f"{word}-{day.isoformat()}"
    if kind == "xlsx":
        said = pgettext("posts", "As of %(day)s. Cost is a year of the post's own share.") % {"day": day.isoformat()}
        sheet = Sheet(title, title, said, _heads(), [_line(row) for row in rows], (5, 6, 7, 8, 11), _together())
        return table_answer(name, sheet)
    return table_answer(name, OutTable(name, (*COLUMNS, *RECKONED), [line for row in rows for line in _csv_lines(row)]))


def _together() -> str:
    return pgettext("economy", "Together")


def _heads() -> list[str]:
    return [
        pgettext("posts", "Number"),
        pgettext("posts", "Title"),
        pgettext("posts", "Division"),
        pgettext("posts", "Ward or pool"),
        pgettext("posts", "Who pays"),
        pgettext("posts", "Posts"),
        pgettext("posts", "In frame"),
        pgettext("posts", "Outside frame"),
        pgettext("posts", "Nobody pays"),
        pgettext("posts", "First day"),
        pgettext("posts", "Last day"),
        pgettext("posts", "Cost a year, kronor"),
        pgettext("posts", "Cost an hour, kronor"),
        pgettext("posts", "The year whose pay it is"),
        pgettext("posts", "Social charges by"),
    ]


def _line(row: PostRow) -> list[SheetCell]:
    nought = Decimal(0)
    payer = row.payer
    cost = row.full_time
    return [
        row.number,
        row.title,
        row.division,
        row.ward or row.pool,
        payer.party if payer else None,
        row.share,
        row.share if payer and payer.in_frame else nought,
        row.share if payer and not payer.in_frame else nought,
        nought if payer else row.share,
        row.from_on,
        row.last_on,
        row.cost_sek,
        cost.hourly_sek if cost else None,
        str(cost.pay_year) if cost else None,
        cost.charges_basis if cost else None,
    ]


def _csv_lines(row: PostRow) -> list[list[Cell]]:
    """A row for each time of funding; what the post is stands in the first."""
    last = row.last_on.isoformat() if row.last_on else ""
    own = row.division_code if row.division_id else ""
    head: list[Cell] = [row.number, row.title, own, row.ward_code, row.pool, row.share, row.from_on.isoformat()]
    pay: list[Cell] = [row.pay[name] for name in PAY]
    cost: list[Cell] = [row.cost_sek, row.full_time.hourly_sek if row.full_time else None]
    first, *more = [_paid(one) for one in row.fundings] or [[None] * 5]
    blank: list[Cell] = [None] * (len(COLUMNS) - 5 - 1)
    return [
        [*head, last, row.note, *pay, *first, *cost],
        *([row.number, *blank, *paid, None, None] for paid in more),
    ]


def _paid(one: Period) -> list[Cell]:
    last = one.last_on.isoformat() if one.last_on else ""
    return [
        one.party,
        one.from_on.isoformat(),
        last,
        "ja" if one.in_frame else "nej",
        "ja" if one.is_stimulus else "nej",
    ]


@allow(*WRITERS)
def template(request: HttpRequest) -> HttpResponse:
    """An empty table with one row as an example."""
    return template_answer(pgettext("posts", "posts"), COLUMNS, EXAMPLE)


@allow(*WRITERS)
@never_cache
def imports(request: HttpRequest) -> HttpResponse:
    """Read a table of posts in, or show every fault by its line or cell."""
    return table_import_page(
        request,
        read=lambda **sent: services.posts_import(hospital_id=posts_hospital(actor=request.user), **sent),
        columns=COLUMNS,
        template="staffing/imports.html",
        done="staffing:posts",
    )

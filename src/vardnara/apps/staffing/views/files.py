"""Posts as files: the register out as CSV and xlsx, a template, and a table in."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache

from vardnara.apps.accounts.views.access import allow
from vardnara.apps.staffing import services
from vardnara.apps.staffing.bridge import fault_words
from vardnara.apps.staffing.choices import READERS, WRITERS
from vardnara.apps.staffing.forms import ImportForm
from vardnara.apps.staffing.queries.posts import Period, PostRow, posts_hospital, posts_on
from vardnara.apps.staffing.services.posts_import import COLUMNS, PAY, RECKONED
from vardnara.apps.staffing.views.posts import day_asked
from vardnara.gateways.tabular import Cell, OutTable, Sheet, SheetCell, table_csv_text, workbook_bytes
from vardnara.kernel.errors import InputError
from vardnara.kernel.faults import Fault

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UPLOAD_MAX = 10_000_000
FAULTS_SHOWN = 200
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
        answer = HttpResponse(workbook_bytes([sheet]), content_type=XLSX)
    else:
        table = OutTable(name, (*COLUMNS, *RECKONED), [line for row in rows for line in _csv_lines(row)])
        text = table_csv_text(table, delimiter=";", decimal_comma=True)
        answer = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer


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
    answer = HttpResponse("\ufeff" + ";".join(COLUMNS) + "\n" + EXAMPLE, content_type="text/csv; charset=utf-8")
    word = pgettext("posts", "posts")
    answer["Content-Disposition"] = f'attachment; filename="{word}.csv"'
    return answer


@allow(*WRITERS)
@never_cache
def imports(request: HttpRequest) -> HttpResponse:
    """Read a table of posts in, or show every fault by its line or cell."""
    form = ImportForm(request.POST or None, request.FILES or None)
    faults: tuple[Fault, ...] = ()
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        name = Path(sent.name).name
        ending = Path(name).suffix.lower()
        if ending not in (".csv", ".xlsx") or sent.size > UPLOAD_MAX:
            wrong = pgettext("economy", "not a file that can be read here")
            faults = (Fault(name, "", wrong, "CSV, xlsx, < 10 MB"),)
        else:
            try:
                with TemporaryDirectory() as folder:
                    file = Path(folder) / f"posts{ending}"
                    file.write_bytes(b"".join(sent.chunks()))
                    added, changed = services.posts_import(
                        hospital_id=posts_hospital(actor=request.user),
                        path=file,
                        file_name=name,
                        encoding=form.cleaned_data["encoding"],
                        actor=request.user,
                        at=timezone.now(),
                    )
                said = pgettext("posts", "Read in: %(added)d new, %(changed)d changed.")
                messages.success(request, said % {"added": added, "changed": changed})
                return redirect("staffing:posts")
            except InputError as error:
                faults = error.faults
    context = {
        "form": form,
        "faults": [fault_words(fault) for fault in faults[:FAULTS_SHOWN]],
        "n_faults": len(faults),
        "columns": COLUMNS,
    }
    return render(request, "staffing/imports.html", context, status=422 if form.is_bound else 200)

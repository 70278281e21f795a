"""A register's table, in and out: posts and people here, measures in decisions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import pgettext

from vardnara.apps.accounts.views.uploads import upload_kept
from vardnara.apps.staffing.bridge import fault_words
from vardnara.apps.staffing.forms.posts import ImportForm
from vardnara.gateways.tabular import OutTable, Sheet, table_csv_text, workbook_bytes
from vardnara.kernel.errors import InputError
from vardnara.kernel.faults import Fault

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LARGEST_MB = 10
FAULTS_SHOWN = 200


def table_import_page(
    request: HttpRequest, *, read: Callable[..., tuple[int, int]], columns: Sequence[str], template: str, done: str
) -> HttpResponse:
    """Let ``read`` take the table that is sent, whole, and go to ``done``; or show every fault by its line or cell.

    ``read`` takes what every import does but the hospital (path, file_name, encoding, actor, at) and says how many rows
    were added and changed.
    """
    form = ImportForm(request.POST or None, request.FILES or None)
    faults: tuple[Fault, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            with upload_kept(form.cleaned_data["file"], largest_mb=LARGEST_MB) as (path, name):
                added, changed = read(
                    path=path,
                    file_name=name,
                    encoding=form.cleaned_data["encoding"],
                    actor=request.user,
                    at=timezone.now(),
                )
            said = pgettext("posts", "Read in: %(added)d new, %(changed)d changed.")
            messages.success(request, said % {"added": added, "changed": changed})
            return redirect(done)
        except InputError as error:
            faults = error.faults
    context = {
        "form": form,
        "faults": [fault_words(fault) for fault in faults[:FAULTS_SHOWN]],
        "n_faults": len(faults),
        "columns": columns,
    }
    return render(request, template, context, status=422 if form.is_bound else 200)


def table_answer(name: str, content: Sheet | OutTable) -> HttpResponse:
    """A register as a file: a sheet as a workbook, a table as CSV that can be read in again."""
    if isinstance(content, Sheet):
        answer, kind = HttpResponse(workbook_bytes([content]), content_type=XLSX), "xlsx"
    else:
        answer, kind = _csv(table_csv_text(content, delimiter=";", decimal_comma=True)), "csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer


def template_answer(name: str, columns: Sequence[str], example: str) -> HttpResponse:
    """An empty table with one row as an example."""
    answer = _csv(";".join(columns) + "\n" + example)
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def _csv(text: str) -> HttpResponse:
    return HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")

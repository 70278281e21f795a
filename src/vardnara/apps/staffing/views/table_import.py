"""The page that reads a register's table in: posts here, measures in decisions."""

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
from vardnara.kernel.errors import InputError
from vardnara.kernel.faults import Fault

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

"""The take-home ledger: every source with where its hours went, one with its bookings, and the ledger as a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.queries import user_reach
from vardnara.apps.accounts.views.access import allow
from vardnara.apps.accounts.views.answers import rule_say, rule_text
from vardnara.apps.decisions import services
from vardnara.apps.decisions.forms.take_home import BecauseForm, BookingForm, FreedForm
from vardnara.apps.decisions.queries.cases import READERS
from vardnara.apps.decisions.queries.take_home import LedgerRow, case_hours, ledger, source_one, sums_of
from vardnara.apps.decisions.services.recording import WRITERS
from vardnara.apps.staffing.queries.costing import posts_ending
from vardnara.gateways.tabular import Cell, Formula, OutTable, Sheet, SheetCell, table_csv_text, workbook_bytes
from vardnara.kernel.errors import RuleBroken

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FIELD_OF = {
    "bad_quantity": "hours",
    "hours_booked_twice": "hours",
    "post_has_fewer_hours": "hours",
    "hours_are_entered": "part",
    "basis_missing": "basis",
    "post_counted_twice": "post_id",
    "post_not_ending": "post_id",
    "cash_without_price": "hourly_sek",
    "kronor_of_no_cash": "hourly_sek",
    "to_what_missing": "to",
    "hours_are_booked": "because",
}


def _case_id(request: HttpRequest) -> int | None:
    asked = request.GET.get("arende", "")
    return int(asked) if asked.isdigit() and len(asked) < 18 else None


@allow(*READERS)
@never_cache
def take_home(request: HttpRequest) -> HttpResponse:
    """What was freed, what became of it, and what nobody has booked."""
    case_id = _case_id(request)
    rows = ledger(actor=request.user, case_id=case_id)
    case = case_hours(actor=request.user, case_id=case_id, on=timezone.localdate()) if case_id else None
    context = {
        "rows": rows,
        "sums": sums_of(rows),
        "case": case[0] if case else None,
        "known": case[1] if case else (),
        "writes": request.user.role in WRITERS,
    }
    return render(request, "decisions/take_home.html", context)


def _try(form: forms.Form, act: Callable[[], object]) -> bool:
    try:
        act()
    except RuleBroken as error:
        if error.code in ("out_of_scope", "unknown_matter", "wrong_role"):
            raise
        field = FIELD_OF.get(error.code)
        form.add_error(field if field in form.fields else None, rule_text(error.code))
        return False
    return True


@allow(*WRITERS)
@never_cache
def source_new(request: HttpRequest) -> HttpResponse:
    """Enter hours that something freed, of a case or from elsewhere."""
    case_id = _case_id(request)
    case, known = case_hours(actor=request.user, case_id=case_id, on=timezone.localdate()) if case_id else (None, ())
    initial = {"from_on": timezone.localdate(), "label": case.title if case else ""}
    form = FreedForm(request.POST if request.method == "POST" else None, initial=initial, known=known)
    made: list[int] = []
    if form.is_bound and form.is_valid():
        hospital_id = case.hospital_id if case else min(user_reach(request.user).hospital_ids, default=0)

        def add() -> None:
            words = form.freed_words(case_id)
            row = services.freed_hours_add(hospital_id=hospital_id, words=words, actor=request.user, at=timezone.now())
            made.append(row.pk)

        if _try(form, add):
            return redirect("decisions:freed", source_id=made[0])
    context = {"form": form, "case": case}
    return render(request, "decisions/take_home_new.html", context, status=422 if form.errors else 200)


def _page(request: HttpRequest, source_id: int, **bound: forms.Form) -> HttpResponse:
    page = source_one(actor=request.user, source_id=source_id)
    source = page.row.source
    writes = request.user.role in WRITERS and source.dropped_at is None
    left = page.row.home.unbooked_hours
    context: dict[str, Any] = {
        "page": page,
        "source": source,
        "home": page.row.home,
        "writes": writes,
        "is_live": any(holds for _, holds in page.bookings),
        "drop": BecauseForm(auto_id="id_drop_%s"),
    }
    if writes and left:
        posts = posts_ending(hospital_id=source.hospital_id)
        context["book"] = BookingForm(initial={"hours": left}, posts=posts)
    return render(request, "decisions/take_home_source.html", context | bound, status=422 if bound else 200)


@allow(*READERS)
@never_cache
def source(request: HttpRequest, source_id: int) -> HttpResponse:
    """One source with every booking, what was taken back too."""
    return _page(request, source_id)


@allow(*WRITERS)
@require_POST
def source_act(request: HttpRequest, source_id: int, act: str) -> HttpResponse:
    """Book hours, take a booking back, or take the source out."""
    found = source_one(actor=request.user, source_id=source_id).row.source
    who: dict[str, Any] = {"source_id": source_id, "actor": request.user, "at": timezone.now()}
    if act == "boka":
        book = BookingForm(request.POST, posts=posts_ending(hospital_id=found.hospital_id))
        if book.is_valid() and _try(book, lambda: services.freed_hours_book(words=book.booking_words(), **who)):
            messages.success(request, pgettext("take home", "Booked."))
            return redirect("decisions:freed", source_id=source_id)
        return _page(request, source_id, book=book)
    form = BecauseForm(request.POST, auto_id="id_drop_%s")
    if act == "bort":
        if form.is_valid() and _try(form, lambda: services.freed_hours_drop(**form.cleaned_data, **who)):
            messages.success(request, pgettext("take home", "Taken out of the ledger."))
            return redirect("decisions:take_home")
        return _page(request, source_id, drop=form)
    if act == "ater":
        number = request.POST.get("booking", "")
        booking_id = int(number) if number.isdigit() and len(number) < 18 else 0
        try:
            because = request.POST.get("because", "")
            services.booking_reverse(booking_id=booking_id, because=because[:300], **who)
            messages.success(request, pgettext("take home", "Taken back. The hours are to be booked again."))
        except RuleBroken as error:
            rule_say(request, error)
        return redirect("decisions:freed", source_id=source_id)
    raise Http404


def _heads() -> list[str]:
    return [
        pgettext("take home", "What freed them"),
        pgettext("take home", "Case"),
        pgettext("take home", "Freed from"),
        pgettext("take home", "How it is known"),
        pgettext("take home", "Freed, hours a year"),
        pgettext("take home", "Cash-released, hours"),
        pgettext("take home", "Redistributed, hours"),
        pgettext("take home", "Evaporated, hours"),
        pgettext("take home", "Not booked, hours"),
        pgettext("take home", "Cash-released, kronor a year"),
    ]


def _line(row: LedgerRow) -> list[SheetCell]:
    source, home = row.source, row.home
    return [
        source.label,
        source.case.title if source.case else "",
        source.from_on,
        source.basis,
        home.freed_hours,
        home.cash_released_hours,
        home.redistributed_hours,
        home.evaporated_hours,
        Formula("=E{row}-F{row}-G{row}-H{row}", home.unbooked_hours),
        home.cash_sek,
    ]


@allow(*READERS)
@never_cache
def take_home_export(request: HttpRequest, kind: str) -> HttpResponse:
    """The ledger, a row for each source."""
    if kind not in ("csv", "xlsx"):
        raise Http404
    rows = [_line(row) for row in ledger(actor=request.user, case_id=_case_id(request))]
    title, word = pgettext("take home", "Take-home ledger"), pgettext("take home", "take-home")
    name = f"{word}-{timezone.localdate().isoformat()}"
    if kind == "xlsx":
        said = pgettext("take home", "Each freed hour is booked once. Kronor only where cash was released.")
        sheet = Sheet(title[:31], title, said, _heads(), rows, (4, 5, 6, 7, 8, 9), pgettext("economy", "Together"))
        answer = HttpResponse(workbook_bytes([sheet]), content_type=XLSX)
    else:
        swedish = (get_language() or "").startswith("sv")
        table = OutTable(name, _heads(), [[_cell(cell) for cell in row] for row in rows])
        text = table_csv_text(table, delimiter=";" if swedish else ",", decimal_comma=swedish)
        answer = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer


def _cell(cell: SheetCell) -> Cell:
    """A formula as the number that it has now."""
    return cell.value if isinstance(cell, Formula) else cell

"""Lists on paper: taking them, and entering what was written on them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import npgettext, pgettext
from django.views.decorators.cache import never_cache

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import Person, user_reach, worker_list
from vardnara.apps.accounts.views.access import allow
from vardnara.apps.accounts.views.answers import rule_say, rule_text
from vardnara.apps.hospital.queries.boards import board_ward, board_wards
from vardnara.apps.service import services
from vardnara.apps.service.choices import TaskKind
from vardnara.apps.service.models import PaperEntry, PaperList
from vardnara.apps.service.models.paper import list_number
from vardnara.apps.service.queries.paper import OLD_MINUTES, paper_ages, paper_entries, paper_of
from vardnara.apps.service.services import PaperLine
from vardnara.kernel.clock_reading import clock_read
from vardnara.kernel.errors import RuleBroken

TAKERS = (Role.COORDINATOR, Role.WARD_STAFF, Role.SERVICE_HEAD)
ENTERERS = (Role.COORDINATOR, Role.SERVICE_HEAD)
BEFORE = timedelta(hours=2)  # work may have begun so long before its list was printed
FOUND = ((TaskKind.FOUND_BED, TaskKind.FOUND_BED.label), (TaskKind.SPILL, TaskKind.SPILL.label))


@allow(*TAKERS)
@never_cache
def paper(request: HttpRequest) -> HttpResponse:
    """The lists of the wards within reach, with the age of those in the folder."""
    at = timezone.now()
    ages = {code: (filed, old) for code, filed, old in paper_ages(at=at)}
    wards = board_wards(actor=request.user, with_beds=False)
    rows = [(ward, *ages.get(ward.code, (None, True))) for ward in sorted(wards, key=lambda ward: (ward.code, ward.id))]
    context = {"rows": rows, "old_minutes": OLD_MINUTES, "may_enter": request.user.role in ENTERERS}
    return render(request, "service/paper.html", context)


def _pdf(request: HttpRequest, ward_ids: list[int], name: str) -> HttpResponse:
    at = timezone.now()
    sheets = [sheet for _, sheet in services.paper_sheets(at=at, ward_ids=ward_ids)]
    if not sheets:
        raise Http404(name)
    return HttpResponse(
        services.paper_pdf(sheets=sheets, at=at),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


@allow(*TAKERS)
@never_cache
def paper_ward(request: HttpRequest, ward_id: int) -> HttpResponse:
    """A ward's list as it is now."""
    ward = board_ward(actor=request.user, ward_id=ward_id)
    return _pdf(request, [ward.id], f"lista-{ward.id}.pdf")


@allow(*TAKERS)
@never_cache
def paper_all(request: HttpRequest) -> HttpResponse:
    """The lists of every ward within reach."""
    wards = board_wards(actor=request.user, with_beds=False)
    return _pdf(request, [ward.id for ward in wards], "listor.pdf")


@dataclass(slots=True)
class EntryRow:
    """A row of the form: as printed, as typed, and what is wrong with it."""

    number: int
    code: str
    title: str
    place: str
    when: str
    blank: bool
    entry: PaperEntry | None = None
    start: str = ""
    finish: str = ""
    worker: str = ""
    note: str = ""
    bed: str = ""
    kind: str = ""
    second: dict[str, bool | None] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    asks: list[str] = field(default_factory=list)

    @property
    def typed(self) -> bool:
        return bool(self.start or self.finish)


@allow(*ENTERERS)
@never_cache
def paper_find(request: HttpRequest) -> HttpResponse:
    """Which list: by its printed number."""
    number = request.GET.get("lista", "")
    if number:
        try:
            found = paper_of(actor=request.user, number=number)
            return redirect("service:paper_enter", paper_id=found.pk)
        except RuleBroken as error:
            rule_say(request, error)
    return render(request, "service/paper_find.html", {"number": number})


@allow(*ENTERERS)
@never_cache
def paper_enter(request: HttpRequest, paper_id: int) -> HttpResponse:
    """The rows as printed; what is typed is checked whole before anything is carried out."""
    found = paper_of(actor=request.user, number=list_number(paper_id))
    at = timezone.now()
    workers = worker_list(hospital_ids=user_reach(request.user).hospital_ids)
    beds = board_ward(actor=request.user, ward_id=found.ward_id).beds
    rows = _rows(found)
    status = 200
    if request.method == "POST":
        usual = request.POST.get("worker", "")
        lines = [line for row in rows if (line := _read(request, row, found, usual, workers, at)) is not None]
        if any(row.faults for row in rows):
            messages.error(request, pgettext("paper", "Nothing is saved yet: mend what is marked."))
            status = 422
        elif not lines:
            messages.error(request, pgettext("paper", "Type at least one start time."))
            status = 422
        else:
            _carry_out(request, found, lines, at)
            return redirect("service:paper_enter", paper_id=paper_id)
    context = {
        "paper": found,
        "rows": rows,
        "workers": workers,
        "usual": request.POST.get("worker", ""),
        "beds": beds,
        "found_kinds": FOUND,
        "earliest": found.made_at - BEFORE,
        "conflicts": any(row.entry is not None and row.entry.outcome == "conflict" for row in rows),
    }
    return render(request, "service/paper_enter.html", context, status=status)


def _rows(found: PaperList) -> list[EntryRow]:
    entries = paper_entries(found)
    rows = [
        EntryRow(number, found.row_code(number), title, place, when, blank=False)
        for number, _, title, place, when in found.rows
    ]
    first = len(found.rows) + 1
    blank = range(first, first + found.n_blank)
    rows += [EntryRow(number, found.row_code(number), "", "", "", blank=True) for number in blank]
    for row in rows:
        row.entry = entries.get(row.number)
    return rows


def _read(
    request: HttpRequest, row: EntryRow, found: PaperList, usual: str, workers: list[Person], at: datetime
) -> PaperLine | None:
    """What was typed in a row; None where nothing was, where it was entered before, or where something is wrong."""

    def typed(name: str) -> str:
        return request.POST.get(f"{name}-{row.number}", "").strip()

    if row.entry is not None:
        return None
    row.start, row.finish, row.note = typed("start"), typed("finish"), typed("note")[:200]
    row.worker, row.bed, row.kind = typed("worker") or usual, typed("bed"), typed("kind")
    row.second = {name: {"1": False, "2": True}.get(typed(f"{name}_second")) for name in ("start", "finish")}
    if not (row.typed or row.note or (row.blank and row.bed)):
        return None
    if not row.start:
        row.faults["start"] = pgettext("paper", "Type when it began, about as well as you know.")
    started_at = _time(row, "start", found.made_at - BEFORE, at) if row.start else None
    finished_at = _time(row, "finish", started_at, at) if row.finish and started_at is not None else None
    known = {str(person.id) for person in workers}
    if row.worker not in known:
        row.faults["worker"] = pgettext("paper", "Choose who did it.")
    if row.blank and not (row.bed.isdecimal() and row.kind in TaskKind.values):
        row.faults["bed"] = pgettext("paper", "Choose what was found, and where.")
    if row.faults or started_at is None:
        return None
    return PaperLine(
        row=row.number,
        worker_id=int(row.worker),
        started_at=started_at,
        finished_at=finished_at,
        note=row.note,
        bed_id=int(row.bed) if row.blank else None,
        kind=row.kind if row.blank else "",
    )


def _time(row: EntryRow, name: str, earliest: datetime, at: datetime) -> datetime | None:
    text = row.start if name == "start" else row.finish
    try:
        return clock_read(text, earliest=earliest, latest=at, second=row.second[name])
    except RuleBroken as error:
        row.faults[name] = rule_text(error.code)
        if error.code == "time_twice":
            row.asks.append(name)
        return None


def _carry_out(request: HttpRequest, found: PaperList, lines: list[PaperLine], at: datetime) -> None:
    """Each row by itself; what the house says no to is told and stops no other."""
    n_done = n_met = 0
    for line in sorted(lines, key=lambda line: line.started_at):
        try:
            entry, new = services.paper_row_enter(paper_id=found.pk, line=line, actor=request.user, at=at)
        except RuleBroken as error:
            messages.error(request, f"{found.row_code(line.row)}: {rule_text(error.code)}")
            continue
        n_met += entry.outcome == "conflict"
        n_done += new and entry.outcome == "done"
    if n_done:
        messages.success(
            request, npgettext("paper", "%(n)d row is entered.", "%(n)d rows are entered.", n_done) % {"n": n_done}
        )
    if n_met:
        told = pgettext("paper", "%(n)d met something else. They are kept, and wait under Done without contact.")
        messages.warning(request, told % {"n": n_met})

"""Agreements: what is agreed and for whom, what it leaves open, what changed, and who has signed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.views.access import allow
from vardnara.apps.accounts.views.answers import rule_say, rule_text
from vardnara.apps.hospital.queries.boards import hospitals_in_reach
from vardnara.apps.service import services
from vardnara.apps.service.bridge.agreement import Finding, finding_of_row
from vardnara.apps.service.bridge.line_words import days_said, days_text, hours_text, kind_name, said_text
from vardnara.apps.service.bridge.matrix import Change, MatrixRow, changes_between, day_heads, matrix_of
from vardnara.apps.service.choices import Party
from vardnara.apps.service.forms import AgreementForm, BeginForm, DayForm, SignForm
from vardnara.apps.service.queries.agreements import (
    CARE_SIGNERS,
    EDITORS,
    PROVIDER_SIGNERS,
    READERS,
    AgreementRow,
    VersionPage,
    VersionRow,
    WardName,
    agreement_list,
    agreement_one,
    version_page,
    wards_of_hospital,
)
from vardnara.apps.service.queries.transfers import READERS as TRANSFER_READERS
from vardnara.apps.service.queries.transfers import version_transfer
from vardnara.gateways.tabular import tables_write_csv, tables_write_xlsx
from vardnara.kernel.errors import RuleBroken

SIGNERS = (*PROVIDER_SIGNERS, *CARE_SIGNERS)
ALL_WARDS = "alla"


@dataclass(frozen=True, slots=True)
class ListRow:
    """An agreement on the list, with what it leaves open."""

    agreement: AgreementRow
    version: VersionRow | None
    n_holes: int
    n_overlaps: int


@dataclass(frozen=True, slots=True)
class WardSheet:
    """One ward of a version."""

    ward: WardName
    rows: tuple[MatrixRow, ...]
    holes: tuple[tuple[Finding, str], ...]
    overlaps: tuple[Finding, ...]


def attempt(request: HttpRequest, deed: Callable[[], object], done: str) -> bool:
    """Do it, say so or why not."""
    try:
        deed()
    except RuleBroken as error:
        if error.code in ("out_of_scope", "unknown_agreement", "wrong_role"):
            raise
        rule_say(request, error)
        return False
    messages.success(request, done)
    return True


def _writes(request: HttpRequest) -> bool:
    return request.user.role in EDITORS


@allow(*READERS)
@never_cache
def agreements(request: HttpRequest) -> HttpResponse:
    """Every agreement within reach: what holds, until when, when it is to be reviewed, what it leaves open."""
    on = timezone.localdate()
    rows = []
    for agreement in agreement_list(actor=request.user, on=on):
        version = agreement.shown
        check = _check(request, agreement, version) if version is not None else None
        rows.append(ListRow(agreement, version, len(check.holes) if check else 0, len(check.overlaps) if check else 0))
    return render(
        request,
        "service/agreements.html",
        {
            "rows": rows,
            "writes": _writes(request),
            "reads_transfers": request.user.role in TRANSFER_READERS,
        },
    )


def _check(request: HttpRequest, agreement: AgreementRow, version: VersionRow) -> services.Check:
    wards = {ward.id for ward in wards_of_hospital(actor=request.user, hospital_id=agreement.hospital_id)}
    return services.version_check_of(version_id=version.id, ward_ids=wards)


@allow(*EDITORS)
@never_cache
def agreement_new(request: HttpRequest) -> HttpResponse:
    """A new agreement: its parties and dates; lines come next."""
    hospitals = [(hospital.pk, hospital.name) for hospital in hospitals_in_reach(actor=request.user)]
    initial = {"provider": pgettext("agreement", "Ward service"), "valid_from": timezone.localdate()}
    form = AgreementForm(request.POST or None, hospitals=hospitals, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            version = services.agreement_create(
                hospital_id=data["hospital"],
                number=data["number"],
                title=data["title"],
                provider=data["provider"],
                care_unit=data["care_unit"],
                terms=terms_of(data),
                actor=request.user,
                at=timezone.now(),
            )
            return redirect("service:agreement_draft", agreement_id=version.agreement_id)
        except RuleBroken as error:
            form_fault(form, error)
    status = 422 if form.is_bound else 200
    return render(request, "service/agreement_new.html", {"form": form}, status=status)


def form_fault(form: forms.Form, error: RuleBroken) -> None:
    """A rule's sentence at the field that it is about."""
    if error.code == "out_of_scope":
        raise error
    field = {"number_taken": "number", "bad_dates": "valid_to"}.get(error.code)
    form.add_error(field, rule_text(error.code))


def terms_of(data: dict[str, object]) -> services.Terms:
    """The terms of a form that is valid."""
    names = ("valid_from", "valid_to", "review_on", "price_sek", "compensation_sek", "price_year", "contact", "note")
    return services.Terms(**{name: data[name] for name in names})


@allow(*READERS)
@never_cache
def agreement(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """The version that a reader wants first."""
    row = agreement_one(actor=request.user, on=timezone.localdate(), agreement_id=agreement_id)
    if row.shown is None:
        raise Http404
    return redirect("service:agreement_version", agreement_id=row.id, number=row.shown.number)


@allow(*READERS)
@never_cache
def agreement_version(request: HttpRequest, agreement_id: int, number: int) -> HttpResponse:
    """One version: its terms, a matrix for each ward, everything that it leaves open, and its signatures."""
    return _version(request, agreement_id, number)


def _version(
    request: HttpRequest, agreement_id: int, number: int, *, sign: SignForm | None = None, end: DayForm | None = None
) -> HttpResponse:
    on = timezone.localdate()
    page = version_page(actor=request.user, on=on, agreement_id=agreement_id, number=number)
    version, agreement = page.version, page.agreement
    check = services.version_check_of(version_id=version.id, ward_ids={ward.id for ward in page.wards})
    writes = _writes(request) and version.stage == "draft"
    chosen = _chosen_wards(request, page, check)
    sheets = [_sheet(page, ward, check, writes) for ward in chosen]
    side = "provider" if request.user.role in PROVIDER_SIGNERS else "care" if request.user.role in CARE_SIGNERS else ""
    mine = next(
        (
            name
            for name in ("provider", "care")
            if (signed := getattr(version, name)) and signed.user_id == request.user.pk and version.is_draft
        ),
        "",
    )
    reached = {ward.id for ward in page.wards}
    written_by = version_transfer(version_id=version.id)
    context = {
        "agreement": agreement,
        "version": version,
        "page": page,
        "wards": [(ward, sum(1 for hole in check.holes if hole.ward_id == ward.id)) for ward in page.wards],
        "chosen": [ward.id for ward in chosen],
        "sheets": sheets,
        "days": day_heads(),
        "check": check,
        "open_together": _over_wards(check.holes),
        "overlaps_together": _over_wards(check.overlaps),
        "accepted": [finding_of_row(row) for row in version.holes_accepted if row["ward"] in reached],
        "writes": writes,
        "edits": _writes(request),
        "may_sign": bool(side) and version.is_draft and getattr(version, side) is None and bool(page.lines),
        "mine": mine,
        "mark": services.version_mark_of(version_id=version.id),
        "sign": sign or SignForm(),
        "may_end": request.user.role in PROVIDER_SIGNERS
        and version.stage in ("in_force", "coming")
        and version.ended_on is None,
        "end": end or DayForm(initial={"on": on}),
        "begin": BeginForm(initial={"valid_from": on}),
        "before": next((row for row in agreement.versions if row.number < version.number), None),
        "parties": Party,
        "written_by": written_by,
        "gate_shut": written_by is not None and not written_by.gate_open,
        "reads_transfers": request.user.role in TRANSFER_READERS,
    }
    status = 422 if (sign and sign.errors) or (end and end.errors) else 200
    return render(request, "service/agreement.html", context, status=status)


def _chosen_wards(request: HttpRequest, page: VersionPage, check: services.Check) -> list[WardName]:
    """The ward that is asked for, all of them, or the first that has a hole."""
    wanted = request.GET.get("avd", "")
    if wanted == ALL_WARDS:
        return list(page.wards)
    with_holes = {hole.ward_id for hole in check.holes}
    first = next((ward for ward in page.wards if ward.id in with_holes), page.wards[0] if page.wards else None)
    chosen = next((ward for ward in page.wards if str(ward.id) == wanted), first)
    return [chosen] if chosen else []


def _names(page: VersionPage) -> dict[int, str]:
    return {pk: kind_name(kind) for pk, kind in page.kinds.items()}


def _sheet(page: VersionPage, ward: WardName, check: services.Check, writes: bool) -> WardSheet:
    rows = matrix_of(ward.id, page.lines, check.holes, check.overlaps, _names(page))
    holes = tuple((hole, _fill(page, hole) if writes else "") for hole in check.holes if hole.ward_id == ward.id)
    return WardSheet(ward, rows, holes, tuple(one for one in check.overlaps if one.ward_id == ward.id))


def _over_wards(found: Iterable[Finding]) -> list[tuple[Finding, list[str]]]:
    """The same finding of several wards once, with the codes of the wards."""
    together: dict[tuple[object, ...], tuple[Finding, list[str]]] = {}
    for one in found:
        key = (one.task_type_id, one.days, one.start_minutes, one.end_minutes, one.parties, one.after, one.valid_from,
            one.valid_to)  # fmt: skip
        together.setdefault(key, (one, []))[1].append(one.ward_code)
    return list(together.values())


def _fill(page: VersionPage, hole: Finding) -> str:
    """The address of the ward's rows with a new one for the hole."""
    where = reverse("service:agreement_ward", args=[page.agreement.id, hole.ward_id])
    words = {
        "uppgift": hole.task_type_id,
        "dagar": days_text(hole.days),
        "tid": hours_text(hole.start_minutes, hole.end_minutes),
    }
    return f"{where}?{urlencode(words)}#new"


@allow(*SIGNERS)
@require_POST
def agreement_sign(request: HttpRequest, agreement_id: int, number: int) -> HttpResponse:
    """Sign for one's side, or take the signature back."""
    page = version_page(actor=request.user, on=timezone.localdate(), agreement_id=agreement_id, number=number)
    words = {"version_id": page.version.id, "actor": request.user, "at": timezone.now()}
    if "back" in request.POST:
        attempt(
            request,
            lambda: services.signature_withdraw(**words),
            pgettext("agreement", "Your signature is taken back."),
        )
        return redirect("service:agreement_version", agreement_id=agreement_id, number=number)
    form = SignForm(request.POST)
    if form.is_valid():
        try:
            signed = services.agreement_sign(**words, **form.cleaned_data)
        except RuleBroken as error:
            if error.code != "holes_unexplained":
                if error.code == "out_of_scope":
                    raise
                rule_say(request, error)
                return redirect("service:agreement_version", agreement_id=agreement_id, number=number)
            form.add_error("holes_reason", rule_text(error.code))
        else:
            messages.success(
                request,
                pgettext("agreement", "Signed by both sides. It holds from %(date)s.")
                % {"date": _date(signed.valid_from)}
                if signed.state == "signed"
                else pgettext("agreement", "Signed for your side. The other side must sign too."),
            )
            return redirect("service:agreement_version", agreement_id=agreement_id, number=number)
    return _version(request, agreement_id, number, sign=form)


@allow(*PROVIDER_SIGNERS)
@require_POST
def agreement_end(request: HttpRequest, agreement_id: int, number: int) -> HttpResponse:
    """End a signed version early, with the reason."""
    page = version_page(actor=request.user, on=timezone.localdate(), agreement_id=agreement_id, number=number)
    form = DayForm(request.POST)
    if not form.is_valid():
        return _version(request, agreement_id, number, end=form)
    attempt(
        request,
        lambda: services.version_end(
            version_id=page.version.id, actor=request.user, at=timezone.now(), **form.cleaned_data
        ),
        pgettext("agreement", "The version ends on the day that you chose."),
    )
    return redirect("service:agreement_version", agreement_id=agreement_id, number=number)


@allow(*EDITORS)
@require_POST
def agreement_draft_new(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """A new version that begins as a copy of the newest."""
    agreement_one(actor=request.user, on=timezone.localdate(), agreement_id=agreement_id)
    form = BeginForm(request.POST)
    if not form.is_valid():
        rule_say(request, RuleBroken("bad_input"))
        return redirect("service:agreement", agreement_id=agreement_id)
    done = attempt(
        request,
        lambda: services.draft_create(
            agreement_id=agreement_id, actor=request.user, at=timezone.now(), **form.cleaned_data
        ),
        pgettext("agreement", "The draft is a copy of the newest version. Change what shall be different."),
    )
    return redirect("service:agreement_draft" if done else "service:agreement", agreement_id=agreement_id)


@allow(*READERS)
@never_cache
def agreement_lines(request: HttpRequest, agreement_id: int, number: int, kind: str) -> HttpResponse:
    """The lines as a table that can be changed elsewhere and read in again."""
    if kind not in ("csv", "xlsx"):
        raise Http404(kind)
    page = version_page(actor=request.user, on=timezone.localdate(), agreement_id=agreement_id, number=number)
    table = services.lines_table_of(version_id=page.version.id, ward_ids=[ward.id for ward in page.wards])
    name = f"{slugify(page.agreement.number) or 'agreement'}-{number}.{kind}"
    with TemporaryDirectory() as folder:
        if kind == "csv":
            (written,) = tables_write_csv(Path(folder), [table], delimiter=";")
        else:
            written = tables_write_xlsx(Path(folder) / name, [table])
        content = written.read_bytes()
    if kind == "csv":
        content = b"\xef\xbb\xbf" + content  # or a spreadsheet reads å as something else
    types = {
        "csv": "text/csv; charset=utf-8",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
    return HttpResponse(
        content, content_type=types[kind], headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


# ---- what changed ----


@dataclass(frozen=True, slots=True)
class Sentence:
    """A change in words: what, where and when, from what to what."""

    task: str
    days: str
    before: str
    after: str


@allow(*READERS)
@never_cache
def agreement_diff(request: HttpRequest, agreement_id: int) -> HttpResponse:
    """What a version changes against an earlier one, in sentences."""
    on = timezone.localdate()
    row = agreement_one(actor=request.user, on=on, agreement_id=agreement_id)
    numbers = [version.number for version in row.versions]
    newer = _number(request, "till", numbers, numbers[0] if numbers else 0)
    older = _number(request, "fran", numbers, next((n for n in numbers if n < newer), newer))
    pages = [version_page(actor=request.user, on=on, agreement_id=agreement_id, number=n) for n in (older, newer)]
    before, after = pages
    names = _names(after)
    wards = {ward.id: ward for page in pages for ward in page.wards}
    by_ward: dict[int, list[Sentence]] = defaultdict(list)
    for change in changes_between(before.lines, after.lines, after.version.valid_from):
        by_ward[change.ward_id].append(_sentence(change, names))
    context = {
        "agreement": row,
        "before": before.version,
        "after": after.version,
        "numbers": numbers,
        "by_ward": [(wards[ward], by_ward[ward]) for ward in sorted(by_ward, key=lambda ward: wards[ward].code)],
        "terms": _terms_changed(before.version, after.version),
    }
    return render(request, "service/agreement_diff.html", context)


def _number(request: HttpRequest, name: str, numbers: Sequence[int], default: int) -> int:
    wanted = request.GET.get(name, "")
    return int(wanted) if wanted.isdecimal() and int(wanted) in numbers else default


def _sentence(change: Change, names: dict[int, str]) -> Sentence:
    nobody = pgettext("hole", "nobody")
    days = days_said(change.days)
    if change.only_party:
        hours = ", ".join(hours_text(one.start_minutes, one.end_minutes) for one in change.after)
        before, after = (
            ", ".join(dict.fromkeys(str(Party(one.party).label).lower() for one in side))
            for side in (change.before, change.after)
        )
        return Sentence(names[change.task_type_id], f"{days} {hours}", before, after)
    before, after = (
        " + ".join(
            said_text(one.party, one.start_minutes, one.end_minutes, one.rrule, one.times, change.days) for one in side
        )
        for side in (change.before, change.after)
    )
    return Sentence(names[change.task_type_id], days, before or nobody, after or nobody)


def _date(day: date | None) -> str:
    from django.utils.formats import date_format

    return date_format(day, "j F Y") if day else pgettext("agreement", "no date")


def _money(amount: Decimal | None) -> str:
    return "–" if amount is None else f"{amount:,.0f} kr".replace(",", "\u00a0")


def _terms_changed(before: VersionRow, after: VersionRow) -> list[tuple[str, str, str]]:
    rows = [
        (pgettext("agreement", "Valid from"), _date(before.valid_from), _date(after.valid_from)),
        (pgettext("agreement", "Ends"), _date(before.valid_to), _date(after.valid_to)),
        (pgettext("agreement", "To be reviewed by"), _date(before.review_on), _date(after.review_on)),
        (pgettext("agreement", "Cost a year"), _money(before.price_sek), _money(after.price_sek)),
        (
            pgettext("agreement", "Compensation a year"),
            _money(before.compensation_sek),
            _money(after.compensation_sek),
        ),
        (pgettext("agreement", "Price year"), str(before.price_year or "–"), str(after.price_year or "–")),
    ]
    return [row for row in rows if row[1] != row[2]]

"""The register of cases, one case whole, a figure opened, and a case as a file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language, pgettext
from django.views.decorators.cache import never_cache

from vardnara.apps.accounts.queries import user_reach
from vardnara.apps.accounts.views.access import allow
from vardnara.apps.accounts.views.answers import rule_text
from vardnara.apps.decisions import services
from vardnara.apps.decisions.bridge.fault_words import fault_text
from vardnara.apps.decisions.choices import CaseState
from vardnara.apps.decisions.forms import (
    CaseFileForm,
    CloseForm,
    ConsultationForm,
    DecideForm,
    ExecuteForm,
    NewCaseForm,
    OutcomeForm,
    PromiseForm,
    ReasonForm,
    RegistryForm,
)
from vardnara.apps.decisions.forms.rows import CHANGES, STEPS, UNITS
from vardnara.apps.decisions.queries.assignments import assignment_list
from vardnara.apps.decisions.queries.cases import (
    READERS,
    CasePage,
    case_list,
    case_one,
    document_bytes,
    dues_of,
)
from vardnara.apps.decisions.queries.documents import document_of, paragraph_decides
from vardnara.apps.decisions.queries.measures import measures_of_case
from vardnara.apps.decisions.queries.organs import case_paragraphs
from vardnara.apps.decisions.queries.parties import case_said, shares_now
from vardnara.apps.decisions.queries.registers import Reread, figure_reread
from vardnara.apps.decisions.queries.risks import risks_moved
from vardnara.apps.decisions.services.recording import DECIDERS, WRITERS
from vardnara.apps.decisions.services.templates import KEEPERS
from vardnara.apps.economy.choices import READERS as MONEY_READERS
from vardnara.engines.case import CaseUncertainty, FigureValue, case_uncertainty
from vardnara.engines.case.explain import concern_text
from vardnara.engines.documents import writing_faults
from vardnara.gateways.case_file import case_file_text
from vardnara.gateways.case_file.content import content_unpack
from vardnara.kernel.errors import InputError, RuleBroken
from vardnara.kernel.faults import Fault
from vardnara.parameters.measures import CHANGES as CHANGES_WITH_LISTS

LARGEST_FILE = 2_000_000  # bytes: the five public decisions have at most 12,000
CONTENT_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "pdf": "application/pdf",
}


@dataclass(frozen=True, slots=True)
class FigureLine:
    """A figure for a table: its value with as many decimals as it needs, and its unit in words."""

    id: str
    label: str
    value: Decimal
    decimals: int
    unit: str
    kind: str
    formula: str
    note: str
    quote: Any
    agrees: bool
    low: Decimal | None
    high: Decimal | None
    query: str
    read_on: date | None


def language() -> str:
    return (get_language() or "sv")[:2]


def figure_line(found: FigureValue, sure: CaseUncertainty | None) -> FigureLine:
    """A figure as it is shown."""
    low, high = sure.spreads.get(found.figure.id, (None, None)) if sure else (None, None)
    figure = found.figure
    exponent = found.value.normalize().as_tuple().exponent
    decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    if decimals and figure.unit.startswith("sek"):
        decimals = 2
    return FigureLine(
        id=figure.id,
        label=figure.label,
        value=found.value,
        decimals=decimals,
        unit=str(dict(UNITS).get(figure.unit, figure.unit)),
        kind=figure.kind.value,
        formula=figure.formula,
        note=figure.note,
        quote=figure.quote,
        agrees=found.agrees,
        low=low,
        high=high,
        query=figure.query,
        read_on=figure.read_on,
    )


def broken_text(error: RuleBroken) -> str:
    """The sentence of a rule that said no, with the form that a registry number ought to have."""
    if error.code != "registry_number_form":
        return rule_text(error.code)
    name, _, forms = error.detail.partition("|")
    words = pgettext("organ", "%(name)s writes its registry numbers otherwise. Expected: %(forms)s.")
    return words % {"name": name, "forms": forms}


@allow(*READERS)
@never_cache
def cases(request: HttpRequest) -> HttpResponse:
    """Every case within reach, and what has a day soon."""
    rows = case_list(actor=request.user, on=timezone.localdate())
    writes = request.user.role in WRITERS
    return render(
        request,
        "decisions/cases.html",
        {"rows": rows, "dues": dues_of(rows), "writes": writes, "keeps_templates": request.user.role in KEEPERS},
    )
    moved = risks_moved(actor=request.user, at=timezone.now(), on=timezone.localdate())
    context = {"rows": rows, "dues": dues_of(rows), "writes": writes, "moved": moved}
    return render(request, "decisions/cases.html", context)


@allow(*WRITERS)
@never_cache
def case_new(request: HttpRequest) -> HttpResponse:
    """Begin a case: from nothing, or from a case file."""
    by_file = request.method == "POST" and "from_file" in request.POST
    form = NewCaseForm(request.POST if request.method == "POST" and not by_file else None)
    upload = CaseFileForm(*((request.POST, request.FILES) if by_file else ()))
    faults: list[str] = []
    if request.method == "POST":
        content = _content(form, upload, by_file, faults)
        if content is not None:
            hospitals = sorted(user_reach(request.user).hospital_ids)
            try:
                case = services.case_create(
                    hospital_id=hospitals[0], content=content, actor=request.user, at=timezone.now()
                )
                return redirect("decisions:case", case_id=case.pk)
            except InputError as error:
                faults += [f"{fault.place} {fault_text(fault)}" for fault in error.faults]
            except RuleBroken as error:
                if error.code in ("out_of_scope", "wrong_role"):
                    raise
                faults.append(broken_text(error))
    context = {"form": form, "upload": upload, "faults": faults}
    return render(request, "decisions/case_new.html", context, status=422 if faults or form.errors else 200)


def _content(form: NewCaseForm, upload: CaseFileForm, by_file: bool, faults: list[str]) -> dict[str, Any] | None:
    if not by_file:
        if not form.is_valid():
            return None
        if not form.cleaned_data["title"].strip():
            form.add_error("title", pgettext("case", "Give the case a title."))
            return None
        return {key: value for key, value in form.cleaned_data.items() if value}
    if not upload.is_valid():
        return None
    file = upload.cleaned_data["file"]
    if file.size > LARGEST_FILE:
        faults.append(pgettext("case", "The file is too large for a case."))
        return None
    try:
        found: dict[str, Any] = tomllib.loads(file.read().decode("utf-8-sig"), parse_float=Decimal)
        return found
    except UnicodeDecodeError:
        faults.append(pgettext("case", "The file is not text in UTF-8."))
    except tomllib.TOMLDecodeError as error:
        faults.append(pgettext("case", "The file is not TOML: %(what)s") % {"what": error})
    return None


def page_of(request: HttpRequest, case_id: int) -> CasePage:
    return case_one(actor=request.user, case_id=case_id, on=timezone.localdate())


@allow(*READERS)
@never_cache
def case(request: HttpRequest, case_id: int) -> HttpResponse:
    """A case whole: what it costs and saves, what its data warn of, its chain, consultation and promises."""
    return case_render(request, page_of(request, case_id))


def case_render(request: HttpRequest, page: CasePage, **bound: Any) -> HttpResponse:
    """The page of a case; ``bound`` are forms that were filled in wrongly."""
    found = page.examination
    today = timezone.localdate()
    state = CaseState(page.case.state)
    writes = request.user.role in WRITERS
    decides = request.user.role in DECIDERS
    steps = dict(STEPS)
    accounts: dict[str, list[Any]] = {}
    sure = case_uncertainty(found)
    lines = {value.figure.id: figure_line(value, sure) for value in found.figures}
    money = sure.money if sure else None
    for account in found.case.accounts:
        accounts.setdefault(account.fact, []).append(account)
    context = {
        "page": page,
        "case": page.case,
        "told": found.case,
        "found": found,
        "state": state,
        "warnings": [(concern.code, concern_text(concern, language())) for concern in found.concerns],
        "figures": list(lines.values()),
        "advice": writing_faults(document_of(page, on=today)) if writes else (),
        "moved": _moved(page) if page.documents else [],
        "has_read": any(line.query for line in lines.values()),
        "sure": money,
        "matters": [(lines[one.factor], one) for one in money.importance] if money else [],
        "groups": [(group, dict(CHANGES)[group.change.value]) for group in found.groups],
        "chain": [(step, steps[step.kind.value]) for step in found.case.steps],
        "accounts": [(fact, told, len({account.says for account in told}) > 1) for fact, told in accounts.items()],
        "sources": {source.id: source for source in found.case.sources},
        "writes": writes,
        "decides": decides,
        "can_write": writes and state == CaseState.DRAFT,
        "can_consult": writes and state in (CaseState.DRAFT, CaseState.DECIDED),
        "stages": _stages(page, state),
        "paragraphs": [(row, paragraph_decides(row.on, page.case)) for row in case_paragraphs(page.case)],
        "assignments": assignment_list(actor=request.user, on=today, case_id=page.case.pk),
        **_again(page, state),
        "said": (said := case_said(page.case)),
        "sharing": shares_now(page.case) if writes else (),
        **_measures(request, page, today),
        "analyses": page.case.analyses.order_by("side", "-number"),
        **_forms(page, today, bound),
    }
    context["closing"] = [(talks, form, said.of_consultation(talks.pk)) for talks, form in context["closing"]]
    form = context["decide"]
    open_talks = bool(page.open_consultations)
    context["decide_fields"] = [field for field in form if field.name != "despite" or open_talks]
    status = 422 if any(form.errors for form in bound.values()) else 200
    return render(request, "decisions/case.html", context, status=status)


def _again(page: CasePage, state: CaseState) -> dict[str, Any]:
    """Cases that take a decision of this one again, and decisions that have a day and no such case."""
    later = list(page.case.follow_ups.exclude(state=CaseState.WITHDRAWN).order_by("pk"))
    taken = {one.follows_step for one in later} | {step.follows for step in page.examination.case.steps}
    counts = state != CaseState.DRAFT
    steps = [
        step
        for step in page.examination.case.steps
        if (step.is_decided or counts) and (step.valid_through or step.review_by) and step.id not in taken
    ]
    return {"follow_ups": later, "to_redecide": steps if state != CaseState.WITHDRAWN else []}


def _measures(request: HttpRequest, page: CasePage, today: date) -> dict[str, Any]:
    """The case's measures that are in the register, and how many that it tells of are not."""
    registered = measures_of_case(actor=request.user, case_id=page.case.pk, on=today)
    there = {row.measure.case_row for row in registered}
    told = {measure.label[:400] for measure in page.examination.case.measures}
    changes = {group.change.value for group in page.examination.groups}
    return {
        "registered": registered,
        "n_untaken": len(told - there),
        "has_cut_posts": bool(changes & set(CHANGES_WITH_LISTS)),
    }


def _moved(page: CasePage) -> list[tuple[FigureLine, Reread]]:
    """Figures that were read, where the register says another thing by now: documents that show them have drifted."""
    now = timezone.now()
    found = []
    for value in page.examination.figures:
        again = figure_reread(hospital_id=page.case.hospital_id, figure=value.figure, at=now)
        if again is not None and again.changed:
            found.append((figure_line(value, None), again))
    return found


def _stages(page: CasePage, state: CaseState) -> list[tuple[str, str]]:
    """The way of a case: what is done, where it is, what is left."""
    names = [
        pgettext("stage", "Written"),
        pgettext("stage", "Consulted on"),
        pgettext("stage", "Decided"),
        pgettext("stage", "Carried out"),
        pgettext("stage", "Followed up"),
    ]
    consulted = bool(page.consultations or page.case.consultation_waived_because) and not page.open_consultations
    order = (CaseState.DRAFT, CaseState.DECIDED, CaseState.EXECUTED, CaseState.CLOSED)
    reached = order.index(state) if state in order else 0
    done = [bool(page.examination.case.proposals), consulted, reached >= 1, reached >= 2, reached >= 3]
    now = done.index(False) if False in done else None
    return [
        ("done" if ready else "now" if index == now else "", name)
        for index, (ready, name) in enumerate(zip(done, names, strict=True))
    ]


def _forms(page: CasePage, today: date, bound: dict[str, Any]) -> dict[str, Any]:
    """Every form of the page, those that were filled in wrongly as they were."""
    waived = {"because": page.case.consultation_waived_because}
    plain = {
        "registry": RegistryForm(initial={"number": page.case.registry_number}),
        "decide": DecideForm(initial={"decided_on": today}),
        "execute": ExecuteForm(initial={"executed_on": today}),
        "withdraw": ReasonForm(prefix="withdraw"),
        "waive": ReasonForm(prefix="waive", initial=waived),
        "consultation": ConsultationForm(),
        "promise": PromiseForm(),
    }
    closing, outcomes = [], []
    for talks in page.consultations:
        form = CloseForm(initial={"closed_on": today}, prefix=f"close{talks.pk}")
        closing.append((talks, bound.get(f"close_{talks.pk}") or form))
    for row in page.promises:
        result = OutcomeForm(initial={"outcome_on": today}, prefix=f"outcome{row.id}")
        outcomes.append((row, bound.get(f"outcome_{row.id}") or result))
    return (
        plain
        | {name: form for name, form in bound.items() if name in plain}
        | {
            "closing": closing,
            "outcomes": outcomes,
        }
    )


@allow(*READERS)
@never_cache
def figure(request: HttpRequest, case_id: int, name: str) -> HttpResponse:
    """A figure opened: its value, the words it is from or the formula with each part, and what uses it."""
    page = page_of(request, case_id)
    values = {value.figure.id: value for value in page.examination.figures}
    if name not in values:
        raise Http404
    sure = case_uncertainty(page.examination)
    used = [figure_line(value, sure) for value in page.examination.figures if name in value.figure.needs]
    context = {
        "page": page,
        "case": page.case,
        "line": figure_line(values[name], sure),
        "again": figure_reread(hospital_id=page.case.hospital_id, figure=values[name].figure, at=timezone.now()),
        "can_write": page.is_draft and request.user.role in WRITERS,
        "opens_files": request.user.role in MONEY_READERS,
        "reckoned": values[name].reckoned,
        "parts": [figure_line(values[part], sure) for part in values[name].figure.needs],
        "used": used,
        "sources": {source.id: source for source in page.examination.case.sources},
    }
    return render(request, "decisions/figure.html", context)


@allow(*READERS)
@never_cache
def case_file(request: HttpRequest, case_id: int) -> HttpResponse:
    """The case as a file that ``vardnara decide`` reads."""
    page = page_of(request, case_id)
    text = case_file_text(content_unpack(page.content))
    name = slugify(page.case.title)[:60] or "arende"
    return attachment(text.encode(), "application/toml; charset=utf-8", f"{name}.toml")


def attachment(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@allow(*READERS)
@never_cache
def document(request: HttpRequest, case_id: int, document_id: int) -> HttpResponse:
    """A document as it was made."""
    suffix, content, title = document_bytes(actor=request.user, case_id=case_id, document_id=document_id)
    return attachment(content, CONTENT_TYPES[suffix], f"{slugify(title)[:60] or 'arende'}.{suffix}")


def faults_say(request: HttpRequest, faults: tuple[Fault, ...]) -> None:
    """Every fault of a command that has no form to show them in."""
    for fault in faults:
        messages.error(request, fault_text(fault))

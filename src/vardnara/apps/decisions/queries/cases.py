"""Cases as pages show them: the register, one case whole, and what is due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import role_require, user_reach
from vardnara.apps.decisions.choices import CaseState
from vardnara.apps.decisions.models import Case, CaseDocument, CaseEvent, CaseVersion, Consultation, Promise
from vardnara.engines.case import Examination
from vardnara.gateways.case_file.content import Content, case_of
from vardnara.kernel.errors import InputError, RuleBroken

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

READERS = (
    Role.CONTROLLER,
    Role.DECISION_MAKER,
    Role.SERVICE_HEAD,
    Role.ADMINISTRATOR,
    Role.UNIT_MANAGER,
    Role.COORDINATOR,
    Role.AUDITOR,
)
AHEAD = timedelta(days=60)  # how long before its day something is told of
LIVE = (CaseState.DRAFT, CaseState.DECIDED, CaseState.EXECUTED)
DECIDED = (CaseState.DECIDED, CaseState.EXECUTED, CaseState.CLOSED)


@dataclass(frozen=True, slots=True)
class Due:
    """Something that has a day: a decision that expires, one to be taken again, a promise to be looked at."""

    case_id: int
    title: str
    what: str
    text: str
    on: date
    is_late: bool
    subject: str = ""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A line of the register."""

    id: int
    title: str
    registry_number: str
    state: CaseState
    organ: str
    decided_on: date | None
    n_concerns: int
    n_open_consultations: int
    dues: tuple[Due, ...]


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document as it was made; ``drifted`` are labels of figures that now are others, with both values."""

    id: int
    format: str
    version: int
    made_at: datetime
    made_by: str
    drifted: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """A promise beside its outcome; ``kept_share`` is how much of the promised change came about, where it is known."""

    id: int
    label: str
    metric: str
    unit: str
    baseline: Decimal | None
    promised: Decimal
    check_on: date
    outcome: Decimal | None
    outcome_on: date | None
    outcome_note: str
    is_late: bool
    baseline_on: date | None = None

    @property
    def kept_share(self) -> Decimal | None:
        if self.outcome is None:
            return None
        start = self.baseline or Decimal(0)
        change = self.promised - start
        return (self.outcome - start) / change if change else None


@dataclass(frozen=True, slots=True)
class CasePage:
    """A case whole. ``examination`` is of its newest version with its consultations."""

    case: Case
    content: Content
    examination: Examination
    consultations: tuple[Consultation, ...]
    promises: tuple[PromiseRow, ...]
    documents: tuple[DocumentRow, ...]
    events: tuple[CaseEvent, ...]
    versions: tuple[CaseVersion, ...]
    dues: tuple[Due, ...]

    @property
    def is_draft(self) -> bool:
        return self.case.state == CaseState.DRAFT

    @property
    def open_consultations(self) -> tuple[Consultation, ...]:
        return tuple(talks for talks in self.consultations if talks.closed_on is None)


def hospitals_in_reach(actor: User) -> frozenset[int]:
    """Hospitals whose cases the actor may read; raises unless they have a role that reads cases."""
    role_require(actor, READERS)
    return user_reach(actor).hospital_ids


def case_list(*, actor: User, on: date) -> list[CaseRow]:
    """The register: what is prepared first, then by the day of decision, newest first."""
    cases = Case.objects.filter(hospital_id__in=hospitals_in_reach(actor)).prefetch_related(
        "consultations", "promises", "follow_ups"
    )
    versions = _newest(cases)
    rows = []
    for case in cases:
        found = _examined(case, versions[case.pk])
        told = found.case if found else None
        rows.append(
            CaseRow(
                id=case.pk,
                title=case.title,
                registry_number=case.registry_number,
                state=CaseState(case.state),
                organ=told.organ if told else "",
                decided_on=case.decided_on,
                n_concerns=len(found.concerns) if found else 0,
                n_open_consultations=sum(talks.closed_on is None for talks in case.consultations.all()),
                dues=tuple(_dues(case, found, on)),
            )
        )
    return sorted(rows, key=lambda row: (row.state != CaseState.DRAFT, -_ordinal(row.decided_on), row.title, row.id))


def dues_of(rows: Iterable[CaseRow]) -> list[Due]:
    """Everything that has a day soon, the first day first."""
    return sorted((due for row in rows for due in row.dues), key=lambda due: (due.on, due.title))


def _ordinal(day: date | None) -> int:
    return day.toordinal() if day else 0


def _newest(cases: Iterable[Case]) -> dict[int, Content]:
    wanted = {case.pk: case.n_versions for case in cases}
    rows = CaseVersion.objects.filter(case_id__in=wanted).values_list("case_id", "number", "content")
    return {case: content for case, number, content in rows if wanted[case] == number}


def consultations_told(consultations: Iterable[Consultation]) -> list[dict[str, Any]]:
    """Consultations as a case file tells of them."""
    return [
        {
            "kind": talks.kind,
            "organ": talks.organ,
            "held_on": talks.held_on,
            "closed_on": talks.closed_on,
            "outcome": talks.outcome,
        }
        for talks in consultations
    ]


def _examined(case: Case, content: Content) -> Examination | None:
    """What the newest version comes to; None for one that today's rules no longer read."""
    try:
        return case_of(content, consultations_told(case.consultations.all())).examined()
    except InputError:
        return None


def _dues(case: Case, found: Examination | None, on: date) -> Iterable[Due]:
    if case.state not in LIVE:
        return

    def due(what: str, subject: str, text: str, day: date) -> Iterable[Due]:
        if day <= on + AHEAD:
            yield Due(case.pk, case.title, what, text, day, day < on, subject)

    again = {one.follows_step for one in case.follow_ups.all() if one.state in DECIDED}
    for step in found.case.steps if found else ():
        if case.state == CaseState.DRAFT and not step.is_decided:
            continue  # what is only proposed does not run out
        followed = step.id in again or any(
            one.follows == step.id and one.is_decided and one.kind == step.kind
            for one in (found.case.steps if found else ())
        )
        if step.valid_through and not followed:
            yield from due("expires", f"step:{step.id}", step.text, step.valid_through)
        if step.review_by and not followed:
            yield from due("review", f"step:{step.id}", step.text, step.review_by)
    for promise in case.promises.all():
        if promise.outcome is None and case.state == CaseState.EXECUTED:
            yield from due("promise", f"promise:{promise.pk}", promise.label, promise.check_on)


def case_dues(*, hospital_id: int, on: date) -> Iterable[tuple[Case, tuple[Due, ...]]]:
    """Cases of a hospital with what has a day soon or past; for the schedule, not limited to anybody's reach."""
    cases = Case.objects.filter(hospital_id=hospital_id, state__in=LIVE).order_by("pk")
    cases = cases.prefetch_related("consultations", "promises", "follow_ups")
    versions = _newest(cases)
    for case in cases:
        yield case, tuple(_dues(case, _examined(case, versions[case.pk]), on))


def case_one(*, actor: User, case_id: int, on: date) -> CasePage:
    """A case whole, for who reads cases of its hospital."""
    case = Case.objects.filter(pk=case_id, hospital_id__in=hospitals_in_reach(actor)).first()
    if case is None:
        raise RuleBroken("unknown_matter", str(case_id))
    versions = tuple(case.versions.select_related("made_by").defer("content").order_by("-number"))
    content: Content = case.versions.get(number=case.n_versions).content
    found = case_of(content, consultations_told(case.consultations.all())).examined()
    return CasePage(
        case=case,
        content=content,
        examination=found,
        consultations=tuple(case.consultations.order_by("pk")),
        promises=tuple(promise_row(promise, on) for promise in case.promises.order_by("check_on", "pk")),
        documents=tuple(_documents(case, found)),
        events=tuple(case.events.select_related("by").order_by("-at", "-pk")),
        versions=versions,
        dues=tuple(_dues(case, found, on)),
    )


def promise_row(promise: Promise, on: date) -> PromiseRow:
    """A promise of a case or a measure, as of a day."""
    return PromiseRow(
        id=promise.pk,
        label=promise.label,
        metric=promise.metric,
        unit=promise.unit,
        baseline=promise.baseline,
        promised=promise.promised,
        check_on=promise.check_on,
        outcome=promise.outcome,
        outcome_on=promise.outcome_on,
        outcome_note=promise.outcome_note,
        is_late=promise.outcome is None and promise.check_on < on,
        baseline_on=promise.baseline_on,
    )


def figures_shown(found: Examination) -> dict[str, list[str]]:
    """Label and value of every figure, as a document keeps what it showed."""
    return {value.figure.id: [value.figure.label, format(value.value, "f")] for value in found.figures}


def _documents(case: Case, found: Examination) -> Iterable[DocumentRow]:
    now = figures_shown(found)
    rows = case.documents.select_related("version", "made_by").defer("content", "version__content")
    for made in rows.order_by("-made_at", "pk"):
        drifted = [
            (label, then, now[name][1] if name in now else "")
            for name, (label, then) in made.figures.items()
            if name not in now or Decimal(now[name][1]) != Decimal(then)
        ]
        who = made.made_by.get_full_name() if made.made_by else ""
        yield DocumentRow(made.pk, made.format, made.version.number, made.made_at, who, tuple(drifted))


def document_bytes(*, actor: User, case_id: int, document_id: int) -> tuple[str, bytes, str]:
    """Format, bytes and the case's title of a document as it was made."""
    made = (
        CaseDocument.objects.select_related("case")
        .filter(pk=document_id, case_id=case_id, case__hospital_id__in=hospitals_in_reach(actor))
        .first()
    )
    if made is None:
        raise RuleBroken("unknown_matter", f"document {document_id}")
    return made.format, bytes(made.content), made.case.title


def version_content(*, actor: User, case_id: int, number: int) -> Content:
    """What an earlier version said."""
    version = CaseVersion.objects.filter(
        case_id=case_id, number=number, case__hospital_id__in=hospitals_in_reach(actor)
    ).first()
    if version is None:
        raise RuleBroken("unknown_matter", f"version {number}")
    content: Content = version.content
    return content

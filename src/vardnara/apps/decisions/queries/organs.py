"""Organisations, the register of decisions by organ and year, and meetings, as pages show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from vardnara.apps.decisions.choices import CaseState
from vardnara.apps.decisions.models import (
    Case,
    CaseVersion,
    Extract,
    Meeting,
    MeetingItem,
    Organ,
    Organisation,
    Paragraph,
)
from vardnara.apps.decisions.models import RegistryPattern as PatternRow
from vardnara.apps.decisions.queries.cases import hospitals_in_reach
from vardnara.apps.decisions.queries.documents import paragraph_decides
from vardnara.kernel.errors import InputError, RuleBroken
from vardnara.kernel.paragraphs import paragraph_next, paragraph_number, paragraphs_out_of_order
from vardnara.kernel.registry_number import RegistryPattern, pattern_read

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User


def organisation_named(hospital_id: int, name: str) -> Organisation | None:
    """The organisation that a case names."""
    return Organisation.objects.filter(hospital_id=hospital_id, name__iexact=name.strip()).first()


def patterns_of(rows: Iterable[PatternRow]) -> list[RegistryPattern]:
    """Stored forms, read; one that today's rules no longer read judges nothing."""
    read = []
    for row in rows:
        try:
            read.append(pattern_read(row.form, row.text))
        except InputError:
            continue
    return read


def organisation_list(*, actor: User) -> list[Organisation]:
    """Every organisation within reach, with its forms and organs."""
    rows = Organisation.objects.filter(hospital_id__in=hospitals_in_reach(actor)).order_by("name")
    return list(rows.prefetch_related("patterns", "organs"))


def organisation_one(*, actor: User, organisation_id: int) -> Organisation:
    """One organisation."""
    found = Organisation.objects.filter(pk=organisation_id, hospital_id__in=hospitals_in_reach(actor)).first()
    if found is None:
        raise RuleBroken("unknown_matter", f"organisation {organisation_id}")
    return found


def organs_of(hospital_ids: Iterable[int], *, retired: bool = False) -> list[Organ]:
    """Organs of some hospitals' organisations, those in use or all."""
    rows = Organ.objects.filter(organisation__hospital_id__in=list(hospital_ids)).select_related("organisation")
    if not retired:
        rows = rows.filter(retired_at__isnull=True)
    return list(rows.order_by("organisation__name", "name"))


def paragraphs_next(organs: Sequence[Organ], year: int) -> dict[int, int]:
    """The next free § of each organ in a year."""
    taken: dict[int, list[int]] = {organ.pk: [] for organ in organs}
    for organ, number in Paragraph.objects.filter(organ__in=organs, year=year).values_list("organ_id", "number"):
        taken[organ].append(number)
    return {organ: paragraph_next(numbers) for organ, numbers in taken.items()}


@dataclass(frozen=True, slots=True)
class Decided:
    """A line of the register of decisions.

    ``is_own`` is a § that a case here was given; otherwise a step that a case tells of. ``is_out_of_order`` where the
    organ's numbers and days go against each other, ``differs`` where the same § is told of with another day.
    """

    organ: str
    organ_id: int | None
    on: date
    number: int | None
    text: str
    case_id: int
    title: str
    is_own: bool
    is_out_of_order: bool = False
    differs: bool = False


@dataclass(frozen=True, slots=True)
class Register:
    """The register of decisions, its organs and years, and what was asked for."""

    rows: tuple[Decided, ...]
    organs: tuple[Organ, ...]
    years: tuple[int, ...]


def decision_register(*, actor: User, organ_id: int | None = None, year: int | None = None) -> Register:
    """Decisions by organ and year: paragraphs that cases got, and steps that cases tell of. For readers of cases."""
    hospitals = hospitals_in_reach(actor)
    organs = organs_of(hospitals, retired=True)
    own = [
        Decided(str(row.organ), row.organ_id, row.on, row.number, row.case.title, row.case_id, row.case.title, True)
        for row in Paragraph.objects.filter(organ__in=organs).select_related("organ", "case")
    ]
    every = [*own, *_told(hospitals, organs)]
    rows = _judged(every)
    years = tuple(sorted({row.on.year for row in rows}, reverse=True))
    wanted = [
        row for row in rows if (organ_id is None or row.organ_id == organ_id) and (year is None or row.on.year == year)
    ]
    wanted.sort(key=lambda row: (-row.on.year, row.organ, -(row.number or 0), -row.on.toordinal(), not row.is_own))
    return Register(tuple(wanted), tuple(organs), years)


def _told(hospitals: Iterable[int], organs: Sequence[Organ]) -> Iterable[Decided]:
    """Steps of the newest versions of cases that happened and were decisions or have a §."""
    names = {name.casefold(): organ for organ in organs for name in (organ.name, organ.abbreviation)}
    cases = Case.objects.filter(hospital_id__in=list(hospitals)).exclude(state=CaseState.WITHDRAWN)
    for case, version in _newest(cases):
        for step in version.content.get("step", []):
            counts = step.get("kind") == "decision" or step.get("paragraph")
            if not counts or not step.get("on") or not step.get("is_decided", True):
                continue
            said = str(step.get("organ", ""))
            organ = names.get(said.strip().casefold())
            yield Decided(
                organ=str(organ) if organ else said,
                organ_id=organ.pk if organ else None,
                on=date.fromisoformat(str(step["on"])),
                number=paragraph_number(str(step.get("paragraph", ""))),
                text=str(step.get("text", "")),
                case_id=case.pk,
                title=case.title,
                is_own=False,
            )


def _newest(cases: Iterable[Case]) -> Iterable[tuple[Case, CaseVersion]]:
    wanted = {case.pk: case for case in cases}
    for version in CaseVersion.objects.filter(case_id__in=wanted):
        if wanted[version.case_id].n_versions == version.number:
            yield wanted[version.case_id], version


def _judged(rows: Sequence[Decided]) -> list[Decided]:
    by_year: dict[tuple[str, int], set[tuple[int, date]]] = {}
    for row in rows:
        if row.number is not None:
            by_year.setdefault((row.organ, row.on.year), set()).add((row.number, row.on))
    wrong = {key: paragraphs_out_of_order(pairs) for key, pairs in by_year.items()}
    days: dict[tuple[str, int, int], set[date]] = {}
    for (organ, year), pairs in by_year.items():
        for number, on in pairs:
            days.setdefault((organ, year, number), set()).add(on)
    return [
        row
        if row.number is None
        else replace(
            row,
            is_out_of_order=row.number in wrong[row.organ, row.on.year],
            differs=len(days[row.organ, row.on.year, row.number]) > 1,
        )
        for row in rows
    ]


def case_paragraphs(case: Case) -> list[Paragraph]:
    """The paragraphs that a case got, the earliest first."""
    return list(case.paragraphs.select_related("organ").order_by("on", "number"))


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A meeting in the list."""

    id: int
    organ: str
    on: date
    place: str
    n_items: int
    n_unsent: int


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom an extract goes to, and when it went."""

    name: str
    sent_on: date | None


@dataclass(frozen=True, slots=True)
class ItemLine:
    """A case on an agenda: its § at this meeting, its proposals, and whom the extract goes to.

    ``extract_of`` is the § that an extract is made of, where it decided the case.
    """

    item: MeetingItem
    paragraph: int | None
    extract_of: int | None
    proposals: tuple[dict[str, Any], ...]
    recipients: tuple[Recipient, ...]


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """A meeting with its agenda."""

    meeting: Meeting
    lines: tuple[ItemLine, ...]
    may_add: tuple[Case, ...]

    @property
    def n_unsent(self) -> int:
        return sum(one.sent_on is None for line in self.lines for one in line.recipients)


def meeting_list(*, actor: User) -> list[MeetingRow]:
    """Every meeting within reach, the latest first."""
    rows = Meeting.objects.filter(organ__organisation__hospital_id__in=hospitals_in_reach(actor))
    return [
        MeetingRow(row.pk, str(row.organ), row.on, row.place, len(lines), _unsent(lines))
        for row in rows.select_related("organ").order_by("-on", "organ__name")
        for lines in [_lines(row)]
    ]


def _unsent(lines: Iterable[ItemLine]) -> int:
    return sum(one.sent_on is None for line in lines for one in line.recipients)


def _lines(meeting: Meeting) -> tuple[ItemLine, ...]:
    items = list(meeting.items.select_related("case").order_by("position"))
    contents = {case.pk: version.content for case, version in _newest(item.case for item in items)}
    paragraphs = {row.case_id: row for row in Paragraph.objects.filter(organ=meeting.organ_id, on=meeting.on)}
    sent = {(row.item_id, row.recipient): row.sent_on for row in Extract.objects.filter(item__meeting=meeting)}
    return tuple(
        ItemLine(
            item=item,
            paragraph=paragraphs[item.case_id].number if item.case_id in paragraphs else None,
            extract_of=paragraphs[item.case_id].pk
            if item.case_id in paragraphs and paragraph_decides(meeting.on, item.case)
            else None,
            proposals=tuple(contents[item.case_id].get("proposal", [])),
            recipients=tuple(
                Recipient(name, sent.get((item.pk, name))) for name in contents[item.case_id].get("recipients", [])
            ),
        )
        for item in items
    )


def meeting_one(*, actor: User, meeting_id: int) -> MeetingPage:
    """A meeting with its agenda, and the cases that may still come on it."""
    hospitals = hospitals_in_reach(actor)
    meeting = (
        Meeting.objects.select_related("organ__organisation")
        .filter(pk=meeting_id, organ__organisation__hospital_id__in=hospitals)
        .first()
    )
    if meeting is None:
        raise RuleBroken("unknown_matter", f"meeting {meeting_id}")
    lines = _lines(meeting)
    free = (
        Case.objects.filter(hospital_id=meeting.organ.organisation.hospital_id)
        .exclude(state=CaseState.WITHDRAWN)
        .exclude(pk__in=[line.item.case_id for line in lines])
        .order_by("title", "pk")
    )
    return MeetingPage(meeting, lines, tuple(free))

"""Paragraphs of minutes, meetings with their agenda, and to whom extracts went."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from vardnara.apps.decisions.choices import CaseState
from vardnara.apps.decisions.models import Case, Extract, Meeting, MeetingItem, Organ, Paragraph
from vardnara.apps.decisions.services.recording import case_lock, content_of, event_add, writer_require
from vardnara.kernel.errors import RuleBroken
from vardnara.kernel.local_time import local_date
from vardnara.kernel.paragraphs import paragraph_next, paragraphs_out_of_order

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser as User

HIGHEST = 99_999


def _organ_lock(organ_id: int, hospital_id: int) -> Organ:
    """The organ, locked: whoever numbers its paragraphs does so alone."""
    organ = (
        Organ.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .filter(pk=organ_id, organisation__hospital_id=hospital_id)
        .first()
    )
    if organ is None:
        raise RuleBroken("unknown_matter", f"organ {organ_id}")
    return organ


@transaction.atomic
def paragraph_take(
    *, case_id: int, organ_id: int, on: date, number: int | None = None, actor: User, at: datetime
) -> tuple[Paragraph, bool]:
    """Give a case its § in an organ's minutes of a day: the one asked for, else the next free. A writer.

    Returns the paragraph, and whether the organ's numbers and days are in order around it.
    """
    case = case_lock(case_id, actor)
    if case.state == CaseState.WITHDRAWN:
        raise RuleBroken("case_is_withdrawn", f"case {case_id}")
    return paragraph_give(case, organ_id, on, number, actor=actor, at=at)


def paragraph_give(
    case: Case, organ_id: int, on: date, number: int | None, *, actor: User, at: datetime
) -> tuple[Paragraph, bool]:
    """The same, of a case that is locked already."""
    organ = _organ_lock(organ_id, case.hospital_id)
    if on > local_date(at):
        raise RuleBroken("paragraph_in_future", str(on))
    rows = dict(organ.paragraphs.filter(year=on.year).values_list("number", "on"))
    wanted = paragraph_next(rows) if number is None else number
    if not 1 <= wanted <= HIGHEST:
        raise RuleBroken("bad_input", str(wanted))
    if wanted in rows:
        raise RuleBroken("paragraph_taken", f"{organ.abbreviation} {on.year} § {wanted}")
    if case.paragraphs.filter(organ=organ, on=on).exists():
        raise RuleBroken("paragraph_given", f"{organ.abbreviation} {on}")
    made = Paragraph(organ=organ, year=on.year, number=wanted, on=on, case=case, made_at=at, made_by=actor)
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as error:
        raise RuleBroken("paragraph_taken", str(error)) from error
    event_add(case, "paragraph", text=f"{organ.abbreviation} {on} § {wanted}", actor=actor, at=at)
    return made, wanted not in paragraphs_out_of_order([*rows.items(), (wanted, on)])


@transaction.atomic
def paragraph_remove(*, case_id: int, paragraph_id: int, actor: User, at: datetime) -> None:
    """The case did not get this § after all; its number is free again, and the events say so. A writer."""
    case = case_lock(case_id, actor)
    for row in case.paragraphs.select_related("organ").filter(pk=paragraph_id):
        row.delete()
        event_add(case, "paragraph_not", text=f"{row.organ.abbreviation} {row.on} § {row.number}", actor=actor, at=at)


@transaction.atomic
def meeting_add(*, hospital_id: int, organ_id: int, on: date, place: str = "", actor: User, at: datetime) -> Meeting:
    """A meeting of an organ; one a day. A writer."""
    writer_require(actor, hospital_id)
    organ = _organ_lock(organ_id, hospital_id)
    if organ.retired_at is not None:
        raise RuleBroken("organ_is_retired", str(organ))
    if organ.meetings.filter(on=on).exists():
        raise RuleBroken("meeting_exists", f"{organ.abbreviation} {on}")
    return Meeting.objects.create(organ=organ, on=on, place=place.strip(), made_at=at, made_by=actor)


def _meeting_lock(meeting_id: int, actor: User) -> Meeting:
    found = (
        Meeting.objects.select_for_update(of=("self",))
        .select_related("organ__organisation")
        .filter(pk=meeting_id)
        .first()
    )
    if found is None:
        raise RuleBroken("unknown_matter", f"meeting {meeting_id}")
    writer_require(actor, found.organ.organisation.hospital_id)
    return found


def _item(meeting: Meeting, item_id: int) -> MeetingItem:
    item = meeting.items.select_related("case").filter(pk=item_id).first()
    if item is None:
        raise RuleBroken("unknown_line", str(item_id))
    return item


@transaction.atomic
def item_add(*, meeting_id: int, case_id: int, actor: User, at: datetime) -> MeetingItem:
    """Put a case last on the agenda. A writer."""
    meeting = _meeting_lock(meeting_id, actor)
    case = case_lock(case_id, actor)
    if case.hospital_id != meeting.organ.organisation.hospital_id:
        raise RuleBroken("unknown_matter", str(case_id))
    if case.state == CaseState.WITHDRAWN:
        raise RuleBroken("case_is_withdrawn", f"case {case_id}")
    if meeting.items.filter(case=case).exists():
        raise RuleBroken("on_agenda_already", f"case {case_id}")
    last = meeting.items.order_by("-position").values_list("position", flat=True).first() or 0
    event_add(case, "agenda", text=f"{meeting.organ.abbreviation} {meeting.on}", actor=actor, at=at)
    return MeetingItem.objects.create(meeting=meeting, case=case, position=last + 1)


@transaction.atomic
def item_remove(*, meeting_id: int, item_id: int, actor: User, at: datetime) -> None:
    """Take a case off the agenda, where no extract of it went out. A writer."""
    meeting = _meeting_lock(meeting_id, actor)
    item = _item(meeting, item_id)
    if item.extracts.exists():
        raise RuleBroken("extract_was_sent", str(item_id))
    item.delete()
    for place, other in enumerate(meeting.items.order_by("position"), start=1):
        MeetingItem.objects.filter(pk=other.pk).update(position=place)
    event_add(item.case, "agenda_not", text=f"{meeting.organ.abbreviation} {meeting.on}", actor=actor, at=at)


@transaction.atomic
def item_move(*, meeting_id: int, item_id: int, up: bool, actor: User, at: datetime) -> None:
    """Let a case change places with the one before or after it. A writer."""
    meeting = _meeting_lock(meeting_id, actor)
    item = _item(meeting, item_id)
    other = meeting.items.filter(position=item.position + (-1 if up else 1)).first()
    if other is None:
        return
    MeetingItem.objects.filter(pk=item.pk).update(position=other.position)
    MeetingItem.objects.filter(pk=other.pk).update(position=item.position)


@transaction.atomic
def meeting_number(*, meeting_id: int, actor: User, at: datetime) -> int:
    """Give every case of the agenda that has no § yet the next free one, in order; returns how many. A writer."""
    meeting = _meeting_lock(meeting_id, actor)
    given = 0
    for item in meeting.items.order_by("position"):
        case = case_lock(item.case_id, actor)
        if not case.paragraphs.filter(organ=meeting.organ, on=meeting.on).exists():
            paragraph_give(case, meeting.organ_id, meeting.on, None, actor=actor, at=at)
            given += 1
    return given


def _extract(meeting_id: int, item_id: int, recipient: str, actor: User, act: Callable[[MeetingItem], bool]) -> bool:
    item = _item(_meeting_lock(meeting_id, actor), item_id)
    if recipient not in content_of(item.case).get("recipients", []):
        raise RuleBroken("unknown_line", recipient)
    return act(item)


@transaction.atomic
def extract_sent(*, meeting_id: int, item_id: int, recipient: str, actor: User, at: datetime) -> None:
    """The extract went to one of the case's recipients. A writer."""
    what = {"sent_on": local_date(at), "at": at, "by": actor}

    def send(item: MeetingItem) -> bool:
        return Extract.objects.get_or_create(item=item, recipient=recipient, defaults=what)[1]

    if _extract(meeting_id, item_id, recipient, actor, send):
        case = MeetingItem.objects.select_related("case").get(pk=item_id).case
        event_add(case, "extract", text=recipient, actor=actor, at=at)


@transaction.atomic
def extract_not_sent(*, meeting_id: int, item_id: int, recipient: str, actor: User, at: datetime) -> None:
    """It did not after all; the events keep both. A writer."""

    def take_back(item: MeetingItem) -> bool:
        return item.extracts.filter(recipient=recipient).delete()[0] > 0

    if _extract(meeting_id, item_id, recipient, actor, take_back):
        case = MeetingItem.objects.select_related("case").get(pk=item_id).case
        event_add(case, "extract_not", text=recipient, actor=actor, at=at)

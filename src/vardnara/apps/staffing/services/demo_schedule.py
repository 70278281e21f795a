"""What invented people do with their invented schedule: wishes, a shift offered to the demo's worker, time said."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import transaction

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.queries import demo_user
from vardnara.apps.staffing.models import Person, Roster, RosterShift, ShiftKind, Wish
from vardnara.apps.staffing.services.swaps import offer_make
from vardnara.apps.staffing.services.wishes import wish_set
from vardnara.apps.staffing.services.worked_time import WorkedWords, worked_say
from vardnara.kernel.errors import RuleBroken

LATER = 30  # minutes that a shift became longer
TRIED = 12  # shifts of colleagues that are tried until the rules let one be offered


@transaction.atomic
def demo_schedule_load(*, hospital_id: int, at: datetime) -> bool:
    """Let the demo's worker wish, be asked for a shift and have stayed longer; once, else False."""
    worker = demo_user(hospital_id=hospital_id, role=Role.SERVICE_WORKER)
    person = Person.objects.filter(user=worker).first() if worker is not None else None
    draft = Roster.objects.filter(state="draft", members__person=person).order_by("first_on").first()
    if worker is None or person is None or draft is None or Wish.objects.filter(person=person).exists():
        return False
    on = draft.first_on + timedelta(days=4)
    wish_set(on=on, kind_id=None, wanted=False, weight=3, note="Kalas (påhittat)", actor=worker, at=at)
    kind = ShiftKind.objects.filter(group=draft.group_id, ended_at__isnull=True).order_by("start", "pk").first()
    if kind is not None:
        wish_set(on=draft.first_on, kind_id=kind.pk, wanted=True, weight=1, actor=worker, at=at)
    _ask(person, at)
    _stay(person, at)
    return True


def _ask(person: Person, at: datetime) -> None:
    """A colleague offers the person the first shift that they could take, given away or for one of theirs."""
    theirs = RosterShift.objects.filter(in_force=True, start_at__gt=at, person__user__isnull=False)
    mine: list[date | None] = [None]
    own = RosterShift.objects.filter(in_force=True, start_at__gt=at, person=person).order_by("on")
    mine += own.values_list("on", flat=True)[: TRIED // 2]
    theirs = theirs.exclude(on__in=own.values("on"))  # who works that day cannot take another shift
    for shift in theirs.exclude(person=person).select_related("person__user").order_by("on", "pk")[:TRIED]:
        user = shift.person.user
        for back in mine:
            try:
                with transaction.atomic():
                    offer_make(
                        roster_id=shift.roster_id, on=shift.on, taker_id=person.pk, back_on=back, actor=user, at=at,
                        note="Tandläkare (påhittat)",
                    )  # fmt: skip
            except RuleBroken:
                continue
            return


def _stay(person: Person, at: datetime) -> None:
    """The person's last shift became half an hour longer."""
    rows = RosterShift.objects.filter(person=person, in_force=True, end_at__lt=at - timedelta(minutes=LATER))
    shift = rows.select_related("kind").order_by("-end_at").first()
    if shift is None:
        return
    until = shift.kind.end + LATER
    words = WorkedWords(
        start=_clock(shift.kind.start),
        end=_clock(until),
        breaks=tuple((_clock(since), _clock(to)) for since, to in shift.kind.breaks),
        ordered_by="Koordinatorn (påhittat)",
    )
    worked_say(person_id=person.pk, on=shift.on, roster_id=shift.roster_id, words=words, actor=person.user, at=at)


def _clock(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)

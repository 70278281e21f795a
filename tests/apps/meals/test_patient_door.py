"""The door to the patient's own ordering: a code that staff give, counted, closed, bound to bed and stay."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.strategies.meals import Mealtime, meals_set, stay_of, tell
from tests.strategies.messages import at
from tests.strategies.refusals import refused

from vardnara.apps.hospital.models import BedPlace
from vardnara.apps.meals.models import HelpCall, OrderingAccess, OrderingSession
from vardnara.apps.meals.services.access import (
    SESSION,
    help_answer,
    help_call,
    ordering_close,
    ordering_open,
    session_begin,
    session_of,
)

pytestmark = pytest.mark.django_db


def bed(code: str = "1") -> BedPlace:
    return BedPlace.objects.get(room__ward__code="K31", room__code="1", code=code)


def opened(here: Mealtime, minute: float = 10) -> OrderingAccess:
    return ordering_open(stay_id=stay_of().pk, actor=here.nurse, at=at(minute))


def wrong(access: OrderingAccess) -> str:
    return f"{(int(access.code) + 1) % 10_000:04}"


def test_the_code_lets_a_device_in(here: Mealtime) -> None:
    """Four digits; opening it twice is one code; the table keeps no token."""
    access = opened(here)
    assert access.code.isdecimal() and len(access.code) == 4
    assert opened(here, 11).pk == access.pk
    token = session_begin(bed_id=bed().pk, code=f" {access.code}", at=at(11))
    found = session_of(token=token, bed_id=bed().pk, at=at(12))
    assert found is not None and found.access_id == access.pk
    assert not OrderingSession.objects.filter(digest=token).exists()


@pytest.mark.django_db(transaction=True)
def test_a_wrong_code_counts_and_the_fifth_closes() -> None:
    """Counted whatever the answer does with its transaction; after five the right one helps no more."""
    here = meals_set()
    tell("A01", 0, "1-1")
    access = opened(here)
    for n in range(1, 6):
        with refused("wrong_code"):
            session_begin(bed_id=bed().pk, code=wrong(access), at=at(11))
        access.refresh_from_db()
        assert access.failures == n
    assert access.closed_reason == "wrong_codes"
    with refused("ordering_not_open"):
        session_begin(bed_id=bed().pk, code=access.code, at=at(12))
    again = opened(here, 13)
    assert session_begin(bed_id=bed().pk, code=again.code, at=at(14))


def test_a_session_ends_by_the_clock(here: Mealtime) -> None:
    """The same cookie holds until its last moment and not in it."""
    access = opened(here)
    token = session_begin(bed_id=bed().pk, code=access.code, at=at(11))
    ends = at(11) + SESSION
    assert session_of(token=token, bed_id=bed().pk, at=ends - timedelta(microseconds=1))
    assert session_of(token=token, bed_id=bed().pk, at=ends) is None


def test_another_beds_cookie_opens_nothing(here: Mealtime) -> None:
    """A phone that ordered at one bed does not order at the next."""
    access = opened(here)
    token = session_begin(bed_id=bed().pk, code=access.code, at=at(11))
    assert session_of(token=token, bed_id=bed("2").pk, at=at(12)) is None
    assert session_of(token="made up", bed_id=bed().pk, at=at(12)) is None
    with refused("ordering_not_open"):
        session_begin(bed_id=bed("2").pk, code=access.code, at=at(12))


@pytest.mark.parametrize(("event", "where", "reason"), [("A02", "1-2", "moved"), ("A03", "", "discharged")])
def test_it_closes_at_transfer_and_discharge(here: Mealtime, event: str, where: str, reason: str) -> None:
    """Whoever lies there next is not ordered for by the phone of who lay there before (feat-B18)."""
    access = opened(here)
    token = session_begin(bed_id=bed().pk, code=access.code, at=at(11))
    tell(event, 20, where)
    access.refresh_from_db()
    assert access.closed_reason == reason
    for code in ("1", "2"):
        assert session_of(token=token, bed_id=bed(code).pk, at=at(21)) is None


def test_staff_close_it(here: Mealtime) -> None:
    access = opened(here)
    token = session_begin(bed_id=bed().pk, code=access.code, at=at(11))
    ordering_close(stay_id=stay_of().pk, actor=here.nurse, at=at(12))
    assert session_of(token=token, bed_id=bed().pk, at=at(13)) is None
    with refused("wrong_role"):
        ordering_open(stay_id=stay_of().pk, actor=here.cook, at=at(14))


def test_help_is_called_once_until_somebody_has_come(here: Mealtime) -> None:
    access = opened(here)
    token = session_begin(bed_id=bed().pk, code=access.code, at=at(11))
    session = session_of(token=token, bed_id=bed().pk, at=at(12))
    assert session is not None
    for minute in (12, 13):
        help_call(session=session, ward_id=bed().room.ward_id, at=at(minute))
    assert HelpCall.objects.get().at == at(12)
    help_answer(stay_id=stay_of().pk, actor=here.nurse, at=at(14))
    help_call(session=session, ward_id=bed().room.ward_id, at=at(15))
    assert HelpCall.objects.filter(answered_at__isnull=True).count() == 1

"""A tablet that a ward shares: only known people by number, locked when left, nothing of one person for the next."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from tests.strategies.stage import Stage, stage_set

from vardnara.apps.accounts.middleware import LOCKS_AT
from vardnara.apps.accounts.models import Pin, Scope, Tablet, TabletUse
from vardnara.apps.accounts.services.tablets import LOCKED_FOR, NAMED_FOR, _is_weak, pin_check, pin_set
from vardnara.kernel.errors import RuleBroken

NOW = datetime.now(UTC)
GOOD = "482913"
pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(db: None, settings: Any) -> Stage:
    settings.DEMO = True
    return stage_set()


@pytest.fixture
def tablet(stage: Stage) -> Client:
    """A browser that a nurse has shared with the ward; the nurse and a worker have used it and have numbers."""
    browser = Client(headers={"accept-language": "sv", "accept": "text/html"})
    browser.force_login(stage.users["ward_staff"])
    answer = browser.post("/surfplatta/", {"ward_id": stage.ward.pk, "name": "Expeditionen"})
    assert answer["Location"] == "/surfplatta/vem/" and answer.cookies["vardnara_tablet"]["httponly"]
    row = Tablet.objects.get()
    for who in ("ward_staff", "service_worker"):
        pin_set(actor=stage.users[who], password="", pin=GOOD, at=NOW)
        TabletUse.objects.create(tablet=row, user=stage.users[who], last_at=NOW)
    return browser


def signed_in(browser: Client) -> str:
    return str(browser.session.get("_auth_user_id", ""))


def enter(browser: Client, stage: Stage, who: str = "ward_staff", pin: str = GOOD) -> Any:
    return browser.post(f"/surfplatta/vem/{stage.users[who].pk}/", {"pin": pin})


def test_choose_a_name_and_give_the_number(stage: Stage, tablet: Client) -> None:
    """Sharing signs out; then a name and six digits are enough, and the page says change person."""
    assert signed_in(tablet) == ""
    page = tablet.get("/surfplatta/vem/").content.decode()
    assert "Ward_Staff" in page and "Service_Worker" in page and "Coordinator" not in page
    assert enter(tablet, stage, pin="482914").status_code == 422 and signed_in(tablet) == ""
    assert enter(tablet, stage)["Location"] == "/"
    assert signed_in(tablet) == str(stage.users["ward_staff"].pk)
    board = tablet.get(f"/avdelning/{stage.ward.pk}/").content.decode()
    assert "Byt person" in board and "data-locks=" in board and "Logga ut" not in board


def test_a_session_that_is_over_leads_to_the_names(stage: Stage, tablet: Client) -> None:
    """Not to the password; that is one link away."""
    assert tablet.get("/arbete/", follow=True).redirect_chain[-1][0] == "/surfplatta/vem/"
    assert tablet.get("/logga-in/").status_code == 200


def test_changing_person_ends_the_session_and_empties_the_cache(stage: Stage, tablet: Client) -> None:
    enter(tablet, stage)
    key = tablet.session.session_key
    answer = tablet.post("/surfplatta/byt/")
    assert answer["Location"] == "/surfplatta/vem/" and "cache" in answer["Clear-Site-Data"]
    assert signed_in(tablet) == "" and not Session.objects.filter(session_key=key).exists()


def test_the_number_works_on_that_tablet_only(stage: Stage, tablet: Client) -> None:
    """Another browser has no such page; another ward's tablet does not know the person."""
    elsewhere = Client()
    where = f"/surfplatta/vem/{stage.users['ward_staff'].pk}/"
    assert elsewhere.post(where, {"pin": GOOD})["Location"] == "/logga-in/"
    forged = Client()
    forged.cookies["vardnara_tablet"] = "x" * 43
    assert forged.post(where, {"pin": GOOD})["Location"] == "/logga-in/"
    other = Tablet.objects.create(
        digest="0" * 64, name="Annan", ward=stage.ward, made_at=NOW, made_by=stage.users["ward_staff"]
    )
    with pytest.raises(RuleBroken) as no:
        pin_check(tablet_id=other.pk, user_id=stage.users["ward_staff"].pk, pin=GOOD, at=NOW)
    assert no.value.code == "bad_pin_or_person"


@pytest.mark.parametrize("way", ["reach", "inactive", "long ago", "no number", "demo over", "revoked"])
def test_who_is_not_known_any_more_cannot_enter(way: str, stage: Stage, tablet: Client, settings: Any) -> None:
    nurse = stage.users["ward_staff"]
    if way == "reach":
        Scope.objects.filter(user=nurse).update(ward=stage.other_ward)
    elif way == "inactive":
        type(nurse).objects.filter(pk=nurse.pk).update(is_active=False)
    elif way == "long ago":
        TabletUse.objects.filter(user=nurse).update(last_at=NOW - NAMED_FOR - timedelta(days=1))
    elif way == "no number":
        Pin.objects.filter(user=nurse).delete()
    elif way == "demo over":
        settings.DEMO = False
    else:
        Tablet.objects.update(revoked_at=NOW, revoked_by=nurse)
    assert enter(tablet, stage).status_code == 302 and signed_in(tablet) == ""
    assert "Ward_Staff" not in tablet.get("/surfplatta/vem/").content.decode()


def test_five_wrong_numbers_lock_it_for_a_while(stage: Stage, tablet: Client) -> None:
    """Also the right one is refused then; a quarter of an hour later it is taken, and the count begins anew."""
    for _ in range(5):
        enter(tablet, stage, pin="111222")
    assert "kvart" in enter(tablet, stage).content.decode() and signed_in(tablet) == ""
    row, nurse = Tablet.objects.get(), stage.users["ward_staff"]
    with pytest.raises(RuleBroken) as no:
        pin_check(tablet_id=row.pk, user_id=nurse.pk, pin=GOOD, at=datetime.now(UTC) + LOCKED_FOR / 2)
    assert no.value.code == "pin_locked"
    later = datetime.now(UTC) + LOCKED_FOR + timedelta(seconds=1)
    assert pin_check(tablet_id=row.pk, user_id=nurse.pk, pin=GOOD, at=later) == nurse
    assert Pin.objects.get(user=nurse).failures == 0


def test_left_alone_it_locks(stage: Stage, tablet: Client) -> None:
    """What keeps itself up to date does not keep the tablet open; what a person does, does."""
    enter(tablet, stage)
    board = f"/avdelning/{stage.ward.pk}/"
    locks = tablet.session[LOCKS_AT]
    session = tablet.session
    session[LOCKS_AT] = locks - 60
    session.save()
    tablet.get(f"{board}delar/", headers={"HX-Request": "true"})
    assert tablet.session[LOCKS_AT] == locks - 60
    assert tablet.post("/surfplatta/kvar/").status_code == 204
    assert tablet.session[LOCKS_AT] >= locks
    session = tablet.session
    session[LOCKS_AT] = time.time() - 1
    session.save()
    answer = tablet.get(board)
    assert answer["Location"] == "/surfplatta/vem/" and signed_in(tablet) == ""


def test_a_tablet_that_is_shared_no_more_sends_people_away(stage: Stage, tablet: Client) -> None:
    enter(tablet, stage)
    head = Client()
    head.force_login(stage.users["coordinator"])
    assert head.post(f"/surfplatta/{Tablet.objects.get().pk}/sluta/").status_code == 302
    assert tablet.get(f"/avdelning/{stage.ward.pk}/")["Location"] == "/surfplatta/vem/"
    assert tablet.get("/surfplatta/vem/")["Location"] == "/logga-in/"


def test_another_hospitals_coordinator_ends_nothing(stage: Stage, tablet: Client) -> None:
    foreign = Client()
    foreign.force_login(stage.outsider)
    foreign.post(f"/surfplatta/{Tablet.objects.get().pk}/sluta/")
    assert Tablet.objects.get().revoked_at is None
    answer = foreign.post("/surfplatta/", {"ward_id": stage.ward.pk, "name": "Min"})
    assert answer.status_code == 200 and Tablet.objects.count() == 1


def test_signing_in_by_password_makes_the_tablet_know_you(stage: Stage, tablet: Client) -> None:
    user = stage.second_worker
    user.set_password("ett-långt-lösenord")
    user.save()
    pin_set(actor=user, password="ett-långt-lösenord", pin=GOOD, at=NOW)
    assert "Second" not in tablet.get("/surfplatta/vem/").content.decode()
    tablet.post("/logga-in/", {"username": "second", "password": "ett-långt-lösenord"})
    assert "Byt person" in tablet.get("/arbete/").content.decode()
    assert "Second" in tablet.get("/surfplatta/vem/").content.decode()


def test_choosing_a_number(stage: Stage) -> None:
    """The password is asked for, the number twice; what others would guess is refused in words."""
    user = stage.second_worker
    user.set_password("ett-långt-lösenord")
    user.save()
    client = Client(headers={"accept-language": "sv"})
    client.force_login(user)

    def say(**words: str) -> str:
        told = {"password": "ett-långt-lösenord", "pin": GOOD, "again": GOOD}
        return client.post("/pinkod/", told | words, follow=True).content.decode()

    assert "inte ditt lösenord" in say(password="fel") and not Pin.objects.exists()
    assert "inte lika" in say(again="482914") and not Pin.objects.exists()
    assert "sex siffror" in say(pin="48291", again="48291") and not Pin.objects.exists()
    assert "gissa" in say(pin="123456", again="123456") and not Pin.objects.exists()
    assert "Ändra" in say() and GOOD not in Pin.objects.get().digest
    client.post("/pinkod/", {"forget": "1"})
    assert not Pin.objects.exists()


@given(st.text("0123456789", min_size=6, max_size=6))
def test_few_numbers_are_too_weak(pin: str) -> None:
    """One digit, a pair, a triple over and over, a row up or down: nothing else."""
    row = "01234567890123456789"
    expected = pin in row or pin in row[::-1] or any(pin == pin[:n] * (6 // n) for n in (1, 2, 3))
    assert _is_weak(pin) is expected


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_pin SET failures = 6, locked_until = now()",
        "UPDATE accounts_pin SET failures = 5",
        "DELETE FROM accounts_tablet",
    ],
)
def test_the_database_holds_the_lock(statement: str, stage: Stage, tablet: Client) -> None:
    with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

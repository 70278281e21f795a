"""Sign-in: by name and password, by one tap in a demo, and never by a demo user anywhere else."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.strategies.stage import AT, Stage, stage_set

from vardnara.apps.accounts.models import Scope, User
from vardnara.apps.accounts.services import demo_users_create
from vardnara.apps.hospital.models import Hospital
from vardnara.kernel.errors import RuleBroken

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(db: None, settings) -> Stage:
    settings.DEMO = True
    return stage_set()


def made() -> dict[str, tuple[str, str]]:
    rows = demo_users_create(hospital_id=Hospital.objects.get(invented=True).pk, at=AT)
    return {role: (username, password) for username, password, role in rows}


def test_one_demo_user_a_role_with_scope(stage: Stage) -> None:
    """Every role of the house, ward staff on one ward; made again, they only get new passwords."""
    first, second = made(), made()
    assert set(first) == set(second) and first != second
    username, _ = second["ward_staff"]
    assert list(Scope.objects.filter(user__username=username).values_list("ward", flat=True)) == [stage.ward.pk]


def test_demo_users_are_made_in_an_invented_hospital_only(stage: Stage) -> None:
    with pytest.raises(RuleBroken) as no:
        demo_users_create(hospital_id=Hospital.objects.get(invented=False).pk, at=AT)
    assert no.value.code == "not_invented"


def test_name_and_password(stage: Stage) -> None:
    username, password = made()["auditor"]
    client = Client()
    assert client.post("/logga-in/", {"username": username, "password": "wrong"}).status_code == 422
    answer = client.post("/logga-in/", {"username": username, "password": password, "next": "/logg/"})
    assert answer["Location"] == "/logg/"


@pytest.mark.parametrize("where", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_sign_in_leads_nowhere_else(where: str, stage: Stage) -> None:
    answer = Client().post("/logga-in/demo/", {"role": "auditor", "next": where})
    assert answer["Location"] == "/"


def test_without_a_demo_no_demo_user_gets_in(stage: Stage, settings) -> None:
    """Not by a tap, not by password, not by a session from before."""
    username, password = made()["coordinator"]
    before = Client()
    before.post("/logga-in/demo/", {"role": "coordinator"})
    assert before.get("/samordning/").status_code == 200
    settings.DEMO = False
    client = Client()
    assert client.post("/logga-in/demo/", {"role": "coordinator"}).status_code == 404
    assert client.post("/logga-in/", {"username": username, "password": password}).status_code == 422
    assert before.get("/samordning/")["Location"].startswith("/logga-in/")
    assert b'name="role"' not in client.get("/logga-in/").content


def test_a_real_hospital_has_no_one_tap(stage: Stage) -> None:
    """Even in a demo, a demo user whose hospital is not invented is not offered."""
    Hospital.objects.update(invented=False)
    assert Client().post("/logga-in/demo/", {"role": "coordinator"}).status_code == 404


def test_the_language_is_remembered(stage: Stage) -> None:
    client = Client(headers={"accept-language": "sv"})
    client.force_login(stage.users["auditor"])
    client.post("/sprak/", {"language": "en", "next": "/logg/"})
    assert User.objects.get(username="auditor").language == "en"
    assert "Access log" in client.get("/logg/").content.decode()


def test_every_page_of_a_demo_says_that_the_hospital_is_invented(stage: Stage) -> None:
    client = Client(headers={"accept-language": "sv"})
    assert "Påhittat sjukhus" in client.get("/logga-in/").content.decode()
    client.force_login(stage.users["coordinator"])
    for where in ("/samordning/", "/avdelning/", f"/avdelning/{stage.ward.pk}/?vagg", "/status/", "/finns-inte/"):
        assert "Påhittat sjukhus" in client.get(where).content.decode(), where


def test_the_log_is_read_by_patient_and_the_search_is_logged(stage: Stage) -> None:
    client = Client()
    client.force_login(stage.users["auditor"])
    client.get("/logg/", {"patient": "abc"})
    assert b"abc" in client.get("/logg/", {"patient": "abc"}).content


def test_the_page_without_contact_is_nobodys(stage: Stage) -> None:
    """A phone keeps it for whoever comes next and is answered at any time: no name in it, and no cookie."""
    client = Client()
    client.post("/logga-in/demo/", {"role": "service_worker"})
    worker = User.objects.get(demo=True, role="service_worker").get_full_name()
    signed_in = client.get("/arbete/").content.decode()
    answer = client.get("/utan-kontakt/")
    page = answer.content.decode()
    for said in ("data-nobody", "data-stream", "<form", worker):
        assert (said in page) is False, said
    assert "data-stream" in signed_in and worker in signed_in
    assert "data-nobody" in Client().get("/logga-in/").content.decode()
    assert not answer.cookies

"""The pages of people: entered, changed, faulty input kept and told, out as a file that comes in again."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.strategies.stage import AT, Stage, stage_set

from vardnara.apps.staffing.models import Leave, Person
from vardnara.apps.staffing.services.demo_people import demo_people_load


@pytest.fixture
def stage(db: None, settings: Any) -> Stage:
    settings.DEMO = True
    return stage_set()


@pytest.fixture
def client(stage: Stage) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(stage.users["service_head"])
    return client


def formset(prefix: str, n_before: int, *rows: dict[str, Any]) -> dict[str, Any]:
    head = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": n_before}
    return head | {f"{prefix}-{n}-{name}": value for n, row in enumerate(rows) for name, value in row.items()}


def added(client: Client, stage: Stage, number: str = "7") -> str:
    form = {"number": number, "name": "Bo Berg", "ward": stage.ward.pk, "pool": "", "user": "", "adult_on": ""}
    answer = client.post("/medarbetare/ny/", form)
    assert answer.status_code == 302, answer.text
    return str(answer.url)


def test_somebody_is_entered_and_employed(client: Client, stage: Stage) -> None:
    """Empty, entered, two contracts, a training, hours and days away, each seen on the page; one is taken back."""
    assert "Nobody is entered yet." in client.get("/medarbetare/").text
    where = added(client, stage)
    half = {"share": "0.5", "measure": "all_days", "from_on": "2026-01-01", "last_on": "", "post": ""}
    rows = formset("k", 0, half, half | {"share": "0.25", "measure": "weekdays"})
    assert "0.75 of full time, 29 h 8 min a week." in client.post(f"{where}anstallning/", rows, follow=True).text
    trained = {"cleaning_since": "2026-01-01", "cleaning_last": "2026-01-31"}
    assert "ended 31 January 2026" in client.post(f"{where}utbildning/", trained, follow=True).text
    never = {"weekday": 4, "since": "22:00", "until": "06:00", "from_on": "2026-01-01", "last_on": ""}
    assert "Friday 22:00–06:00" in client.post(f"{where}tider/", formset("t", 0, never), follow=True).text
    away = {"kind": "vacation", "from_on": "2099-07-01", "last_on": "2099-07-28"}
    assert "Vacation 1 July 2099–28 July 2099" in client.post(f"{where}franvaro/", away, follow=True).text
    back = client.post(f"{where}franvaro/{Leave.objects.get().pk}/ater/", follow=True).text
    assert "Nothing is planned." in back
    gone = formset("k", 2, half | {"DELETE": "on"}, half | {"share": "0.25", "measure": "weekdays"})
    assert "0.25 of full time, 10 h a week." in client.post(f"{where}anstallning/", gone, follow=True).text
    assert "Bo Berg" in client.get("/medarbetare/").text
    assert "Nobody whom you plan with" in client.get("/medarbetare/?dag=2026-03-01&kan=cleaning").text


def test_faulty_input_is_told_and_kept(client: Client, stage: Stage) -> None:
    """What was typed stands there again, with what is wrong beside it."""
    where = added(client, stage)
    for path, sent, told in (
        ("/medarbetare/ny/", {"number": "7", "name": "Eva", "ward": stage.ward.pk}, "Somebody else has that staff"),
        ("/medarbetare/ny/", {"number": "8", "name": "Eva"}, "Choose a ward, or name a pool"),
        (f"{where}andra/", {"number": "7", "name": "Bo", "ward": stage.ward.pk, "pool": "P"}, "one of them"),
        (f"{where}utbildning/", {"cleaning_last": "2026-01-31"}, "Say since when."),
        (f"{where}franvaro/", {"kind": "sick", "from_on": "2026-03-05", "last_on": "2026-03-01"}, "before the first"),
        (
            f"{where}anstallning/",
            formset("k", 0, {"share": "2", "measure": "all_days", "from_on": "2026-01-01"}),
            "less than or equal to 1",
        ),
        (
            f"{where}tider/",
            formset("t", 0, {"weekday": 1, "since": "08:00", "from_on": "2026-01-01"}),
            "Say from when to when",
        ),
    ):
        answer = client.post(path, sent)
        assert answer.status_code == 422 and told in answer.text, (path, told)
    assert client.get("/medarbetare/999999/").status_code == 404
    assert Person.objects.count() == 1


def test_what_goes_out_comes_in_again(client: Client, stage: Stage) -> None:
    """The demo's people as CSV, read in again: nothing is new, and what they are is the same."""
    stage.ward.division.hospital.invented = True
    stage.ward.division.hospital.save()
    for user in stage.users.values():
        user.set_password("x")
        user.save()
    client.force_login(stage.users["service_head"])
    assert demo_people_load(hospital_id=stage.ward.division.hospital_id, at=AT)
    assert not demo_people_load(hospital_id=stage.ward.division.hospital_id, at=AT)
    n = Person.objects.count()
    out = client.get("/medarbetare/lista.csv?dag=2026-03-05")
    sheet = client.get("/medarbetare/lista.xlsx?dag=2026-03-05")
    assert n > 7 and sheet.content[:2] == b"PK"
    file = SimpleUploadedFile("people.csv", out.content)
    answer = client.post("/medarbetare/inlasning/", {"file": file, "encoding": "utf-8"}, follow=True)
    assert f"Read in: 0 new, {n} changed." in answer.text
    assert client.get("/medarbetare/lista.csv?dag=2026-03-05").content == out.content
    assert client.get("/medarbetare/lista.pdf").status_code == 404
    bad = SimpleUploadedFile("people.csv", b"number;name;ward\n1;Bo;nowhere\n")
    told = client.post("/medarbetare/inlasning/", {"file": bad, "encoding": "utf-8"})
    assert told.status_code == 422 and "people.csv:2" in told.text
    example = client.get("/medarbetare/mall.csv").content.decode("utf-8-sig").splitlines()
    assert [len(line.split(";")) for line in example] == [17, 17]


def test_whom_a_person_is(client: Client, stage: Stage) -> None:
    """Somebody under 18 is marked, until the day; who is above full time too."""
    where = added(client, stage)
    form = {"number": "7", "name": "Bo Berg", "ward": stage.ward.pk, "pool": "", "user": "", "adult_on": "2099-01-01"}
    assert "no work between 22 and 06" in client.post(f"{where}andra/", form, follow=True).text
    full = {"share": "1", "measure": "all_days", "from_on": "2026-01-01", "last_on": "", "post": ""}
    assert (
        "more than full time"
        in client.post(f"{where}anstallning/", formset("k", 0, full, full | {"share": "0.1"}), follow=True).text
    )
    assert Person.objects.get().adult_on == date(2099, 1, 1)

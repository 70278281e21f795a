"""Pages answer a person without JavaScript, say no in words, and do a command once."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from tests.strategies.stage import Stage, stage_set

from vardnara.apps.hospital.models import InboxMessage, Stay
from vardnara.apps.service.models import Task, TaskEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(db: None, settings) -> Stage:
    settings.DEMO = True
    settings.LANGUAGE_CODE = "sv"
    return stage_set()


def signed_in(stage: Stage, who: str) -> Client:
    client = Client(headers={"accept-language": "sv"})
    client.force_login(stage.users[who])
    return client


def do(client: Client, stage: Stage, deed: str, **data: object) -> str:
    """Press a button on the phone's page and read what came back, without JavaScript."""
    return client.post(f"/arbete/{stage.task_id}/{deed}/", data, follow=True).content.decode()


def test_the_phone_works_without_javascript(stage: Stage) -> None:
    """Claim, start, pause, resume, delay, resume, finish: each by a plain form."""
    worker = signed_in(stage, "service_worker")
    steps = [
        ("ta", {}, "claimed"),
        ("starta", {}, "started"),
        ("pausa", {"reason": "break"}, "paused"),
        ("fortsatt", {}, "started"),
        ("skjut-upp", {"reason": "repair"}, "delayed"),
        ("fortsatt", {}, "started"),
        ("klar", {}, "done"),
    ]
    for deed, data, state in steps:
        do(worker, stage, deed, **data)
        assert Task.objects.get().state == state, deed


def test_a_rule_that_says_no_is_a_sentence(stage: Stage) -> None:
    """Somebody was faster: the page says so in the reader's language, and nothing breaks."""
    do(signed_in(stage, "service_worker"), stage, "ta")
    second = Client(headers={"accept-language": "sv"})
    second.force_login(stage.second_worker)
    assert "Någon annan har redan tagit uppgiften" in do(second, stage, "ta")
    assert Task.objects.get().owner == stage.users["service_worker"]


def test_a_command_sent_twice_happens_once(stage: Stage) -> None:
    """The phone's own number makes a repeated press after a lost answer harmless."""
    worker = signed_in(stage, "service_worker")
    do(worker, stage, "ta", device="phone", device_seq=7)
    do(worker, stage, "lamna", device="phone", device_seq=8)
    do(worker, stage, "ta", device="phone", device_seq=7)  # a late echo of the first press
    assert TaskEvent.objects.filter(kind="claimed").count() == 1
    assert Task.objects.get().state == "open"


@pytest.mark.parametrize("reason", ["", "nonsense", "x" * 500])
def test_a_reason_that_is_none_is_refused_in_words(reason: str, stage: Stage) -> None:
    worker = signed_in(stage, "service_worker")
    do(worker, stage, "ta")
    do(worker, stage, "starta")
    assert "Försök igen" in do(worker, stage, "pausa", reason=reason)
    assert Task.objects.get().state == "started"


def test_a_form_reaches_no_further_than_its_page(stage: Stage) -> None:
    """A stay of another bed cannot be discharged from this bed's page, whatever the form says."""
    ward = signed_in(stage, "ward_staff")
    where = reverse("service:bed_act", args=[stage.free.token, "lamnat"])
    assert "inte kvar på platsen" in ward.post(where, {"stay": stage.stay.pk}, follow=True).content.decode()
    assert Stay.objects.get().status == "open"


@pytest.mark.parametrize(
    ("deed", "data", "word"),
    [
        ("sparra", {"reason": "Trasig säng"}, "Spärrad"),
        ("stang", {"reason": "Sommar"}, "Stängd"),
        ("reservera", {"reason": "Från akuten"}, "Reserverad"),
    ],
)
def test_ward_staff_say_how_it_is(deed: str, data: dict[str, str], word: str, stage: Stage) -> None:
    """Blocked, closed, reserved and back, with the reason on the page (feat-A8)."""
    ward = signed_in(stage, "ward_staff")
    back = {"sparra": "hav-sparr", "stang": "oppna", "reservera": "hav-reservation"}[deed]
    page = ward.post(reverse("service:bed_act", args=[stage.free.token, deed]), data, follow=True).content.decode()
    assert word in page and data["reason"] in page
    ward.post(reverse("service:bed_act", args=[stage.free.token, back]), follow=True)
    board = ward.get(reverse("service:ward", args=[stage.ward.pk])).content.decode()
    assert data["reason"] not in board


def test_ward_staff_ask_for_service_and_see_it(stage: Stage) -> None:
    """From the board without a bed and from a bed's page (feat-A30)."""
    ward = signed_in(stage, "ward_staff")
    board = ward.post(f"/avdelning/{stage.ward.pk}/onska/", {"note": "Handsprit", "priority": 1}, follow=True)
    assert "Handsprit" in board.content.decode()
    ward.post(reverse("service:bed_act", args=[stage.occupied.token, "onska"]), {"note": "Ny kudde", "priority": 2})
    assert set(Task.objects.filter(kind="request").values_list("note", "bed")) == {
        ("Handsprit", None),
        ("Ny kudde", stage.occupied.pk),
    }


def test_the_coordinator_hands_over_and_sees_the_history(stage: Stage) -> None:
    coordinator = signed_in(stage, "coordinator")
    where = f"/samordning/uppgift/{stage.task_id}/"
    coordinator.post(f"{where}fordela/", {"owner_id": stage.second_worker.pk})
    coordinator.post(f"{where}prioritera/", {"priority": 0})
    page = coordinator.get(where).content.decode()
    assert "Fördelad om" in page and "Prioritet ändrad" in page
    coordinator.post(f"{where}frigor/")
    assert Task.objects.get().owner is None


def test_what_is_not_approved_is_cleaned_again(stage: Stage) -> None:
    """The second clean exists and the bed is not released (edge-16)."""
    worker = signed_in(stage, "service_worker")
    worker.post("/arbete/hittat/", {"bed": stage.unconfirmed.pk, "kind": "found_bed", "start": "1"})
    found = Task.objects.get(kind="found_bed")
    worker.post(f"/arbete/{found.pk}/klar/")
    coordinator = signed_in(stage, "coordinator")
    coordinator.post(f"/samordning/uppgift/{found.pk}/granska/", {"approved": "0", "note": "Golvet"})
    assert "Inte godkänd" in coordinator.get(f"/samordning/uppgift/{found.pk}/").content.decode()
    assert Task.objects.filter(bed=stage.unconfirmed, state="open").count() == 1
    stage.unconfirmed.state.refresh_from_db()
    assert stage.unconfirmed.state.cleanliness == "dirty"


def test_a_worker_reports_what_was_found(stage: Stage) -> None:
    """A spill from the phone is a task at once (feat-A24)."""
    worker = signed_in(stage, "service_worker")
    worker.post("/arbete/hittat/", {"bed": stage.occupied.pk, "kind": "spill", "note": "Kaffe"})
    assert Task.objects.get(kind="spill").note == "Kaffe"


def test_a_cleaner_reads_the_instruction_and_never_the_diagnosis(stage: Stage) -> None:
    """Class, agent, minutes and protection, in words (C-18)."""
    Task.objects.filter(pk=stage.task_id).update(contagion_class="C")
    page = signed_in(stage, "service_worker").get("/arbete/").content.decode()
    for words in ("Smitta klass C", "Sporicid", "10 min", "Plastförkläde", "Golvet sist"):
        assert words in page


def test_a_parked_message_is_tried_again(stage: Stage) -> None:
    integrator = signed_in(stage, "integrator")
    InboxMessage.objects.filter(pk=stage.message.pk).update(reason="later_events")
    integrator.post("/inkorg/forsok-alla/", {"reason": "later_events"})
    assert InboxMessage.objects.get(pk=stage.message.pk).status in ("waiting", "parked", "ignored")


def test_how_a_system_is_read_can_be_changed(stage: Stage) -> None:
    integrator = signed_in(stage, "integrator")
    where = f"/inkorg/avsandare/{stage.sender.pk}/"
    assert (
        integrator.post(where, {"time_zone": "Mars/Base", "charset": "8859/1", "processing_ids": "P"}).status_code
        == 200
    )
    integrator.post(where, {"time_zone": "UTC", "charset": "8859/1", "processing_ids": "P", "a03_administrative": "on"})
    stage.sender.refresh_from_db()
    assert (stage.sender.time_zone, stage.sender.a03_administrative) == ("UTC", True)


def test_a_place_that_a_message_named_is_confirmed_or_mapped(stage: Stage) -> None:
    integrator = signed_in(stage, "integrator")
    integrator.post(f"/platser/{stage.unconfirmed.pk}/bekrafta/")
    stage.unconfirmed.refresh_from_db()
    assert stage.unconfirmed.confirmed


def test_the_labels_open_the_bed(stage: Stage) -> None:
    """One code a bed, without any style that the security policy would refuse."""
    page = signed_in(stage, "coordinator").get(f"/platser/etiketter/{stage.ward.pk}/").content.decode()
    assert page.count('class="qr"') == 6 and "style=" not in page


def test_health_and_metrics_tell_no_identities(stage: Stage) -> None:
    client = Client()
    assert client.get("/halsa/").json()["status"] == "up"
    metrics = client.get("/matt/").content.decode()
    assert 'vardnara_beds{state="occupied"} 1' in metrics and 'vardnara_tasks{state="open"} 1' in metrics
    assert "Tolvansson" not in metrics


def test_a_page_too_many_is_refused_in_swedish(stage: Stage) -> None:
    response = signed_in(stage, "kitchen").get("/samordning/")
    assert response.status_code == 403 and "Inte för din roll" in response.content.decode()


@pytest.mark.parametrize("who", ["service_worker", "coordinator", "ward_staff"])
def test_each_role_lands_where_its_work_is(who: str, stage: Stage) -> None:
    wanted = {
        "service_worker": "/arbete/",
        "coordinator": "/samordning/",
        "ward_staff": f"/avdelning/{stage.ward.pk}/",
    }
    assert signed_in(stage, who).get("/")["Location"] == wanted[who]

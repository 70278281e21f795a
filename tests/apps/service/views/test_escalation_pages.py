"""The pages of escalation say what is so, and do what their buttons say."""

from __future__ import annotations

import csv
import io
import time
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.strategies.receivers import BrowserKeys
from tests.strategies.stage import Stage, stage_set

from vardnara.apps.accounts.middleware import LOCKS_AT, TABLET
from vardnara.apps.accounts.models import Tablet
from vardnara.apps.service import services
from vardnara.apps.service.models import EscalationCase, Ladder, PushDevice, Webhook

StepInput = services.StepInput


@pytest.fixture
def stage(db: None, settings) -> Stage:
    settings.DEMO = True
    made = stage_set(timezone.now() - timedelta(minutes=30))
    services.ladder_save(
        hospital_id=made.ward.division.hospital_id,
        rules={"unowned": 10},
        steps=[StepInput("page", "coordinator", wait_minutes=15, retries=1), StepInput("push", "service_head")],
        read_number=0,
        actor=made.users["service_head"],
        at=timezone.now(),
    )
    services.escalations_keep(at=timezone.now())
    services.alerts_send(clock=timezone.now)
    return made


def client(stage: Stage, who: str) -> Client:
    made = Client(headers={"accept-language": "sv"})
    made.force_login(stage.users[who])
    return made


def test_what_stands_still_is_taken_with_one_press(stage: Stage) -> None:
    coordinator = client(stage, "coordinator")
    page = coordinator.get(reverse("service:escalation")).content.decode()
    assert "Arbete utan ansvarig" in page and "Nivå 1 har fått veta" in page and "Jag tar den" in page
    assert "Tolvansson" not in page
    case = EscalationCase.objects.get()
    told = coordinator.post(reverse("service:case_take", args=[case.pk]), follow=True).content.decode()
    assert "Den är din" in told and "Coordinator tog den" in told
    again = client(stage, "service_head").post(reverse("service:case_take", args=[case.pk]), follow=True)
    assert "Någon annan har redan tagit den." in again.content.decode()


def test_the_preview_tells_who_would_be_told(stage: Stage) -> None:
    """Nobody has notifications on, so the second level is passed over and said to be."""
    page = client(stage, "auditor").get(reverse("service:escalation"), {"trigger": "unowned", "at": "22:10"})
    text = page.content.decode()
    assert "22:20" in text and "22:25" in text and "gång 2" in text and "22:35" not in text
    assert "Ingen kan nås så just nu" in text
    other = client(stage, "auditor").get(reverse("service:escalation"), {"trigger": "late", "at": "22:10"})
    assert "stegen gäller inte för" in other.content.decode()


def ladder_form(**more: str) -> dict[str, str]:
    data = {"number": "1", "rule-late": "30"}
    for row in range(8):
        data |= {f"step-{row}-wait": "10", f"step-{row}-retries": "0", f"step-{row}-every": "5"}
    return data | {"step-0-channel": "page", "step-0-who": "coordinator", "step-0-hours": "07:00-22:00"} | more


def test_the_ladder_is_changed_on_its_page(stage: Stage) -> None:
    head = client(stage, "service_head")
    assert 'value="15"' in head.get(reverse("service:ladder_edit")).content.decode()
    assert head.post(reverse("service:ladder_edit"), ladder_form()).status_code == 302
    newest = Ladder.objects.order_by("-number").first()
    assert newest.number == 2 and newest.made_by == stage.users["service_head"]
    assert (newest.steps.get().start_minutes, newest.steps.get().end_minutes) == (420, 1320)
    stale = head.post(reverse("service:ladder_edit"), ladder_form())
    assert stale.status_code == 422 and "Någon annan har ändrat stegen" in stale.content.decode()


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"step-0-who": ""}, "Välj vem kanalen kan nå"),
        ({"step-0-hours": "7 till 22"}, "Skriv tider som"),
        ({"step-0-channel": "mail", "step-0-who": "address", "step-0-address": "inte en adress"}, "ingen e-postadress"),
        ({"step-0-channel": ""}, "Stegen har ingen nivå"),
    ],
)
def test_what_is_wrong_is_said_where_it_is_and_nothing_is_saved(stage: Stage, more: dict, says: str) -> None:
    answer = client(stage, "service_head").post(reverse("service:ladder_edit"), ladder_form(**more))
    assert answer.status_code == 422 and says in answer.content.decode()
    assert Ladder.objects.count() == 1


def test_deliveries_are_listed_filtered_and_exported(stage: Stage) -> None:
    auditor = client(stage, "auditor")
    assert "nivå 1, gång 2" in auditor.get(reverse("service:deliveries")).content.decode()
    assert "Inget har skickats" in auditor.get(reverse("service:deliveries"), {"channel": "mail"}).content.decode()
    text = auditor.get(reverse("service:deliveries_export")).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [(row["outcome"], row["level"], row["task"]) for row in rows] == [("delivered", "1", str(stage.task_id))]
    told = client(stage, "coordinator").get(reverse("service:task", args=[stage.task_id])).content.decode()
    assert f"{reverse('service:deliveries')}?task={stage.task_id}" in told
    assert "nivå 1" in auditor.get(reverse("service:deliveries"), {"task": stage.task_id}).content.decode()
    assert "Inget har skickats" in auditor.get(reverse("service:deliveries"), {"task": 10**9}).content.decode()
    outsider = Client()
    outsider.force_login(stage.outsider)
    assert "Inget har skickats" in outsider.get(reverse("service:deliveries")).content.decode()
    assert "Jag tar den" not in outsider.get(reverse("service:escalation")).content.decode()


def test_an_administrator_names_a_webhook_and_sees_its_secret_once(stage: Stage) -> None:
    admin = client(stage, "administrator")
    told = admin.post(reverse("service:webhook_new"), {"name": "SMS", "url": "https://sms.example/in"}, follow=True)
    hook = Webhook.objects.get()
    assert hook.secret in told.content.decode()
    assert hook.secret not in admin.get(reverse("service:escalation")).content.decode()
    bad = admin.post(reverse("service:webhook_new"), {"name": "X", "url": "file:///etc/passwd"}, follow=True)
    assert "Adressen måste börja med" in bad.content.decode() and Webhook.objects.count() == 1
    admin.post(reverse("service:webhook_act", args=[hook.pk, "ta-bort"]))
    assert Webhook.objects.get().retired_at


def test_a_shared_tablet_shows_nobodys_notifications(stage: Stage) -> None:
    """Its screen is everybody's: whoever is signed in is told to use a device of their own."""
    nurse = client(stage, "ward_staff")
    session = nurse.session
    tablet = Tablet.objects.create(
        digest="0" * 64, name="X", ward=stage.ward, made_at=timezone.now(), made_by=stage.users["ward_staff"]
    )
    session[TABLET], session[LOCKS_AT] = tablet.pk, time.time() + 60
    session.save()
    there = BrowserKeys().subscription("https://fcm.googleapis.com/fcm/send/x")
    data = {"endpoint": there.endpoint, "p256dh": there.p256dh, "auth": there.auth, "name": "Surfplatta"}
    page = nurse.post(reverse("service:device_on"), data, follow=True).content.decode()
    assert "delad surfplatta" in page and not PushDevice.objects.exists()


def test_a_person_turns_notifications_on_and_off(stage: Stage) -> None:
    worker = client(stage, "service_worker")
    there = BrowserKeys().subscription("https://fcm.googleapis.com/fcm/send/x")
    data = {"endpoint": there.endpoint, "p256dh": there.p256dh, "auth": there.auth, "name": "Chrome Android"}
    page = worker.post(reverse("service:device_on"), data, follow=True).content.decode()
    assert "Chrome Android" in page
    device = PushDevice.objects.get()
    client(stage, "coordinator").post(reverse("service:device_off", args=[device.pk]))
    assert PushDevice.objects.exists()  # another's is not theirs to turn off
    worker.post(reverse("service:device_off", args=[device.pk]))
    assert not PushDevice.objects.exists()
    bad = worker.post(reverse("service:device_on"), data | {"endpoint": "https://intranet.example/x"}, follow=True)
    assert "Prova en annan webbläsare" in bad.content.decode()


def test_e_mail_is_a_person_s_own(stage: Stage) -> None:
    worker = client(stage, "service_worker")
    worker.post(reverse("service:email_set"), {"email": "a@example.org"})
    stage.users["service_worker"].refresh_from_db()
    assert stage.users["service_worker"].email == "a@example.org"
    bad = worker.post(reverse("service:email_set"), {"email": "nej"}, follow=True)
    assert "ingen e-postadress" in bad.content.decode()

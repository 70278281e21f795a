"""What stands still is told, once each, until somebody answers; every try is on record."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from tests.strategies.receivers import BrowserKeys, http_receiver, smtp_receiver
from tests.strategies.refusals import refused
from tests.strategies.stage import AT, Stage, stage_set, task_make

from vardnara.apps.accounts.models import User
from vardnara.apps.hospital.models import BedState, PartHeartbeat
from vardnara.apps.service import services
from vardnara.apps.service.choices import Priority, TaskKind
from vardnara.apps.service.models import AlertSend, Delivery, EscalationCase, Ladder, LadderStep, PushDevice, Task
from vardnara.apps.service.services.alert_sending import LEASE, _parcel, alerts_claim, deliver
from vardnara.gateways.webhook import signature_valid

MINUTE = timedelta(minutes=1)
StepInput = services.StepInput


@pytest.fixture
def stage(db: None, settings) -> Stage:
    settings.DEMO = True
    settings.PAGE_URL = "https://vardnara.example"
    return stage_set()


def ladder(stage: Stage, *steps: StepInput, read: int = 0, who: str = "service_head", **rules: int) -> Ladder:
    hospital = stage.ward.division.hospital_id
    return services.ladder_save(
        hospital_id=hospital,
        rules=rules or {"unowned": 10},
        steps=steps or [StepInput("page", "coordinator")],
        read_number=read,
        actor=stage.users[who],
        at=AT,
    )


def hook(stage: Stage, url: str):
    return services.webhook_add(
        hospital_id=stage.ward.division.hospital_id, name="SMS", url=url, actor=stage.users["administrator"], at=AT
    )


def look(minutes: float) -> int:
    return services.escalations_keep(at=AT + minutes * MINUTE)


def send(minutes: float, **more: object) -> int:
    at = AT + minutes * MINUTE
    return services.alerts_send(clock=lambda: at, **more)


def test_unowned_work_is_told_when_its_minutes_have_passed_and_once(stage: Stage) -> None:
    """The stage's clean has nobody: after ten minutes there is one case and one message, however often one looks."""
    ladder(stage)
    assert look(9) == 0 and not EscalationCase.objects.exists()
    assert look(10) == 1
    assert look(10) == look(11) == 0
    case = EscalationCase.objects.get()
    assert (case.trigger, case.task_id, case.since) == ("unowned", stage.task_id, AT)
    assert send(11) == 1 and send(12) == 0
    assert Delivery.objects.get().outcome == "delivered"


def test_the_database_refuses_a_second_open_case(stage: Stage) -> None:
    ladder(stage)
    look(10)
    case = EscalationCase.objects.get()
    case.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        case.save(force_insert=True)


@pytest.mark.parametrize("sql", ["UPDATE service_delivery SET code = 'x'", "DELETE FROM service_delivery",
                                 "UPDATE service_ladderstep SET retries = 9", "DELETE FROM service_ladder",
                                 "DELETE FROM service_escalationcase", "DELETE FROM service_alertsend"])  # fmt: skip
def test_what_happened_is_never_rewritten(stage: Stage, sql: str) -> None:
    """By no code and by no SQL."""
    ladder(stage)
    look(10)
    send(10)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_somebody_takes_the_work_and_the_case_is_over(stage: Stage) -> None:
    """What was not sent yet is not sent; handed back, it counts from then."""
    ladder(stage)
    look(10)
    worker = stage.users["service_worker"]
    services.task_claim(task_id=stage.task_id, actor=worker, at=AT + 11 * MINUTE)
    look(12)
    assert EscalationCase.objects.get().closed_reason == "gone"
    assert AlertSend.objects.get().outcome == "moot" and send(12) == 0
    services.task_hand_back(task_id=stage.task_id, actor=worker, at=AT + 20 * MINUTE, reason="", note="")
    assert look(29) == 0
    assert look(30) == 1
    assert EscalationCase.objects.filter(closed_at__isnull=True).get().since == AT + 20 * MINUTE


def test_who_answers_for_it_silences_the_ladder(stage: Stage) -> None:
    ladder(stage, StepInput("page", "coordinator", wait_minutes=5), StepInput("page", "service_head"))
    look(10)
    send(10)
    case = EscalationCase.objects.get()
    coordinator = stage.users["coordinator"]
    services.case_acknowledge(case_id=case.pk, actor=coordinator, at=AT + 12 * MINUTE)
    assert look(60) == 0
    with refused("case_taken"):
        services.case_acknowledge(case_id=case.pk, actor=stage.users["service_head"], at=AT + 13 * MINUTE)
    with refused("wrong_role"):
        services.case_acknowledge(case_id=case.pk, actor=stage.users["service_worker"], at=AT)
    with refused("out_of_scope"):
        services.case_acknowledge(case_id=case.pk, actor=stage.outsider, at=AT)


def test_each_trigger_sees_what_it_is_about(stage: Stage) -> None:
    """Late, urgent, waiting contagion clean, a patient in an uncleaned bed, a silent part; not another hospital's."""
    here = {"ward_id": stage.ward.pk, "at": AT, "reason": "request", "kind": TaskKind.REQUEST, "bed_id": None}
    late = task_make(due_at=AT + 5 * MINUTE, **here)
    urgent = task_make(priority=Priority.STAT, **here)
    bed = stage.unconfirmed
    contagion = task_make(
        kind=TaskKind.CONTAGION_CLEAN, ward_id=stage.ward.pk, bed_id=bed.pk, at=AT, reason="departure"
    )
    task_make(
        kind=TaskKind.CONTAGION_CLEAN, ward_id=stage.foreign.room.ward_id, bed_id=stage.foreign.pk, at=AT, reason="x"
    )
    BedState.objects.filter(bed=stage.occupied).update(cleanliness="cleaning")
    PartHeartbeat.objects.create(part="listener", instance="x", started_at=AT, beat_at=AT)
    ladder(stage, late=1, urgent=5, contagion=5, unclean_bed=5, silent=2)
    look(10)
    found = set(EscalationCase.objects.values_list("trigger", "subject"))
    assert found == {
        ("late", f"task:{late}"),
        ("urgent", f"task:{urgent}"),
        ("contagion", f"task:{contagion}"),
        ("unclean_bed", f"bed:{stage.occupied.pk}"),
        ("silent", "part:listener"),
    }


def test_planned_work_is_not_unowned_before_its_time(stage: Stage) -> None:
    Task.objects.filter(pk=stage.task_id).update(starts_at=AT + 60 * MINUTE)
    ladder(stage)
    assert look(69) == 0
    assert look(70) == 1


def test_a_webhook_that_is_down_is_tried_again_and_then_the_next_level_begins(stage: Stage) -> None:
    """503 four times, each on record, with one idempotency key; given up, nobody waits for the level's time."""
    with http_receiver() as receiver:
        receiver.statuses = [503]
        step = StepInput("webhook", webhook_id=hook(stage, receiver.url).pk, wait_minutes=600)
        ladder(stage, step, StepInput("page", "service_head"))
        look(10)
        tries = [minute for minute in range(10, 30) if send(minute)]
        assert tries == [10, 11, 13, 18]
        assert len({got.headers["idempotency-key"] for got in receiver.got}) == 1
    rows = list(Delivery.objects.order_by("attempt").values_list("attempt", "outcome", "code"))
    assert rows == [(1, "retry", "503"), (2, "retry", "503"), (3, "retry", "503"), (4, "failed", "503")]
    assert look(19) == 1
    assert AlertSend.objects.filter(level=1).get().channel == "page"


def test_a_webhook_gets_a_signed_message_without_a_name(stage: Stage) -> None:
    with http_receiver() as receiver:
        found = hook(stage, receiver.url)
        ladder(stage, StepInput("webhook", webhook_id=found.pk))
        look(10)
        send(10)
    (got,) = receiver.got
    assert signature_valid(found.secret, got.body, got.headers["x-vardnara-signature"], AT + 10 * MINUTE)
    told = json.loads(got.body)
    assert told["ward"] == "K1" and told["place"] == "1:2" and told["trigger"] == "unowned"
    assert told["url"] == f"https://vardnara.example/samordning/uppgift/{stage.task_id}/"
    assert b"Tolvansson" not in got.body


@pytest.mark.parametrize("status", [400, 403, 302, 410])
def test_a_receiver_that_says_no_for_good_is_not_asked_again(stage: Stage, status: int) -> None:
    with http_receiver() as receiver:
        receiver.statuses = [status]
        ladder(stage, StepInput("webhook", webhook_id=hook(stage, receiver.url).pk))
        look(10)
        send(10)
        assert send(20) == 0
    assert Delivery.objects.get().code == str(status)


def test_a_slow_receiver_does_not_hold_the_others(stage: Stage) -> None:
    """Both are tried in one round; the slow one again later."""
    with http_receiver() as slow, http_receiver() as quick:
        slow.wait_seconds = 2
        first = hook(stage, slow.url)
        second = services.webhook_add(
            hospital_id=stage.ward.division.hospital_id,
            name="Sök",
            url=quick.url,
            actor=stage.users["administrator"],
            at=AT,
        )
        ladder(stage, *(StepInput("webhook", webhook_id=one.pk, wait_minutes=0) for one in (first, second)))
        assert look(10) == 2
        send(10, timeout_seconds=0.3)
    assert dict(Delivery.objects.values_list("send__webhook__name", "outcome")) == {"SMS": "retry", "Sök": "delivered"}


def test_killed_between_sending_and_writing_down_it_is_sent_again_with_the_same_key(stage: Stage) -> None:
    """The receiver can tell; nobody else takes the message while it is on its way."""
    with http_receiver() as receiver:
        ladder(stage, StepInput("webhook", webhook_id=hook(stage, receiver.url).pk))
        look(10)
        at = AT + 10 * MINUTE
        (claimed,) = alerts_claim(at=at)
        deliver(_parcel(claimed), at)
        assert alerts_claim(at=at + LEASE / 2) == []
        send(10 + LEASE / MINUTE)
    assert len(receiver.got) == 2
    assert len({got.headers["idempotency-key"] for got in receiver.got}) == 1
    assert len({json.loads(got.body)["id"] for got in receiver.got}) == 1
    assert Delivery.objects.get().attempt == 2 and AlertSend.objects.get().outcome == "delivered"


@pytest.fixture
def push(stage: Stage, settings) -> Iterator[tuple]:
    with http_receiver() as service:
        service.statuses = [201]
        settings.PUSH_SERVICES = [service.url]
        yield service, BrowserKeys()


def subscribe(stage: Stage, push: tuple, who: str = "coordinator", path: str = "/p/1") -> PushDevice:
    service, keys = push
    there = keys.subscription(f"{service.url}{path}")
    return services.push_device_add(subscription=there, name="Firefox", actor=stage.users[who], at=AT)


def test_a_notification_arrives_encrypted_and_tells_no_more_than_a_lock_screen_may(stage: Stage, push: tuple) -> None:
    subscribe(stage, push)
    ladder(stage, StepInput("push", "coordinator"))
    look(10)
    send(10)
    service, keys = push
    (got,) = service.got
    told = json.loads(keys.read(got.body))
    assert told["title"] == "Arbete utan ansvarig" and told["body"].startswith("K1")
    assert told["url"] == f"/samordning/uppgift/{stage.task_id}/"
    assert "1:2" not in told["body"] and "mitt" not in told["body"]


def test_a_browser_that_is_gone_is_forgotten_and_the_next_level_begins(stage: Stage, push: tuple) -> None:
    """410 Gone (RFC 8030): the subscription is removed."""
    push[0].statuses = [410]
    subscribe(stage, push)
    ladder(stage, StepInput("push", "coordinator", wait_minutes=600), StepInput("page", "service_head"))
    look(10)
    send(10)
    assert not PushDevice.objects.exists() and Delivery.objects.get().outcome == "gone"
    assert look(11) == 1


def test_one_of_a_person_s_browsers_is_enough(stage: Stage, push: tuple) -> None:
    push[0].statuses = [410, 201]
    subscribe(stage, push, path="/p/1")
    subscribe(stage, push, path="/p/2")
    ladder(stage, StepInput("push", "coordinator"))
    look(10)
    send(10)
    assert AlertSend.objects.get().outcome == "delivered"
    assert sorted(Delivery.objects.values_list("outcome", flat=True)) == ["delivered", "gone"]


def test_a_level_that_nobody_can_be_reached_on_is_passed_over(stage: Stage) -> None:
    """No coordinator has turned notifications on: the head is told at once."""
    ladder(stage, StepInput("push", "coordinator", wait_minutes=600), StepInput("page", "service_head"))
    assert look(10) == 1
    assert AlertSend.objects.get().level == 1


def test_mail_reaches_people_of_the_role_and_addresses(stage: Stage, settings) -> None:
    with smtp_receiver() as smtp:
        settings.SMTP_URL = f"smtp://127.0.0.1:{smtp.port}?from=vardnara@example.org"
        User.objects.filter(pk=stage.users["coordinator"].pk).update(email="karin@example.org", language="en")
        ladder(
            stage,
            StepInput("mail", "coordinator", wait_minutes=0),
            StepInput("mail", address="jour@example.org", wait_minutes=0),
        )
        assert look(10) == 2
        send(10)
    text = "\n".join(sorted(smtp.letters))
    assert "To: karin@example.org" in text and "To: jour@example.org" in text
    assert "Work without an owner" in text and "Subject: Arbete utan ansvarig K1" in text
    assert "Tolvansson" not in text


def test_without_a_mail_server_the_ladder_goes_on(stage: Stage) -> None:
    ladder(stage, StepInput("mail", address="a@example.org", wait_minutes=600), StepInput("page", "service_head"))
    look(10)
    send(10)
    assert Delivery.objects.get().code == "bad_smtp_url"
    assert look(11) == 1


def test_a_new_version_takes_the_old_one_s_place_and_keeps_it(stage: Stage) -> None:
    """Who changed what and when is there to read; a rule that is no more closes its cases."""
    first = ladder(stage)
    look(10)
    second = ladder(stage, read=1, late=5)
    assert (first.number, second.number) == (1, 2) and LadderStep.objects.filter(ladder=first).exists()
    with refused("ladder_changed"):
        ladder(stage, read=1)
    look(11)
    assert EscalationCase.objects.get().closed_reason == "rule_off"


@pytest.mark.parametrize(
    ("step", "code"),
    [
        (StepInput("push"), "step_without_receiver"),
        (StepInput("push", "coordinator", "a@b.se"), "step_without_receiver"),
        (StepInput("push", address="a@b.se"), "step_without_receiver"),
        (StepInput("mail", address="a b"), "bad_email"),
        (StepInput("webhook", webhook_id=999), "step_without_receiver"),
        (StepInput("page", "coordinator", retries=11), "bad_input"),
        (StepInput("page", "coordinator", start_minutes=60, end_minutes=60), "bad_window"),
        (StepInput("pigeon", "coordinator"), "bad_input"),
    ],
)
def test_a_level_that_cannot_be_is_refused(stage: Stage, step: StepInput, code: str) -> None:
    with refused(code):
        ladder(stage, step)


def test_only_who_answers_for_it_changes_the_ladder_and_only_administrators_name_webhooks(stage: Stage) -> None:
    """A webhook makes the server call an address: that is not for everybody who may set a waiting time."""
    with refused("wrong_role"):
        ladder(stage, who="coordinator")
    for who in ("service_head", "coordinator"):
        with refused("wrong_role"):
            services.webhook_add(hospital_id=1, name="x", url="https://a.se", actor=stage.users[who], at=AT)
    for url in ("ftp://a.se/", "file:///etc/passwd", "https://u:p@a.se/"):
        with refused("bad_address"):
            hook(stage, url)


def test_a_retired_webhook_reaches_nobody(stage: Stage) -> None:
    found = hook(stage, "https://a.example/")
    ladder(stage, StepInput("webhook", webhook_id=found.pk, wait_minutes=600), StepInput("page", "service_head"))
    services.webhook_retire(webhook_id=found.pk, actor=stage.users["administrator"], at=AT)
    look(10)
    assert AlertSend.objects.get().channel == "page"


def test_tests_go_to_oneself_only(stage: Stage, push: tuple) -> None:
    coordinator = stage.users["coordinator"]
    with refused("no_device"):
        services.alert_test(channel="push", actor=coordinator, at=AT)
    subscribe(stage, push)
    services.alert_test(channel="push", actor=coordinator, at=AT)
    send(0)
    assert json.loads(push[1].read(push[0].got[0].body))["url"] == "/aviseringar/"
    with refused("bad_subscription"):
        services.push_device_add(
            subscription=push[1].subscription("http://10.0.0.1/x"), name="", actor=coordinator, at=AT
        )


def test_the_demo_has_a_ladder_that_mails_nobody(stage: Stage) -> None:
    services.demo_ladder_load(hospital_id=stage.ward.division.hospital_id, at=AT)
    assert set(LadderStep.objects.values_list("channel", flat=True)) == {"page", "push"}
    services.demo_ladder_load(hospital_id=stage.ward.division.hospital_id, at=AT)
    assert Ladder.objects.count() == 1

"""Empties the outbox: claims messages, sends them outside any transaction, writes down what the receivers answered.

A message that was claimed and not written down within ``LEASE`` is sent again, with the same key: whoever sent it may
have been killed before or after the receiver took it. ``docs/escalation.md`` says so to receivers.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import translation
from django.utils.translation import pgettext

from vardnara.apps.hospital.queries.alerts import hospital_names
from vardnara.apps.service.choices import AlertChannel, AlertOutcome
from vardnara.apps.service.models import AlertSend, Delivery, EscalationCase, PushDevice
from vardnara.apps.service.queries.alert_words import AlertWords, case_words
from vardnara.apps.service.services.alert_settings import push_private
from vardnara.gateways.mail import Letter, mail_send, mail_server
from vardnara.gateways.posting import Answer
from vardnara.gateways.webhook import Notice, webhook_send
from vardnara.gateways.webpush import Subscription, push_send
from vardnara.kernel.errors import GatewayError, InputError

logger = logging.getLogger("vardnara.alerts")

LEASE = timedelta(minutes=2)  # after so long a claimed message is anybody's again
TRIES = 4
WAITS = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=5))  # before the second, third, fourth try
BATCH = 16
TIMEOUT_SECONDS = 10.0
BUDGET = timedelta(seconds=45)  # of one run: the next begins a minute later
TEST_KIND = "test"


@dataclass(frozen=True, slots=True)
class Said:
    """What came of one try at one address. ``device_id`` is a browser that is no more."""

    address: str
    outcome: AlertOutcome
    code: str = ""
    text: str = ""
    device_id: int | None = None


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message with everything that sending takes: nothing is read from the database while it is sent."""

    send: AlertSend
    words: AlertWords
    hospital: str
    devices: tuple[PushDevice, ...]
    mail_to: str
    private: str


def alerts_send(*, clock: Callable[[], datetime], timeout_seconds: float = TIMEOUT_SECONDS) -> int:
    """Send what waits until nothing does or the time of one run is over; returns how many tries were made."""
    ends, tried = clock() + BUDGET, 0
    with ThreadPoolExecutor(BATCH) as pool:
        while clock() < ends:
            sends = alerts_claim(at=clock())
            if not sends:
                break
            parcels = [_parcel(send) for send in sends]
            said = list(pool.map(partial(deliver, at=clock(), timeout_seconds=timeout_seconds), parcels))
            for parcel, answers in zip(parcels, said, strict=True):
                alert_record(send=parcel.send, said=answers, at=clock())
            tried += len(parcels)
    return tried


@transaction.atomic
def alerts_claim(*, at: datetime) -> list[AlertSend]:
    """Take messages to send; others that run meanwhile pass them by."""
    free = Q(claimed_at__isnull=True) | Q(claimed_at__lte=at - LEASE)
    rows = (
        AlertSend.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(free, done_at__isnull=True, due_at__lte=at)
        .order_by("due_at", "pk")[:BATCH]
    )
    taken = [send.pk for send in rows]
    AlertSend.objects.filter(pk__in=taken).update(claimed_at=at, tries=F("tries") + 1)
    relations = ("case__task__task_type", "case__bed__room", "case__ward", "user", "webhook")
    return list(AlertSend.objects.filter(pk__in=taken).select_related(*relations).order_by("pk"))


def _parcel(send: AlertSend) -> Parcel:
    language = send.user.language if send.user is not None else "sv"
    case = send.case
    hospital = case.hospital_id if case is not None else send.webhook.hospital_id if send.webhook is not None else 0
    push = send.channel == AlertChannel.PUSH
    mail_to = send.target.removeprefix("mail:") if send.user is None else send.user.email
    return Parcel(
        send=send,
        words=case_words(case, language=language) if case is not None else _own_words(send, language),
        hospital=hospital_names().get(hospital, ""),
        devices=tuple(PushDevice.objects.filter(user=send.user).order_by("pk")) if push else (),
        mail_to=mail_to,
        private=push_private(at=send.made_at) if push else "",
    )


def _own_words(send: AlertSend, language: str) -> AlertWords:
    """Words that a message carries itself; one without is a test."""
    if send.text:
        return AlertWords(send.title, "", "", "", send.text[:120], send.text, send.path)
    with translation.override(language):
        text = pgettext("alert", "A test from Vardnara. It works.")
        return AlertWords(pgettext("alert", "Test"), "", "", "", text, text, "/aviseringar/")


def deliver(parcel: Parcel, at: datetime, timeout_seconds: float = TIMEOUT_SECONDS) -> list[Said]:
    """Send a message by its channel; never raises."""
    try:
        return CHANNELS[AlertChannel(parcel.send.channel)](parcel, at, timeout_seconds)
    except Exception as error:
        logger.exception("a message could not be sent", extra={"data": {"send": parcel.send.pk}})
        return [Said(parcel.send.target, AlertOutcome.FAILED, "fault", type(error).__name__)]


def _by_page(parcel: Parcel, at: datetime, timeout_seconds: float) -> list[Said]:
    return [Said("page", AlertOutcome.DELIVERED)]


def _by_mail(parcel: Parcel, at: datetime, timeout_seconds: float) -> list[Said]:
    address = parcel.mail_to
    try:
        server = mail_server(settings.SMTP_URL)
    except InputError as error:
        return [Said(address, AlertOutcome.FAILED, error.code, "VARDNARA_SMTP_URL")]
    link = f"\n\n{settings.PAGE_URL}{parcel.words.path}" if settings.PAGE_URL else ""
    subject = f"{parcel.words.trigger} {parcel.words.ward}".strip()
    letter = Letter(str(parcel.send.key), address, subject, f"{parcel.words.text}{link}\n", at)
    try:
        return [Said(address, AlertOutcome.DELIVERED, mail_send(server, letter, timeout_seconds=timeout_seconds))]
    except GatewayError as error:
        again = error.code == "no_answer"
        return [Said(address, AlertOutcome.RETRY if again else AlertOutcome.FAILED, error.code[:12], error.detail)]


def _by_webhook(parcel: Parcel, at: datetime, timeout_seconds: float) -> list[Said]:
    send, words, hook = parcel.send, parcel.words, parcel.send.webhook
    if hook is None or hook.retired_at is not None:
        return [Said(send.target, AlertOutcome.GONE)]
    case = send.case
    notice = Notice(
        id=str(send.key),
        kind="escalation" if case is not None else TEST_KIND,
        trigger=case.trigger if case is not None else "",
        level=send.level + 1,
        turn=send.turn + 1,
        hospital=parcel.hospital,
        ward=words.ward,
        place=words.place,
        work=words.work,
        since=case.since if case is not None else send.made_at,
        text=words.text,
        url=f"{settings.PAGE_URL}{words.path}" if settings.PAGE_URL else "",
    )
    try:
        answer = webhook_send(hook.url, hook.secret, notice, at=at, timeout_seconds=timeout_seconds)
    except (GatewayError, InputError) as error:
        again = error.code == "no_answer"
        return [Said(hook.url, AlertOutcome.RETRY if again else AlertOutcome.FAILED, error.code[:12], str(error))]
    return [Said(hook.url, _outcome(answer), str(answer.status), answer.text)]


def _outcome(answer: Answer) -> AlertOutcome:
    if answer.taken:
        return AlertOutcome.DELIVERED
    return AlertOutcome.RETRY if answer.may_pass else AlertOutcome.GONE if answer.gone else AlertOutcome.FAILED


def _by_push(parcel: Parcel, at: datetime, timeout_seconds: float) -> list[Said]:
    """To every browser of the person; one that takes it is enough."""
    words, case = parcel.words, parcel.send.case
    own = f"message-{parcel.send.pk}" if parcel.send.text else TEST_KIND
    topic = f"{case.trigger}-{case.ward_id or 0}" if case is not None else own
    told = {"title": words.trigger, "body": words.short, "url": words.path, "tag": topic, "id": str(parcel.send.key)}
    payload = json.dumps(told, ensure_ascii=False).encode()
    said = []
    for device in parcel.devices:
        where = Subscription(device.endpoint, device.p256dh, device.auth)
        try:
            answer = push_send(
                where,
                payload,
                private=parcel.private,
                contact=settings.CONTACT,
                topic=topic,
                at=at,
                timeout_seconds=timeout_seconds,
            )
        except (GatewayError, InputError, ValueError) as error:
            code = getattr(error, "code", "fault")
            again = code == "no_answer"
            outcome = AlertOutcome.RETRY if again else AlertOutcome.FAILED
            said.append(Said(_short(device.endpoint), outcome, code[:12], str(error)))
            continue
        gone = device.pk if answer.gone else None
        said.append(Said(_short(device.endpoint), _outcome(answer), str(answer.status), answer.text, gone))
    return said or [Said("", AlertOutcome.GONE)]


def _short(endpoint: str) -> str:
    """An endpoint lets whoever has it send to the browser: the log keeps where it leads, not all of it."""
    return f"{endpoint.partition('?')[0][:60]}…"


CHANNELS: dict[AlertChannel, Callable[[Parcel, datetime, float], list[Said]]] = {
    AlertChannel.PAGE: _by_page,
    AlertChannel.PUSH: _by_push,
    AlertChannel.MAIL: _by_mail,
    AlertChannel.WEBHOOK: _by_webhook,
}


@transaction.atomic
def alert_record(*, send: AlertSend, said: list[Said], at: datetime) -> None:
    """Write down what came of a try; a receiver that is no more is removed, one that failed lets the ladder go on."""
    row = AlertSend.objects.select_for_update().get(pk=send.pk)
    if row.done_at is not None:
        return
    last = row.tries >= TRIES
    outcomes = {one.outcome for one in said}
    final = _together(outcomes, last=last)
    Delivery.objects.bulk_create(
        [
            Delivery(
                send=row,
                attempt=row.tries,
                at=at,
                channel=row.channel,
                address=one.address[:300],
                outcome=AlertOutcome.FAILED if last and one.outcome == AlertOutcome.RETRY else one.outcome,
                code=one.code,
                text=one.text[:200],
            )
            for one in said
        ]
    )
    PushDevice.objects.filter(pk__in=[one.device_id for one in said if one.device_id]).delete()
    row.claimed_at = None
    if final is None:
        row.due_at = at + WAITS[min(row.tries, len(WAITS)) - 1]
    else:
        row.done_at, row.outcome = at, final
        if final != AlertOutcome.DELIVERED:
            EscalationCase.objects.filter(pk=row.case_id, closed_at__isnull=True).update(look_at=at)
    row.save()


def _together(outcomes: set[AlertOutcome], *, last: bool) -> AlertOutcome | None:
    """What became of a message whose addresses fared differently; None: it is tried again."""
    if AlertOutcome.DELIVERED in outcomes:
        return AlertOutcome.DELIVERED
    if AlertOutcome.RETRY in outcomes:
        return AlertOutcome.FAILED if last else None
    return AlertOutcome.GONE if outcomes == {AlertOutcome.GONE} else AlertOutcome.FAILED

"""What the phone keeps for when there is no contact, and what it sends when there is again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.views.access import allow
from vardnara.apps.hospital.queries.boards import board_wards
from vardnara.apps.service.choices import (
    OWNED_STATES,
    DeclineReason,
    DelayReason,
    DeviationKind,
    PauseReason,
    TaskKind,
    TaskState,
)
from vardnara.apps.service.forms import SEQ_LIMIT
from vardnara.apps.service.queries.next_task import OPEN_SHOWN, worker_page
from vardnara.apps.service.queries.notes import NoteRow, note_list
from vardnara.apps.service.queries.tasks import TaskRow, task_one
from vardnara.apps.service.services import DEEDS, Answer, Command, commands_merge
from vardnara.apps.service.templatetags.words import conflict_text, reason_text, why
from vardnara.kernel.errors import RuleBroken

BATCH_LIMIT = 200  # commands in one sending; a phone with more sends again
BODY_LIMIT = 256 * 1024
TEXT_LIMIT = 300
POINTS_LIMIT = 200
ID_LIMIT = 2**63 - 1
CLOCK_OFF = timedelta(seconds=60)  # a phone whose clock is more wrong than this is corrected
REASONS = {"pause": set(PauseReason.values), "delay": set(DelayReason.values)}
SHOWN_STATES = (TaskState.OPEN, *OWNED_STATES)
FOUND_KINDS = {TaskKind.FOUND_BED.value, TaskKind.SPILL.value}


class Unreadable(ValueError):
    """A batch or a command that cannot be read; the message says what was expected."""


def _text(row: dict[str, Any], name: str, limit: int = TEXT_LIMIT) -> str:
    value = row.get(name, "")
    if not isinstance(value, str) or "\0" in value:
        raise Unreadable(f"{name}: a text")
    return value[:limit]


def _number(row: dict[str, Any], name: str, limit: int = ID_LIMIT) -> int | None:
    value = row.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= limit:
        raise Unreadable(f"{name}: a number from 1")
    return value


def _moment(row: dict[str, Any], name: str) -> datetime:
    try:
        at = parse_datetime(_text(row, name, 40))
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise Unreadable(f"{name}: a time with its zone, as 2026-03-05T14:05:00Z")
    return at


def _ticked(row: dict[str, Any]) -> tuple[int, ...]:
    value = row.get("ticked", [])
    if not isinstance(value, list) or not all(type(point) is int and 0 <= point < POINTS_LIMIT for point in value):
        raise Unreadable("ticked: a list of numbers from 0")
    return tuple(value)


def _command(row: object, offset: timedelta) -> Command:
    """One command as the phone wrote it; raises ``Unreadable``."""
    if not isinstance(row, dict):
        raise Unreadable("a command: an object")
    seq, deed = _number(row, "seq", SEQ_LIMIT), _text(row, "deed")
    if seq is None:
        raise Unreadable("seq: a number from 1")
    if deed not in DEEDS:
        raise Unreadable(f"deed: one of {', '.join(DEEDS)}")
    reason, kind = _text(row, "reason"), _text(row, "kind")
    if deed in REASONS and reason not in REASONS[deed]:
        raise Unreadable("reason: one of those that the page offers")
    if deed == "found" and kind not in FOUND_KINDS:
        raise Unreadable("kind: one of those that the page offers")
    try:
        at = _moment(row, "at") + offset
    except OverflowError as error:
        raise Unreadable("at: a time of this century") from error
    return Command(
        seq=seq,
        deed=deed,
        at=at,
        task_id=_number(row, "task"),
        found=_number(row, "found", SEQ_LIMIT),
        bed_id=_number(row, "bed"),
        kind=kind,
        reason=reason[:40],
        note=_text(row, "note"),
        start=row.get("start") is True,
        ticked=_ticked(row),
        signed=row.get("signed") is True,
    )


def _batch(request: HttpRequest) -> dict[str, Any]:
    if int(request.headers.get("Content-Length") or 0) > BODY_LIMIT:
        raise Unreadable(f"at most {BODY_LIMIT} bytes")
    try:
        batch = json.loads(request.body)
    except ValueError as error:
        raise Unreadable("one JSON object") from error
    if not isinstance(batch, dict) or not isinstance(batch.get("commands"), list):
        raise Unreadable("one JSON object with a list of commands")
    if len(batch["commands"]) > BATCH_LIMIT:
        raise Unreadable(f"at most {BATCH_LIMIT} commands")
    if not _text(batch, "device", 40):
        raise Unreadable("device: the phone's own name")
    return batch


def answer_json(answer: Answer) -> dict[str, object]:
    """One answer for the phone, with the words that its reader sees."""
    told: dict[str, object] = {"seq": answer.seq, "outcome": answer.outcome, "task": answer.task_id}
    if answer.at is not None:
        told["at"] = answer.at.isoformat()
    if answer.moved:
        told["moved"] = answer.moved
    if answer.outcome == "conflict":
        told |= {"code": answer.code, "who": answer.who, "text": conflict_text(answer.code, answer.who)}
    return told


@allow(Role.SERVICE_WORKER)
@require_POST
@never_cache
def work_send(request: HttpRequest) -> HttpResponse:
    """Take a batch of commands that a phone kept; answer each by its number. A bad one does not stop the rest."""
    received_at = timezone.now()
    try:
        batch = _batch(request)
        if batch.get("user") != request.user.pk:
            raise RuleBroken("another_user", "the commands are somebody else's")
        offset = received_at - _moment(batch, "sent_at")
    except Unreadable as error:
        return JsonResponse({"error": str(error)}, status=400)
    except RuleBroken as error:
        return JsonResponse({"error": error.code}, status=409)
    if abs(offset) <= CLOCK_OFF:
        offset = timedelta()
    commands, bad = [], []
    for row in batch["commands"]:
        try:
            commands.append(_command(row, offset))
        except Unreadable as error:
            seq = row.get("seq") if isinstance(row, dict) else None
            bad.append({"seq": seq, "outcome": "refused", "code": "bad_input", "text": str(error)})
    answers = commands_merge(
        actor=request.user, device=batch["device"][:40], commands=commands, received_at=received_at
    )
    told = [answer_json(answer) for answer in answers] + bad
    result: dict[str, object] = {"received_at": received_at.isoformat(), "answers": told}
    if offset:
        result["clock_off_seconds"] = round(offset.total_seconds())
    if batch.get("page") is True:
        if told and told[-1]["outcome"] == "done" and commands[-1].deed == "finish":
            praise(request, int(told[-1]["task"]))
        context = {"page": worker_page(actor=request.user, at=timezone.now()), **choices()}
        result["page"] = render_to_string("service/_work.html", context, request)
    return JsonResponse(result)


def praise(request: HttpRequest, task_id: int) -> None:
    """Say what became of it: a bed that somebody can use."""
    try:
        task = task_one(actor=request.user, at=timezone.now(), task_id=task_id)
    except RuleBroken:
        return
    if task.bed_id:
        text = pgettext("worker", "Done. Room %(room)s, place %(bed)s.") % {
            "room": task.room_code,
            "bed": task.bed_code,
        }
    else:
        text = pgettext("worker", "Done.")
    messages.success(request, text)


def choices() -> dict[str, object]:
    """What the sheets of the worker's page offer, and the states that a phone can show by itself."""
    return {
        "pause_reasons": PauseReason.choices,
        "delay_reasons": DelayReason.choices,
        "decline_reasons": DeclineReason.choices,
        "deviation_kinds": DeviationKind.choices,
        "states": [{"id": 0, "state": state} for state in SHOWN_STATES],
    }


def _kept(task: TaskRow, notes: Sequence[NoteRow], reason: str = "", zone: str = "") -> dict[str, object]:
    """What a phone keeps of one task: how it stands, a line for lists, and the card as the page shows it."""
    here = [note for note in notes if note.is_about(task.ward_id, task.bed_id, task.id)]
    context = {"task": task, "why": reason, "zone": zone, "today": timezone.localdate(), "kept_notes": here}
    return {
        "id": task.id,
        "state": str(task.state),
        "own": task.owner_id is not None,
        "started": task.started_at.isoformat() if task.started_at else None,
        "reason": reason_text(task.reason) if task.reason else "",
        "kind": task.title,
        "place": render_to_string("service/_place.html", context).strip(),
        "ward": task.ward_name,
        "contagion": task.contagion.replace("U", ""),
        "is_contagion": bool(task.contagion),
        "why": why(reason) if reason else "",
        "card": render_to_string("service/_job.html", context),
    }


@allow(Role.SERVICE_WORKER)
@never_cache
def work_kept(request: HttpRequest) -> HttpResponse:
    """Everything that the phone needs for a shift without contact: own tasks, the open list, the places."""
    at = timezone.now()
    page = worker_page(actor=request.user, at=at)
    wards = board_wards(actor=request.user)
    notes = note_list(actor=request.user, on=timezone.localdate())
    return JsonResponse(
        {
            "user": request.user.pk,
            "language": get_language(),
            "at": at.isoformat(),
            "n_open": page.n_open,
            "own": [_kept(task, notes) for task in page.own],
            "open": [_kept(row.task, notes, row.why, row.zone) for row in page.open[:OPEN_SHOWN]],
            "wards": [
                {
                    "name": ward.name,
                    "beds": [
                        {
                            "id": bed.id,
                            "place": pgettext("place", "Room %(room)s, place %(bed)s")
                            % {"room": bed.room_code, "bed": bed.code},
                        }
                        for bed in ward.beds
                    ],
                }
                for ward in wards
            ],
        }
    )


@allow(Role.SERVICE_WORKER)
@never_cache
def work_shell(request: HttpRequest) -> HttpResponse:
    """The worker's page without any work in it: the phone keeps it and fills it with what it keeps itself."""
    return render(request, "service/work.html", {"shell": True, **choices()})

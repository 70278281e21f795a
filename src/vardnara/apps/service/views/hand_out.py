"""Handing out work: people and what they have, what nobody has, and moving it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import npgettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.choices import Role
from vardnara.apps.accounts.views.access import allow
from vardnara.apps.accounts.views.answers import rule_text
from vardnara.apps.service import services
from vardnara.apps.service.forms.coordination import HandOutForm, Move, MoveForm
from vardnara.apps.service.queries.absence import absence_list
from vardnara.apps.service.queries.hand_out import HandOutPage, hand_out_page
from vardnara.apps.service.queries.tasks import task_one
from vardnara.apps.service.queries.timeline import day_choices
from vardnara.apps.service.views.requests import is_part
from vardnara.kernel.errors import RuleBroken

ROLES = (Role.COORDINATOR, Role.SERVICE_HEAD)
NAMED = 3  # tasks that are named when they could not be moved; more are counted


@dataclass(frozen=True, slots=True)
class Told:
    """What became of some moves: done ones with what undoes them, those that are asked about, and words."""

    done: tuple[Move, ...] = ()
    undone: bool = False
    asked: tuple[Move, ...] = ()
    refused: tuple[str, ...] = ()


def _context(request: HttpRequest, ward_id: int = 0, told: Told | None = None) -> dict[str, object]:
    at = timezone.now()
    wards = day_choices(actor=request.user)[1]
    form = HandOutForm(request.GET if "ward_id" in request.GET else {"ward_id": ward_id or ""}, wards=wards)
    chosen = form.cleaned_data["ward_id"] if form.is_valid() else 0
    page = hand_out_page(actor=request.user, at=at, ward_id=chosen)
    return {
        "at": at,
        "form": form,
        "ward_id": chosen,
        "page": page,
        "absent": absence_list(actor=request.user, at=at),
        "told": told,
        **({} if told is None else _words(request, page, told)),
    }


def _words(request: HttpRequest, page: HandOutPage, told: Told) -> dict[str, object]:
    """What the page says of the moves: how many, whom to, and about which it asks."""
    names = {row.id: row.name for row in (*page.people, *page.away)}
    to = {names.get(move.owner_id, "") for move in told.done}
    whom = to.pop() if len(to) == 1 else ""
    asked = []
    for move in told.asked:
        task = task_one(actor=request.user, at=timezone.now(), task_id=move.task_id)
        asked.append(
            (task, names.get(move.owner_id, ""), f"{move.task_id}:{move.seen_owner_id or 0}:{move.owner_id or 0}")
        )
    n = len(told.done)
    if not n:
        said = ""
    elif told.undone:
        said = npgettext("coordination", "Undone: %(n)s task is back.", "Undone: %(n)s tasks are back.", n) % {"n": n}
    elif whom:
        said = npgettext("coordination", "%(n)s task moved to %(whom)s.", "%(n)s tasks moved to %(whom)s.", n) % {
            "n": n,
            "whom": whom,
        }
    elif all(move.owner_id is None for move in told.done):
        said = npgettext(
            "coordination", "%(n)s task put back: nobody has it.", "%(n)s tasks put back: nobody has them.", n
        ) % {"n": n}
    else:
        said = npgettext("coordination", "%(n)s task moved.", "%(n)s tasks moved.", n) % {"n": n}
    return {"said": said, "asked": asked, "back": [move.back() for move in told.done] if not told.undone else []}


@allow(*ROLES)
@never_cache
def hand_out(request: HttpRequest) -> HttpResponse:
    return render(request, "service/hand_out.html", _context(request, told=_told_before(request)))


@allow(*ROLES)
@never_cache
def hand_out_parts(request: HttpRequest) -> HttpResponse:
    return render(request, "service/_hand_out.html", _context(request))


def _read(texts: list[str]) -> tuple[Move, ...]:
    form = MoveForm(_Fields(texts))
    return tuple(form.cleaned_data["moves"]) if texts and form.is_valid() else ()


class _Fields(dict[str, object]):
    """Moves of an address, read as those of a form are."""

    def __init__(self, moves: list[str]) -> None:
        super().__init__()
        self.moves = moves

    def getlist(self, name: str) -> list[str]:
        return self.moves if name == "move" else []


def _told_before(request: HttpRequest) -> Told | None:
    """What became of the moves that led here, for who works without JavaScript. Only what stands can be undone."""
    done, asked = _read(request.GET.getlist("gjort")), _read(request.GET.getlist("fraga"))
    if not done and not asked:
        return None
    at = timezone.now()

    def owner(move: Move) -> int | None:
        return task_one(actor=request.user, at=at, task_id=move.task_id).owner_id

    return Told(
        done=tuple(move for move in done if owner(move) == move.owner_id),
        undone="angrat" in request.GET,
        asked=tuple(move for move in asked if owner(move) == move.seen_owner_id),
    )


def _carry_out(request: HttpRequest, form: MoveForm) -> Told:
    """Each move in a transaction of its own: what can be moved is, the rest is told."""
    done, asked, refused = [], [], []
    at = timezone.now()
    for move in form.cleaned_data["moves"]:
        try:
            services.task_move(
                task_id=move.task_id,
                seen_owner_id=move.seen_owner_id,
                owner_id=move.owner_id,
                sure=form.cleaned_data["sure"],
                actor=request.user,
                at=at,
            )
        except RuleBroken as error:
            if error.code == "is_running":
                asked.append(move)
            else:
                refused.append((move, error.code))
        else:
            done.append(move)
    return Told(tuple(done), form.cleaned_data["undo"], tuple(asked), _refusals(request, refused))


def _refusals(request: HttpRequest, refused: list[tuple[Move, str]]) -> tuple[str, ...]:
    """A sentence for each task that could not be moved; many are counted."""
    words = []
    for move, code in refused[:NAMED]:
        try:
            task = task_one(actor=request.user, at=timezone.now(), task_id=move.task_id)
            words.append(f"{task.title}, {task.ward_name}: {rule_text(code)}")
        except RuleBroken:
            words.append(rule_text(code))
    more = len(refused) - NAMED
    if more > 0:
        words.append(pgettext("coordination", "%(n)s more could not be moved.") % {"n": more})
    return tuple(words)


@allow(*ROLES)
@require_POST
def hand_out_move(request: HttpRequest) -> HttpResponse:
    """Move tasks: dragged, or chosen in the list; the answer says what became of each, and offers to undo it."""
    form = MoveForm(request.POST)
    if not form.is_valid():
        words = [str(error) for error in form.non_field_errors()]
        told = Told(refused=tuple(words) or (rule_text("bad_input"),))
    else:
        told = _carry_out(request, form)
    ward_id = form.cleaned_data.get("ward_id") or 0
    if is_part(request):
        return render(request, "service/_hand_out.html", _context(request, ward_id, told))
    for sentence in told.refused:
        messages.error(request, sentence)
    if form.cleaned_data.get("absence"):
        if told.done:
            words = npgettext("coordination", "%(n)s task moved.", "%(n)s tasks moved.", len(told.done))
            messages.success(request, words % {"n": len(told.done)})
        return redirect("service:absence", absence_id=form.cleaned_data["absence"])
    query = [("ward_id", ward_id)] if ward_id else []
    query += [("gjort", f"{m.task_id}:{m.seen_owner_id or 0}:{m.owner_id or 0}") for m in told.done]
    query += [("fraga", f"{m.task_id}:{m.seen_owner_id or 0}:{m.owner_id or 0}") for m in told.asked]
    if told.undone:
        query.append(("angrat", 1))
    return redirect(f"{reverse('service:hand_out')}?{urlencode(query)}" if query else "service:hand_out")

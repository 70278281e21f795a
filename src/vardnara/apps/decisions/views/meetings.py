"""Paragraphs of a case, and meetings: their agenda and to whom extracts went."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.queries import user_reach
from vardnara.apps.accounts.views.access import allow
from vardnara.apps.accounts.views.answers import rule_say, rule_text
from vardnara.apps.decisions import services
from vardnara.apps.decisions.forms.organs import ItemForm, MeetingForm, ParagraphForm
from vardnara.apps.decisions.queries.cases import READERS
from vardnara.apps.decisions.queries.documents import extract_file
from vardnara.apps.decisions.queries.organs import (
    case_paragraphs,
    meeting_list,
    meeting_one,
    organs_of,
    paragraphs_next,
)
from vardnara.apps.decisions.services.recording import WRITERS
from vardnara.apps.decisions.views.cases import CONTENT_TYPES, attachment, page_of
from vardnara.apps.decisions.views.organs import number_asked
from vardnara.kernel.errors import RuleBroken

FIELD_OF = {
    "paragraph_taken": "number",
    "paragraph_in_future": "on",
    "paragraph_given": "on",
    "meeting_exists": "on",
}


def _try(form: forms.Form, act: Callable[[], object]) -> bool:
    try:
        act()
    except RuleBroken as error:
        if error.code in ("out_of_scope", "unknown_matter", "wrong_role"):
            raise
        form.add_error(FIELD_OF.get(error.code), rule_text(error.code))
        return False
    return True


@allow(*WRITERS)
@never_cache
def paragraph(request: HttpRequest, case_id: int) -> HttpResponse:
    """Give a case its § in the minutes of an organ."""
    page = page_of(request, case_id)
    organs = organs_of([page.case.hospital_id])
    today = timezone.localdate()
    free = paragraphs_next(organs, today.year)
    named = page.examination.case.organ.casefold()
    likely = next((one.pk for one in organs if named in (one.name.casefold(), one.abbreviation.casefold())), None)
    initial = {"organ_id": likely, "on": page.case.decided_on or today}
    form = ParagraphForm(request.POST or None, organs=organs, free=free, initial=initial)
    in_order = [True]

    def take() -> None:
        _, in_order[0] = services.paragraph_take(
            case_id=case_id, **form.cleaned_data, actor=request.user, at=timezone.now()
        )

    if request.method == "POST" and form.is_valid() and _try(form, take):
        if not in_order[0]:
            text = pgettext("organ", "Saved. The numbers and days of that year are out of order: look at the register.")
            messages.warning(request, text)
        return redirect("decisions:case", case_id=case_id)
    context = {"case": page.case, "form": form, "organs": organs, "given": case_paragraphs(page.case)}
    return render(request, "decisions/paragraph.html", context, status=422 if form.is_bound else 200)


@allow(*WRITERS)
@require_POST
def paragraph_remove(request: HttpRequest, case_id: int, paragraph_id: int) -> HttpResponse:
    """It did not get this § after all."""
    services.paragraph_remove(case_id=case_id, paragraph_id=paragraph_id, actor=request.user, at=timezone.now())
    return redirect("decisions:case", case_id=case_id)


@allow(*READERS)
@never_cache
def extract(request: HttpRequest, case_id: int, paragraph_id: int, kind: str) -> HttpResponse:
    """The extract of the § that decided a case, for one recipient (``?till=1`` is the first) or for all."""
    recipient = number_asked(request.GET["till"]) - 1 if "till" in request.GET else None
    name, content = extract_file(
        actor=request.user, case_id=case_id, paragraph_id=paragraph_id, recipient=recipient, suffix=kind
    )
    return attachment(content, CONTENT_TYPES[kind], f"utdrag-{slugify(name)[:80]}.{kind}")


@allow(*READERS)
@never_cache
def meetings(request: HttpRequest) -> HttpResponse:
    """Every meeting, the latest first."""
    return _meetings(request, None)


def _meetings(request: HttpRequest, bound: MeetingForm | None) -> HttpResponse:
    organs = organs_of(user_reach(request.user).hospital_ids)
    context = {
        "rows": meeting_list(actor=request.user),
        "form": bound or MeetingForm(organs=organs),
        "organs": organs,
        "writes": request.user.role in WRITERS,
    }
    return render(request, "decisions/meetings.html", context, status=422 if bound else 200)


@allow(*WRITERS)
@require_POST
def meeting_new(request: HttpRequest) -> HttpResponse:
    """A meeting of an organ on a day."""
    organs = organs_of(user_reach(request.user).hospital_ids)
    form = MeetingForm(request.POST, organs=organs)
    made = []
    if form.is_valid():
        hospitals = {organ.pk: organ.organisation.hospital_id for organ in organs}
        who = {"hospital_id": hospitals[form.cleaned_data["organ_id"]], "actor": request.user, "at": timezone.now()}
        if _try(form, lambda: made.append(services.meeting_add(**form.cleaned_data, **who))):
            return redirect("decisions:meeting", meeting_id=made[0].pk)
    return _meetings(request, form)


@allow(*READERS)
@never_cache
def meeting(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """The agenda of a meeting, as a page that can be printed, and to whom extracts go."""
    page = meeting_one(actor=request.user, meeting_id=meeting_id)
    context = {
        "page": page,
        "form": ItemForm(cases=page.may_add),
        "writes": request.user.role in WRITERS,
        "is_held": page.meeting.on <= timezone.localdate(),
        "unnumbered": any(line.paragraph is None for line in page.lines),
    }
    return render(request, "decisions/meeting.html", context)


@allow(*WRITERS)
@require_POST
def meeting_act(request: HttpRequest, meeting_id: int, act: str) -> HttpResponse:
    """Put a case on the agenda, take it off, move it; number the paragraphs; say to whom an extract went."""
    who = {"meeting_id": meeting_id, "actor": request.user, "at": timezone.now()}
    item = {"item_id": number_asked(request.POST.get("item", "")), **who}
    recipient = request.POST.get("recipient", "")
    acts: dict[str, Callable[[], object]] = {
        "arende": lambda: services.item_add(case_id=number_asked(request.POST.get("case_id", "")), **who),
        "bort": lambda: services.item_remove(**item),
        "upp": lambda: services.item_move(up=True, **item),
        "ned": lambda: services.item_move(up=False, **item),
        "numrera": lambda: services.meeting_number(**who),
        "skickat": lambda: services.extract_sent(recipient=recipient, **item),
        "inte-skickat": lambda: services.extract_not_sent(recipient=recipient, **item),
    }
    if act not in acts:
        raise Http404
    try:
        acts[act]()
    except RuleBroken as error:
        if error.code in ("out_of_scope", "unknown_matter"):
            raise
        rule_say(request, error)
    return redirect("decisions:meeting", meeting_id=meeting_id)

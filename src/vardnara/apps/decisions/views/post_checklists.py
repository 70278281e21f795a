"""What is to be done behind each post that a case removes or re-aims."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.views.access import allow
from vardnara.apps.accounts.views.answers import rule_say, rule_text
from vardnara.apps.decisions import services
from vardnara.apps.decisions.forms.measures import CheckForm, ListForm
from vardnara.apps.decisions.queries.cases import READERS
from vardnara.apps.decisions.queries.post_checklists import ListPage, ListsPage, post_lists
from vardnara.apps.decisions.services.recording import WRITERS
from vardnara.apps.decisions.templatetags.measure_words import named
from vardnara.kernel.errors import RuleBroken


def _page(request: HttpRequest, case_id: int) -> ListsPage:
    return post_lists(actor=request.user, case_id=case_id, on=timezone.localdate())


@allow(*READERS)
@never_cache
def post_checks(request: HttpRequest, case_id: int) -> HttpResponse:
    """Every list of a case: what is left, what is late, and effect that is counted too early."""
    page = _page(request, case_id)
    writes = request.user.role in WRITERS and page.case.state not in ("withdrawn", "closed")
    context = {"page": page, "case": page.case, "writes": writes}
    return render(request, "decisions/post_checks.html", context)


@allow(*WRITERS)
@require_POST
def post_checks_make(request: HttpRequest, case_id: int) -> HttpResponse:
    """A list for each post that has none."""
    try:
        n = services.post_checklists_make(case_id=case_id, actor=request.user, at=timezone.now())
        messages.success(request, pgettext("measure", "Checklists made: %(n)d.") % {"n": n})
    except RuleBroken as error:
        rule_say(request, error)
    return redirect("decisions:post_checks", case_id=case_id)


def _find(page: ListsPage, listed_id: int) -> ListPage:
    found = next((one for one in page.lists if one.listed.pk == listed_id), None)
    if found is None:
        raise Http404
    return found


@allow(*WRITERS)
@never_cache
def post_list(request: HttpRequest, case_id: int, checklist_id: int) -> HttpResponse:
    """Which post a list is of, and its notice."""
    page = _page(request, case_id)
    found = _find(page, checklist_id)
    names = ("post_number", "notice_months")
    form = ListForm(request.POST or None, initial={name: getattr(found.listed, name) for name in names})

    def save() -> None:
        services.post_checklist_set(
            case_id=case_id, checklist_id=checklist_id, **form.cleaned_data, actor=request.user, at=timezone.now()
        )

    return _answer(request, page, found, form, save, pgettext("measure", "Post and notice"))


@allow(*WRITERS)
@never_cache
def post_check(request: HttpRequest, case_id: int, check_id: int) -> HttpResponse:
    """A step: whose, by when, done when."""
    page = _page(request, case_id)
    pairs = [(one, line) for one in page.lists for line in one.lines if line.check.pk == check_id]
    if not pairs:
        raise Http404
    found, line = pairs[0]
    names = ("owner", "due_on", "done_on", "note")
    form = CheckForm(request.POST or None, initial={name: getattr(line.check, name) for name in names})

    def save() -> None:
        services.post_check_set(
            case_id=case_id, check_id=check_id, words=form.words(), actor=request.user, at=timezone.now()
        )

    return _answer(request, page, found, form, save, named(line.step))


def _answer(request: HttpRequest, page: ListsPage, found: ListPage, form: Any, save: Any, heading: str) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            save()
            return redirect("decisions:post_checks", case_id=page.case.pk)
        except RuleBroken as error:
            if error.code in ("out_of_scope", "unknown_matter", "wrong_role"):
                raise
            form.add_error("done_on" if error.code == "outcome_in_future" else None, rule_text(error.code))
    context = {"case": page.case, "form": form, "heading": heading, "one": found}
    return render(request, "decisions/post_check.html", context, status=422 if form.is_bound else 200)

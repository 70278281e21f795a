"""Taking figures and posts from the system's own registers into a case."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.views.access import allow
from vardnara.apps.accounts.views.answers import rule_say
from vardnara.apps.decisions import services
from vardnara.apps.decisions.forms.registers import PostsForm, RegisterForm
from vardnara.apps.decisions.queries.cases import READERS
from vardnara.apps.decisions.queries.registers import REGISTERS, figure_reread, query_text
from vardnara.apps.decisions.services.recording import WRITERS
from vardnara.apps.decisions.views.cases import figure_line, page_of
from vardnara.apps.decisions.views.writing import saved, seen
from vardnara.apps.economy.queries.ledger import unit_names
from vardnara.apps.staffing.queries.posts import posts_there
from vardnara.engines.economy import PostChange
from vardnara.kernel.errors import RuleBroken


@allow(*READERS)
@never_cache
def registers(request: HttpRequest, case_id: int) -> HttpResponse:
    """What can be read from the system's own registers."""
    page = page_of(request, case_id)
    hospital_id, now = page.case.hospital_id, timezone.now()
    read = [
        (figure_line(value, None), figure_reread(hospital_id=hospital_id, figure=value.figure, at=now))
        for value in page.examination.figures
        if value.figure.query
    ]
    context = {
        "page": page,
        "case": page.case,
        "registers": REGISTERS.values(),
        "read": read,
        "can_write": page.is_draft and request.user.role in WRITERS,
    }
    return render(request, "decisions/registers.html", context)


@allow(*WRITERS)
@never_cache
def register(request: HttpRequest, case_id: int, key: str) -> HttpResponse:
    """Ask a register, and take what it says as a figure of the case."""
    if key not in REGISTERS:
        raise Http404
    page = page_of(request, case_id)
    chosen = REGISTERS[key]
    names = unit_names(hospital_id=page.case.hospital_id).values()
    units = [(code, f"{code} {name}") for code, name, _ in sorted(names)]
    form = RegisterForm(request.POST or None, register=chosen, units=units)

    def save() -> None:
        services.figure_take(
            case_id=case_id,
            query=query_text(key, form.arguments()),
            name=form.cleaned_data["id"],
            label=form.cleaned_data["label"],
            seen=seen(request),
            actor=request.user,
            at=timezone.now(),
        )

    if saved(request, form, "figure", len(page.content.get("figure", [])), save):
        return redirect("decisions:figure", case_id=case_id, name=form.cleaned_data["id"])
    context = {"page": page, "case": page.case, "form": form, "rows": form, "register": chosen}
    return render(request, "decisions/read_register.html", context, status=422 if form.is_bound else 200)


@allow(*WRITERS)
@require_POST
def read_again(request: HttpRequest, case_id: int, name: str) -> HttpResponse:
    """Let a figure say what its register says now."""
    try:
        services.figure_read_again(
            case_id=case_id, name=name, seen=seen(request), actor=request.user, at=timezone.now()
        )
        messages.success(request, pgettext("case", "The figure is read again."))
    except RuleBroken as error:
        rule_say(request, error)
    return redirect("decisions:figure", case_id=case_id, name=name)


@allow(*WRITERS)
@never_cache
def posts(request: HttpRequest, case_id: int) -> HttpResponse:
    """Choose posts of the register for the case."""
    page = page_of(request, case_id)
    day = _day(request.GET.get("dag", ""))
    rows = posts_there(hospital_id=page.case.hospital_id, day=day)
    form = PostsForm(request.POST or None, numbers=[row.number for row in rows], initial={"change_on": day})

    def save() -> None:
        services.posts_take(
            case_id=case_id,
            numbers=form.cleaned_data["numbers"],
            on=day,
            change=PostChange(form.cleaned_data["change"]),
            change_on=form.cleaned_data["change_on"],
            seen=seen(request),
            actor=request.user,
            at=timezone.now(),
        )

    if saved(request, form, "posts", None, save):
        return redirect("decisions:case", case_id=case_id)
    context = {
        "page": page,
        "case": page.case,
        "form": form,
        "rows": rows,
        "day": day,
        "chosen": set(request.POST.getlist("numbers")),
        "plain": [form["change"], form["change_on"]],
    }
    return render(request, "decisions/case_posts.html", context, status=422 if form.is_bound else 200)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return timezone.localdate()

"""The catalogue: kinds of task with their norms, and where each comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.views.access import allow
from vardnara.apps.accounts.views.answers import rule_say
from vardnara.apps.hospital.queries.boards import board_wards
from vardnara.apps.service import services
from vardnara.apps.service.bridge.usual_words import usual_text
from vardnara.apps.service.choices import DRIVER_WORDS
from vardnara.apps.service.forms.catalogue import NewTypeForm, NormForm, TypeForm
from vardnara.apps.service.queries.catalogue import READERS, TypeRow, catalogue_one, type_choices
from vardnara.apps.service.queries.catalogue import catalogue as catalogue_read
from vardnara.apps.service.services.catalogue import EDITORS, TypeWords
from vardnara.apps.service.templatetags.words import check_code, check_text
from vardnara.kernel.errors import RuleBroken


@allow(*READERS)
@never_cache
def catalogue(request: HttpRequest) -> HttpResponse:
    """Every kind of task by area."""
    areas = catalogue_read(actor=request.user, on=timezone.localdate())
    return render(
        request,
        "service/catalogue.html",
        {"areas": areas, "drivers": DRIVER_WORDS, "editor": request.user.role in EDITORS},
    )


@allow(*READERS)
@never_cache
def task_type(request: HttpRequest, code: str) -> HttpResponse:
    """One kind of task: what it asks for, every norm that it has had, and for editors what may be changed."""
    row = _one(request, code)
    form = _type_form(row, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        done = _say(
            request,
            lambda: services.task_type_change(
                task_type_id=row.type.pk, words=_words(form), actor=request.user, at=timezone.now()
            ),
        )
        if done:
            return redirect("service:task_type", code=code)
    return _page(request, row, form, NormForm(wards=_wards(request), initial=_today()))


@allow(*EDITORS)
@never_cache
def task_type_new(request: HttpRequest) -> HttpResponse:
    """A hospital's own kind of task."""
    form = NewTypeForm(request.POST if request.method == "POST" else None, follows=type_choices())
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = _say(
            request,
            lambda: services.task_type_add(
                code=data["code"],
                driver=data["driver"],
                each=data["each"],
                words=_words(form),
                actor=request.user,
                at=timezone.now(),
            ),
        )
        if done:
            return redirect("service:task_type", code=data["code"])
    return render(request, "service/task_type_new.html", {"form": form})


@allow(*EDITORS)
@require_POST
def norm_new(request: HttpRequest, code: str) -> HttpResponse:
    """State how long a kind of task takes; a norm without a source is sent back, and nothing is saved."""
    row = _one(request, code)
    form = NormForm(request.POST, wards=_wards(request))
    if form.is_valid():
        done = _say(
            request,
            lambda: services.norm_state(
                task_type_id=row.type.pk,
                ward_id=form.cleaned_data["ward_id"],
                words=form.words(),
                actor=request.user,
                at=timezone.now(),
            ),
        )
        if done:
            return redirect("service:task_type", code=code)
    return _page(request, row, _type_form(row), form)


@allow(*EDITORS)
@require_POST
def task_type_retire(request: HttpRequest, code: str) -> HttpResponse:
    """Not planned any more, or again."""
    row = _one(request, code)
    _say(
        request,
        lambda: services.task_type_retire(
            task_type_id=row.type.pk, retired=row.type.retired_at is None, actor=request.user, at=timezone.now()
        ),
    )
    return redirect("service:task_type", code=code)


def _type_form(row: TypeRow, said: QueryDict | None = None) -> TypeForm:
    """The form of a kind of task: filled with what holds, or with what was just said."""
    held = {field: getattr(row.type, field) for field in TypeForm.base_fields}
    held["checklist"] = "\n".join(check_text(point) for point in row.type.checklist)
    held["usual"] = usual_text(row.type.usual)
    return TypeForm(said, follows=type_choices(except_id=row.type.pk), initial=held)


def _words(form: TypeForm) -> TypeWords:
    """As the service takes them; points of a shipped checklist go back to what is shipped, in every language."""
    words = form.words()
    return replace(words, checklist=tuple(check_code(point.strip()) for point in words.checklist))


def _page(request: HttpRequest, row: TypeRow, form: TypeForm, norm_form: NormForm) -> HttpResponse:
    context = {
        "row": row,
        "form": form,
        "norm_form": norm_form,
        "drivers": DRIVER_WORDS,
        "editor": request.user.role in EDITORS,
    }
    return render(request, "service/task_type.html", context)


def _one(request: HttpRequest, code: str) -> TypeRow:
    try:
        return catalogue_one(actor=request.user, code=code, on=timezone.localdate())
    except RuleBroken as error:
        raise Http404(code) from error


def _wards(request: HttpRequest) -> list[tuple[int, str]]:
    return [(ward.id, ward.name) for ward in board_wards(actor=request.user, with_beds=False)]


def _today() -> dict[str, object]:
    return {"source_on": timezone.localdate(), "valid_from": timezone.localdate()}


def _say(request: HttpRequest, deed: Callable[[], object]) -> bool:
    """Do it and say that it is saved, or say which rule says no."""
    try:
        deed()
    except RuleBroken as error:
        rule_say(request, error)
        return False
    messages.success(request, pgettext("catalogue", "Saved."))
    return True

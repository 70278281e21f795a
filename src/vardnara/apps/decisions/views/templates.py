"""Word templates: handed out, taken back, given up."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import pgettext, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from vardnara.apps.accounts.views.access import allow
from vardnara.apps.decisions import services
from vardnara.apps.decisions.choices import TemplateKind
from vardnara.apps.decisions.queries.cases import hospitals_in_reach
from vardnara.apps.decisions.queries.templates import template_in_use, template_list
from vardnara.apps.decisions.services.templates import KEEPERS
from vardnara.apps.decisions.views.cases import CONTENT_TYPES
from vardnara.kernel.errors import InputError, RuleBroken

LARGEST_TEMPLATE = 10_000_000  # bytes; a template with a logo has some 100,000


class TemplateForm(forms.Form):
    """A changed template of a form of document."""

    kind = forms.ChoiceField(label=pgettext_lazy("template", "Form of document"), choices=TemplateKind.choices)
    file = forms.FileField(label=pgettext_lazy("template", "Word file (.docx)"))


def _hospital(request: HttpRequest) -> int:
    reach = hospitals_in_reach(request.user)
    if not reach:
        raise RuleBroken("out_of_scope", "no hospital")
    return min(reach)


@allow(*KEEPERS)
@never_cache
def templates(request: HttpRequest) -> HttpResponse:
    """Every form of document with its template, and a place for a changed one."""
    hospital_id = _hospital(request)
    form = TemplateForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    faults: list[str] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        if file.size > LARGEST_TEMPLATE:
            form.add_error("file", pgettext("template", "The file is too large for a template."))
        else:
            try:
                services.template_set(
                    hospital_id=hospital_id,
                    kind=TemplateKind(form.cleaned_data["kind"]),
                    file_name=file.name,
                    content=file.read(),
                    actor=request.user,
                    at=timezone.now(),
                )
                messages.success(request, pgettext("template", "Documents are made from it from now on."))
                return redirect("decisions:templates")
            except InputError as error:
                faults = [f"{fault.place}: {fault.wrong}" if fault.place else fault.wrong for fault in error.faults]
    context = {"rows": template_list(hospital_id=hospital_id), "form": form, "faults": faults}
    return render(request, "decisions/templates.html", context, status=422 if faults or form.errors else 200)


@allow(*KEEPERS)
@never_cache
def template_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The template in use, to be changed in Word."""
    if kind not in TemplateKind.values:
        raise Http404
    content = template_in_use(hospital_id=_hospital(request), kind=kind)
    name = f'attachment; filename="mall-{kind.replace("_", "-")}.docx"'
    return HttpResponse(content, content_type=CONTENT_TYPES["docx"], headers={"Content-Disposition": name})


@allow(*KEEPERS)
@require_POST
def template_drop(request: HttpRequest, kind: str) -> HttpResponse:
    """Use ours again."""
    if kind not in TemplateKind.values:
        raise Http404
    services.template_drop(
        hospital_id=_hospital(request), kind=TemplateKind(kind), actor=request.user, at=timezone.now()
    )
    messages.success(request, pgettext("template", "Documents are made from Vardnara's own template again."))
    return redirect("decisions:templates")

"""Fills a Word template: placeholders become text, and nothing that somebody wrote becomes a placeholder."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any, Final

from vardnara.kernel.errors import InputError
from vardnara.kernel.faults import Fault

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment

UNSAFE: Final = ("{_{", "}_}", "{_%", "%_}")  # what the filler of templates would take for an escape of its own


def template_fill(template: bytes, view: Any, unknown: list[Fault] | None = None) -> Any:
    """A template filled with a view.

    Parameters
    ----------
    template
        A docx with placeholders.
    view
        What the names stand for.
    unknown
        Where given, names that there are not are collected here, and nothing stands in their place.

    Returns
    -------
    docxtpl.DocxTemplate
        Rendered.

    Raises
    ------
    InputError
        (``bad_template``) It cannot be read or filled.
    """
    from docxtpl import DocxTemplate
    from jinja2 import TemplateError

    jinja = _environment()
    if unknown is not None:
        jinja.undefined = _collector(unknown, sorted(view))
    try:
        opened = DocxTemplate(io.BytesIO(template))
        opened.init_docx()
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise InputError([Fault("template", "", "not a Word file", "a docx")], "bad_template") from error
    try:
        opened.render(view, jinja)
    except TemplateError as error:
        near = " ".join(" ".join(getattr(error, "docx_context", ())).split())
        fault = Fault("template", near[:160], str(error), "placeholders of docs/documents.md")
        raise InputError([fault], "bad_template") from error
    return opened


def _environment() -> SandboxedEnvironment:
    """What fills templates: what is missing is an error, and a template can reach nothing but the names it is given."""
    from jinja2 import StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    return SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


def text_safe(value: Any) -> Any:
    """A view whose texts come out as they are."""
    if isinstance(value, dict):
        return {name: text_safe(one) for name, one in value.items()}
    if isinstance(value, list):
        return [text_safe(one) for one in value]
    if isinstance(value, str) and any(sign in value for sign in UNSAFE):
        from markupsafe import Markup, escape

        return Markup(str(escape(value)).replace("_", "&#95;"))  # noqa: S704 (escaped)
    return value


def _collector(unknown: list[Fault], known: list[str]) -> type:
    from jinja2 import ChainableUndefined

    class Collector(ChainableUndefined):
        """Tells which name there is not, and which there are."""

        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            there = self._undefined_obj
            names = sorted(there) if isinstance(there, dict) else known
            wanted = ", ".join(name for name in names if name != "kind")
            unknown.append(Fault("template", f"{{{{ {self._undefined_name} }}}}", "no such placeholder", wanted))

    return Collector

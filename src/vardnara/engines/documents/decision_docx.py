"""A decision document as Word, from our template or a region's own."""

from __future__ import annotations

import io
from typing import Any

from vardnara.engines.documents.decision_data import DecisionDocument
from vardnara.engines.documents.decision_pdf import document_time
from vardnara.engines.documents.decision_template import document_template
from vardnara.engines.documents.decision_view import decision_view
from vardnara.engines.documents.docx_fill import template_fill, text_safe
from vardnara.engines.documents.docx_hyphen import hyphens_keep
from vardnara.engines.documents.docx_list import lists_restart
from vardnara.engines.documents.docx_place import places_fill, places_give
from vardnara.engines.documents.docx_style import LANGUAGE
from vardnara.engines.documents.package import package_settle


def document_docx(document: DecisionDocument, template: bytes | None = None) -> bytes:
    """The document in Word.

    Parameters
    ----------
    document
        What it says.
    template
        A region's own; `template_faults` says whether it can be used. By default ours of the document's kind.

    Returns
    -------
    bytes
        A docx with real headings, lists and tables, in Swedish, with title and a text for each chart; the same document
        and template give the same bytes.

    Raises
    ------
    InputError
        (``bad_template``) The template is no Word file, or asks for what there is not.
    """
    view, places = places_give(decision_view(document))
    filled = template_fill(template or document_template(document.kind), text_safe(view))
    word: Any = filled.docx
    places_fill(word, places)
    lists_restart(word)
    hyphens_keep(word)
    _properties(word, document)
    made = io.BytesIO()
    filled.save(made)
    return package_settle(made.getvalue(), document_time(document))


def _properties(word: Any, document: DecisionDocument) -> None:
    about = word.core_properties
    about.title = document.title[:255]
    about.subject = document.registry_number[:255]
    about.author = about.last_modified_by = document.organisation[:255]
    about.language = LANGUAGE
    about.created = about.modified = document_time(document).replace(tzinfo=None)
    about.comments, about.keywords, about.revision = "", "", 1

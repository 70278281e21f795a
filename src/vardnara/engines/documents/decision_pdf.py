"""A decision document as accessible PDF."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Final

from vardnara.engines.documents.decision_data import DecisionDocument
from vardnara.engines.documents.decision_view import decision_view
from vardnara.engines.documents.typesetting import pdf_typeset

TEMPLATES: Final = ("chart.typ", "decision.typ")


def document_pdf(document: DecisionDocument) -> bytes:
    """The document on A4.

    Parameters
    ----------
    document
        What it says.

    Returns
    -------
    bytes
        PDF/UA-1: tagged, in Swedish, with title and a text for each chart; the same document gives the same bytes.

    Raises
    ------
    InputError
        (``no_glyph``) A sign that cannot be printed, such as an emoji.
    """
    return pdf_typeset(TEMPLATES, decision_view(document), document_time(document))


def document_time(document: DecisionDocument) -> datetime:
    """The time that stands in a file's properties: noon UTC of the document's date, the same day all over Sweden."""
    return datetime.combine(document.dated_on, time(12), UTC)

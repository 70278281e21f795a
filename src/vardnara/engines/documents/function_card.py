"""Draws a function card: on A5 for the wall of the staff room, on A7 for the pocket."""

from __future__ import annotations

import io
from dataclasses import asdict

import segno

from vardnara.engines.documents.data import FunctionCard
from vardnara.engines.documents.params import A5, CardSize
from vardnara.engines.documents.typesetting import STAND_IN, pdf_typeset

TEMPLATE = "function_card.typ"


def function_card_build(card: FunctionCard, size: CardSize = A5) -> bytes:
    """A card as PDF.

    Parameters
    ----------
    card
        What it says.
    size
        Of the paper; a card that needs more goes on over the next page.

    Returns
    -------
    bytes
        PDF/UA-1; the same card gives the same bytes.
    """
    data: dict[str, object] = {
        "card": {name: value for name, value in asdict(card).items() if name != "as_of"},
        "size": asdict(size),
        "code": _code(card.address),
    }
    return pdf_typeset(TEMPLATE, data, card.as_of, stand_in=STAND_IN)


def _code(address: str) -> str:
    drawing = io.BytesIO()
    segno.make(address, error="m").save(drawing, kind="svg", border=1, xmldecl=False)
    return drawing.getvalue().decode()

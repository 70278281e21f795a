"""Sizes of paper and of what stands on it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CardSize:
    """A card's paper and type.

    Parameters
    ----------
    name
        Of the paper (ISO 216).
    width_mm, height_mm, margin_mm
        Upright.
    text_points
        Of the running text; headings follow it.
    code_mm
        Side of the QR code: at least 16 mm is read at arm's length by an ordinary phone.
    """

    name: str
    width_mm: float
    height_mm: float
    margin_mm: float
    text_points: float
    code_mm: float


A5 = CardSize("A5", 148, 210, 11, 9.5, 24)
A7 = CardSize("A7", 74, 105, 5.5, 6.8, 16)

"""Documents from data: what is to be read on paper, drawn the same each time."""

from vardnara.engines.documents.data import CardLine, CardTask, CardWords, ElsewhereTask, FunctionCard
from vardnara.engines.documents.function_card import function_card_build
from vardnara.engines.documents.paper_list import (
    PaperBed,
    PaperRow,
    PaperSheet,
    PaperWords,
    paper_lists_build,
)
from vardnara.engines.documents.params import A5, A7, CardSize

__all__ = [
    "A5",
    "A7",
    "CardLine",
    "CardSize",
    "CardTask",
    "CardWords",
    "ElsewhereTask",
    "FunctionCard",
    "PaperBed",
    "PaperRow",
    "PaperSheet",
    "PaperWords",
    "function_card_build",
    "paper_lists_build",
]

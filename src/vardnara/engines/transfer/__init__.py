"""What becomes of the hours when tasks change hands: who gets them, what takes them away, and which have no home."""

from vardnara.engines.transfer.balance import balance_estimate
from vardnara.engines.transfer.data import Home, HomeKind, Item, Piece, TransferCase
from vardnara.engines.transfer.explain import notice_text
from vardnara.engines.transfer.result import Balance, Grid, HomeUse, ItemBalance, Notice, Sums

__all__ = [
    "Balance",
    "Grid",
    "Home",
    "HomeKind",
    "HomeUse",
    "Item",
    "ItemBalance",
    "Notice",
    "Piece",
    "Sums",
    "TransferCase",
    "balance_estimate",
    "notice_text",
]

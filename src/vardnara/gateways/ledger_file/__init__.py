"""Ledgers and budgets as CSV or xlsx, streamed row by row, with every fault at its line."""

from vardnara.gateways.ledger_file.data import ALIASES, Entry
from vardnara.gateways.ledger_file.read import LedgerReader

__all__ = ["ALIASES", "Entry", "LedgerReader"]

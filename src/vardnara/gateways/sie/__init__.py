"""SIE 4, the Swedish exchange format of bookkeeping: read strictly, and written for exports and tests."""

from vardnara.gateways.sie.data import Account, Balance, Book, PeriodSum, Transaction, Verification
from vardnara.gateways.sie.read import SieReader, sie_read
from vardnara.gateways.sie.write import sie_write

__all__ = [
    "Account",
    "Balance",
    "Book",
    "PeriodSum",
    "SieReader",
    "Transaction",
    "Verification",
    "sie_read",
    "sie_write",
]

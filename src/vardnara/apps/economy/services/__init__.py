"""What people do with the money: one function for each intention."""

from vardnara.apps.economy.services.following import (
    adjustment_add,
    adjustment_withdraw,
    forecast_store,
    frame_step,
    year_close,
)
from vardnara.apps.economy.services.ledger_import import Imported, ledger_import
from vardnara.apps.economy.services.reference import (
    ReferenceWords,
    quantity_set,
    reference_import,
    reference_remove,
)
from vardnara.apps.economy.services.settlement import settlement_credit, settlement_issue
from vardnara.apps.economy.services.tables import index_withdraw, tables_import

__all__ = [
    "Imported",
    "ReferenceWords",
    "adjustment_add",
    "adjustment_withdraw",
    "forecast_store",
    "frame_step",
    "index_withdraw",
    "ledger_import",
    "quantity_set",
    "reference_import",
    "reference_remove",
    "settlement_credit",
    "settlement_issue",
    "tables_import",
    "year_close",
]

"""What people do with the money: one function for each intention."""

from vardnara.apps.economy.services.following import (
    adjustment_add,
    adjustment_withdraw,
    forecast_store,
    frame_step,
    year_close,
)
from vardnara.apps.economy.services.ledger_import import Imported, accounts_import, ledger_import, units_import

__all__ = [
    "Imported",
    "accounts_import",
    "adjustment_add",
    "adjustment_withdraw",
    "forecast_store",
    "frame_step",
    "ledger_import",
    "units_import",
    "year_close",
]

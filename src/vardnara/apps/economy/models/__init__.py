"""Tables of the economy."""

from vardnara.apps.economy.models.benchmark import Quantity, ReferenceRow, ReferenceTable
from vardnara.apps.economy.models.forecast import Adjustment, Forecast, ForecastRow
from vardnara.apps.economy.models.ledger import (
    Account,
    Frame,
    LedgerImport,
    LedgerLine,
    MonthSum,
    Unit,
    YearClosing,
)
from vardnara.apps.economy.models.price_index import PriceIndex, PriceIndexNumber
from vardnara.apps.economy.models.settlement import Settlement, SettlementRow

__all__ = [
    "Account",
    "Adjustment",
    "Forecast",
    "ForecastRow",
    "Frame",
    "LedgerImport",
    "LedgerLine",
    "MonthSum",
    "PriceIndex",
    "PriceIndexNumber",
    "Quantity",
    "ReferenceRow",
    "ReferenceTable",
    "Settlement",
    "SettlementRow",
    "Unit",
    "YearClosing",
]

"""Follow-up of money: the year's forecast by stated methods, and a deviation explained by volume, scope and price."""

from vardnara.engines.followup.data import Adjustment, Line, Method, Part, Question
from vardnara.engines.followup.deviation import deviation_explain
from vardnara.engines.followup.forecast import forecast
from vardnara.engines.followup.result import Deviation, Explained, Forecast, ForecastLine

__all__ = [
    "Adjustment",
    "Deviation",
    "Explained",
    "Forecast",
    "ForecastLine",
    "Line",
    "Method",
    "Part",
    "Question",
    "deviation_explain",
    "forecast",
]

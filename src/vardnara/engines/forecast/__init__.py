"""How many portions of each dish a kitchen will be asked for: census forecast x shares, with an interval."""

from vardnara.engines.forecast.data import Ahead, History, MealDay
from vardnara.engines.forecast.explain import forecast_text
from vardnara.engines.forecast.params import ForecastParams
from vardnara.engines.forecast.portions import baseline_estimate, portions_forecast
from vardnara.engines.forecast.result import DishForecast, MealForecast

__all__ = [
    "Ahead",
    "DishForecast",
    "ForecastParams",
    "History",
    "MealDay",
    "MealForecast",
    "baseline_estimate",
    "forecast_text",
    "portions_forecast",
]

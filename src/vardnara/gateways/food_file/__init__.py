"""Files of kitchens as tables: CSV, xlsx and JSON, packed or not, with title rows before the header."""

from vardnara.gateways.food_file.lines import LineRead, line_read, number_read
from vardnara.gateways.food_file.read import ENDINGS, food_file_read

__all__ = ["ENDINGS", "LineRead", "food_file_read", "line_read", "number_read"]

"""Tables in and out: a folder of CSV files or one xlsx workbook, every fault kept with its place."""

from vardnara.gateways.tabular.data import Cell, Kind, OutTable, Reading, Row, Table
from vardnara.gateways.tabular.read import tables_read
from vardnara.gateways.tabular.sheet import Formula, Sheet, SheetCell, workbook_bytes
from vardnara.gateways.tabular.write import (
    table_csv_text,
    tables_write_csv,
    tables_write_parquet,
    tables_write_xlsx,
    text_guarded,
)

__all__ = [
    "Cell",
    "Formula",
    "Kind",
    "OutTable",
    "Reading",
    "Row",
    "Sheet",
    "SheetCell",
    "Table",
    "table_csv_text",
    "tables_read",
    "tables_write_csv",
    "tables_write_parquet",
    "tables_write_xlsx",
    "text_guarded",
    "workbook_bytes",
]

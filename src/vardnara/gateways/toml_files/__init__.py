"""TOML files, with the line on which each key stands, so that a fault can say where it is."""

from vardnara.gateways.toml_files.read import TomlFile, toml_read
from vardnara.gateways.toml_files.table import Table

__all__ = ["Table", "TomlFile", "toml_read"]

"""TOML files, with the line on which each key stands, so that a fault can say where it is."""

from vardnara.gateways.toml_files.read import TomlFile, faults_in_order, toml_read
from vardnara.gateways.toml_files.table import Table

__all__ = ["Table", "TomlFile", "faults_in_order", "toml_read"]

"""TOML files, with the line on which each key stands, so that a fault can say where it is."""

from vardnara.gateways.toml_files.read import TomlFile, toml_read

__all__ = ["TomlFile", "toml_read"]

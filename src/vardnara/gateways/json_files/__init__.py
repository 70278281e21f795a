"""JSON files, read strictly, with a JSON pointer for every fault."""

from vardnara.gateways.json_files.node import Node
from vardnara.gateways.json_files.read import JsonFile, json_read

__all__ = ["JsonFile", "Node", "json_read"]

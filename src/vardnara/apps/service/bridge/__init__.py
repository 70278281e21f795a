"""Rows to engine data and back, and what a line of an agreement is called when people write and read it."""

from vardnara.apps.service.bridge.agenda import need_of

__all__ = ["need_of"]

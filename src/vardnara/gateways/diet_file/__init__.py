"""Menus and patients as JSON (``menu.schema.json``, ``patient.schema.json``), and what is answered."""

from vardnara.gateways.diet_file.read import DietCase, Menu, diet_files_read, menu_read, patient_read
from vardnara.gateways.diet_file.write import verdicts_document

__all__ = ["DietCase", "Menu", "diet_files_read", "menu_read", "patient_read", "verdicts_document"]

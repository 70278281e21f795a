"""Case files: a decision document as TOML, with its figures and where they stand (``schema.json``)."""

from vardnara.gateways.case_file.read import CaseFile, case_file_read, case_read
from vardnara.gateways.case_file.write import case_file_text

__all__ = ["CaseFile", "case_file_read", "case_file_text", "case_read"]

"""Case files: a decision document as TOML, with its figures and where they stand (``schema.json``)."""

from vardnara.gateways.case_file.read import CaseFile, case_file_read

__all__ = ["CaseFile", "case_file_read"]

"""A folder of lists that can be read when nothing else works: a share, a stick, a print server."""

from vardnara.gateways.paper_folder.write import file_name, folder_clean, paper_write

__all__ = ["file_name", "folder_clean", "paper_write"]

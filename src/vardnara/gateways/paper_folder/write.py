"""Files that are whole or not there."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Collection
from pathlib import Path
from typing import Final

from vardnara.kernel.errors import GatewayError

MINE: Final = re.compile(r"[A-Za-z0-9ÅÄÖåäö_-]+-\d+\.pdf|alla\.pdf")
UNFINISHED: Final = re.compile(r"\.vardnara-[0-9a-f]{8}")


def file_name(code: str, ward_id: int) -> str:
    """A ward's file: its code with what file systems dislike replaced, and its number, so that no two are one."""
    safe = re.sub(r"[^A-Za-z0-9ÅÄÖåäö_]+", "_", code)[:40] or "_"
    return f"{safe}-{ward_id}.pdf"


def paper_write(folder: Path, name: str, content: bytes) -> None:
    """Put a file into the folder in one step; whoever reads sees the old one or the new one, whole.

    Raises
    ------
    GatewayError
        ``folder_refused``: the folder cannot be made or written to. What was there stays.
    """
    fresh = folder / f".vardnara-{secrets.token_hex(4)}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            with fresh.open("wb") as handle:
                handle.write(content)
                handle.flush()
                os.fsync(handle.fileno())
            fresh.replace(folder / name)
        finally:
            fresh.unlink(missing_ok=True)
    except OSError as error:
        raise GatewayError("folder_refused", f"{folder}: {error.strerror or error}") from error


def folder_clean(folder: Path, keep: Collection[str]) -> list[str]:
    """Remove lists of wards that are no more, and what a killed writer left; nothing that is not ours.

    Returns the names that were removed.
    """
    removed = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        mine = MINE.fullmatch(path.name) and path.name not in keep
        if path.is_file() and (mine or UNFINISHED.fullmatch(path.name)):
            path.unlink(missing_ok=True)
            removed.append(path.name)
    return removed

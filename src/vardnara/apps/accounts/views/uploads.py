"""A file that somebody sends, kept while it is read and gone afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import pgettext

from vardnara.kernel.errors import InputError
from vardnara.kernel.faults import Fault

TABLES = (".csv", ".xlsx")
MEGABYTE = 1_000_000


@contextmanager
def upload_kept(
    sent: UploadedFile,
    *,
    endings: tuple[str, ...] = TABLES,
    largest_mb: int,
    kinds: str = "CSV, xlsx",
    stem: str = "file",
) -> Iterator[tuple[Path, str]]:
    """Where the file lies under ``stem`` with its own ending, and the name that its sender gave it.

    Raises ``InputError`` for another ending than these, in words ``kinds``, and for a file that is too large.
    """
    name = Path(sent.name or "").name
    ending = next((one for one in endings if name.lower().endswith(one)), None)
    if ending is None or (sent.size or 0) > largest_mb * MEGABYTE:
        wrong = pgettext("economy", "not a file that can be read here")
        raise InputError([Fault(name, "", wrong, f"{kinds}, < {largest_mb} MB")])
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{stem}{ending}"
        with path.open("wb") as stream:
            for chunk in sent.chunks():
                stream.write(chunk)
        yield path, name

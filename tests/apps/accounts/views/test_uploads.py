"""A file that is sent: read under its own ending, refused with what was expected, and gone afterwards."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from vardnara.apps.accounts.views.uploads import upload_kept
from vardnara.kernel.errors import InputError

ZIPPED = (".csv", ".csv.gz")


@pytest.mark.parametrize(("name", "kept"), [("../A.CSV", "lines.csv"), ("tal.csv.gz", "lines.csv.gz")])
def test_it_is_kept_while_it_is_read(name: str, kept: str) -> None:
    """Whole, without the sender's folders, and not a moment longer; a fault of the reader is passed on."""
    sent = SimpleUploadedFile(name, b"1;2\n")
    with (
        pytest.raises(ZeroDivisionError),
        upload_kept(sent, endings=ZIPPED, largest_mb=1, stem="lines") as (path, told),
    ):
        assert (path.name, told, path.read_bytes()) == (kept, name.split("/")[-1], b"1;2\n")
        raise ZeroDivisionError
    assert not path.exists()


@pytest.mark.parametrize(("name", "content"), [("a.pdf", b""), ("a.csv.exe", b""), ("a.csv", b"0" * 1_000_001)])
def test_what_cannot_be_read_is_refused_with_what_was_expected(name: str, content: bytes) -> None:
    """Another ending, and a file that is too large."""
    with pytest.raises(InputError) as caught, upload_kept(SimpleUploadedFile(name, content), largest_mb=1):
        pass
    (fault,) = caught.value.faults
    assert (fault.source, fault.expected) == (name, "CSV, xlsx, < 1 MB")

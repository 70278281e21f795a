"""Office files that are the same each time: what a writer stamps with the clock is set to the document's date."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from typing import Final

STAMP: Final = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")
NESTED: Final = (".xlsx",)
EARLIEST: Final = 1980  # what a zip can say


def package_settle(package: bytes, at: datetime) -> bytes:
    """The same office file with every time set to one.

    Parameters
    ----------
    package
        docx, xlsx or pptx, with workbooks inside or without.
    at
        Aware; stands in the properties and on every member, 1980 at the earliest.
    """
    stamp = at.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    day = (max(at.year, EARLIEST), at.month, at.day, at.hour, at.minute, at.second)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            content = old.read(member)
            if member.filename.endswith(NESTED):
                content = package_settle(content, at)
            elif member.filename == "docProps/core.xml":
                content = STAMP.sub(rb"\g<1>" + stamp + rb"\g<2>", content)
            entry = zipfile.ZipInfo(member.filename, day)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            new.writestr(entry, content)
    return made.getvalue()

"""Typst: a template of ours and data make an accessible PDF. Nothing is fetched; no font of the machine is used."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import typst

STANDARD: Final = "ua-1"  # PDF/UA-1: tagged, with title, language and alternative texts, or it does not compile


@cache
def _fonts() -> typst.Fonts:
    """The vendored face and nothing else, read once a process."""
    import typst

    folder = Path(str(resources.files(__package__).joinpath("fonts")))
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


def pdf_typeset(template: str, data: Mapping[str, object], as_of: datetime) -> bytes:
    """Fill a template of this package with data.

    Parameters
    ----------
    template
        File name beside this module; reads its data as JSON from ``sys.inputs.data``.
    data
        Whatever the template reads.
    as_of
        When the document was made; stands in its properties, so that the same data give the same bytes.

    Returns
    -------
    bytes
        A PDF that conforms to PDF/UA-1.
    """
    import typst

    source = resources.files(__package__).joinpath(template).read_bytes()
    made: bytes = typst.compile(
        source,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=STANDARD,
        timestamp=int(as_of.timestamp()),
    )
    return made

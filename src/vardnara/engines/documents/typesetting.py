"""Typst: a template of ours and data make an accessible PDF or a picture.

Nothing is fetched; no font of the machine is used.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Final

from vardnara.kernel.errors import InputError
from vardnara.kernel.faults import Fault

if TYPE_CHECKING:
    import typst

STANDARD: Final = "ua-1"  # PDF/UA-1: tagged, with title, language and alternative texts, or it does not compile
NO_GLYPH: Final = re.compile(r'the text `"(.+?)"` could not be displayed')


@cache
def _fonts() -> typst.Fonts:
    """The vendored face, and for letters that it lacks those inside Typst; read once a process."""
    import typst

    folder = Path(str(resources.files(__package__).joinpath("fonts")))
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[folder])


@cache
def _source(templates: tuple[str, ...]) -> bytes:
    return b"\n".join(resources.files(__package__).joinpath(name).read_bytes() for name in templates)


def pdf_typeset(template: str | tuple[str, ...], data: Mapping[str, object], as_of: datetime) -> bytes:
    """Fill a template of this package with data.

    Parameters
    ----------
    template
        File name beside this module, or several that are read as one; reads its data as JSON from ``sys.inputs.data``.
    data
        Whatever the template reads.
    as_of
        When the document was made; stands in its properties, so that the same data give the same bytes.

    Returns
    -------
    bytes
        A PDF that conforms to PDF/UA-1.

    Raises
    ------
    InputError
        (``no_glyph``) A sign of the data is in no face that we have, such as an emoji: PDF/UA-1 forbids to print a box.
    """
    import typst

    try:
        made: bytes = typst.compile(
            _source((template,) if isinstance(template, str) else template),
            font_paths=_fonts(),
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            pdf_standards=STANDARD,
            timestamp=int(as_of.timestamp()),
        )
    except typst.TypstError as error:
        if sign := NO_GLYPH.search(str(error)):
            fault = Fault("document", "", f"the sign {sign[1]} cannot be printed", "letters, digits and usual signs")
            raise InputError([fault], "no_glyph") from error
        raise
    return made


def picture_typeset(template: str | tuple[str, ...], data: Mapping[str, object], *, dots_per_inch: float) -> bytes:
    """Fill a template of one page with data; a PNG. What no face has a sign for is drawn as a box."""
    import typst

    made: bytes = typst.compile(
        _source((template,) if isinstance(template, str) else template),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format="png",
        ppi=dots_per_inch,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    return made

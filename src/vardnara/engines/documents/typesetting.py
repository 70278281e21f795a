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
from typing import TYPE_CHECKING, Any, Final

from vardnara.kernel.errors import InputError
from vardnara.kernel.faults import Fault

if TYPE_CHECKING:
    import typst

STANDARD: Final = "ua-1"  # PDF/UA-1: tagged, with title, language and alternative texts, or it does not compile
STAND_IN: Final = "\ufffd"  # for a sign that no face has
MANY_SIGNS: Final = 100  # different ones in one document, before it is given up
ESCAPED: Final = re.compile(r"\\u\{([0-9a-f]+)\}")
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


def pdf_typeset(
    template: str | tuple[str, ...], data: Mapping[str, object], as_of: datetime, *, stand_in: str = ""
) -> bytes:
    """Fill a template of this package with data.

    Parameters
    ----------
    template
        File name beside this module, or several that are read as one; reads its data as JSON from ``sys.inputs.data``.
    data
        Whatever the template reads.
    as_of
        When the document was made; stands in its properties, so that the same data give the same bytes.
    stand_in
        Printed for a sign that no face has, where the paper matters more than the sign; by default that is an error.

    Returns
    -------
    bytes
        A PDF that conforms to PDF/UA-1.

    Raises
    ------
    InputError
        (``no_glyph``) A sign of the data is in no face that we have, such as an emoji: PDF/UA-1 forbids to print a box.
    """
    for _ in range(MANY_SIGNS):
        try:
            return _compiled(template, data, as_of)
        except _NoGlyphError as missing:
            if not stand_in or missing.sign == stand_in:
                fault = Fault("document", "", f"the sign {missing.sign} cannot be printed", "letters and usual signs")
                raise InputError([fault], "no_glyph") from missing
            data = _replaced(data, missing.sign, stand_in)
    return _compiled(template, data, as_of)


class _NoGlyphError(Exception):
    """A sign that no face has."""

    def __init__(self, sign: str) -> None:
        super().__init__(sign)
        self.sign = sign


def _compiled(template: str | tuple[str, ...], data: Mapping[str, object], as_of: datetime) -> bytes:
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
        if found := NO_GLYPH.search(str(error)):
            raise _NoGlyphError(ESCAPED.sub(lambda match: chr(int(match[1], 16)), found[1])) from error
        raise
    return made


def _replaced(value: Any, sign: str, stand_in: str) -> Any:
    """The data with another sign, wherever it stands."""
    if isinstance(value, Mapping):
        return {name: _replaced(one, sign, stand_in) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_replaced(one, sign, stand_in) for one in value]
    return value.replace(sign, stand_in) if isinstance(value, str) else value


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

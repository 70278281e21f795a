"""PC8, which is code page 437, and how to tell that a file is not in it.

Every byte is some character in code page 437, so nothing ever fails to decode: å saved as Latin-1 becomes σ, and in
UTF-8 it becomes two box-drawing characters. Both are told here by what bookkeeping never holds.
"""

from __future__ import annotations

CODEC = "cp437"
# Letters with accents, money, quotes, and a few signs that a text may hold. All else is box drawing and maths.
SOUND = bytes([*range(0x20, 0x7F), 0x09, *range(0x80, 0xA9), *range(0xAB, 0xB0), 0xE1, 0xE6, 0xF1, 0xF8, 0xFA, 0xFD])
BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "UTF-8", b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


def wrong_encoding(raw: bytes) -> str:
    """What is wrong with the bytes of a line that should be PC8; empty where nothing is.

    Parameters
    ----------
    raw
        The line without its end.

    Returns
    -------
    str
        Names the byte and the encoding that it looks like.
    """
    left = raw.translate(None, SOUND)
    if not left:
        return ""
    odd = left[0]
    for mark, name in BYTE_ORDER_MARKS.items():
        if raw.startswith(mark):
            return f"the file begins with the mark of {name}"
    if odd < 0x20 or odd == 0x7F:
        return f"control character 0x{odd:02x}"
    try:
        return f"UTF-8 ({_word(raw.decode('utf-8'))})"
    except UnicodeDecodeError:
        shown = bytes([odd]).decode("cp1252", "replace")
        return f"byte 0x{odd:02x}, which is {shown} in Latin-1 (Windows-1252)"


def _word(text: str) -> str:
    """The first word with a letter beyond ASCII, to be shown."""
    return next((word.strip('"{}') for word in text.split() if not word.isascii()), text[:20])

"""Reads a picture that somebody sends and writes it anew."""

from __future__ import annotations

import io
from dataclasses import dataclass

BYTES_LIMIT = 8 * 1024 * 1024
PIXELS_LIMIT = 50_000_000  # more is not a phone's picture but an attempt to fill the memory
SIDE = 1600  # pixels of the longer side that are kept, unless said otherwise
QUALITY = 80
FORMATS = ("JPEG", "PNG", "WEBP")


class PictureRefused(ValueError):
    """What came is no picture that can be read; ``code`` is ``too_large`` or ``unreadable``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG, upright, without place, time or camera; sides in pixels."""

    jpeg: bytes
    width: int
    height: int


def picture_read(raw: bytes, *, side: int = SIDE) -> Picture:
    """Write a JPEG, PNG or WebP anew: at most ``side`` pixels, upright, with nothing of what it said about itself.

    Phones write where and when a picture was taken into it; a picture of a broken pump must not tell that.

    Raises
    ------
    PictureRefused
        Too many bytes or pixels; not one of the formats; damaged.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    if len(raw) > BYTES_LIMIT:
        raise PictureRefused("too_large")
    try:
        with Image.open(io.BytesIO(raw), formats=FORMATS) as opened:
            if opened.width * opened.height > PIXELS_LIMIT:
                raise PictureRefused("too_large")
            opened.draft("RGB", (side, side))  # a large JPEG is read no larger than needed
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((side, side))
            seen = Image.new("RGB", upright.size, "white")
            seen.paste(upright.convert("RGBA"), mask=upright.convert("RGBA").getchannel("A"))
    except PictureRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureRefused("too_large") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, OverflowError) as error:
        raise PictureRefused("unreadable") from error
    written = io.BytesIO()
    seen.save(written, "JPEG", quality=QUALITY, optimize=True)
    return Picture(written.getvalue(), *seen.size)

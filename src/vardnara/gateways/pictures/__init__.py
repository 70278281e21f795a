"""Pictures from phones: read, made small, and freed of everything but what can be seen."""

from vardnara.gateways.pictures.read import BYTES_LIMIT, Picture, PictureRefused, picture_read

__all__ = ["BYTES_LIMIT", "Picture", "PictureRefused", "picture_read"]

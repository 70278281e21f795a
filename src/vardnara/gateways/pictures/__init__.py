"""Pictures from phones: read, made small, and freed of everything but what can be seen."""

from vardnara.gateways.pictures.read import Picture, PictureRefused, picture_read

__all__ = ["Picture", "PictureRefused", "picture_read"]

"""Hands a message to an HTTP receiver, carefully: named schemes and hosts only, no redirects, short answers."""

from vardnara.gateways.posting.post import Answer, address_require, post

__all__ = ["Answer", "address_require", "post"]

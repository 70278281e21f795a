"""The ASGI application that ``vardnara web`` serves."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import UTC, datetime
from typing import Any

import django
from django.core.handlers.asgi import ASGIHandler, ASGIRequest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vardnara.config.settings")

Message = MutableMapping[str, Any]


class ReceivedRequest(ASGIRequest):
    """A request that knows when the server had all of it: deadlines go by that, not by when a thread was free."""

    def __init__(self, scope: Message, body_file: Any) -> None:
        super().__init__(scope, body_file)
        self.received_at: datetime = scope["received_at"]


class Application(ASGIHandler):
    """Django's handler, with the instant at which the last byte of each request came."""

    request_class = ReceivedRequest

    async def __call__(
        self, scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
    ) -> None:
        async def noted() -> Message:
            message = await receive()
            if not message.get("more_body", False):
                scope.setdefault("received_at", datetime.now(UTC))
            return message

        await super().__call__(scope, noted, send)


django.setup(set_prefix=False)
application = Application()

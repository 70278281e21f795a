"""A request's receipt is when the server had all of it, not when somebody had time for it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

from django.http import HttpResponse

from vardnara.config.asgi import Application, ReceivedRequest

SCOPE: dict[str, Any] = {
    "type": "http", "method": "POST", "path": "/m/x/", "query_string": b"", "headers": [], "http_version": "1.1",
    "scheme": "http", "server": ("testserver", 80), "client": ("127.0.0.1", 1),
}  # fmt: skip


def test_it_is_the_last_byte_that_counts() -> None:
    """The body comes in two parts and the answer takes its time: the receipt lies between the two."""
    seen: dict[str, datetime] = {}

    async def slow(self: Application, request: ReceivedRequest) -> HttpResponse:
        await asyncio.sleep(0.05)
        seen["answered"], seen["received"] = datetime.now(UTC), request.received_at
        return HttpResponse("ok")

    async def run() -> None:
        parts = [
            {"type": "http.request", "body": b"a=", "more_body": True},
            {"type": "http.request", "body": b"1", "more_body": False},
        ]

        async def receive() -> dict[str, Any]:
            if not parts:
                await asyncio.sleep(60)
            await asyncio.sleep(0.05)
            seen["came"] = datetime.now(UTC)
            return parts.pop(0)

        async def send(message: Any) -> None:
            pass

        with patch.object(Application, "get_response_async", slow):
            await Application()(dict(SCOPE), receive, send)

    asyncio.run(run())
    assert seen["came"] <= seen["received"] < seen["answered"]
    assert (seen["received"] - seen["came"]).total_seconds() < 0.04

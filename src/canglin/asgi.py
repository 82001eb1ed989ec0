"""The platform's ASGI application: records go to the gateway's own application, everything else to Django.

Both live in one process, so that a record taken is at once visible to the pages, and the gateway's hot path never
waits behind a page.
"""

import asyncio
import os
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "canglin.settings")
django.setup()

from django.core.asgi import get_asgi_application  # noqa: E402

from canglin.gateway.asgi import Gateway  # noqa: E402

# Pages are worked out at once at most; each holds a thread and a database connection (settings: 12 connections).
PAGES_AT_ONCE = 8

_pages = get_asgi_application()
_gateway = Gateway()
_room = asyncio.Semaphore(PAGES_AT_ONCE)


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Route one connection."""
    if scope["type"] == "http" and not _gateway.takes(scope):
        async with _room:
            await _pages(scope, receive, send)
    else:
        await gateway_only(scope, receive, send)


async def gateway_only(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """The gateway without pages, for a process of its own (``canglin serve gateway``); other addresses are not found."""
    if scope["type"] == "lifespan" or (scope["type"] == "http" and _gateway.takes(scope)):
        await _gateway(scope, receive, send)
    elif scope["type"] == "http":
        await send({"type": "http.response.start", "status": 404, "headers": [(b"content-type", b"text/plain")]})
        await send({"type": "http.response.body", "body": b"not found: this process takes records only\n"})
    else:
        await send({"type": "websocket.close", "code": 1000})

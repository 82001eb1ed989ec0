"""The platform's ASGI application: records go to the gateway's own application, everything else to Django.

Both live in one process, so that a record taken is at once visible to the pages, and the gateway's hot path never
waits behind a page.
"""

import os
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "canglin.settings")
django.setup()

from django.core.asgi import get_asgi_application  # noqa: E402

from canglin.gateway.asgi import Gateway  # noqa: E402

_pages = get_asgi_application()
_gateway = Gateway()


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Route one connection."""
    if scope["type"] == "http" and not _gateway.takes(scope):
        await _pages(scope, receive, send)  # type: ignore[arg-type]
    elif scope["type"] in ("http", "lifespan"):
        await _gateway(scope, receive, send)
    else:
        await send({"type": "websocket.close", "code": 1000})

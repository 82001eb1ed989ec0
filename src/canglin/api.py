"""/api/v1: the interface for programs. Each room brings a `router` in its api.py; here they become one API with one OpenAPI."""

import base64
import binascii
from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError

#: Most items of one page.
PAGE_BOUND = 1000


def encode_cursor(position: str) -> str:
    """A position in a list as an opaque cursor."""
    return base64.urlsafe_b64encode(position.encode()).decode().rstrip("=")


def decode_cursor(cursor: str) -> str:
    """The position a cursor stands for. Raises HttpError 422 for one that is not ours."""
    try:
        return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, ValueError):
        raise HttpError(422, "cursor: not one that this interface gave out") from None


def page(items: Sequence[Any], limit: int | None, position: Callable[[Any], str]) -> Any:
    """How lists answer: as they are, or ``{"items", "next"}`` when ``limit`` is given. ``items`` then holds up to limit + 1."""
    if limit is None:
        return list(items)
    more = len(items) > limit
    return {"items": list(items[:limit]), "next": encode_cursor(position(items[limit - 1])) if more else None}


@cache
def build() -> NinjaAPI:
    """The API with every room's router."""
    from canglin.accounts.api import Bearer, Session, install

    api = NinjaAPI(
        title="仓廪 Canglin", version="1", description="省级粮食和物资储备监管平台程序接口", auth=[Bearer(), Session()],
        urls_namespace="api", docs_url=None, openapi_url="/openapi.json",
    )
    install(api)

    def unknown(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
        return api.create_response(request, {"detail": "没有这条记录"}, status=404)

    from django.core.exceptions import ObjectDoesNotExist

    api.add_exception_handler(ObjectDoesNotExist, unknown)
    for room in reversed(settings.ROOMS):
        name = f"canglin.{room}.api"
        if find_spec(name) and (router := getattr(import_module(name), "router", None)):
            api.add_router("", router)
    return api

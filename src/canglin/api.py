"""/api/v1: the interface for programs. Each room brings a `router` in its api.py; here they become one API with one OpenAPI.

A room that answers addresses of its own outside Django (the gateway) also brings ``described()``: paths and component schemas that
are added to the document, so that it says all of /api/v1.
"""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import msgspec
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, NinjaAPI, Router
from ninja import Schema as Parameters
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.renderers import BaseRenderer

from canglin import openapi

#: Most items of one page.
PAGE_BOUND = 1000
#: Items of a page of a list that only grows, when nothing else is asked for.
PAGE = 100
#: Codes are letters and digits; anything else names nothing.
CODE = r"^[0-9A-Za-z]*$"
#: A region, from the province down, with or without its closing zeros.
REGION = r"^(\d\d){0,3}$"


class Paging(Parameters):
    """Parameters of a list that answers as a whole unless ``limit`` is given."""

    limit: int | None = Field(None, ge=1, le=PAGE_BOUND, description="一页的条数；不给则给出全部")
    cursor: str | None = Field(None, max_length=600, description="上一页答复中的 next")


class Pages(Parameters):
    """Parameters of a list that only grows and always answers by pages."""

    limit: int = Field(PAGE, ge=1, le=PAGE_BOUND, description="一页的条数")
    cursor: str | None = Field(None, max_length=600, description="上一页答复中的 next")


def encode_cursor(position: str) -> str:
    """A position in a list as an opaque cursor."""
    return base64.urlsafe_b64encode(position.encode()).decode().rstrip("=")


def decode_cursor(cursor: str) -> str:
    """The position a cursor stands for. Raises HttpError 422 for one that is not ours."""
    try:
        position = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
        if "\0" not in position:
            return position
    except (binascii.Error, ValueError):
        pass
    raise HttpError(422, "cursor: not one that this interface gave out")


def decode_number(cursor: str) -> int:
    """The same for a position that is a number."""
    position = decode_cursor(cursor)
    if position.isascii() and position.isdigit() and len(position) < 19:
        return int(position)
    raise HttpError(422, "cursor: not one that this interface gave out")


def page(items: Sequence[Any], limit: int | None, position: Callable[[Any], str]) -> Any:
    """How lists answer: as they are, or ``{"items", "next"}`` when ``limit`` is given. ``items`` then holds up to limit + 1."""
    if limit is None:
        return list(items)
    more = len(items) > limit
    return {"items": list(items[:limit]), "next": encode_cursor(position(items[limit - 1])) if more else None}


def _local(value: Any) -> Any:
    """Times in China's zone; the database hands them out in UTC."""
    if isinstance(value, datetime):
        return timezone.localtime(value) if value.tzinfo else value
    if isinstance(value, Mapping):
        return {key: _local(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_local(item) for item in value]
    return value


# Decimals as numbers with all their digits: no float ever stands between the ledger and whoever reads it.
_encode = msgspec.json.Encoder(decimal_format="number", enc_hook=str).encode


def encode(value: Any) -> bytes:
    """JSON as every answer of /api/v1 is written: decimals as exact numbers, times ISO 8601 with China's offset."""
    return _encode(_local(value))


class _Json(BaseRenderer):
    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        """See encode."""
        return encode(data)


def modules() -> list[str]:
    """The rooms' modules that speak to programs, from the base of the house up."""
    found = (f"canglin.{room}.api" for room in reversed(settings.ROOMS))
    return [name for name in found if find_spec(name)]


def _add_described(document: OpenAPISchema) -> OpenAPISchema:
    """What rooms answer beside Django, as their ``described()`` says it."""
    for name in modules():
        if described := getattr(import_module(name), "described", None):
            paths, shapes = described()
            for path, operations in paths.items():
                document["paths"].setdefault(path, {}).update(operations)
            document["components"].setdefault("schemas", {}).update(shapes)
    return document


class Api(NinjaAPI):
    """NinjaAPI whose OpenAPI document says all that operations have in common."""

    def get_openapi_schema(self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None) -> OpenAPISchema:
        """The document."""
        return _add_described(openapi.complete(super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)))

    def get_openapi_operation_id(self, operation: Any) -> str:
        """Room and name: ``stock_contracts``. Clients are generated from it, so it does not follow our modules about."""
        room = operation.view_func.__module__.removeprefix("canglin.").partition(".")[0]
        return f"{room}_{operation.view_func.__name__}"


def _install_errors(api: NinjaAPI) -> None:
    """Every error is ``{"detail": "…"}``; 422 for parameters has ``errors`` besides."""

    def answers(status: int, detail: Callable[[Any], str]) -> Callable[[HttpRequest, Any], HttpResponse]:
        return lambda request, error: api.create_response(request, {"detail": detail(error)}, status=status)

    def invalid(request: HttpRequest, error: Any) -> HttpResponse:
        errors = [{"field": ".".join(str(part) for part in each["loc"][1:]), "expected": each["msg"]} for each in error.errors]
        detail = "；".join(f"{each['field']}: {each['expected']}" for each in errors)
        return api.create_response(request, {"detail": detail, "errors": errors}, status=422)

    api.add_exception_handler(ObjectDoesNotExist, answers(404, lambda error: "没有这条记录，或不在您的辖区内"))
    api.add_exception_handler(AuthenticationError, answers(401, lambda error: openapi.ERRORS[401]))
    api.add_exception_handler(ValidationError, invalid)
    # A NUL in a text, a number beyond the column: nothing that could be there.
    api.add_exception_handler(DataError, answers(422, lambda error: "参数中有数据库不能表示的字符或数"))


def _last() -> Router:
    """After all others: an address that is none of theirs is an error in JSON too."""
    router = Router()

    @router.api_operation(["GET", "POST", "PUT", "PATCH", "DELETE"], "/{path:rest}", include_in_schema=False)
    def nowhere(request: HttpRequest, rest: str) -> HttpResponse:
        raise HttpError(404, "没有这个接口")

    return router


@cache
def build() -> NinjaAPI:
    """The API with every room's router."""
    from canglin.accounts.api import Bearer, Session, install

    api = Api(
        title="仓廪 Canglin", version="1", description="省级粮食和物资储备监管平台程序接口", auth=[Bearer(), Session()],
        urls_namespace="api", docs_url=None, openapi_url="/openapi.json", renderer=_Json(),
    )
    install(api)
    _install_errors(api)
    for name in modules():
        if router := getattr(import_module(name), "router", None):
            api.add_router("", router)

    api.add_router("", _last())
    return api

"""Kept answers belong to the database of one test."""

from collections.abc import Iterator

import pytest
from django.test import Client

from canglin.overview import kept
from canglin.stock.queries import contents
from tests.accounts.conftest import person

__all__ = ["person"]


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    kept.forget_all()
    contents.forget()
    yield
    kept.forget_all()
    contents.forget()


@pytest.fixture
def visit(person, client: Client):
    """``visit("/lots/", role, area)``: the answer to a GET by a fresh person."""

    def go(address: str, role: str = "viewer", area: str = "00", **more):
        client.force_login(person(role, area))
        return client.get(address, **more)

    return go

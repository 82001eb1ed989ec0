"""A rolled-back test leaves values in memory that never were; each test starts by reading anew."""

import pytest

from canglin.rulebook import queries


@pytest.fixture(autouse=True)
def _fresh_rulebook():
    queries.forget()
    yield
    queries.forget()

"""One small province for the whole room, looked at on an evening in the late-indica season."""

from collections import defaultdict
from datetime import datetime
from typing import Any

import pytest

from canglin.simulator.province import Province

NOW = datetime(2026, 11, 20, 17, 30)


@pytest.fixture(scope="session")
def province() -> Province:
    return Province("small", 7, NOW)


@pytest.fixture(scope="session")
def items(province: Province) -> list[tuple[str, dict[str, Any]]]:
    """All records as they would be sent: registry, the bureau's plans, then each depot's year."""
    found = [*province.registry(), *province.bureau()]
    for depot in province.depots:
        found.extend(province.business(depot))
    return found


@pytest.fixture(scope="session")
def by_table(items: list[tuple[str, dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    found = defaultdict(list)
    for code, record in items:
        found[code].append(record)
    return found

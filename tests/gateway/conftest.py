"""The gateway inside a test's own transaction, and a small cast of depots that report to it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from canglin.accounts import actions
from canglin.accounts.models import User
from canglin.accounts.policy import CONSOLE
from canglin.accounts.rules import Area
from canglin.gateway import imports, queries
from canglin.gateway.intake import Intake, Job
from canglin.instance import Instance
from canglin.records.commit import Log, Outcome
from tests.interface.samples import Depot


class Direct:
    """An intake without a thread: commits at once, inside the test's transaction."""

    def __init__(self) -> None:
        connection.ensure_connection()
        self.intake = Intake("dbname=unused")
        self.log = Log(connection.connection)

    def submit_and_wait(self, job: Job) -> list[Outcome]:
        """As the intake's."""
        (_, answer), = self.intake._commit(self.log, [job])
        if isinstance(answer, Exception):
            raise answer
        return answer

    def group(self, jobs: Sequence[Job]) -> list[Any]:
        """Commit jobs as one group."""
        return [answer for _, answer in self.intake._commit(self.log, list(jobs))]


@pytest.fixture
def intake(db: None, monkeypatch: pytest.MonkeyPatch) -> Direct:
    direct = Direct()
    monkeypatch.setattr(imports, "shared", lambda: direct)
    return direct


@pytest.fixture
def depot() -> Depot:
    return Depot(61)


@pytest.fixture
def app(db: None, depot: Depot) -> Any:
    """The depot's application with its keys."""
    return actions.create_application(CONSOLE, depot.enterprise, "演示系统")


@pytest.fixture
def person(db: None) -> Any:
    """Makes a person who can sign in without a password: ``person("manager", code)``."""
    made = iter(range(1000))

    def make(role: str, area: str) -> User:
        name = f"演示{role}{next(made)}"
        codes = list(Area.parse(area).codes)
        return User.objects.create(username=name, name=name, role=role, area_codes=codes, must_change_password=False, password="!")

    return make


@pytest.fixture(autouse=True)
def _forget_settled_days() -> None:
    queries.settled.forget()


@pytest.fixture
def own_folder(settings: Any, tmp_path: Path) -> Path:
    """Files and workbooks of a test lie in its own folder."""
    settings.INSTANCE = Instance(tmp_path)
    return tmp_path

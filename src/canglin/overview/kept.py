"""Answers over the whole province, kept in memory for the seconds in which many people ask the same.

An answer holds as long as its version (cheap to ask) has not changed; a changed one is worked out anew at most every
``fresh_s`` seconds, behind the back of the readers, who see the old one with its time. Only when it is older than
``bound_s`` does a reader wait.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db import connection
from django.utils import timezone

log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True)
class Answer(Generic[T]):
    """A value and the moment at which it was true."""

    value: T
    as_of: datetime


class Kept(Generic[T]):
    """One answer, shared by all threads of this process."""

    everyone: "list[Kept[Any]]" = []

    def __init__(self, work_out: Callable[[], T], version: Callable[[], Any], *, fresh_s: float, bound_s: float) -> None:
        self._work_out, self._version = work_out, version
        self._fresh_s, self._bound_s = fresh_s, bound_s
        self._working = threading.Lock()
        self._held: tuple[Any, Answer[T], float] | None = None
        self.everyone.append(self)

    def __call__(self) -> Answer[T]:
        """The answer, at most ``bound_s`` old."""
        held = self._held
        if held is None:
            return self._renewed()
        version, answer, made_at = held
        if self._version() == version:
            return Answer(answer.value, timezone.now())
        age_s = time.monotonic() - made_at
        if age_s <= self._fresh_s:
            return answer
        if age_s > self._bound_s:
            return self._renewed()
        if not self._working.locked():
            threading.Thread(target=self._renew_aside, name="kept", daemon=True).start()
        return answer

    def forget(self) -> None:
        """Work it out anew at the next asking."""
        self._held = None

    def _renewed(self) -> Answer[T]:
        asked_at = time.monotonic()
        with self._working:
            if self._held is not None and self._held[2] >= asked_at:
                return self._held[1]  # somebody else did, while we waited
            # Asked first: what changes meanwhile is then seen as a change.
            version, now = self._version(), timezone.now()
            answer = Answer(self._work_out(), now)
            self._held = version, answer, time.monotonic()
            return answer

    def _renew_aside(self) -> None:
        try:
            self._renewed()
        except Exception:
            # Readers go on with the old answer until its bound, and then see the trouble themselves.
            log.exception("a kept answer could not be renewed")
        finally:
            connection.close()


def forget_all() -> None:
    """Forget every kept answer (tests; after the database was restored)."""
    for kept in Kept.everyone:
        kept.forget()

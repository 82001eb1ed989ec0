"""Applications as the hot path sees them: in memory, at most two seconds old."""

import asyncio
import logging
import time
from dataclasses import dataclass
from functools import cached_property

from canglin.accounts.models import Application
from canglin.accounts.rules import allows, is_bureau
from canglin.gateway.suites import V2022, Sm
from canglin.gateway.threads import in_thread

log = logging.getLogger(__name__)
FRESH_S = 2.0
UNKNOWN_S = 0.1


@dataclass
class App:
    """One active application, with what its requests need at hand."""

    appid: str
    name: str
    enterprise: str
    depots: tuple[str, ...]
    app_key: str
    secret: str
    key_version: int
    plain: bool
    suites: frozenset[str]
    per_minute: int

    @cached_property
    def v2022(self) -> V2022:
        """The field's cipher under this application's secret."""
        return V2022(self.secret)

    @cached_property
    def sm(self) -> Sm:
        """The strong suite under this application's secret."""
        return Sm(self.secret)

    @cached_property
    def bureau(self) -> bool:
        """Whether it reports for depots of other enterprises."""
        return is_bureau(self.enterprise, list(self.depots))

    @property
    def source(self) -> str:
        """Its name in the log."""
        return f"app:{self.appid}"

    def allows(self, in_enterprise: str, in_depot: str, stock_house: str = "") -> bool:
        """Whether a record of that enterprise and depot is its own to report."""
        return allows(self.enterprise, list(self.depots), in_enterprise, in_depot, stock_house)


def _read() -> dict[str, App]:
    return {
        app.appid: App(
            app.appid, app.name, app.enterprise, tuple(app.depots), app.app_key, app.secret, app.key_version, app.plain,
            frozenset(app.suites), app.per_minute,
        )
        for app in Application.objects.filter(state=Application.State.ACTIVE)
    }


class Directory:
    """All active applications. Asked by the event loop; read from the database in a thread."""

    def __init__(self) -> None:
        self._apps: dict[str, App] = {}
        self._read_at = -FRESH_S
        self._rates: dict[str, list[float]] = {}
        self._reading = asyncio.Lock()

    async def get(self, appid: str) -> App | None:
        """The application, None when there is none or it is disabled. While the database is away the last known ones serve."""
        if time.monotonic() - self._read_at > FRESH_S:
            await self._refresh(FRESH_S)
        if appid not in self._apps:
            # Perhaps made a moment ago. Strangers guessing names cost one short query each UNKNOWN_S at most.
            await self._refresh(UNKNOWN_S)
        return self._apps.get(appid)

    async def _refresh(self, older_than_s: float) -> None:
        async with self._reading:
            if time.monotonic() - self._read_at <= older_than_s:
                return
            try:
                found = await in_thread(_read)
            except Exception as error:
                if not self._apps:
                    raise
                log.warning("applications could not be read, serving with the last known: %s", error)
                self._read_at = time.monotonic()
                return
            # An unchanged application keeps its object, and with it its open ciphers.
            self._apps = {appid: old if (old := self._apps.get(appid)) == app else app for appid, app in found.items()}
            self._read_at = time.monotonic()

    def within_rate(self, app: App, records: int = 1) -> bool:
        """Count ``records`` against the application's limit per minute (a bucket that refills evenly)."""
        now, full = time.monotonic(), float(app.per_minute)
        bucket = self._rates.setdefault(app.appid, [full, now])
        bucket[0] = min(full, bucket[0] + (now - bucket[1]) * full / 60)
        bucket[1] = now
        if bucket[0] < min(records, full):
            return False
        bucket[0] -= records
        return True

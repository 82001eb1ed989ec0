"""When each depot last reported anything, and which have been silent for too long."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from threading import Lock
from typing import Any

from django.db import connection
from django.utils import timezone

from canglin.accounts.models import User
from canglin.gateway.queries import silent_hours
from canglin.overview.kept import Kept
from canglin.overview.queries.standing import standing, tree_size
from canglin.standard.tables import table
from canglin.stock.queries.scope import visible_depots

# The log has no index by depot: its writing is the platform's narrowest place. What a depot sends often, the state finds
# by indexes of its own; from there on the log's newest entries are followed. (Joined by the code, not the key: keys are
# compared byte by byte, and an index in another collation does not serve that.)
_TAIL = 20_000
_STATE = """
    SELECT in_depot, max(received_at) FROM (
        SELECT key AS in_depot, received_at FROM {depot}
        UNION ALL {by_depot}
        UNION ALL {by_lot}
    ) AS newest GROUP BY in_depot
"""
_NEWS = "SELECT in_depot, max(received_at) FROM records_record WHERE number > %s AND in_depot <> '' GROUP BY 1"
_BY_DEPOT = """SELECT d.key, t.received_at FROM {depot} d CROSS JOIN LATERAL (
    SELECT received_at FROM {relation} WHERE in_depot = d.depot_code ORDER BY {order} LIMIT 1) AS t"""
_BY_LOT = """SELECT l.in_depot, t.received_at FROM {lot} l CROSS JOIN LATERAL (
    SELECT received_at FROM {relation} WHERE lot_code = l.lot_code ORDER BY {order} LIMIT 1) AS t"""
_DEPOT_TABLES = {"1202": "business_date DESC", "1205": "business_date DESC", "1211": "year DESC, month DESC"}
_LOT_TABLES = {"1208": "stated_at DESC", "1302": "measured_at DESC", "1303": "measured_at DESC", "1310": "sampled_at DESC"}


def _relation(code: str) -> str:
    return table(code).model._meta.db_table


def _from_state() -> dict[str, datetime]:
    depot, lot = _relation("1102"), _relation("1105")
    query = _STATE.format(
        depot=depot,
        by_depot=" UNION ALL ".join(
            _BY_DEPOT.format(depot=depot, relation=_relation(code), order=order) for code, order in _DEPOT_TABLES.items()
        ),
        by_lot=" UNION ALL ".join(
            _BY_LOT.format(lot=lot, relation=_relation(code), order=order) for code, order in _LOT_TABLES.items()
        ),
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return dict(cursor.fetchall())


class _LastReports:
    """depot → when its last record was received, followed along the log."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.last: dict[str, datetime] = {}
        self._number = -1

    def work_out(self) -> dict[str, datetime]:
        """Up to date with the log."""
        with self._lock:
            size = tree_size()
            if self._number < 0 or size < self._number:
                self.last, self._number = _from_state(), max(0, size - _TAIL)
            news = self.last.copy()
            with connection.cursor() as cursor:
                cursor.execute(_NEWS, [self._number])
                for depot, received_at in cursor.fetchall():
                    news[depot] = max(received_at, news.get(depot, received_at))
            self.last, self._number = news, size
            return news

    def forget(self) -> None:
        """Begin anew."""
        with self._lock:
            self.last, self._number = {}, -1


class _KeptReports(Kept[Mapping[str, datetime]]):
    def __init__(self) -> None:
        self._reports = _LastReports()
        super().__init__(self._reports.work_out, tree_size, fresh_s=5, bound_s=60)

    def forget(self) -> None:
        """See Kept."""
        super().forget()
        self._reports.forget()


#: depot → when its last record was received.
last_reports = _KeptReports()


def silent(depots: Collection[Mapping[str, Any]], now: datetime | None = None) -> list[dict[str, Any]]:
    """Those of the depots (rows with ``key`` and ``region_code``) that have been silent too long, the longest silence
    first; each with ``last_at`` (None: nothing of it was ever received) and the ``hours`` allowed."""
    now, last = now or timezone.now(), last_reports().value
    hours: dict[str, Decimal] = {}
    found = []
    for depot in depots:
        region = depot["region_code"]
        if region not in hours:
            hours[region] = silent_hours(region)
        last_at = last.get(depot["key"])
        if last_at is None or now - last_at > timedelta(hours=float(hours[region])):
            found.append({**depot, "last_at": last_at, "hours": hours[region]})
    return sorted(found, key=lambda row: (row["last_at"] is not None, row["last_at"] or now, row["key"]))


def silent_of(user: User) -> list[dict[str, Any]]:
    """The same for all depots of somebody's area."""
    return silent(list(standing(visible_depots(user)).value.depots.values()))

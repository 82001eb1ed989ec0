"""Rules between fields of plans and projects."""

from collections.abc import Iterator

from canglin.registry.rules import in_china
from canglin.standard.between import in_order
from canglin.standard.tables import Row, Violation


def project(row: Row) -> Iterator[Violation]:
    """A building project lies in China."""
    return in_china(row.longitude, row.latitude, "xmdzjd", "zmdzwd")


def rotation_plan(row: Row) -> Iterator[Violation]:
    """A plan ends on or after the day it starts. The specification does not say so: it is noted, not refused."""
    return in_order(("kszxrq", "开始执行日期", row.starts_on), ("jzzxrq", "截止执行日期", row.ends_on), refuses=False)

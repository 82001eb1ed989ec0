"""Rules between fields of jobs done on stored grain (1306)."""

from collections.abc import Iterator

from canglin.standard.between import in_order
from canglin.standard.tables import Row, Violation


def fumigation_job(row: Row) -> Iterator[Violation]:
    """A fumigation ends on or after the day it starts. The specification does not say so: it is noted, not refused."""
    return in_order(("xzkssj", "熏蒸开始时间", row.started_on), ("xzjssj", "熏蒸结束时间", row.ended_on), refuses=False)

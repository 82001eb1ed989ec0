"""Rules of the registry that need other records, run inside the commit."""

from collections.abc import Iterator

from canglin.records.commit import Earlier
from canglin.records.consequences import Entry
from canglin.records.effects import Connection
from canglin.standard.rulecodes import declare
from canglin.standard.tables import Violation, table

NUMBER_TAKEN = declare("number.taken", "代码已被占用", "clash")

_OTHER = {"1103": "1106", "1106": "1103"}


class NumberSeries:
    """Warehouses (1103) and oil tanks (1106) of a depot are numbered in one series: a code names one of either."""

    tables = frozenset(_OTHER)

    def check(self, connection: Connection, incoming: Entry, earlier: Earlier) -> Iterator[Violation]:
        """The code is held by no building of the other kind."""
        other = table(_OTHER[incoming.spec.code])
        just_taken = earlier(other.code, incoming.key)
        if just_taken is not None:
            held = just_taken.operation != "d"
        else:
            found = connection.execute(
                f'SELECT 1 FROM "{other.model._meta.db_table}" WHERE key = %s AND NOT removed', [incoming.key]  # noqa: S608
            ).fetchone()
            held = found is not None
        if held:
            field = incoming.spec.by_attribute[incoming.spec.key[0]]
            yield Violation(field.id, NUMBER_TAKEN, incoming.key, f"未被{other.name}使用的代码（仓房与油罐统一编号）")


NUMBER_SERIES = NumberSeries()

"""How fast a province grows: printed, not held to a figure, for the machine is shared."""

import resource
import time

from canglin.simulator.province import Province
from tests.simulator.conftest import NOW


def test_the_large_province_streams_in_bounded_memory(capsys):
    province = Province("province", 1, NOW)
    assert len(province.depots) == 800
    assert sum(len(d.lots) for d in province.depots) == 8000
    before, began, tickets = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time(), 0
    some = province.depots[100:108]
    for batch in province.batches(some):
        tickets += batch.rows if batch.code in ("1202", "1205") else 0
    seconds = time.process_time() - began
    grown_mb = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    with capsys.disabled():
        print(f"\n{tickets / seconds:,.0f} tickets/s with their tests and settlements, {grown_mb:.0f} MB more")
    lots = sum(len(d.lots) for d in some)
    assert 150 * lots < tickets < 400 * lots
    assert grown_mb < 200

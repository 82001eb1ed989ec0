"""One temporary PostgreSQL for a whole run of the suite, gone afterwards.

It is started here, before Django reads its settings: pytest-django then makes its test database inside it.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_DATA = Path(tempfile.mkdtemp(prefix="canglin-test-"))
os.environ["CANGLIN_DATA"] = str(_DATA)
os.environ.pop("DATABASE_URL", None)

from canglin import postgres  # noqa: E402
from canglin.instance import Instance  # noqa: E402

_INSTANCE = Instance(_DATA)
# Durability is tested by killing real servers (tests/interface); here speed counts.
postgres.start(_INSTANCE, {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"})


def _gone() -> None:
    postgres.stop(_INSTANCE, "immediate")
    shutil.rmtree(_DATA, ignore_errors=True)


atexit.register(_gone)

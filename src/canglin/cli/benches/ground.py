"""Where a measurement takes place: an instance made for it, served by the real command, and gone afterwards."""

import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from canglin.cli import preparation
from canglin.cli.command import Failure, note
from canglin.cli.processes import die_with_parent
from canglin.cli.serving import command
from canglin.instance import Instance

if TYPE_CHECKING:
    from canglin.simulator.cast import Enterprise
    from canglin.simulator.province import Batch

SAMPLE_S = 0.5


@dataclass
class Ground:
    """A served instance: its address, its database, and how to look at its memory."""

    instance: Instance
    url: str
    process: subprocess.Popen[str]

    @property
    def database_url(self) -> str:
        """For raw comparisons."""
        return self.instance.database_url()

    def applications(self, enterprises: "Iterable[Enterprise]") -> dict[str, dict[str, str]]:
        """A new application for each enterprise: code → keys."""
        from canglin.accounts import actions, policy

        made = {}
        for enterprise in enterprises:
            keys = actions.create_application(policy.CONSOLE, enterprise.code, "bench", per_minute=1_000_000)
            made[enterprise.code] = {"appid": keys.application.appid, "app_key": keys.app_key, "secret": keys.secret}
        return made

    def memory_mb(self) -> float:
        """Memory of supervisor, server, worker and PostgreSQL now, shared pages counted once (PSS)."""
        postmaster = int((self.instance.postgres_dir / "postmaster.pid").read_text().split()[0])
        waiting, total = [self.process.pid, postmaster], 0
        while waiting:
            process = waiting.pop()
            try:
                for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
                    if line.startswith("Pss:"):
                        total += int(line.split()[1])
                for task in Path(f"/proc/{process}/task").iterdir():
                    waiting += [int(number) for number in (task / "children").read_text().split()]
            except OSError:
                continue  # it has just ended
        return total / 1024

    @contextmanager
    def watched(self) -> Iterator[list[float]]:
        """Memory samples, MB, while the block runs."""
        samples, over = [self.memory_mb()], threading.Event()

        def look() -> None:
            while not over.wait(SAMPLE_S):
                samples.append(self.memory_mb())

        watcher = threading.Thread(target=look, daemon=True)
        watcher.start()
        try:
            yield samples
        finally:
            over.set()
            watcher.join()


@contextmanager
def ground(beside: Instance) -> Iterator[Ground]:
    """A new instance in the folder of ``beside``: a measurement belongs on the disk that will be used."""
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=beside.data))
    os.environ["CANGLIN_DATA"] = str(folder)
    os.environ.pop("DATABASE_URL", None)
    process = subprocess.Popen(
        command("up", "--port", "0"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=die_with_parent(),
    )
    try:
        yield Ground(Instance.current(), _ready(process), process)
    finally:
        from django.db import connections

        connections.close_all()
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        shutil.rmtree(folder, ignore_errors=True)


def _ready(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("ready "):
            preparation.set_up_django()
            return line.split()[1]
    raise Failure("the instance to measure did not come up", "see above")


def hand_in(url: str, keys: dict[str, dict[str, str]], batches: "Iterable[Batch]", what: str) -> int:
    """Send batches as their enterprises' applications, in order; returns the number of records. Raises Failure on a refusal."""
    import asyncio

    from canglin.simulator.link import Link
    from canglin.simulator.send import Keys, Sender

    async def send() -> int:
        link, sent = Link(url, 4), 0
        senders: dict[str, Sender] = {}
        for batch in batches:
            sender = senders.setdefault(batch.enterprise, Sender(link, Keys.of(keys[batch.enterprise])))
            await sender.batch(batch)
            sent += batch.rows
            if sender.outcome.refused:
                raise Failure(f"{what}: {sender.outcome.reasons.most_common(1)}", "the simulator and the gateway disagree")
        link.close()
        return sent

    sent = asyncio.run(send())
    note(f"{what}: {sent:,} records")
    return sent

"""Group commit: records that wait at the same moment share one transaction, and each caller is answered after that commit.

One thread owns the writer's connection. It takes all that waits (single records first, then a slice of a batch), commits it, and
hands every caller its outcome; meanwhile the next group gathers. Nothing waits for company: an idle gateway commits a lone record
at once. docs/algorithms/commit.md tells it as a flow.
"""

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cache

import psycopg

from canglin.gateway.refusals import Refused, keep
from canglin.instance import Instance
from canglin.records.commit import Log, Outcome
from canglin.records.consequences import Entry
from canglin.standard.tables import Violation

log = logging.getLogger(__name__)

#: Single records that may wait; past this the gateway answers 429.
WAITING_BOUND = 4096
#: Batch rows that may wait.
BATCH_BOUND = 200_000
#: Most single records in one transaction, and rows of a batch beside them.
GROUP, SLICE = 512, 2000
RECONNECT_S = 0.3
#: A caller is told to retry when its commit has not come after this time.
PATIENCE_S = 5.0
#: The same for rows of a batch, which wait behind those before them.
BATCH_PATIENCE_S = 60.0


class Busy(Exception):
    """The queue is full: come back later (429)."""


class Away(Exception):
    """The database does not answer: retry (409). Whether the record was taken is unknown; a repeat is harmless."""


@dataclass(slots=True)
class Job:
    """What one caller hands over: records that passed their own checks, and ones already refused. All its outcomes come at once.
    ``flags``: faults noted on entries, by their place; they are counted when the record is taken."""

    entries: Sequence[Entry]
    refused: Sequence[Refused] = ()
    flags: Mapping[int, Sequence[Violation]] | None = None
    dry_run: bool = False
    done: "Future[list[Outcome]] | None" = None
    loop: asyncio.AbstractEventLoop | None = None
    awaited: "asyncio.Future[list[Outcome]] | None" = None
    since: float = 0.0

    @property
    def single(self) -> bool:
        """Whether it is one record, which overtakes batches."""
        return len(self.entries) + len(self.refused) <= 1


class Intake:
    """The queue and its writer thread. One per process; `submit` from the event loop, `submit_and_wait` from any thread."""

    def __init__(self, url: str | None = None):
        self._url = url or Instance.current().database_url()
        self._singles: deque[Job] = deque()
        self._batches: deque[Job] = deque()
        self._batch_rows = 0
        self._wake = threading.Event()
        self._stopping = False
        self._up = False
        self._in_flight_since: float | None = None
        self._in_flight: Sequence[Job] = ()
        self._watcher: asyncio.Task[None] | None = None
        self._starting = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="intake", daemon=True)
        self.commits = self.committed = self.log_size = 0
        self.commit_seconds = 0.0

    # -- the callers' side -------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the writer thread once (returns at once; it connects by itself)."""
        with self._starting:
            if not self._thread.is_alive() and not self._stopping:
                self._thread.start()

    def stop(self) -> None:
        """Commit what waits, then end the thread."""
        self._stopping = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(10)

    @property
    def up(self) -> bool:
        """Whether the database takes records."""
        stuck = self._in_flight_since
        return self._up and (stuck is None or time.monotonic() - stuck < PATIENCE_S)

    @property
    def waiting(self) -> int:
        """Single records waiting."""
        return len(self._singles)

    @property
    def batch_rows_waiting(self) -> int:
        """Batch rows waiting."""
        return self._batch_rows

    def _admit(self, job: Job) -> None:
        if not self.up:
            raise Away
        if job.single:
            if len(self._singles) >= WAITING_BOUND:
                raise Busy
            self._singles.append(job)
        else:
            if self._batch_rows + len(job.entries) > BATCH_BOUND:
                raise Busy
            self._batch_rows += len(job.entries)
            self._batches.append(job)
        job.since = time.monotonic()
        self._wake.set()

    async def submit(self, job: Job) -> list[Outcome]:
        """Hand over a job and wait for its commit. Raises Busy or Away."""
        job.loop = asyncio.get_running_loop()
        job.awaited = job.loop.create_future()
        self._admit(job)
        self._watch(job.loop)
        return await job.awaited

    def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """See to it that nobody waits for ever for a database that hangs: one look a second at those in flight, since a timer for
        each record would cost more than its checks."""
        if self._watcher is None or self._watcher.done():
            self._watcher = loop.create_task(self._give_up_on_the_hanging())

    async def _give_up_on_the_hanging(self) -> None:
        while True:
            await asyncio.sleep(min(1.0, PATIENCE_S, BATCH_PATIENCE_S))
            now = time.monotonic()
            waiting = [*self._in_flight, *self._singles, *self._batches]
            late = [job for job in waiting if now - job.since > (PATIENCE_S if job.single else BATCH_PATIENCE_S)]
            _resolve([(job, Away()) for job in late])

    def submit_and_wait(self, job: Job) -> list[Outcome]:
        """The same for ordinary threads (forms, Excel, jobs), which may be the first to need the writer."""
        self.start()
        for _ in range(40):
            if self.up:
                break
            time.sleep(0.05)
        job.done = Future()
        self._admit(job)
        try:
            return job.done.result(BATCH_PATIENCE_S)
        except TimeoutError:
            raise Away from None

    # -- the writer's side -------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stopping:
            try:
                # TCP settings matter only for a database elsewhere; a socket breaks at once.
                with psycopg.connect(
                    self._url, autocommit=True, connect_timeout=2, keepalives_idle=2, keepalives_interval=1, keepalives_count=2,
                    application_name="canglin gateway",
                ) as connection:
                    writer = Log(connection)
                    head = connection.execute("SELECT size FROM records_tree WHERE id = 1").fetchone()
                    self.log_size = head[0] if head else 0
                    self._up = True
                    self._serve(writer)
            except psycopg.Error as error:
                if self._up:
                    log.error("database away: %s", error)
                self._up = False
                self._fail_all()
                time.sleep(RECONNECT_S)
        self._up = False
        self._fail_all()

    def _fail_all(self) -> None:
        jobs = [*self._singles, *self._batches]
        self._singles.clear()
        self._batches.clear()
        self._batch_rows = 0
        _answer([(job, Away()) for job in jobs])

    def _serve(self, writer: Log) -> None:
        while True:
            if not self._singles and not self._batches:
                if self._stopping:
                    return
                self._wake.wait(1.0)
                self._wake.clear()
                continue
            group = self._gather()
            self._in_flight, self._in_flight_since = group, time.monotonic()
            try:
                answers = self._commit(writer, group)
            except psycopg.OperationalError as error:
                _answer([(job, Away()) for job in group])
                raise error
            finally:
                self._in_flight, self._in_flight_since = (), None
            _answer(answers)

    def _gather(self) -> list[Job]:
        """All single jobs up to GROUP, then batch jobs until SLICE rows. A dry run goes alone: it is rolled back."""
        group: list[Job] = []
        while self._singles and len(group) < GROUP:
            if self._singles[0].dry_run:
                return group or [self._singles.popleft()]
            group.append(self._singles.popleft())
        rows = 0
        while self._batches and (not rows or rows + len(self._batches[0].entries) <= SLICE):
            if self._batches[0].dry_run and group:
                break
            job = self._batches.popleft()
            self._batch_rows -= len(job.entries)
            group.append(job)
            rows += len(job.entries) or 1
            if job.dry_run:
                break
        return group

    def _commit(self, writer: Log, group: list[Job]) -> "list[tuple[Job, list[Outcome] | Exception]]":
        """Commit a group; when the database objects to something in it, commit its jobs one by one to find out which."""
        try:
            return list(zip(group, self._once(writer, group), strict=True))
        except psycopg.OperationalError:
            raise
        except Exception as error:
            if len(group) == 1:
                log.exception("a record was refused by the database: %s", [e.key for e in group[0].entries][:3])
                return [(group[0], error)]
            answers: list[tuple[Job, list[Outcome] | Exception]] = []
            for job in group:
                answers += self._commit(writer, [job])
            return answers

    def _once(self, writer: Log, group: list[Job]) -> list[list[Outcome]]:
        began = time.monotonic()
        entries: list[Entry] = []
        flags: dict[int, Sequence[Violation]] = {}
        for job in group:
            if job.flags:
                flags.update((len(entries) + place, found) for place, found in job.flags.items())
            entries += job.entries
        refused = [one for job in group for one in job.refused]
        outcomes = writer.commit(
            entries, also=lambda connection, found: keep(connection, entries, found, refused, flags), dry_run=group[0].dry_run
        )
        self.commits += 1
        self.committed += len(entries)
        self.commit_seconds += time.monotonic() - began
        self.log_size = max(self.log_size, writer.size)
        shares, start = [], 0
        for job in group:
            shares.append(outcomes[start : start + len(job.entries)])
            start += len(job.entries)
        return shares


@cache
def shared() -> Intake:
    """This process's one intake."""
    return Intake()


def _answer(answers: "Sequence[tuple[Job, list[Outcome] | Exception]]") -> None:
    """Give each caller its outcomes; one wake-up per event loop, not one per caller."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[Job, list[Outcome] | Exception]]] = {}
    for job, answer in answers:
        if job.loop is not None:
            by_loop.setdefault(job.loop, []).append((job, answer))
        elif job.done is None:
            continue  # nobody waits
        elif isinstance(answer, Exception):
            job.done.set_exception(answer)
        else:
            job.done.set_result(answer)
    for loop, mine in by_loop.items():
        try:
            loop.call_soon_threadsafe(_resolve, mine)
        except RuntimeError:  # the loop has ended; nobody waits any more
            continue


def _resolve(answers: "list[tuple[Job, list[Outcome] | Exception]]") -> None:
    for job, answer in answers:
        future = job.awaited
        if future is None or future.done():
            continue
        if isinstance(answer, Exception):
            future.set_exception(answer)
        else:
            future.set_result(answer)

"""``/metrics`` in the text format of Prometheus: what the gateway of this process did, and the size of the log.

Written by hand: five figures do not need a library that starts a registry in every process. It names no enterprise, so it needs no
sign-in; an operator who wants it closed closes it at the proxy.
"""

import resource

from canglin.gateway.intake import Intake


def text(intake: Intake) -> str:
    """The page."""
    figures = (
        ("canglin_up", "gauge", "1 when records can be taken", int(intake.up)),
        ("canglin_commits_total", "counter", "group commits since the start", intake.commits),
        ("canglin_records_committed_total", "counter", "records that went through a commit since the start", intake.committed),
        ("canglin_records_waiting", "gauge", "single records waiting for their commit", intake.waiting),
        ("canglin_batch_rows_waiting", "gauge", "batch rows waiting for their commit", intake.batch_rows_waiting),
        ("canglin_log_size", "gauge", "entries in the log as this process last saw it", intake.log_size),
        ("canglin_commit_seconds_total", "counter", "time spent in commits", round(intake.commit_seconds, 3)),
        ("canglin_peak_memory_bytes", "gauge", "peak memory of this process",
         resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024),
    )
    return "".join(f"# HELP {name} {what}\n# TYPE {name} {kind}\n{name} {value}\n" for name, kind, what, value in figures)

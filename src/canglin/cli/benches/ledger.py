"""``bench ledger``: a late ticket into an account of a million moves, and the totals of a whole province."""

from canglin.cli.benches.ground import Ground
from canglin.cli.command import note


def run(ground: Ground, scale: str) -> dict[str, float]:
    """Measure in the database of ``ground``; figures as docs/performance.md names them."""
    from canglin.cli.benches import ledger_book
    from canglin.simulator.cast import SCALES

    note(f"posting a million moves to one lot, and two years of {SCALES[scale].lots:,} lots")
    try:
        return ledger_book.measure(SCALES[scale].lots)
    except AssertionError as wrong:
        raise RuntimeError(str(wrong)) from wrong

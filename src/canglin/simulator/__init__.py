"""Room simulator: a province that never was, which reports to the gateway as any depot system would.

It imports nothing of the platform: what it knows of the specification it knows as a depot's vendor does, from the
document.

``province.Province``  who and what there is, and every record of a year, deterministic by (scale, seed, moment)
``feed.feed``          sends a province to a running gateway: v2022 record by record, or batches

The way of a record: ``cast`` (who) → ``stories`` (what happens to each lot) → ``operations`` (every truck of every day)
→ ``records_*`` (the specification's fields). A planted fraud is a story or an operation that departs from the honest
one; it belongs beside ``stories`` and changes nothing here.
"""

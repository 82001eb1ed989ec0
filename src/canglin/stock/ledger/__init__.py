"""The double-entry ledger: how records become moves (postings), how moves are written (effect), what accounts hold
(balances)."""

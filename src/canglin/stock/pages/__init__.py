"""Pages of the stock: tickets, contracts, custody account, totals, claims, and what changes a lot without a truck."""

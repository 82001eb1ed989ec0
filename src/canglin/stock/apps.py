"""Room stock (库存管理)."""

from django.apps import AppConfig


class Room(AppConfig):
    """库存管理."""

    name = "canglin.stock"
    label = "stock"
    verbose_name = "库存管理"

    def ready(self) -> None:
        """The ledger is written in the commit of the records that move grain; month books are checked there too."""
        from canglin.records import commit, effects
        from canglin.stock.checks import MONTHS_FOLLOW
        from canglin.stock.ledger.effect import LedgerEffect

        effects.register(LedgerEffect)
        commit.register_check(MONTHS_FOLLOW)

"""Room stock (库存管理)."""

from django.apps import AppConfig


class Room(AppConfig):
    """库存管理."""

    name = "canglin.stock"
    label = "stock"
    verbose_name = "库存管理"

    def ready(self) -> None:
        """The ledger is written in the commit of the records that move grain; month books are checked there too. Places
        in the navigation."""
        from canglin.accounts import policy
        from canglin.records import commit, effects
        from canglin.stock.checks import MONTHS_FOLLOW
        from canglin.stock.ledger.effect import LedgerEffect
        from canglin.ui.navigation import STOCK, TRADE, Item, register

        effects.register(LedgerEffect)
        commit.register_check(MONTHS_FOLLOW)

        def may(user: object) -> bool:
            return policy.may(user, "stock.view")  # type: ignore[arg-type]

        register(
            STOCK,
            Item("库存汇总", "stock:totals", "chart-bar", may, 20), Item("账实差异", "stock:claims", "arrows-exchange", may, 30),
            Item("倒仓与移库", "stock:transfers", "transfer", may, 40), Item("损溢单", "stock:gain_loss", "trending-down", may, 50),
            Item("性质转变单", "stock:nature_changes", "status-change", may, 60),
        )
        register(
            TRADE,
            Item("入库检斤单", "stock:inbound_tickets", "truck-delivery", may, 10),
            Item("出库检斤单", "stock:outbound_tickets", "truck-loading", may, 20),
            Item("购销合同", "stock:contracts", "file-certificate", may, 30),
        )

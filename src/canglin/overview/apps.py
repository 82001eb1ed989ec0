"""Room overview (总览)."""

from django.apps import AppConfig


class Room(AppConfig):
    """总览."""

    name = "canglin.overview"
    label = "overview"
    verbose_name = "总览"

    def ready(self) -> None:
        """Places in the navigation; the gateway's monitor learns which depots are silent."""
        from canglin.accounts import policy
        from canglin.gateway import ports
        from canglin.overview.queries.reports import silent_of
        from canglin.ui import navigation
        from canglin.ui.navigation import DEPOTS, OVERVIEW, STOCK, Item, Predicate

        def holds(verb: str) -> Predicate:
            return lambda user: policy.may(user, verb)

        ports.plug_silence(silent_of)
        navigation.register(OVERVIEW, Item("总览", "overview:home", "layout-dashboard", holds("overview.view"), 10))
        navigation.register(STOCK, Item("货位", "registry:lots", "stack-2", holds("registry.view"), 10))
        navigation.register(
            DEPOTS,
            Item("库点", "registry:depots", "building-warehouse", holds("registry.view"), 10),
            Item("承储单位", "registry:enterprises", "building", holds("registry.view"), 20),
        )

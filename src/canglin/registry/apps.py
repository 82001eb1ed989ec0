"""Room registry (基础信息)."""

from django.apps import AppConfig


class Room(AppConfig):
    """基础信息."""

    name = "canglin.registry"
    label = "registry"
    verbose_name = "基础信息"

    def ready(self) -> None:
        """Warehouses and oil tanks share one number series, which only the commit can watch over. Fields are written the
        same way everywhere, personal data masked."""
        from canglin.records import commit
        from canglin.registry import facts
        from canglin.registry.checks import NUMBER_SERIES
        from canglin.ui import formats

        commit.register_check(NUMBER_SERIES)
        formats.register("field", lambda value, field: facts.shown(field, value))

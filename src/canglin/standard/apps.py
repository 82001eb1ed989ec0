"""Room standard (数据标准)."""

from django.apps import AppConfig


class Room(AppConfig):
    """数据标准."""

    name = "canglin.standard"
    label = "standard"
    verbose_name = "数据标准"

    def ready(self) -> None:
        """Pages write codes by their labels, regions by their names, everywhere the same way."""
        from canglin.standard import codes, regions
        from canglin.ui import formats

        formats.register("code", codes.brief)
        formats.register("region", regions.path)

"""Room quality (质量管理)."""

from django.apps import AppConfig


class Room(AppConfig):
    """质量管理."""

    name = "canglin.quality"
    label = "quality"
    verbose_name = "质量管理"

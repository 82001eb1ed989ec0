"""Room standard (数据标准)."""

from django.apps import AppConfig


class Room(AppConfig):
    """数据标准."""

    name = "canglin.standard"
    label = "standard"
    verbose_name = "数据标准"

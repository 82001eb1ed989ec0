"""Room gateway (数据接入)."""

from django.apps import AppConfig


class Room(AppConfig):
    """数据接入."""

    name = "canglin.gateway"
    label = "gateway"
    verbose_name = "数据接入"

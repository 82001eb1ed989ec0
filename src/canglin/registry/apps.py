"""Room registry (基础信息)."""

from django.apps import AppConfig


class Room(AppConfig):
    """基础信息."""

    name = "canglin.registry"
    label = "registry"
    verbose_name = "基础信息"

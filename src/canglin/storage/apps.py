"""Room storage (储粮管理)."""

from django.apps import AppConfig


class Room(AppConfig):
    """储粮管理."""

    name = "canglin.storage"
    label = "storage"
    verbose_name = "储粮管理"

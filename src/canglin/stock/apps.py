"""Room stock (库存管理)."""

from django.apps import AppConfig


class Room(AppConfig):
    """库存管理."""

    name = "canglin.stock"
    label = "stock"
    verbose_name = "库存管理"

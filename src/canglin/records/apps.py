"""Room records (存证日志)."""

from django.apps import AppConfig


class Room(AppConfig):
    """存证日志."""

    name = "canglin.records"
    label = "records"
    verbose_name = "存证日志"

"""Room rulebook (规则库)."""

from django.apps import AppConfig


class Room(AppConfig):
    """规则库."""

    name = "canglin.rulebook"
    label = "rulebook"
    verbose_name = "规则库"

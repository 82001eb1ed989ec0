"""Room overview (总览)."""

from django.apps import AppConfig


class Room(AppConfig):
    """总览."""

    name = "canglin.overview"
    label = "overview"
    verbose_name = "总览"

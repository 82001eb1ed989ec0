"""Room ui (界面)."""

from django.apps import AppConfig


class Room(AppConfig):
    """界面."""

    name = "canglin.ui"
    label = "ui"
    verbose_name = "界面"

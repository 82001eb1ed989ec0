"""Room accounts (人员与应用)."""

from django.apps import AppConfig


class Room(AppConfig):
    """人员与应用."""

    name = "canglin.accounts"
    label = "accounts"
    verbose_name = "人员与应用"

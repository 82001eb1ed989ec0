"""Room supervision (监督执法)."""

from django.apps import AppConfig


class Room(AppConfig):
    """监督执法."""

    name = "canglin.supervision"
    label = "supervision"
    verbose_name = "监督执法"

"""Room video (视频监控)."""

from django.apps import AppConfig


class Room(AppConfig):
    """视频监控."""

    name = "canglin.video"
    label = "video"
    verbose_name = "视频监控"

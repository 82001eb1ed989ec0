"""Room plans (计划管理)."""

from django.apps import AppConfig


class Room(AppConfig):
    """计划管理."""

    name = "canglin.plans"
    label = "plans"
    verbose_name = "计划管理"

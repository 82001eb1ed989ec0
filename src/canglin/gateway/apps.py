"""Room gateway (数据接入)."""

from django.apps import AppConfig


class Room(AppConfig):
    """数据接入: how records come in and go out."""

    name = "canglin.gateway"
    label = "gateway"
    verbose_name = "数据接入"

    def ready(self) -> None:
        """Files are bound in the commit of the record that names them."""
        from canglin.gateway.files import FileBinding, FileCheck
        from canglin.records import commit, effects

        effects.register(FileBinding)
        commit.register_check(FileCheck())

"""Room records (存证日志)."""

from django.apps import AppConfig


class Room(AppConfig):
    """存证日志."""

    name = "canglin.records"
    label = "records"
    verbose_name = "存证日志"

    def ready(self) -> None:
        """A place in the navigation."""
        from canglin.accounts import policy
        from canglin.ui.navigation import INTAKE, Item, register

        register(INTAKE, Item("存证日志", "records:entries", "fingerprint", lambda user: policy.may(user, "records.view"), 60))

"""Room accounts (人员与应用)."""

from django.apps import AppConfig


class Room(AppConfig):
    """人员与应用."""

    name = "canglin.accounts"
    label = "accounts"
    verbose_name = "人员与应用"

    def ready(self) -> None:
        """Listen to sign-ins, and lend the rulebook (below this room) what it needs of people."""
        from canglin.accounts import audit, policy, signals
        from canglin.rulebook import ports

        signals.connect()
        ports.plug(ports.People(may=policy.may, demand=policy.demand, page=policy.page, record=audit.record))

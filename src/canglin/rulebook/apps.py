"""Room rulebook (规则库)."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class Room(AppConfig):
    """规则库."""

    name = "canglin.rulebook"
    label = "rulebook"
    verbose_name = "规则库"

    def ready(self) -> None:
        """Values come with the schema: whoever migrates has them. And a place in the navigation."""
        from canglin.rulebook.ports import people
        from canglin.ui import navigation

        post_migrate.connect(_load, sender=self, dispatch_uid="canglin.rulebook.load")
        navigation.register(
            navigation.RULES,
            navigation.Item("规则库", "rulebook:rules", "book-2", lambda user: people().may(user, "rulebook.view"), 10),
        )


def _load(**_: Any) -> None:
    from django.db import connection

    from canglin.rulebook.actions import load
    from canglin.rulebook.models import RuleValue

    # Migrating backwards also ends here, perhaps without our table.
    if RuleValue._meta.db_table in connection.introspection.table_names():
        load()

"""Room gateway (数据接入)."""

from django.apps import AppConfig


class Room(AppConfig):
    """数据接入: how records come in and go out."""

    name = "canglin.gateway"
    label = "gateway"
    verbose_name = "数据接入"

    def ready(self) -> None:
        """Files are bound in the commit of the record that names them; scopes of this room's rows, places in the navigation."""
        from canglin.gateway import scopes
        from canglin.gateway.files import FileBinding, FileCheck
        from canglin.records import commit, effects

        effects.register(FileBinding)
        commit.register_check(FileCheck())
        scopes.register()
        _frame()


def _frame() -> None:
    from canglin.accounts import policy
    from canglin.ui import navigation
    from canglin.ui.navigation import INTAKE, Item, Predicate

    def holds(verb: str) -> Predicate:
        return lambda user: policy.may(user, verb)

    may_see = holds("gateway.view")
    navigation.register(
        INTAKE,
        Item("接入监测", "gateway:monitor", "activity", may_see, 10),
        Item("被拒记录", "gateway:refusals", "alert-triangle", may_see, 20),
        Item("上传文件", "gateway:files", "photo", may_see, 30),
        Item("表格填报", "gateway:imports", "table-import", may_see, 40),
        Item("数据目录", "gateway:tables", "book-2", may_see, 50),
    )

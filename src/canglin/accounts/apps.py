"""Room accounts (人员与应用)."""

from django.apps import AppConfig
from django.http import HttpRequest


class Room(AppConfig):
    """人员与应用."""

    name = "canglin.accounts"
    label = "accounts"
    verbose_name = "人员与应用"

    def ready(self) -> None:
        """Listen to sign-ins, lend the rulebook (below this room) what it needs of people, and take places in the
        frame."""
        from canglin.accounts import audit, policy, signals
        from canglin.rulebook import ports

        signals.connect()
        ports.plug(ports.People(may=policy.may, demand=policy.demand, page=policy.page, record=audit.record))
        _frame()


def _frame() -> None:
    from canglin.accounts import policy, queries
    from canglin.accounts.models import User
    from canglin.ui import layout, navigation
    from canglin.ui.layout import AccountLink
    from canglin.ui.navigation import INTAKE, PEOPLE, Item, Predicate

    def holds(verb: str) -> Predicate:
        return lambda user: policy.may(user, verb)

    may_see = holds("applications.view")
    navigation.register(INTAKE, Item("接入应用", "accounts:applications", "plug-connected", may_see, 80))
    navigation.register(
        PEOPLE,
        Item("人员", "accounts:people", "users", holds("people.view"), 10),
        Item("审计日志", "accounts:audit", "shield-check", holds("audit.view"), 20),
    )

    def region(request: HttpRequest) -> str:
        return queries.area_label(request.user.area) if isinstance(request.user, User) else ""

    def links(request: HttpRequest) -> list[AccountLink]:
        from django.urls import reverse

        return [
            AccountLink("修改密码", reverse("accounts:password"), "password"),
            AccountLink("访问令牌", reverse("accounts:tokens"), "key"),
            AccountLink("退出登录", reverse("account_logout"), "logout", post=True),
        ]

    layout.show_region(region)
    layout.show_account(links)

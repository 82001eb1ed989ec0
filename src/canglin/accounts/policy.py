"""The one answer to "may I?" and to "which rows?". Deny by default.

    policy.may(user, "stock.view")              the role holds the verb
    policy.may(user, "records.submit", ticket)  … and the ticket lies in the user's area
    policy.rows(user, InboundTicket.objects)    the same area as a filter, for lists
    policy.demand(user, "people.change", who)   raise Denied unless may

Both questions are answered by the same *scope*, one per model. Models with columns ``in_enterprise`` and ``in_depot``
(all standard tables, the log, the ledger) have ``ByPlace`` without asking; a room registers a scope for a model of
another shape:

    policy.register(Finding, ByPlace(enterprise="enterprise", depot="depot"))

A model without a scope has no rows for anybody.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final, Protocol, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponseBase

from canglin.accounts import places, roles
from canglin.accounts.models import Application, AuditEntry, Token, User
from canglin.accounts.rules import Area, BadArea, Place

M = TypeVar("M", bound=Model)


class Console:
    """Whoever commands the machine: the ``canglin`` command and the platform's own jobs. May everything; the trail
    says so."""

    def __str__(self) -> str:
        return "控制台"


CONSOLE: Final = Console()
Actor = User | Console


class Denied(PermissionDenied):
    """The account may not do that. ``verb`` and ``about`` say what was tried; the middleware writes it into the audit
    trail."""

    def __init__(self, verb: str, about: str = ""):
        self.verb, self.about = verb, about
        super().__init__(f"没有权限：{roles.label(verb)}{'：' + about if about else ''}")


class Scope(Protocol):
    """How one model's rows belong to areas."""

    def within(self, area: Area, user: User) -> Q:
        """The condition on rows of the model that ``area`` covers."""

    def holds(self, area: Area, user: User, obj: Any) -> bool:
        """The same for one object."""


@dataclass(frozen=True)
class ByPlace:
    """Rows with a column for the enterprise and one for the depot ("" = the enterprise as a whole)."""

    enterprise: str = "in_enterprise"
    depot: str | None = "in_depot"

    def within(self, area: Area, user: User) -> Q:
        """See Scope."""
        match area.kind:
            case "nation":
                return Q()
            case "region":
                return places.in_region(area.codes[0], self.enterprise, self.depot)
            case "enterprise":
                return Q(**{self.enterprise: area.codes[0]})
            case "depots":
                return Q(**{f"{self.depot}__in": area.codes}) if self.depot else Q(pk__in=[])

    def holds(self, area: Area, user: User, obj: Any) -> bool:
        """See Scope."""
        enterprise, depot = getattr(obj, self.enterprise), getattr(obj, self.depot) if self.depot else ""
        if area.kind == "region":
            return area.covers(Place(enterprise, depot, places.place(depot or enterprise).region))
        return area.covers(Place(enterprise, depot))


@dataclass(frozen=True)
class ByArea:
    """Accounts: one is inside an area when all it may see is."""

    def within(self, area: Area, user: User) -> Q:
        """See Scope."""
        if area.kind == "nation":
            return Q()
        if area.kind == "region":
            prefix = area.codes[0]
            inside = [
                *places.depots_in(prefix).values_list("key", flat=True),
                *places.enterprises_in(prefix).values_list("key", flat=True),
            ]
            return Q(area_codes__0__regex=f"^{prefix}[0-9]{{0,4}}$") | Q(area_codes__contained_by=inside)
        if area.kind == "enterprise":
            return Q(area_codes__0__regex=f"^{area.codes[0]}([0-9]{{3}})?$")
        return Q(area_codes__contained_by=list(area.codes))

    def holds(self, area: Area, user: User, obj: Any) -> bool:
        """See Scope."""
        return places.contains(area, obj.area)


@dataclass(frozen=True)
class Own:
    """Rows of one person, seen by nobody else."""

    owner: str = "user"

    def within(self, area: Area, user: User) -> Q:
        """See Scope."""
        return Q(**{self.owner: user})

    def holds(self, area: Area, user: User, obj: Any) -> bool:
        """See Scope."""
        return bool(getattr(obj, f"{self.owner}_id") == user.pk)


@dataclass(frozen=True)
class Whole:
    """Rows that belong to no place (the audit trail): all of them for whoever holds the verb with an area of a
    bureau, none for the accounts of depots."""

    def within(self, area: Area, user: User) -> Q:
        """See Scope."""
        return Q() if area.kind in ("nation", "region") else Q(pk__in=[])

    def holds(self, area: Area, user: User, obj: Any) -> bool:
        """See Scope."""
        return area.kind in ("nation", "region")


_SCOPES: dict[type[Model], Scope] = {
    User: ByArea(),
    Application: ByPlace("enterprise", None),
    Token: Own(),
    AuditEntry: Whole(),
}


def register(model: type[Model], scope: Scope) -> None:
    """Say how rows of ``model`` belong to areas. Called once, in the room's AppConfig.ready()."""
    _SCOPES[model] = scope


def scope_of(model: type[Model]) -> Scope | None:
    """The model's scope, or None: then nobody sees its rows."""
    if model in _SCOPES:
        return _SCOPES[model]
    try:
        model._meta.get_field("in_enterprise")
        model._meta.get_field("in_depot")
    except FieldDoesNotExist:
        return None
    return ByPlace()


def may(actor: Actor | AnonymousUser, verb: str, obj: Any = None) -> bool:
    """Whether the actor may do ``verb`` (``subject.action``, see roles), to ``obj`` when given: a row, an Area, a
    Place, an enterprise (18) or depot (21) code. Raises UnknownVerb for a verb outside the vocabulary."""
    roles.check(verb)
    if isinstance(actor, Console):
        return True
    if not isinstance(actor, User) or not actor.is_active or not roles.grants(actor.role, verb):
        return False
    return obj is None or _covers(actor, obj)


def _covers(user: User, obj: Any) -> bool:
    area = user.area
    if isinstance(obj, str):
        try:
            obj = Area.parse(obj)
        except BadArea:
            return False
    if isinstance(obj, Place):
        return area.covers(obj)
    if isinstance(obj, Area):
        return places.contains(area, obj)
    scope = scope_of(type(obj)) if isinstance(obj, Model) else ByPlace() if hasattr(obj, "in_enterprise") else None
    return scope is not None and scope.holds(area, user, obj)


def rows(actor: Actor | AnonymousUser, queryset: "QuerySet[M, Any] | Any", *, with_enterprise: bool = False) -> "QuerySet[M, Any]":
    """Those rows of ``queryset`` (or manager) that lie in the actor's area. It does not look at verbs: ask ``may``
    first.

    ``with_enterprise`` also gives an account of single depots the rows its enterprises hold as a whole (names,
    customers), which it needs to read its own tickets; never other depots' rows.
    """
    queryset = queryset.all()
    if isinstance(actor, Console):
        return queryset
    scope = scope_of(queryset.model)
    if not isinstance(actor, User) or not actor.is_active or scope is None:
        return queryset.none()
    area = actor.area
    condition = scope.within(area, actor)
    if with_enterprise and area.kind == "depots" and isinstance(scope, ByPlace) and scope.depot:
        condition |= Q(**{scope.depot: "", f"{scope.enterprise}__in": {code[:18] for code in area.codes}})
    return queryset.filter(condition)


def signed_in(request: HttpRequest) -> User:
    """The person who asks, on a page that only opens for those signed in. Raises Django's PermissionDenied
    otherwise."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def demand(actor: Actor | AnonymousUser, verb: str, obj: Any = None) -> None:
    """Raise Denied unless the actor may. The first line of every action."""
    if not may(actor, verb, obj):
        raise Denied(verb, "" if obj is None else str(obj))


Page = Callable[..., HttpResponseBase]


def page(verb: str) -> Callable[[Page], Page]:
    """For a view: signed in, and the role holds ``verb``. Others are sent to the sign-in page, or refused (Denied,
    403).

    The decorated view carries ``verb``, so that a test can go over every address and every role.
    """
    roles.check(verb)

    def wrap(view: Page) -> Page:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            demand(request.user, verb)
            return view(request, *args, **kwargs)

        guarded.verb = verb  # type: ignore[attr-defined]
        return guarded

    return wrap


class Guarded:
    """The same for class-based views: ``class Lots(Guarded, ListView): verb = "registry.view"``."""

    verb: str

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Django's hook, before the view's own."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        demand(request.user, self.verb)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc,no-any-return]
